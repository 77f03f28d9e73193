/** Two one-sided tests: is an effect demonstrably smaller than the smallest one of interest? */
import {studentTCdf} from "./distributions.js";

export interface Equivalence {
  /** p of the test against an effect of −margin or below, and of +margin or above. */
  pBelow: number;
  pAbove: number;
  /** The larger of both: the effect is shown to lie within (−margin, margin) where this is small. */
  p: number;
}

/**
 * Schuirmann's (1987) procedure on an estimate with a standard error, by Student t. It rejects at level α exactly where
 * the 1 − 2α interval lies within (−margin, margin). As statsmodels' `ttost_paired` for a mean of differences. NaN
 * where `se` is 0 or unknown: then nothing is known about the spread.
 */
export function twoOneSidedTests(effect: number, se: number, df: number, margin: number): Equivalence {
  if (!(se > 0)) return {pBelow: NaN, pAbove: NaN, p: NaN};
  const pBelow = studentTCdf(-(effect + margin) / se, df);
  const pAbove = studentTCdf((effect - margin) / se, df);
  return {pBelow, pAbove, p: Math.max(pBelow, pAbove)};
}
