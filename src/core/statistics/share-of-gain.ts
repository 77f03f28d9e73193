/**
 * The share of one effect that another reaches: how much of the explanation's gain a text without all of its meaning
 * keeps. A ratio of two correlated estimates, so its interval is Fieller's.
 *
 * Source: Fieller (1954), Some Problems in Interval Estimation, JRSS B 16(2); as in Franz (2007), Ratios: A short
 * guide to confidence limits and proper use, eq. 7.
 */
import {NO_INTERVAL, type Interval} from "./cluster-bootstrap.js";

/** An estimate with its standard error. */
export interface Estimate {
  value: number;
  se: number;
}

/**
 * Fieller's interval of `part.value / whole.value`. `differenceError` is the standard error of part − whole on the same
 * rows, which holds their covariance; `quantile` is the t quantile of all three. None where the whole isn't told from
 * zero at that level: the set of ratios that the data allow is unbounded then.
 */
export function shareInterval(
  part: Estimate,
  whole: Estimate,
  {differenceError, quantile}: {differenceError: number; quantile: number}
): Interval {
  const [partVariance, wholeVariance] = [part.se ** 2, whole.se ** 2];
  const covariance = (partVariance + wholeVariance - differenceError ** 2) / 2;
  const unsure = (quantile * whole.se) ** 2 / whole.value ** 2;
  if (!(unsure < 1)) return NO_INTERVAL;
  const share = part.value / whole.value;
  const unexplained = wholeVariance === 0 ? partVariance : partVariance - covariance ** 2 / wholeVariance;
  const spread =
    partVariance - 2 * share * covariance + share ** 2 * wholeVariance - unsure * Math.max(0, unexplained);
  const pull = wholeVariance === 0 ? 0 : (unsure * covariance) / wholeVariance;
  const centre = (share - pull) / (1 - unsure);
  const half = (quantile * Math.sqrt(Math.max(0, spread))) / (Math.abs(whole.value) * (1 - unsure));
  return {low: centre - half, high: centre + half};
}
