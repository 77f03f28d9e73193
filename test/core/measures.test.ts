/** Measures against plain definitions, on random rows; text of values and effects. */
import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {CALIBRATION_BINS, formatEffect, formatMeasure, measureOf, MEASURES} from "../../src/core/measures.js";
import type {MeasureId} from "../../src/core/cubes.js";
import {
  clusterVectors,
  equalMassBins,
  equalWidthBins,
  finish,
  itemStatistics,
  MEASURE_IDS,
  sumClusters,
  type ScoredRows,
  type Shape
} from "../../src/core/statistics/measure-vectors.js";

interface Item {
  gold: number;
  predicted: number;
  probabilities: number[];
  cluster: number;
}

const LABELS = 4;
const items = fc.array(
  fc
    .record({
      gold: fc.nat(LABELS - 1),
      weights: fc.array(fc.integer({min: 1, max: 50}), {minLength: LABELS, maxLength: LABELS}),
      cluster: fc.nat(6)
    })
    .map(({gold, weights, cluster}): Item => {
      const total = weights.reduce((a, b) => a + b, 0);
      const probabilities = weights.map((weight) => weight / total);
      return {gold, probabilities, predicted: probabilities.indexOf(Math.max(...probabilities)), cluster};
    }),
  {minLength: 1, maxLength: 60}
);

function scoredRows(rows: Item[]): ScoredRows {
  const sorted = rows.map(({probabilities}) => [...probabilities].sort((a, b) => b - a));
  return {
    gold: rows.map(({gold}) => gold),
    predicted: rows.map(({predicted}) => predicted),
    nll: rows.map(({gold, probabilities}) => -Math.log(probabilities[gold]!)),
    brier: rows.map(({gold, probabilities}) =>
      probabilities.reduce((sum, p, k) => sum + (p - Number(k === gold)) ** 2, 0)
    ),
    confidence: sorted.map(([first]) => first!),
    label_entropy: rows.map(({probabilities}) => probabilities.reduce((sum, p) => sum - p * Math.log(p), 0)),
    margin: sorted.map(([first, second]) => first! - second!),
    off_label_mass: rows.map(({cluster}) => cluster / 10)
  };
}

function measured(rows: Item[], shape: Shape = {labels: LABELS, ordinal: true}): Record<MeasureId, number> {
  const statistics = itemStatistics(
    scoredRows(rows),
    rows.map((_, i) => i),
    shape
  );
  const vectors = clusterVectors(
    statistics,
    Int32Array.from(rows, ({cluster}) => cluster)
  );
  const values = finish(sumClusters(vectors, new Float64Array(vectors.length)), shape);
  return Object.fromEntries(MEASURE_IDS.map((id, i) => [id, values[i]!])) as Record<MeasureId, number>;
}

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Definitions written out, with none of the code under test. */
function plain(rows: Item[]): Partial<Record<MeasureId, number>> {
  const f1 = Array.from({length: LABELS}, (_, k) => {
    const hit = rows.filter(({gold, predicted}) => gold === k && predicted === k).length;
    const all =
      rows.filter(({gold}) => gold === k).length + rows.filter(({predicted}) => predicted === k).length;
    return all ? (2 * hit) / all : 0;
  });
  const distance = (a: number, b: number) => (a - b) ** 2;
  const expected = mean(rows.flatMap(({gold}) => rows.map(({predicted}) => distance(gold, predicted))));
  const confidence = rows.map(({probabilities}) => Math.max(...probabilities));
  const right = rows.map(({gold, predicted}) => Number(gold === predicted));
  const gapOver = (bins: number[]) =>
    [...new Set(bins)].reduce((sum, bin) => {
      const members = bins.flatMap((one, i) => (one === bin ? [i] : []));
      const gap = mean(members.map((i) => confidence[i]!)) - mean(members.map((i) => right[i]!));
      return sum + (members.length / rows.length) * Math.abs(gap);
    }, 0);
  return {
    accuracy: mean(right),
    macro_f1: mean(f1),
    within_one: mean(rows.map(({gold, predicted}) => Number(Math.abs(gold - predicted) < 2))),
    mae: mean(rows.map(({gold, predicted}) => Math.abs(gold - predicted))),
    qwk:
      expected === 0 ? NaN : 1 - mean(rows.map(({gold, predicted}) => distance(gold, predicted))) / expected,
    sharpness: mean(confidence),
    ece: gapOver(confidence.map((value) => Math.ceil(value * CALIBRATION_BINS))),
    ece_mass: gapOver(
      confidence.map((value) =>
        Math.floor((CALIBRATION_BINS * confidence.filter((one) => one < value).length) / rows.length)
      )
    )
  };
}

test("measures equal their plain definitions", () => {
  fc.assert(
    fc.property(items, (rows) => {
      const found = measured(rows);
      for (const [id, expected] of Object.entries(plain(rows)) as [MeasureId, number][]) {
        const value = found[id];
        const same = Number.isNaN(expected) ? Number.isNaN(value) : Math.abs(value - expected) < 1e-10;
        assert.ok(same, `${id}: ${value} against ${expected}`);
      }
    })
  );
});

