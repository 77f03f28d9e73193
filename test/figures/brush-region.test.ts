import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {
  beginDrag,
  dragTo,
  firstRegion,
  pressKey,
  readRegion,
  writeRegion
} from "../../src/components/brush-region.js";
import type {Region} from "../../src/core/joint-counts.js";

const BINS = 20;
const MAP = {sides: ["entropy", "confidence"], reach: {entropy: 0.4, confidence: 0.4}, bins: BINS} as const;
const coordinate = fc.double({min: -3, max: BINS + 3, noNaN: true});
const point = fc.record({entropy: coordinate, confidence: coordinate});

function isWhole({entropy, confidence}: Region): boolean {
  return [entropy, confidence].every(
    ([from, to]) => Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= BINS
  );
}

describe("a brush", () => {
  it("drawn anew holds all bins between where it began and where it is", () => {
    const drag = beginDrag(null, {entropy: 5.5, confidence: 12.2}, MAP);
    assert.deepEqual(dragTo(drag, {entropy: 9.1, confidence: 10.9}, BINS), {
      entropy: [5, 10],
      confidence: [10, 13]
    });
    assert.deepEqual(dragTo(drag, {entropy: 2.5, confidence: 12.5}, BINS), {
      entropy: [2, 6],
      confidence: [12, 13]
    });
  });

  it("over one histogram leaves the other side whole", () => {
    const drag = beginDrag(null, {entropy: 3.5, confidence: 0}, {...MAP, sides: ["entropy"]});
    assert.deepEqual(dragTo(drag, {entropy: 6.5, confidence: 9}, BINS), {
      entropy: [3, 7],
      confidence: [0, BINS]
    });
  });

  it("is moved from inside, keeps its size, and stops at the border", () => {
    const region: Region = {entropy: [4, 8], confidence: [6, 9]};
    const drag = beginDrag(region, {entropy: 6, confidence: 7.5}, MAP);
    assert.deepEqual(dragTo(drag, {entropy: 8, confidence: 8.5}, BINS), {
      entropy: [6, 10],
      confidence: [7, 10]
    });
    assert.deepEqual(dragTo(drag, {entropy: 60, confidence: -60}, BINS), {
      entropy: [16, 20],
      confidence: [0, 3]
    });
  });

  it("is resized at an edge, the other side staying", () => {
    const region: Region = {entropy: [4, 8], confidence: [6, 12]};
    const drag = beginDrag(region, {entropy: 8.1, confidence: 9}, MAP);
    assert.deepEqual(dragTo(drag, {entropy: 12.3, confidence: 2}, BINS), {
      entropy: [4, 13],
      confidence: [6, 12]
    });
    assert.deepEqual(dragTo(drag, {entropy: 1.5, confidence: 2}, BINS), {
      entropy: [1, 5],
      confidence: [6, 12]
    });
  });

  it("is a region of whole bins inside the map, wherever the pointer goes", () => {
    fc.assert(
      fc.property(point, point, point, point, (a, b, c, d) => {
        const first = dragTo(beginDrag(null, a, MAP), b, BINS);
        assert.ok(isWhole(first), JSON.stringify(first));
        const second = dragTo(beginDrag(first, c, MAP), d, BINS);
        assert.ok(isWhole(second), JSON.stringify(second));
      })
    );
  });

  it("is made, moved, resized and taken away by keys alone", () => {
    const press = (region: Region | null, key: string, shiftKey = false) =>
      pressKey(region, {key, shiftKey}, BINS);
    const made = press(null, "Enter") as Region;
    assert.deepEqual(made, firstRegion(BINS));
    assert.deepEqual((press(made, "ArrowLeft") as Region).entropy, [
      made.entropy[0] - 1,
      made.entropy[1] - 1
    ]);
    assert.deepEqual((press(made, "ArrowRight") as Region).entropy, made.entropy, "it stops at the border");
    assert.deepEqual((press(made, "ArrowDown", true) as Region).confidence, [0, BINS - 1]);
    assert.equal(press(made, "Escape"), null);
    assert.equal(press(null, "Escape"), undefined, "which then is for others");
    assert.equal(press(made, "Tab"), undefined);
  });

  it("comes back from the address", () => {
    const model = {range: [0.31, 1.6] as [number, number], bins: BINS};
    const span = fc
      .tuple(fc.integer({min: 0, max: BINS - 1}), fc.integer({min: 1, max: BINS}))
      .map(([from, length]): [number, number] => [from, Math.min(BINS, from + length)]);
    fc.assert(
      fc.property(span, span, (entropy, confidence) => {
        const region = {entropy, confidence};
        assert.deepEqual(readRegion(writeRegion(region, model), model), region);
      })
    );
    for (const text of [null, "", "1_2", "a_b_c_d", "9_1_0_1"]) assert.equal(readRegion(text, model), null);
  });
});
