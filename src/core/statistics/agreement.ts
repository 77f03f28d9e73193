/**
 * How far two raters agree, with intervals over dialogues: share of equal labels, share at most one label apart, mean
 * absolute and mean squared difference in labels, and quadratic-weighted kappa, as scikit-learn defines them
 * (`accuracy_score`, `mean_absolute_error`, `mean_squared_error`, `cohen_kappa_score(weights="quadratic", labels=all)`).
 * Items that either rater has not rated are left out. Intervals come from influences summed by dialogue
 * ({@link "./uncertainty.js"}).
 */
import {clusteredEstimate, type ClusteredEstimate, type ClusteredRows} from "./clustered.js";
import {quadraticKappa} from "./confusion-measures.js";
import type {Domain} from "./uncertainty.js";

export const PAIR_MEASURES = ["qwk", "exact", "within_one", "mae", "mse"] as const;
export type PairMeasure = (typeof PAIR_MEASURES)[number];

const DOMAINS: Record<PairMeasure, Domain> = {
  qwk: [-1, 1],
  exact: [0, 1],
  within_one: [0, 1],
  mae: [0, null],
  mse: [0, null]
};

/** What a pair of labels so many places apart adds to a mean. */
export const PAIR_ITEMS: Record<Exclude<PairMeasure, "qwk">, (distance: number) => number> = {
  exact: (distance) => (distance === 0 ? 1 : 0),
  within_one: (distance) => (distance <= 1 ? 1 : 0),
  mae: (distance) => distance,
  mse: (distance) => distance * distance
};

/**
 * All measures of a pair of raters in a cell.
 *
 * @param a - Place of each row's label by the one rater, −1 where it gave none; `b` by the other.
 * @param labels - Number of labels, where all axes of the cell have the same; else 0, and kappa is undefined.
 */
export function pairAgreement(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  {rows, clusters, strata}: ClusteredRows,
  labels: number
): Record<PairMeasure, ClusteredEstimate> {
  const held = new Uint8Array(strata.length);
  const shared: number[] = [];
  for (let i = 0; i < rows.length; ++i)
    if (a[rows[i]!]! >= 0 && b[rows[i]!]! >= 0) {
      shared.push(i);
      held[clusters[i]!] = 1;
    }
  const estimate = (measure: PairMeasure, {value, of}: Valued) => {
    const influence = new Float64Array(strata.length);
    if (Number.isFinite(value))
      for (const i of shared) influence[clusters[i]!]! += of(a[rows[i]!]!, b[rows[i]!]!);
    return clusteredEstimate(value, shared.length, influence, {held, strata, domain: DOMAINS[measure]});
  };
  const mean = (item: (distance: number) => number): Valued => {
    let sum = 0;
    for (const i of shared) sum += item(Math.abs(a[rows[i]!]! - b[rows[i]!]!));
    const value = sum / shared.length;
    return {value, of: (x, y) => (item(Math.abs(x - y)) - value) / shared.length};
  };
  const kappa = (): Valued => {
    const counts = new Float64Array(labels * labels);
    for (const i of shared) counts[a[rows[i]!]! * labels + b[rows[i]!]!]! += 1;
    const {value, derivative} = quadraticKappa(counts, labels);
    return {value: shared.length > 0 ? value : NaN, of: (x, y) => derivative[x * labels + y]!};
  };
  return {
    qwk: estimate("qwk", labels > 0 ? kappa() : {value: NaN, of: () => NaN}),
    exact: estimate("exact", mean(PAIR_ITEMS.exact)),
    within_one: estimate("within_one", mean(PAIR_ITEMS.within_one)),
    mae: estimate("mae", mean(PAIR_ITEMS.mae)),
    mse: estimate("mse", mean(PAIR_ITEMS.mse))
  };
}

/** A value, and the influence of a row by its two labels. */
interface Valued {
  value: number;
  of(a: number, b: number): number;
}
