/** Influences against derivatives of the weighted statistics, written out plainly and differentiated numerically. */
import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {createRandom} from "../../src/core/random.js";
import {aurocEstimate} from "../../src/core/statistics/auroc.js";
import {pearsonEstimate, spearmanEstimate} from "../../src/core/statistics/correlation.js";
import {aurc, riskAtCoverage} from "../../src/core/statistics/risk-coverage.js";
import {
  smoothCalibrationError,
  smoothCalibrationErrorAt
} from "../../src/core/statistics/smooth-calibration.js";
import {ascendingOrder} from "../../src/core/statistics/sort-order.js";
import type {Estimate} from "../../src/core/statistics/uncertainty.js";

type Weighted = (weights: number[]) => number;

/** The value, the derivative by each row's weight, and that they add up to 0. */
function agrees(name: string, {value, influence}: Estimate, weighted: Weighted, within = 1e-8): void {
  const once = Array<number>(influence.length).fill(1);
  assert.ok(Math.abs(value - weighted(once)) < 1e-12, `${name}: ${value} and ${weighted(once)}`);
  assert.ok(Math.abs(influence.reduce((a, b) => a + b, 0)) < 1e-12, `${name}: sum`);
  influence.forEach((own, i) => {
    const at = (weight: number) => weighted(once.with(i, weight));
    const slope = (at(1 + 1e-5) - at(1 - 1e-5)) / 2e-5;
    assert.ok(Math.abs(own - slope) < within, `${name}, row ${i}: ${own} and ${slope}`);
  });
}

const random = createRandom("estimates");
const ROWS = 40;
const x = Array.from({length: ROWS}, () => random.below(12));
const y = x.map((value) => Math.floor((value + random.below(10)) / 2));
const groups = x.map(() => random.below(3));
const one = x.map(() => 0);
const right = x.map((value) => (value + random.below(12) > 10 ? 1 : 0));

function centred(values: number[], group: number[], weights: number[]): number[] {
  const mean = (own: number) => {
    let [sum, total] = [0, 0];
    values.forEach((value, i) => {
      if (group[i] !== own) return;
      sum += weights[i]! * value;
      total += weights[i]!;
    });
    return sum / total;
  };
  return values.map((value, i) => value - mean(group[i]!));
}

function correlation(a: number[], b: number[], group: number[], weights: number[]): number {
  const [da, db] = [centred(a, group, weights), centred(b, group, weights)];
  const sum = (product: (i: number) => number) => weights.reduce((total, w, i) => total + w * product(i), 0);
  return sum((i) => da[i]! * db[i]!) / Math.sqrt(sum((i) => da[i]! ** 2) * sum((i) => db[i]! ** 2));
}

/** Share of the group's weight below a value, its equals counted half. */
function ranks(values: number[], group: number[], weights: number[]): number[] {
  return values.map((value, i) => {
    let [below, total] = [0, 0];
    values.forEach((other, j) => {
      if (group[j] !== group[i]) return;
      total += weights[j]!;
      below += weights[j]! * (other < value ? 1 : other === value ? 0.5 : 0);
    });
    return below / total;
  });
}

test("Pearson's correlation, over all rows and within groups", () => {
  agrees("all", pearsonEstimate(x, y)!, (w) => correlation(x, y, one, w));
  agrees("within", pearsonEstimate(x, y, groups)!, (w) => correlation(x, y, groups, w));
});

test("Spearman's correlation, over all rows and within groups", () => {
  const ranked = (group: number[]) => (w: number[]) =>
    correlation(ranks(x, group, w), ranks(y, group, w), group, w);
  agrees("all", spearmanEstimate(x, y)!, ranked(one));
  agrees("within", spearmanEstimate(x, y, groups)!, ranked(groups));
});

test("AUROC, with ties", () => {
  agrees("auroc", aurocEstimate(Float64Array.from(x), right)!, (w) => {
    let [wins, pairs] = [0, 0];
    right.forEach((isPositive, i) =>
      right.forEach((isOther, j) => {
        if (!isPositive || isOther) return;
        pairs += w[i]! * w[j]!;
        wins += w[i]! * w[j]! * (x[j]! < x[i]! ? 1 : x[j] === x[i] ? 0.5 : 0);
      })
    );
    return wins / pairs;
  });
});

