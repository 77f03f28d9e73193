/** Measures against plain definitions, on random rows; text of values and effects. */
import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {
  betterSign,
  CALIBRATION_BINS,
  formatEffect,
  formatMeasure,
  goodness,
  measureOf,
  MEASURES
} from "../../src/core/measures.js";
import type {MeasureId} from "../../src/core/cubes.js";
import {equalMassBins, equalWidthBins} from "../../src/core/statistics/calibration-bins.js";
import {
  measureCell,
  MEASURE_IDS,
  type CellMeasures,
  type ScoredRows,
  type Shape
} from "../../src/core/statistics/cell-measures.js";
import {macroF1, quadraticKappa} from "../../src/core/statistics/confusion-measures.js";
import {ascendingOrder} from "../../src/core/statistics/sort-order.js";

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

function cellOf(rows: Item[], shape: Shape = {labels: LABELS, ordinal: true}): CellMeasures {
  return measureCell(
    scoredRows(rows),
    rows.map((_, i) => i),
    shape
  );
}

function measured(rows: Item[], shape?: Shape): Record<MeasureId, number> {
  const {values} = cellOf(rows, shape);
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

test("influences add up to nought", () => {
  fc.assert(
    fc.property(items, (rows) => {
      const {n, values, influence} = cellOf(rows);
      MEASURE_IDS.forEach((id, m) => {
        if (Number.isNaN(values[m])) return;
        const sum = influence.subarray(m * n, (m + 1) * n).reduce((total, one) => total + one, 0);
        assert.ok(Math.abs(sum) < 1e-9, `${id}: ${sum}`);
      });
    })
  );
});

test("influences on means and calibration errors are derivatives by the rows' weights, bins held fixed", () => {
  fc.assert(
    fc.property(items, fc.nat(), (rows, pick) => {
      const cell = cellOf(rows);
      const scores = scoredRows(rows);
      const chosen = pick % rows.length;
      const weighted: Partial<Record<MeasureId, (weights: number[]) => number>> = {
        accuracy: (weights) => weightedMean(weights, [...cell.correct]),
        nll: (weights) => weightedMean(weights, [...(scores.nll as number[])]),
        mae: (weights) =>
          weightedMean(
            weights,
            rows.map(({gold, predicted}) => Math.abs(gold - predicted))
          ),
        ece: (weights) => weightedGap(weights, cell, cell.widthBin),
        ece_mass: (weights) => weightedGap(weights, cell, cell.massBin)
      };
      for (const [id, value] of Object.entries(weighted) as [MeasureId, (weights: number[]) => number][]) {
        const at = (weight: number) => value(rows.map((_, i) => (i === chosen ? weight : 1)));
        const slope = (at(1 + 1e-5) - at(1 - 1e-5)) / 2e-5;
        const found = cell.influence[MEASURE_IDS.indexOf(id) * cell.n + chosen]!;
        // A bin whose gaps cancel has a kink there.
        if (Math.abs(at(1 + 1e-5) + at(1 - 1e-5) - 2 * at(1)) > 1e-8) continue;
        assert.ok(Math.abs(slope - found) < 1e-6, `${id}: ${found} against ${slope}`);
      }
    })
  );
});

function weightedMean(weights: number[], values: number[]): number {
  return values.reduce((sum, value, i) => sum + weights[i]! * value, 0) / weights.reduce((a, b) => a + b, 0);
}

function weightedGap(weights: number[], {confidence, correct}: CellMeasures, bins: Uint8Array): number {
  const sums = new Float64Array(CALIBRATION_BINS);
  bins.forEach((bin, i) => (sums[bin]! += weights[i]! * (confidence[i]! - correct[i]!)));
  return sums.reduce((sum, one) => sum + Math.abs(one), 0) / weights.reduce((a, b) => a + b, 0);
}

test("derivatives of macro-F1 and kappa by counts are those found numerically", () => {
  const counts = fc.array(fc.integer({min: 0, max: 9}), {minLength: LABELS ** 2, maxLength: LABELS ** 2});
  fc.assert(
    fc.property(counts, fc.nat(LABELS ** 2 - 1), (plainCounts, place) => {
      for (const measure of [macroF1, quadraticKappa]) {
        const at = (change: number) =>
          measure(
            Float64Array.from(plainCounts, (count, i) => count + (i === place ? change : 0)),
            LABELS
          );
        const {value, derivative} = at(0);
        if (Number.isNaN(value) || plainCounts[place] === 0) continue;
        const slope = (at(1e-5).value - at(-1e-5).value) / 2e-5;
        assert.ok(
          Math.abs(slope - derivative[place]!) < 1e-5,
          `${measure.name}: ${derivative[place]} against ${slope}`
        );
      }
    })
  );
});

test("an infinite NLL leaves the other measures finite", () => {
  const row = {gold: 0, predicted: 0, probabilities: [0.7, 0.1, 0.1, 0.1], cluster: 0};
  const scores = {...scoredRows([row, row]), nll: [0.5, Infinity]};
  const {values} = measureCell(scores, [0, 1], {labels: LABELS, ordinal: true});
  assert.equal(values[MEASURE_IDS.indexOf("nll")], Infinity);
  assert.ok(Number.isFinite(values[MEASURE_IDS.indexOf("brier")]));
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
  assert.deepEqual([...massBins([6, 5, 4, 3, 2, 1], 3)], [2, 2, 1, 1, 0, 0]);
  assert.deepEqual([...massBins([1, 1, 1, 2], 2)], [0, 0, 0, 1]);
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

function massBins(values: number[], bins: number): Uint8Array {
  return equalMassBins(values, bins, ascendingOrder(Float64Array.from(values)));
}

test("which values are better, and which differences", () => {
  assert.ok(goodness("accuracy", 0.8) > goodness("accuracy", 0.7));
  assert.ok(goodness("nll", 0.7) > goodness("nll", 0.8));
  assert.ok(goodness("overconfidence", -0.02) > goodness("overconfidence", 0.1));
  assert.ok(goodness("overconfidence", 0.02) > goodness("overconfidence", -0.1));
  assert.deepEqual((["accuracy", "nll", "overconfidence"] as const).map(betterSign), [1, -1, 0]);
});