test("means are means of their item statistics", () => {
  fc.assert(
    fc.property(items, (rows) => {
      const found = measured(rows);
      const scores = scoredRows(rows);
      for (const id of ["nll", "brier", "label_entropy", "margin", "off_label_mass"] as const)
        assert.ok(Math.abs(found[id] - mean([...(scores[id] as number[])])) < 1e-10, id);
    })
  );
});

test("a sum of weighted clusters measures the rows repeated as often, with the bins of the rows once", () => {
  fc.assert(
    fc.property(items, fc.array(fc.nat(3), {minLength: 7, maxLength: 7}), (rows, times) => {
      const shape = {labels: LABELS, ordinal: true};
      const statistics = itemStatistics(
        scoredRows(rows),
        rows.map((_, i) => i),
        shape
      );
      const vectors = clusterVectors(
        statistics,
        Int32Array.from(rows, ({cluster}) => cluster)
      );
      const values = finish(
        sumClusters(vectors, new Float64Array(vectors.length), Uint16Array.from(times)),
        shape
      );
      const repeated = rows.flatMap((row) => Array.from({length: times[row.cluster]!}, () => row));
      if (repeated.length === 0) return assert.ok(values.every(Number.isNaN));
      const expected = measured(repeated);
      MEASURE_IDS.forEach((id, i) => {
        if (id === "ece_mass") return;
        assert.ok(Object.is(values[i], expected[id]) || Math.abs(values[i]! - expected[id]) < 1e-10, id);
      });
    })
  );
});

test("an infinite NLL in a cluster that wasn't drawn leaves the others finite", () => {
  const row = {gold: 0, predicted: 0, probabilities: [0.7, 0.1, 0.1, 0.1], cluster: 0};
  const shape = {labels: LABELS, ordinal: true};
  const scores = {...scoredRows([row, row]), nll: [0.5, Infinity]};
  const vectors = clusterVectors(itemStatistics(scores, [0, 1], shape), Int32Array.of(0, 1));
  const values = finish(sumClusters(vectors, new Float64Array(vectors.length), Uint16Array.of(2, 0)), shape);
  assert.equal(values[MEASURE_IDS.indexOf("nll")], 0.5);
});

test("labels that are neither gold nor predicted count as 0 in macro-F1", () => {
  const row = {gold: 0, predicted: 0, probabilities: [0.7, 0.1, 0.1, 0.1], cluster: 0};
  assert.equal(measured([row]).macro_f1, 1 / LABELS);
  assert.ok(Number.isNaN(measured([row]).qwk), "kappa of one label throughout is undefined");
});

test("a cell has no distances without an order, and no confusion without shared labels", () => {
  const row = {gold: 0, predicted: 1, probabilities: [0.2, 0.6, 0.1, 0.1], cluster: 0};
  const nominal = measured([row], {labels: LABELS, ordinal: false});
  for (const id of ["within_one", "mae", "qwk"] as const) assert.ok(Number.isNaN(nominal[id]), id);
  assert.equal(nominal.macro_f1, 0);
  const mixed = measured([row], {labels: 0, ordinal: true});
  for (const id of ["macro_f1", "qwk"] as const) assert.ok(Number.isNaN(mixed[id]), id);
  assert.deepEqual([mixed.mae, mixed.within_one, mixed.accuracy], [1, 1, 0]);
});

test("bins of equal width are closed above, of equal mass hold equally many rows and never part ties", () => {
  assert.deepEqual([...equalWidthBins(Float64Array.of(0, 0.2, 0.2000001, 1))], [0, 2, 3, 14]);
  assert.deepEqual([...equalMassBins(Float64Array.of(6, 5, 4, 3, 2, 1), 3)], [2, 2, 1, 1, 0, 0]);
  assert.deepEqual([...equalMassBins(Float64Array.of(1, 1, 1, 2), 2)], [0, 0, 0, 1]);
});

test("every measure has one id, words, and a domain that holds its values", () => {
  assert.equal(new Set(MEASURE_IDS).size, MEASURES.length);
  const rows = Array.from({length: 30}, (_, i) => ({
    gold: i % 4,
    predicted: (i * 7) % 4,
    probabilities: [0.4, 0.3, 0.2, 0.1],
    cluster: i % 5
  }));
  const values = measured(rows);
  for (const {
    id,
    description,
    domain: [low, high]
  } of MEASURES) {
    assert.match(description, /^[A-Z].*\.$/);
    assert.ok(values[id] >= low && values[id] <= (high ?? Infinity), id);
  }
  assert.throws(() => measureOf("f2" as MeasureId), /“f2” is no measure/);
});

test("values and effects as text", () => {
  assert.equal(formatMeasure("accuracy", 0.8132), "81.3 %");
  assert.equal(formatMeasure("nll", 0.4121), "0.412 nats");
  assert.equal(formatMeasure("qwk", -0.25), "−0.250");
  assert.equal(formatMeasure("mae", null), "—");
  assert.equal(formatEffect("accuracy", 0.0421), "+4.2 points");
  assert.equal(formatEffect("nll", -0.0314), "−0.031 nats");
  assert.equal(formatEffect("qwk", 0.1), "+0.100");
});
