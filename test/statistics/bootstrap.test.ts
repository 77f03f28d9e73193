/** BCa, the multinomial shortcut for discordant rows, and the parts of the Brier score. */
import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {
  bcaInterval,
  biasCorrection,
  jackknifeAcceleration,
  resampleClusters,
  resampleDiscordant
} from "../../src/core/statistics/bootstrap-intervals.js";
import {brierDecomposition, sumBins} from "../../src/core/statistics/brier-decomposition.js";
import {percentileInterval} from "../../src/core/statistics/cluster-bootstrap.js";

/** Mean of one value a cluster. */
const meanOf = (values: number[]) => (weights: ArrayLike<number>) =>
  values.reduce((sum, value, g) => sum + weights[g]! * value, 0) /
  values.reduce((sum, _, g) => sum + weights[g]!, 0);

test("the multinomial shortcut draws what drawing rows one by one does", () => {
  const [gained, lost, rows] = [30, 12, 200];
  const values = Array.from({length: rows}, (_, i) => (i < gained ? 1 : i < gained + lost ? -1 : 0));
  const strata = [{name: "rows", clusters: rows}];
  const draws = 20000;
  const slow = resampleClusters(meanOf(values), strata, {draws});
  const quick = resampleDiscordant(gained, lost, rows, {draws});
  assert.ok(Math.abs(slow.value - quick.value) < 1e-12);
  assert.ok(Math.abs(slow.acceleration - quick.acceleration) < 1e-9);
  const spread = (one: Float64Array) => {
    const mean = one.reduce((a, b) => a + b, 0) / one.length;
    return [mean, Math.sqrt(one.reduce((sum, value) => sum + (value - mean) ** 2, 0) / one.length)] as const;
  };
  const [[m1, s1], [m2, s2]] = [spread(slow.draws), spread(quick.draws)];
  assert.ok(Math.abs(m1 - m2) < (5 * s1) / Math.sqrt(draws), `${m1} and ${m2}`);
  assert.ok(Math.abs(s1 / s2 - 1) < 0.03, `${s1} and ${s2}`);
  const [a, b] = [bcaInterval(slow), bcaInterval(quick)];
  // Draws lie on multiples of 1/200.
  assert.ok(Math.abs(a.low! - b.low!) <= 1.5 / rows && Math.abs(a.high! - b.high!) <= 1.5 / rows);
});

test("the shortcut with nothing gained, nothing lost, or everything gained", () => {
  const none = resampleDiscordant(0, 0, 50);
  assert.ok(none.draws.every((value) => value === 0));
  assert.deepEqual(bcaInterval(none), {low: null, high: null});
  const all = resampleDiscordant(50, 0, 50);
  assert.ok(all.draws.every((value) => value === 1));
  assert.ok(resampleDiscordant(5, 0, 50).draws.every((value) => value >= 0));
  assert.ok(resampleDiscordant(0, 5, 50).draws.every((value) => value <= 0));
});

test("the same seed gives the same draws; strata are drawn apart", () => {
  const values = [1, 2, 3, 10, 20, 30];
  const strata = [
    {name: "a", clusters: 3},
    {name: "b", clusters: 3}
  ];
  const first = resampleClusters(meanOf(values), strata, {draws: 50, seed: 4});
  assert.deepEqual(first, resampleClusters(meanOf(values), strata, {draws: 50, seed: 4}));
  assert.notDeepEqual(first.draws, resampleClusters(meanOf(values), strata, {draws: 50, seed: 5}).draws);
  // Three of each stratum in every draw: no mean leaves this range.
  assert.ok(first.draws.every((value) => value >= (3 * 1 + 3 * 10) / 6 && value <= (3 * 3 + 3 * 30) / 6));
});

test("without skewness and bias BCa is the percentile interval", () => {
  const draws = Float64Array.from({length: 1001}, (_, i) => i - 500);
  assert.ok(Math.abs(biasCorrection(0, draws)) < 1e-12);
  const {low, high} = bcaInterval({value: 0, draws, acceleration: 0});
  const percentile = percentileInterval(draws);
  assert.ok(Math.abs(low! - percentile.low!) < 1e-9 && Math.abs(high! - percentile.high!) < 1e-9);
  const skewed = bcaInterval({value: 0, draws, acceleration: 0.1});
  assert.ok(
    skewed.low! > low! && skewed.high! > high!,
    "a right-skewed estimate moves the interval to the right"
  );
});

test("no BCa interval where the estimate lies outside its draws, or draws are undefined", () => {
  const draws = Float64Array.of(1, 2, 3);
  assert.deepEqual(bcaInterval({value: 5, draws, acceleration: 0}), {low: null, high: null});
  const undefinedMostly = Float64Array.of(1, NaN, NaN);
  assert.deepEqual(bcaInterval({value: 1, draws: undefinedMostly, acceleration: 0}), {low: null, high: null});
  assert.ok(Number.isNaN(jackknifeAcceleration([Float64Array.of(2, 2, 2)])));
});

test("the parts of the Brier score add up to it", () => {
  const rows = fc.array(fc.tuple(fc.integer({min: 0, max: 100}), fc.boolean()), {
    minLength: 1,
    maxLength: 60
  });
  fc.assert(
    fc.property(rows, fc.integer({min: 1, max: 12}), (drawn, bins) => {
      const sure = drawn.map(([percent]) => percent / 100);
      const right = drawn.map(([, own]) => own);
      const bin = sure.map((value) => Math.min(bins - 1, Math.floor(value * bins)));
      const parts = brierDecomposition(sumBins(sure, right, bin, bins))!;
      const plain = sure.reduce((sum, value, i) => sum + (value - Number(right[i])) ** 2, 0) / sure.length;
      assert.ok(Math.abs(parts.brier - plain) < 1e-12);
      const {reliability, resolution, uncertainty, within_bin} = parts;
      assert.ok(Math.abs(reliability - resolution + uncertainty + within_bin - plain) < 1e-12);
    })
  );
  assert.equal(brierDecomposition(sumBins([], [], [], 3)), null);
});
