/** Both intervals as `docs/measures.md` gives their formulas: sums of influences in groups, and the two variances written out. */
import assert from "node:assert/strict";
import {studentTQuantile} from "../../src/core/statistics/distributions.js";

/** A row of one seed. */
export interface SeedRow {
  seed: string;
  corpus: string;
  dialogue: string;
}

/** A row's part in an estimate: its influence. */
export interface Part extends SeedRow {
  influence: number;
}

export const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

export function grouped<T>(rows: T[], keyOf: (row: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return [...groups.values()];
}

/** Σ over corpora of G/(G − 1) · Σ (u − mean u)², and Σ (G − 1). */
function overDialogues(parts: Part[]): {variance: number; df: number} {
  const corpora = grouped(parts, ({corpus}) => corpus).map((own) =>
    grouped(own, ({dialogue}) => dialogue).map((rows) => sum(rows.map(({influence}) => influence)))
  );
  const variance = sum(
    corpora.map((u) => (u.length / (u.length - 1)) * sum(u.map((one) => (one - sum(u) / u.length) ** 2)))
  );
  return {variance, df: sum(corpora.map(({length}) => length - 1))};
}

/** The estimate of rows, and each row's influence. */
export type Estimator<R extends SeedRow> = (rows: R[]) => {value: number; parts: Part[]};

/** Ends of both intervals, as `docs/measures.md` gives their formulas. */
export function intervals<R extends SeedRow>(
  rows: R[],
  estimate: Estimator<R>
): {
  value: number;
  dialogues: number[];
  trainings: number[];
  shares: {dialogues: number[]; trainings: number[]};
} {
  const {value, parts} = estimate(rows);
  const all = overDialogues(parts);
  const seeds = grouped(rows, ({seed}) => seed).map(estimate);
  const S = seeds.length;
  const mean = sum(seeds.map((one) => one.value)) / S;
  const between = sum(seeds.map((one) => (one.value - mean) ** 2)) / (S - 1) / S;
  const within = sum(seeds.map((one) => overDialogues(one.parts).variance)) / S;
  const both = Math.max(0, (within - all.variance) / (S - 1));
  const variance = all.variance + Math.max(0, between - both);
  const spread = all.variance ** 2 / all.df + between ** 2 / (S - 1) + both ** 2 / (all.df * (S - 1));
  const df = Math.min(all.df, Math.max(1, variance ** 2 / spread));
  const ends = (v: number, freedom: number) =>
    [-1, 1].map((sign) => (v > 1e-18 ? value + sign * studentTQuantile(0.975, freedom) * Math.sqrt(v) : NaN));
  // Wilson's, with as many trials as independent ones would have this variance.
  const shareEnds = (v: number, freedom: number) => {
    if (!(v > 1e-18 && value > 0 && value < 1)) return [NaN, NaN];
    const [t, n] = [studentTQuantile(0.975, freedom), (value * (1 - value)) / v];
    const middle = (2 * n * value + t * t) / (2 * (n + t * t));
    const half = (t * Math.sqrt(t * t + 4 * n * value * (1 - value))) / (2 * (n + t * t));
    return [middle - half, middle + half];
  };
  return {
    value,
    dialogues: ends(all.variance, all.df),
    trainings: ends(variance, df),
    shares: {dialogues: shareEnds(all.variance, all.df), trainings: shareEnds(variance, df)}
  };
}

/** Where nothing is expected (NaN), there is nothing (null). */
export const same = (found: (number | null | undefined)[], expected: number[]) =>
  found.forEach((value, i) => {
    const wanted = expected[i]!;
    const agree =
      typeof value === "number" && Math.abs(value - wanted) <= 2e-5 * Math.max(1, Math.abs(value));
    assert.ok(
      Number.isNaN(wanted) ? value === null : agree,
      `${found.join(", ")} against ${expected.join(", ")}`
    );
  });
