/** Means over rows that come in dialogues, as ratios of sums by dialogue. */
import {uncertaintyOf} from "../../src/core/statistics/uncertainty.js";

export interface RatioEstimate {
  /** Σ sums / Σ counts; null without rows. */
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
}

/**
 * A mean with its interval. `sums[g]` and `counts[g]` are the total and the number of rows of dialogue g, `stratum[g]` its
 * corpus; dialogues without rows don't count. The influence of a dialogue is (sum − mean · count)/n.
 */
export function ratioEstimate(
  sums: ArrayLike<number>,
  counts: ArrayLike<number>,
  stratum: ArrayLike<number>,
  domain?: readonly [number, number]
): RatioEstimate {
  const present: number[] = [];
  let [total, n] = [0, 0];
  for (let g = 0; g < counts.length; ++g) {
    if (!(counts[g]! > 0)) continue;
    present.push(g);
    total += sums[g]!;
    n += counts[g]!;
  }
  if (n === 0) return {value: null, low: null, high: null, n};
  const mean = total / n;
  const strata = present.map((g) => stratum[g]!);
  const groups = new Set(strata).size;
  const {low, high} = uncertaintyOf({
    seeds: [{value: mean, influence: Float64Array.from(present, (g) => (sums[g]! - mean * counts[g]!) / n)}],
    df: present.length - groups,
    ...(groups > 1 ? {strata} : {}),
    ...(domain ? {domain} : {})
  });
  return {value: mean, low, high, n};
}
