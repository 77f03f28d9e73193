import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {labelOfMean, meanScore, positionOnScale} from "../../src/core/labels.js";

const LABELS = ["a", "b", "c", "d", "e", "f", "g"];
const labelLists = fc.integer({min: 2, max: 7}).map((length) => LABELS.slice(0, length));
const scales = fc
  .tuple(fc.integer({min: -10, max: 10}), fc.integer({min: 1, max: 20}))
  .map(([low, span]): [number, number] => [low, low + span]);
/** A position in the scale, ends included. */
const parts = fc.double({min: 0, max: 1, noNaN: true});
const at = ([low, high]: [number, number], part: number) => Math.min(high, low + part * (high - low));
/** As many ascending cuts within the scale as the labels need. */
const cutsFor = (labels: string[], scale: [number, number]) =>
  fc
    .uniqueArray(fc.integer({min: 1, max: 999}), {minLength: labels.length - 1, maxLength: labels.length - 1})
    .map((list) => list.sort((a, b) => a - b).map((part) => at(scale, part / 1000)));
const maps = fc.tuple(labelLists, scales).chain(([labels, scale]) =>
  fc.record({
    labels: fc.constant(labels),
    scale: fc.constant(scale),
    cuts: fc.option(cutsFor(labels, scale), {nil: undefined})
  })
);

test("a higher mean never gets a lower label", () => {
  fc.assert(
    fc.property(maps, parts, parts, ({labels, scale, cuts}, a, b) => {
      const rank = (part: number) => labels.indexOf(labelOfMean(at(scale, part), {scale, cuts}, labels));
      assert.ok(rank(Math.min(a, b)) <= rank(Math.max(a, b)));
    })
  );
});

test("the ends of the scale get the first and the last label", () => {
  fc.assert(
    fc.property(maps, ({labels, scale, cuts}) => {
      assert.equal(labelOfMean(scale[0], {scale, cuts}, labels), labels[0]);
      assert.equal(labelOfMean(scale[1], {scale, cuts}, labels), labels.at(-1));
    })
  );
});

test("every label can be reached", () => {
  fc.assert(
    fc.property(maps, ({labels, scale, cuts}) => {
      const reached = Array.from({length: 2001}, (_, i) =>
        labelOfMean(at(scale, i / 2000), {scale, cuts}, labels)
      );
      assert.deepEqual([...new Set(reached)], labels);
    })
  );
});

test("a scale with as many points as there are labels maps one to one", () => {
  const labels = ["1", "2", "3", "4", "5"];
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((score) => labelOfMean(score, {scale: [1, 5]}, labels)),
    labels
  );
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((score) => labelOfMean(score, {scale: [0, 4]}, labels)),
    labels
  );
});

test("a mean halfway between two labels, or at a cut, gets the higher one", () => {
  const labels = ["low", "middle", "high"];
  assert.equal(labelOfMean(1.5, {scale: [1, 3]}, labels), "middle");
  assert.equal(labelOfMean(2.5, {scale: [1, 3]}, labels), "high");
  const cuts = [2.1, 2.9];
  assert.equal(
    labelOfMean(meanScore([2, 2, 2, 2, 2, 2, 2, 2, 2, 3])!, {scale: [1, 5], cuts}, labels),
    "middle"
  );
  assert.equal(labelOfMean(2.0999, {scale: [1, 5], cuts}, labels), "low");
  assert.equal(labelOfMean(2.9, {scale: [1, 5], cuts}, labels), "high");
});

test("outside the scale there is no label, and a wrong number of cuts is an error", () => {
  assert.throws(() => labelOfMean(5.5, {scale: [1, 5]}, ["a", "b"]), RangeError);
  assert.throws(() => labelOfMean(NaN, {scale: [1, 5]}, ["a", "b"]), RangeError);
  assert.throws(() => labelOfMean(3, {scale: [1, 5], cuts: [2, 3]}, ["a", "b"]), RangeError);
});

test("the mean leaves abstentions out, and is null where all abstained", () => {
  assert.equal(meanScore([1, null, 4]), 2.5);
  assert.equal(meanScore([null, null]), null);
  assert.equal(meanScore([]), null);
});

test("a position lies between 0 and 1, whatever the score", () => {
  fc.assert(
    fc.property(fc.double({noNaN: true}), scales, (score, scale) => {
      const position = positionOnScale(score, scale);
      assert.ok(position >= 0 && position <= 1);
    })
  );
  assert.equal(positionOnScale(2, [1, 3]), 0.5);
});
