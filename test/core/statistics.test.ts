/** Correlation, AUROC, the sign test and win/tie/loss, against plain definitions and published values. */
import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {auroc} from "../../src/core/statistics/auroc.js";
import {signTest} from "../../src/core/statistics/binomial.js";
import {demean, pearson, pearsonEstimate} from "../../src/core/statistics/correlation.js";
import {sumByCluster, uncertaintyOf} from "../../src/core/statistics/uncertainty.js";
import {verdictOf, winTieLoss} from "../../src/core/statistics/win-tie-loss.js";

const pairs = fc.array(fc.tuple(fc.integer({min: -5, max: 5}), fc.boolean()), {minLength: 1, maxLength: 40});

test("AUROC is the share of pairs in which the positive has the higher score, ties half", () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const [positives, negatives] = [true, false].map((side) =>
        rows.filter(([, positive]) => positive === side)
      );
      const wins = positives!.flatMap(([a]) =>
        negatives!.map(([b]) => (a > b ? 1 : a === b ? 0.5 : 0) as number)
      );
      const found = auroc(
        rows.map(([score]) => score),
        rows.map(([, positive]) => positive)
      );
      if (wins.length === 0) assert.equal(found, null);
      else assert.ok(Math.abs(found! - wins.reduce((a, b) => a + b, 0) / wins.length) < 1e-12);
    })
  );
});

test("AUROC turns round with the sign of the score", () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const positive = rows.map(([, one]) => one);
      const up = auroc(
        rows.map(([score]) => score),
        positive
      );
      const down = auroc(
        rows.map(([score]) => -score),
        positive
      );
      if (up !== null) assert.ok(Math.abs(up + down! - 1) < 1e-12);
    })
  );
});

test("Pearson's correlation", () => {
  assert.ok(Math.abs(pearson([1, 2, 3, 4], [2, 4, 6, 8.5])! - 0.9983814394570298) < 1e-12);
  assert.equal(pearson([1, 1, 1], [1, 2, 3]), null);
  assert.equal(pearson([0.1, 0.1, 0.1], [1, 2, 3]), null, "rounding is no variance");
  assert.equal(pearson([1], [1]), null);
  assert.ok(Math.abs(pearson([1, 2, 3], [3, 2, 1])! + 1) < 1e-12);
});

test("within groups the correlation can have the other sign (Simpson's paradox)", () => {
  const x = [1, 2, 3, 11, 12, 13];
  const y = [3, 2, 1, 13, 12, 11];
  assert.ok(pearson(x, y)! > 0.9);
  assert.ok(Math.abs(pearsonEstimate(x, y, [0, 0, 0, 1, 1, 1])!.value + 1) < 1e-12);
  assert.deepEqual([...demean([1, 2, 3, 10], [0, 0, 0, 1])], [-1, 0, 1, 0]);
  assert.equal(pearsonEstimate([1, 2], [3, 4], [0, 1]), null, "nothing varies within groups of one row");
});

test("the interval of a correlation is near Fisher's with independent rows, and knows clusters", () => {
  const n = 900;
  const x = Array.from({length: n}, (_, i) => Math.sin(i * 12.9898) * 3);
  const y = x.map((value, i) => 0.3 * value + Math.sin(i * 78.233 + 1) * 3);
  const interval = (a: number[], b: number[], clusters: number[]) => {
    const {value, influence} = pearsonEstimate(a, b)!;
    return uncertaintyOf({seeds: [{value, influence: sumByCluster(influence, clusters, n)}], df: n - 1});
  };
  const rows = x.map((_, i) => i);
  const independent = interval(x, y, rows);
  const fisher = (1.96 * (1 - independent.value ** 2)) / Math.sqrt(n);
  assert.ok(Math.abs(independent.high! - independent.value - fisher) < 0.5 * fisher);
  const twice = (values: number[]) => [...values, ...values];
  assert.ok(
    Math.abs(interval(twice(x), twice(y), twice(rows)).low! - independent.low!) < 1e-9,
    "the same rows twice in their clusters say nothing new"
  );
});

test("the sign test equals SciPy's binomtest", () => {
  assert.equal(signTest(0, 0), 1);
  assert.equal(signTest(5, 5), 1);
  assert.ok(Math.abs(signTest(5, 0) - 0.0625) < 1e-12);
  assert.ok(Math.abs(signTest(0, 6) - 0.03125) < 1e-12);
  assert.ok(Math.abs(signTest(14, 4) - 0.0308837890625) < 1e-12);
  assert.ok(Math.abs(signTest(520, 480) - 0.2174482932041415) < 1e-12);
});

test("a setting is won when its interval lies on the better side, whichever that is", () => {
  const row = (measure: "accuracy" | "nll", effect: number, low: number | null, high: number | null) => ({
    measure,
    effect,
    low,
    high
  });
  assert.equal(verdictOf(row("accuracy", 0.1, 0.02, 0.2)), "helps");
  assert.equal(verdictOf(row("accuracy", -0.1, -0.2, -0.02)), "hurts");
  assert.equal(verdictOf({...row("nll", 0.1, 0.02, 0.2), measure: "overconfidence"}), "undecided");
  assert.equal(verdictOf(row("nll", -0.1, -0.2, -0.02)), "helps");
  assert.equal(verdictOf(row("nll", 0.1, 0.02, 0.2)), "hurts");
  assert.equal(verdictOf(row("accuracy", 0.1, -0.1, 0.3)), "undecided");
  assert.equal(verdictOf(row("accuracy", 0.1, 0, 0.3)), "undecided");
  assert.equal(verdictOf(row("accuracy", 0.1, null, null)), "undecided");
  const counted = winTieLoss([
    row("accuracy", 0.1, 0.02, 0.2),
    row("accuracy", 0.1, -0.02, 0.2),
    row("accuracy", -0.1, -0.2, -0.02),
    row("accuracy", 0, -0.2, 0.2),
    {measure: "accuracy", effect: null, low: null, high: null}
  ]);
  assert.deepEqual(counted, {wins: 1, ties: 2, losses: 1, settings: 4, better: 2, worse: 1, p: 1});
});
