/**
 * Means whose rows come in clusters, with a normal interval from the linearised (sandwich) variance between clusters.
 *
 * Source: Cameron & Miller (2015), A Practitioner's Guide to Cluster-Robust Inference, §II; the mean is the ratio
 * Σs/Σn of cluster totals, its variance G/(G−1) · Σ(s_g − mean·n_g)² / (Σn)².
 */
import {NO_INTERVAL, type Interval} from "./cluster-bootstrap.js";

/** 97.5 % point of the standard normal distribution. */
export const NORMAL_975 = 1.959963984540054;

export interface MeanWithInterval extends Interval {
  mean: number | null;
  /** Rows that the mean is taken over. */
  n: number;
}

/** Standard errors below this part of the estimate are rounding: the value is one and the same in every row. */
const CONSTANT = 1e-9;

/**
 * Mean over rows. `sums[g]` and `counts[g]` are the total and the number of rows of cluster g; empty clusters don't count.
 * No interval where the value is the same in every row: that it does not vary over dialogues says nothing of how it
 * varies over trainings, and a width of zero would look like certainty.
 */
export function clusterMean(
  sums: ArrayLike<number>,
  counts: ArrayLike<number>,
  bounds?: [number, number]
): MeanWithInterval {
  let total = 0;
  let n = 0;
  for (let g = 0; g < sums.length; ++g) {
    total += sums[g]!;
    n += counts[g]!;
  }
  if (n === 0) return {mean: null, n, ...NO_INTERVAL};
  const mean = total / n;
  const residuals = Float64Array.from({length: sums.length}, (_, g) => sums[g]! - mean * counts[g]!);
  const error = clusterError(residuals, counts, n);
  if (error <= CONSTANT * Math.max(1, Math.abs(mean))) return {mean, n, ...NO_INTERVAL};
  return {mean, n, ...normalInterval(mean, error, bounds)};
}

/**
 * Standard error of a mean of n rows from its cluster totals of residuals (or of an influence function); NaN with
 * fewer than two clusters that hold rows.
 */
export function clusterError(residuals: ArrayLike<number>, counts: ArrayLike<number>, n: number): number {
  let clusters = 0;
  let squares = 0;
  for (let g = 0; g < residuals.length; ++g) {
    if (!counts[g]) continue;
    clusters += 1;
    squares += residuals[g]! * residuals[g]!;
  }
  return clusters < 2 ? NaN : Math.sqrt((clusters / (clusters - 1)) * squares) / n;
}

/** Estimate ± 1.96 standard errors, within bounds; none where the error is undefined. */
export function normalInterval(
  estimate: number,
  error: number,
  bounds: [number, number] = [-Infinity, Infinity]
): Interval {
  if (!Number.isFinite(error)) return NO_INTERVAL;
  const reach = NORMAL_975 * error;
  return {low: Math.max(bounds[0], estimate - reach), high: Math.min(bounds[1], estimate + reach)};
}