test("the area under the risk–coverage curve, with ties", () => {
  agrees("aurc", aurc(Float64Array.from(x), right), (w) => {
    let [rows, wrong, total] = [0, 0, 0];
    for (const value of [...new Set(x)].sort((a, b) => b - a)) {
      const tied = x.flatMap((other, i) => (other === value ? [i] : []));
      const weight = tied.reduce((sum, i) => sum + w[i]!, 0);
      const errors = tied.reduce((sum, i) => sum + w[i]! * (1 - right[i]!), 0);
      const step = weight / tied.length;
      for (let j = 1; j <= tied.length; ++j)
        total += (step * (wrong + (j * step * errors) / weight)) / (rows + j * step);
      rows += weight;
      wrong += errors;
    }
    return total / rows;
  });
});

const confidences = fc.array(fc.tuple(fc.integer({min: 1, max: 20}), fc.boolean()), {
  minLength: 1,
  maxLength: 40
});

test("AURC doesn't depend on the order of the rows, and lies between no error first and every error first", () => {
  fc.assert(
    fc.property(confidences, (rows) => {
      const area = (ordered: typeof rows) =>
        aurc(
          Float64Array.from(ordered, ([sure]) => sure),
          ordered.map(([, isRight]) => isRight)
        ).value;
      assert.ok(Math.abs(area(rows) - area([...rows].reverse())) < 1e-12);
      const bySuccess = (sign: number) => area(rows.map(([, isRight]) => [isRight ? sign : -sign, isRight]));
      assert.ok(bySuccess(1) <= area(rows) + 1e-12 && area(rows) <= bySuccess(-1) + 1e-12);
    })
  );
});

test("risk at full coverage is the error rate, and its mean over all coverages is AURC", () => {
  fc.assert(
    fc.property(confidences, (rows) => {
      const sure = Float64Array.from(rows, ([value]) => value);
      const isRight = rows.map(([, own]) => own);
      const coverages = rows.map((_, k) => (k + 1) / rows.length);
      const risks = riskAtCoverage(sure, isRight, coverages);
      assert.ok(Math.abs(risks.at(-1)! - isRight.filter((own) => !own).length / rows.length) < 1e-12);
      const mean = risks.reduce((a, b) => a + b, 0) / rows.length;
      assert.ok(Math.abs(mean - aurc(sure, isRight).value) < 1e-12);
    })
  );
});

test("smooth calibration error: the fixed point, and its influences at fixed width", () => {
  const sure = Float64Array.from({length: 300}, () => 0.3 + 0.7 * random.unit());
  const isRight = sure.map((value) => (random.unit() < value - 0.1 ? 1 : 0));
  const {value, width, influence} = smoothCalibrationError(sure, isRight);
  assert.ok(value <= width && smoothCalibrationErrorAt(sure, isRight, width - 1 / 1024) > width - 1 / 1024);
  assert.equal(smoothCalibrationErrorAt(sure, isRight, width), value);
  assert.ok(Math.abs(influence.reduce((a, b) => a + b, 0)) < 1e-12);
  // A row that comes fifty times over, of 300 times as many rows, weighs 50/300 more than 1.
  const times = 300;
  for (const row of [0, 1, 7, 100]) {
    const many = (values: Float64Array) =>
      Float64Array.from({length: 300 * times + 50}, (_, i) => values[i < 300 * times ? i % 300 : row]!);
    const moved = smoothCalibrationErrorAt(many(sure), many(isRight), width) - value;
    const expected = (influence[row]! * 50) / times;
    assert.ok(
      Math.abs(moved - expected) < 0.02 * Math.abs(expected) + 3e-6,
      `row ${row}: ${moved}, ${expected}`
    );
  }
});

test("a perfectly calibrated bin has no smooth error, a constant gap has itself", () => {
  const calibrated = smoothCalibrationError(Float64Array.of(0.75, 0.75, 0.75, 0.75), [1, 1, 1, 0]);
  assert.ok(calibrated.value < 1e-9);
  const gap = smoothCalibrationError(Float64Array.of(0.9, 0.9, 0.9, 0.9), [1, 1, 0, 0]);
  assert.ok(Math.abs(gap.value - 0.4) < 1e-3, String(gap.value));
});

test("sort orders: ascending, equal values in their order, few and many values alike", () => {
  for (const size of [0, 1, 50, 500, 6000])
    for (const outlier of [-1, -1e12, -Infinity]) {
      const values = Float64Array.from({length: size}, () => Math.round(200 * (random.unit() - 0.5)) / 8);
      if (size > 1) values.set([outlier, -0], 0);
      const expected = [...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b);
      // −∞ − −∞ is NaN, which compares as equal here and there.
      assert.deepEqual([...ascendingOrder(values)], expected, `${size}, ${outlier}`);
    }
});
