/**
 * The studentised range with infinite degrees of freedom: the range of k independent standard normal values. Nemenyi's
 * test compares average ranks with it. Light enough for pages.
 *
 * Source: P(range ≤ q) = k ∫ φ(z) · [Φ(z) − Φ(z − q)]^(k−1) dz (Pearson & Hartley 1942). The integrand is smooth and
 * dies out at both ends, so the trapezoidal rule converges exponentially (Trefethen & Weideman 2014).
 */
import {normalCdf, normalDensity} from "./normal.js";

const STEP = 1 / 10;
const REACH = 90;
const NODES = Array.from({length: 2 * REACH + 1}, (_, i) => {
  const z = (i - REACH) * STEP;
  return {z, weight: normalDensity(z) * STEP, below: normalCdf(z)};
});

/** P(range of `groups` standard normal values ≤ `q`). As SciPy's `studentized_range.cdf(q, groups, inf)`. */
export function studentizedRangeCdf(q: number, groups: number): number {
  if (Number.isNaN(q) || groups < 2) return NaN;
  if (q <= 0) return 0;
  let sum = 0;
  for (const {z, weight, below} of NODES) sum += weight * (below - normalCdf(z - q)) ** (groups - 1);
  return Math.min(1, groups * sum);
}

/**
 * The `p` quantile, by false position (Illinois): the distribution function is monotone. NaN outside 0 < p < 1 or with
 * fewer than two groups.
 */
export function studentizedRangeQuantile(p: number, groups: number): number {
  if (!(p > 0 && p < 1) || groups < 2) return NaN;
  let [low, high] = [0, 1];
  while (studentizedRangeCdf(high, groups) < p && high < 64) [low, high] = [high, 2 * high];
  let missLow = studentizedRangeCdf(low, groups) - p;
  let missHigh = studentizedRangeCdf(high, groups) - p;
  for (let i = 0; i < 100 && high - low > 1e-14 * high; ++i) {
    const middle = (low * missHigh - high * missLow) / (missHigh - missLow);
    const miss = studentizedRangeCdf(middle, groups) - p;
    if (Math.abs(miss) < 1e-16) return middle;
    if (miss < 0) [low, missLow, missHigh] = [middle, miss, missHigh / 2];
    else [high, missHigh, missLow] = [middle, miss, missLow / 2];
  }
  return (low + high) / 2;
}
