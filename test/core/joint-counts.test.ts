import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import type {JointDocument} from "../../src/core/cubes.js";
import {
  countsIn,
  countsOutside,
  histogramIn,
  jointSums,
  riskByCoverage,
  wholeRegion
} from "../../src/core/joint-counts.js";
import {encodeJoint} from "../../src/core/joint-document.js";
import type {Region} from "../../src/core/joint-counts.js";
import {wilsonInterval} from "../../src/core/statistics/wilson.js";

const BINS = 5;
const SCOPE = {arm: "a", layer: 2, estimator: "energy"} as const;

interface Answer {
  entropy: number;
  confidence: number;
  right: boolean;
  corpus: string;
}

const answers = fc.array(
  fc.record({
    entropy: fc.integer({min: 0, max: BINS - 1}),
    confidence: fc.integer({min: 0, max: BINS - 1}),
    right: fc.boolean(),
    corpus: fc.constantFrom("x", "y")
  }),
  {minLength: 1, maxLength: 60}
);
const span = fc
  .tuple(fc.integer({min: 0, max: BINS - 1}), fc.integer({min: 1, max: BINS}))
  .map(([from, length]): [number, number] => [from, Math.min(BINS, from + length)]);
const region: fc.Arbitrary<Region> = fc.record({entropy: span, confidence: span});

/** The document that tables would make of single answers. */
function documentOf(all: Answer[]): JointDocument {
  const {arm, layer, estimator} = SCOPE;
  const settings = ["x", "y"].map((corpus) => ({corpus, axis: "q"}));
  const ranges = [{layer, estimator, from: 0, to: 1}];
  return encodeJoint({bins: BINS, ranges, arms: [arm], settings}, () =>
    settings.map(({corpus}) => {
      const counts = new Uint32Array(2 * BINS * BINS);
      for (const {entropy, confidence, right} of all.filter((answer) => answer.corpus === corpus))
        counts[(entropy * BINS + confidence) * 2 + Number(right)]! += 1;
      return counts;
    })
  );
}

const inside =
  ({entropy, confidence}: Region) =>
  (answer: Answer) =>
    answer.entropy >= entropy[0] &&
    answer.entropy < entropy[1] &&
    answer.confidence >= confidence[0] &&
    answer.confidence < confidence[1];

describe("joint counts", () => {
  it("are in any rectangle what counting answers one by one gives", () => {
    fc.assert(
      fc.property(answers, region, (all, where) => {
        const sums = jointSums(documentOf(all), {...SCOPE, corpus: "all", axis: "all"})!;
        const within = all.filter(inside(where));
        const right = within.filter((answer) => answer.right).length;
        assert.deepEqual(countsIn(sums, where), {right, wrong: within.length - right});
        const {right: outRight, wrong: outWrong} = countsOutside(sums, where);
        assert.equal(outRight + outWrong, all.length - within.length);
        for (const along of ["entropy", "confidence"] as const)
          histogramIn(sums, along, where).forEach((count, bin) =>
            assert.equal(count, within.filter((answer) => answer[along] === bin).length)
          );
      })
    );
  });

  it("add up over settings, and are absent where there are none", () => {
    const document = documentOf([
      {entropy: 0, confidence: 4, right: true, corpus: "x"},
      {entropy: 4, confidence: 0, right: false, corpus: "y"}
    ]);
    const of = (corpus: string) => jointSums(document, {...SCOPE, corpus, axis: "q"});
    assert.deepEqual(countsIn(of("x")!, wholeRegion({bins: BINS})), {right: 1, wrong: 0});
    assert.deepEqual(countsIn(of("all")!, wholeRegion({bins: BINS})), {right: 1, wrong: 1});
    assert.equal(of("z"), null);
    assert.equal(jointSums(document, {...SCOPE, layer: 1, corpus: "x", axis: "q"}), null);
  });

  it("give the error rate of the answers of lowest entropy, down to all of them", () => {
    fc.assert(
      fc.property(answers, (all) => {
        const points = riskByCoverage(jointSums(documentOf(all), {...SCOPE, corpus: "all", axis: "all"})!);
        for (const {coverage, risk} of points) {
          const kept = [...all]
            .sort((a, b) => a.entropy - b.entropy)
            .slice(0, Math.round(coverage * all.length));
          assert.ok(Math.abs(risk - kept.filter((answer) => !answer.right).length / kept.length) < 1e-12);
        }
        assert.equal(points.at(-1)!.coverage, 1);
      })
    );
  });
});

describe("the score interval", () => {
  it("is that of statsmodels' proportion_confint with method wilson", () => {
    const {low, high} = wilsonInterval(0.8, 10);
    assert.ok(
      Math.abs(low! - 0.4901624715) < 1e-9 && Math.abs(high! - 0.9433178485) < 1e-9,
      `${low} ${high}`
    );
  });

  it("holds its share, stays within 0 and 1, and is absent without trials", () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 50}), fc.integer({min: 1, max: 50}), (k, extra) => {
        const n = k + extra - 1 || 1;
        const share = Math.min(1, k / n);
        const {low, high} = wilsonInterval(share, n);
        assert.ok(low! >= 0 && low! <= share + 1e-12 && high! >= share - 1e-12 && high! <= 1);
      })
    );
    assert.deepEqual(wilsonInterval(0.5, 0), {low: null, high: null});
  });
});
