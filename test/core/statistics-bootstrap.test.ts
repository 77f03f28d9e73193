/** The cluster bootstrap beside the cluster-robust mean: coverage, clustering, strata, quantiles. */
import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import {drawClusters, percentileInterval, quantile} from "../../src/core/statistics/cluster-bootstrap.js";
import {uncertaintyOf} from "../../src/core/statistics/uncertainty.js";

function normals(seed: number): () => number {
  const random = xoroshiro128plus(seed);
  const unit = () => ((random.next() >>> 0) + 0.5) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(unit())) * Math.cos(2 * Math.PI * unit());
}

test("each stratum is drawn as often as it has clusters, in every draw", () => {
  const {weights, clusters} = drawClusters(
    [
      {name: "a", clusters: 5},
      {name: "b", clusters: 3}
    ],
    50,
    1
  );
  assert.equal(clusters, 8);
  for (let draw = 0; draw < 50; ++draw) {
    const own = [...weights.subarray(draw * 8, draw * 8 + 8)];
    assert.equal(
      own.slice(0, 5).reduce((a, b) => a + b),
      5
    );
    assert.equal(
      own.slice(5).reduce((a, b) => a + b),
      3
    );
  }
});

test("draws depend on seed, name and size of their stratum only", () => {
  const alone = drawClusters([{name: "b", clusters: 3}], 20, 1).weights;
  const beside = drawClusters(
    [
      {name: "a", clusters: 4},
      {name: "b", clusters: 3}
    ],
    20,
    1
  ).weights;
  for (let draw = 0; draw < 20; ++draw)
    assert.deepEqual(beside.slice(draw * 7 + 4, draw * 7 + 7), alone.slice(draw * 3, draw * 3 + 3));
  assert.notDeepEqual(drawClusters([{name: "b", clusters: 3}], 20, 2).weights, alone);
});

test("every cluster is drawn once a draw on average, with the variance of a multinomial", () => {
  const {weights} = drawClusters([{name: "x", clusters: 20}], 4000, 3);
  const mean = weights.reduce((a, b) => a + b, 0) / weights.length;
  const variance = weights.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / weights.length;
  assert.equal(mean, 1);
  assert.ok(Math.abs(variance - 0.95) < 0.02, String(variance));
  for (let c = 0; c < 20; ++c) {
    let sum = 0;
    for (let draw = 0; draw < 4000; ++draw) sum += weights[draw * 20 + c]!;
    assert.ok(Math.abs(sum / 4000 - 1) < 0.07, `cluster ${c}: ${sum / 4000}`);
  }
});

/** Cluster-robust interval of a mean from the sums and numbers of rows of its clusters. */
function clusterMean(sums: number[], counts: number[]): {low: number | null; high: number | null} {
  const n = counts.reduce((a, b) => a + b, 0);
  const value = sums.reduce((a, b) => a + b, 0) / n;
  const influence = sums.map((sum, g) => (sum - value * counts[g]!) / n);
  return uncertaintyOf({seeds: [{value, influence}], df: sums.length - 1});
}

/** Bootstrap interval of the mean of rows, given by cluster. */
function bootstrapMean(rowsOf: number[][], seed: number): {low: number; high: number} {
  const {weights, draws, clusters} = drawClusters([{name: "all", clusters: rowsOf.length}], 400, seed);
  const sums = rowsOf.map((rows) => rows.reduce((a, b) => a + b, 0));
  const means = Float64Array.from({length: draws}, (_, draw) => {
    let [total, n] = [0, 0];
    for (let c = 0; c < clusters; ++c) {
      total += weights[draw * clusters + c]! * sums[c]!;
      n += weights[draw * clusters + c]! * rowsOf[c]!.length;
    }
    return total / n;
  });
  return percentileInterval(means) as {low: number; high: number};
}

test("rows repeated within their cluster don't narrow the interval; more clusters do", () => {
  const normal = normals(5);
  const rows = Array.from({length: 40}, () => [normal()]);
  const once = bootstrapMean(rows, 1);
  const tenfold = bootstrapMean(
    rows.map(([value]) => Array.from({length: 10}, () => value!)),
    1
  );
  assert.ok(Math.abs(once.high - once.low - (tenfold.high - tenfold.low)) < 1e-12);
  const asClusters = bootstrapMean(Array.from({length: 10}, () => rows).flat(), 1);
  assert.ok(asClusters.high - asClusters.low < 0.5 * (once.high - once.low));
  const robust = (times: number) => {
    const {low, high} = clusterMean(
      rows.map(([value]) => value! * times),
      rows.map(() => times)
    );
    return high! - low!;
  };
  assert.ok(Math.abs(robust(1) - robust(10)) < 1e-12);
});

test("95 % intervals hold the truth about 95 times in 100, where rows of a cluster are alike", () => {
  const normal = normals(11);
  const studies = 300;
  const held = {bootstrap: 0, robust: 0, naive: 0};
  for (let study = 0; study < studies; ++study) {
    const rowsOf = Array.from({length: 40}, () => {
      const shared = normal();
      return Array.from({length: 5}, () => shared + 0.5 * normal());
    });
    const count = ({low, high}: {low: number | null; high: number | null}, kind: keyof typeof held) => {
      if (low! < 0 && high! > 0) held[kind] += 1;
    };
    count(bootstrapMean(rowsOf, study), "bootstrap");
    const sums = (rows: number[][]) => rows.map((own) => own.reduce((a, b) => a + b, 0));
    count(
      clusterMean(
        sums(rowsOf),
        rowsOf.map(({length}) => length)
      ),
      "robust"
    );
    const each = rowsOf.flat().map((value) => [value]);
    count(
      clusterMean(
        sums(each),
        each.map(() => 1)
      ),
      "naive"
    );
  }
  // Binomial: 300 × 0.95 = 285 ± 3.8; percentile intervals of 40 clusters cover a little less than they say.
  assert.ok(held.bootstrap >= 267 && held.bootstrap <= 296, JSON.stringify(held));
  assert.ok(held.robust >= 267 && held.robust <= 296, JSON.stringify(held));
  assert.ok(held.naive < 230, `rows taken as independent cover far too rarely: ${JSON.stringify(held)}`);
});

test("quantiles as numpy has them", () => {
  const sorted = Float64Array.of(1, 2, 4, 8);
  const expected = {0: 1, 0.025: 1.075, 0.5: 3, 0.975: 7.7, 1: 8};
  for (const [share, value] of Object.entries(expected))
    assert.ok(Math.abs(quantile(sorted, Number(share)) - value) < 1e-12);
  fc.assert(
    fc.property(fc.array(fc.integer({min: -99, max: 99}), {minLength: 1, maxLength: 40}), (values) => {
      const {low, high} = percentileInterval(Float64Array.from(values));
      assert.ok(Math.min(...values) <= low! && low! <= high! && high! <= Math.max(...values));
    })
  );
});

test("undefined draws are left out, and too many of them leave no interval", () => {
  assert.deepEqual(percentileInterval(Float64Array.of(1, 1, NaN)), {low: 1, high: 1});
  assert.deepEqual(percentileInterval(Float64Array.of(1, NaN, NaN)), {low: null, high: null});
  assert.deepEqual(percentileInterval(new Float64Array()), {low: null, high: null});
  assert.deepEqual(percentileInterval(Float64Array.of(Infinity, Infinity)), {low: null, high: null});
});
