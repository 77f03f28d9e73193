/** Cluster-robust variances, both intervals, and where there are none. */
import assert from "node:assert/strict";
import {test} from "node:test";
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import {
  clusterVariance,
  sumByCluster,
  trainingVariance,
  uncertaintyFrom,
  uncertaintyOf
} from "../../src/core/statistics/uncertainty.js";
import {normalFrom} from "../bench/coverage-model.js";

const near = (found: number | null, expected: number, within = 1e-12) =>
  assert.ok(found !== null && Math.abs(found - expected) < within, `${found}, expected ${expected}`);

test("with one row a cluster a mean has its textbook interval", () => {
  const items = [1, 2, 3, 4];
  const {value, se, df, low, high} = uncertaintyOf({
    seeds: [{value: 2.5, influence: items.map((item) => (item - 2.5) / 4)}],
    df: 3
  });
  near(se, Math.sqrt(5 / 3) / 2);
  // t of 3 degrees of freedom at 97.5 %: 3.182446305.
  near(high, value + 3.182446305284263 * se!, 1e-9);
  near(low, value - 3.182446305284263 * se!, 1e-9);
  assert.equal(df, 3);
});

test("strata take what differs between them out of the variance", () => {
  const influence = [1, 2, -1, -2];
  near(clusterVariance(influence), (4 / 3) * 10);
  near(clusterVariance(influence, [0, 0, 1, 1]), 2 * 4 * 0.25);
  near(clusterVariance([3, 1, -4], [0, 0, 1]), 2 * 2 + 16);
});

test("there is no interval with one cluster, none where nothing varies, none over trainings with one seed", () => {
  assert.deepEqual(uncertaintyOf({seeds: [{value: 1, influence: [0]}], df: 0}), {
    value: 1,
    ...NO_UNCERTAINTY
  });
  const flat = uncertaintyOf({seeds: [{value: 1, influence: [0, 0, 0]}], df: 2});
  assert.deepEqual(flat, {value: 1, ...NO_UNCERTAINTY});
  const single = uncertaintyOf({seeds: [{value: 1, influence: [0.1, -0.1]}], df: 1});
  assert.equal(single.low_trainings, null);
  assert.notEqual(single.low, null);
  assert.deepEqual(uncertaintyFrom(NaN, {variance: 1, df: 3}), NO_UNCERTAINTY);
});

test("a value that differs between trainings only has an interval over trainings only", () => {
  const seeds = [1, 2, 3].map((value) => ({value, influence: [0, 0, 0, 0]}));
  const found = uncertaintyOf({seeds, df: 3});
  assert.equal(found.low, null);
  near(found.se_trainings, Math.sqrt(1 / 3));
  near(found.df_trainings, 2);
});

test("levels are clipped to their domain, standard errors aren't", () => {
  const influence = [0.2, -0.2, 0.1, -0.1];
  const clipped = uncertaintyOf({seeds: [{value: 0.95, influence}], df: 3, domain: [0, 1]});
  assert.equal(clipped.high, 1);
  near(clipped.se, Math.sqrt((4 / 3) * 0.1));
});

test("trainings never make an interval over trainings narrower than one over dialogues", () => {
  const dialogues = {variance: 4, df: 19};
  const alike = trainingVariance(dialogues, {seeds: 3, between: 0, within: 4});
  near(alike.variance, 4);
  assert.ok(alike.df <= 19);
  const apart = trainingVariance(dialogues, {seeds: 3, between: 30, within: 4});
  near(apart.variance, 14);
  assert.ok(apart.df < 5, String(apart.df));
});

test("the variance over dialogues and seeds is right on average, where Cameron, Gelbach and Miller's is too small", () => {
  // A mean of S × G values: dialogue + seed + both, with known variances.
  const [seeds, dialogues, studies] = [3, 30, 3000];
  const [own, training, both] = [1, 0.15, 0.6];
  const normal = normalFrom(99);
  const truth = own ** 2 / dialogues + training ** 2 / seeds + both ** 2 / (seeds * dialogues);
  let [ours, theirs] = [0, 0];
  for (let study = 0; study < studies; ++study) {
    const shared = Array.from({length: dialogues}, () => own * normal());
    const rows = Array.from({length: seeds}, () => {
      const trained = training * normal();
      return shared.map((value) => value + trained + both * normal());
    });
    const values = rows.map((row) => row.reduce((a, b) => a + b, 0) / dialogues);
    const influences = rows.map((row, s) => row.map((value) => (value - values[s]!) / dialogues));
    const mean = values.reduce((a, b) => a + b, 0) / seeds;
    const between = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seeds - 1);
    const within = influences.reduce((sum, own) => sum + clusterVariance(own), 0) / seeds;
    const average = shared.map((_, g) => influences.reduce((sum, own) => sum + own[g]! / seeds, 0));
    const variance = clusterVariance(average);
    ours += variance + between / seeds - (within - variance) / (seeds - 1);
    theirs += variance + between / seeds - within / seeds;
  }
  assert.ok(Math.abs(ours / studies / truth - 1) < 0.04, `ours ${ours / studies / truth}`);
  assert.ok(theirs / studies / truth < 0.8, `theirs ${theirs / studies / truth}`);
});

test("influences of rows add up by cluster", () => {
  assert.deepEqual([...sumByCluster(Float64Array.of(1, 2, 4), [0, 2, 0], 3)], [5, 0, 2]);
});
