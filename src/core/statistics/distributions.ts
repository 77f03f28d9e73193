/**
 * Distribution functions and quantiles: one place, so that a test of this file covers every interval and p-value.
 *
 * Student's t, F and the normal quantile come from the Cephes library (Moshier 1989), compiled to WebAssembly; they
 * agree with SciPy to 1e-11. The library weighs some 140 kB and is compiled once, when this module is first
 * imported. So pages must not import this module: tables hold finished intervals. What pages compute
 * themselves builds on `normal.js`, `chi-squared.js` and `studentized-range.js`, which weigh next to nothing.
 */
import {compiled, incbet, incbi, lgam, ndtri} from "cephes";
import {normalCdf} from "./normal.js";

export {chiSquaredSurvival} from "./chi-squared.js";
export {normalCdf};
export {studentizedRangeCdf, studentizedRangeQuantile} from "./studentized-range.js";

await compiled;

/** P(T ≤ t) for Student's t with `df` > 0 degrees of freedom (not necessarily whole; Infinity: normal). */
export function studentTCdf(t: number, df: number): number {
  if (Number.isNaN(t) || !(df > 0)) return NaN;
  if (!Number.isFinite(t)) return t < 0 ? 0 : 1;
  if (df > MANY_DF) return normalCdf(normalOfT(t, df));
  const tail = 0.5 * incbet(df / 2, 0.5, df / (df + t * t));
  return t < 0 ? tail : 1 - tail;
}

/** P(|T| ≥ |t|): the two-sided p-value, accurate far into the tails. */
export function studentTTwoSided(t: number, df: number): number {
  return Math.min(1, 2 * studentTCdf(-Math.abs(t), df));
}

/**
 * The `p` quantile of Student's t. Antisymmetric: `studentTQuantile(0.975, df)` is the factor of a 95 % interval.
 * NaN where p isn't in [0, 1] or df isn't positive.
 */
export function studentTQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1) || !(df > 0)) return NaN;
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  if (df > MANY_DF) return tOfNormal(ndtri(p), df);
  const tail = Math.min(p, 1 - p);
  const t = polished(guess(tail, df), tail, df);
  return p < 0.5 ? -t : t;
}

/** The inverse beta function gives up far in the tails where there are many degrees of freedom. */
function guess(tail: number, df: number): number {
  if (df > 1000) return -tOfNormal(ndtri(tail), df);
  return tail < 0.25 ? fromTail(tail, df) : fromCentre(tail, df);
}

/** One step of Newton's method: the library's inverse is right to 8 digits far in the tails, its beta function to 13. */
function polished(t: number, tail: number, df: number): number {
  if (t === 0) return 0;
  const scale = Math.exp(lgam((df + 1) / 2) - lgam(df / 2)) / Math.sqrt(df * Math.PI);
  const density = scale * (1 + (t * t) / df) ** (-(df + 1) / 2);
  return t + (studentTCdf(-t, df) - tail) / density;
}

/** From here on the incomplete beta function loses digits, while the expansions around the normal are exact. */
const MANY_DF = 3e4;

/** Cornish–Fisher expansion of t's quantile from the normal's (Abramowitz & Stegun 1964, 26.7.5). */
function tOfNormal(z: number, df: number): number {
  return z + (z ** 3 + z) / (4 * df) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * df ** 2);
}

/** Its inverse: the standard normal value with the same probability below. */
function normalOfT(t: number, df: number): number {
  return t - (t ** 3 + t) / (4 * df) + (13 * t ** 5 + 8 * t ** 3 + 3 * t) / (96 * df ** 2);
}

/** t from df / (df + t²), which is small in the tails. */
function fromTail(tail: number, df: number): number {
  const share = incbi(df / 2, 0.5, 2 * tail);
  return Math.sqrt((df * (1 - share)) / share);
}

/** t from t² / (df + t²), which is small near the centre. */
function fromCentre(tail: number, df: number): number {
  const share = incbi(0.5, df / 2, 1 - 2 * tail);
  return Math.sqrt((df * share) / (1 - share));
}

/** Φ⁻¹(p). */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  return p === 0 ? -Infinity : p === 1 ? Infinity : ndtri(p);
}

/** P(F ≥ x) with `numerator` and `denominator` degrees of freedom. */
export function fSurvival(x: number, numerator: number, denominator: number): number {
  if (Number.isNaN(x) || !(numerator > 0) || !(denominator > 0)) return NaN;
  return x <= 0 ? 1 : incbet(denominator / 2, numerator / 2, denominator / (denominator + numerator * x));
}
