/**
 * The mean effect over settings, when settings differ: a random-effects model whose sampling errors may be correlated,
 * as they are where settings share dialogues.
 *
 * Effects y = μ + b + e, with b independent between settings of variance τ², and e of the known covariance V.
 * - τ²: Paule & Mandel (1982), generalised to a full V: the root of Q(τ²) = r'(V + τ²I)⁻¹r = k − 1 with r the residuals
 *   from the generalised-least-squares mean (DerSimonian & Kacker 2007 for diagonal V); 0 where Q(0) ≤ k − 1.
 * - Interval of the mean: Hartung & Knapp (2001), Student t with k − 1 degrees of freedom and the variance
 *   multiplied by Q / (k − 1). That factor is 1 at the root; where τ² = 0 it would be below 1 and make the interval
 *   narrower than one that knows V, so it is kept at 1 at least (Röver, Knapp & Friede 2015).
 * - Prediction interval for a new setting: t with k − 2 degrees of freedom, variance τ² + se² (Higgins, Thompson &
 *   Spiegelhalter 2009, eq. 12).
 *
 * On a diagonal V: statsmodels' `combine_effects(…, method_re="iterated")`; its Hartung–Knapp interval lacks the floor
 * at 1.
 */
import {cholesky, choleskySolve} from "./cholesky.js";
import {CONFIDENCE} from "./cluster-bootstrap.js";
import {studentTQuantile} from "./distributions.js";

export interface RandomEffects {
  /** Number of settings, k. */
  settings: number;
  /** Generalised-least-squares mean; null where there is none, see `reason`. */
  mean: number | null;
  /** Standard error of the mean, with its factor. */
  se: number | null;
  /** Degrees of freedom of the interval, k − 1. */
  df: number;
  low: number | null;
  high: number | null;
  /** Standard deviation between settings, τ. */
  between: number | null;
  /** Hartung and Knapp's factor Q / (k − 1), before it is kept at 1 at least. */
  factor: number | null;
  /** Interval for the effect in a setting not yet seen; null with fewer than three settings. */
  predicted_low: number | null;
  predicted_high: number | null;
  /** Why there is no mean; null where there is one. */
  reason: string | null;
}

/**
 * @param effects the settings' effects, k numbers
 * @param covariance their sampling covariance, k × k, from the same influences as their standard errors
 * @param confidence share of the intervals
 */
export function randomEffects(
  effects: readonly number[],
  covariance: readonly (readonly number[])[],
  confidence = CONFIDENCE
): RandomEffects {
  const settings = effects.length;
  if (settings < 2) return without(settings, "A mean over settings needs two settings at least.");
  if (![...effects, ...covariance.flat()].every(Number.isFinite))
    return without(settings, "An effect or its standard error is unknown.");
  const fit = fitBetween(effects, covariance);
  if (!fit)
    return without(
      settings,
      "Some effects have no sampling error of their own, as where nothing changed, so settings can't be weighed."
    );
  const df = settings - 1;
  const factor = fit.q / df;
  const se = Math.sqrt(fit.variance * Math.max(1, factor));
  const reach = studentTQuantile((1 + confidence) / 2, df) * se;
  const reachNew =
    settings > 2
      ? studentTQuantile((1 + confidence) / 2, settings - 2) * Math.sqrt(fit.tauSquared + se * se)
      : null;
  return {
    settings,
    mean: fit.mean,
    se,
    df,
    low: fit.mean - reach,
    high: fit.mean + reach,
    between: Math.sqrt(fit.tauSquared),
    factor,
    predicted_low: reachNew === null ? null : fit.mean - reachNew,
    predicted_high: reachNew === null ? null : fit.mean + reachNew,
    reason: null
  };
}

function without(settings: number, reason: string): RandomEffects {
  const [mean, se, low, high, between, factor] = [null, null, null, null, null, null];
  return {
    ...{settings, mean, se, df: Math.max(0, settings - 1), low, high, between, factor},
    ...{predicted_low: null, predicted_high: null, reason}
  };
}

interface Fit {
  tauSquared: number;
  mean: number;
  /** Of the mean, without Hartung and Knapp's factor. */
  variance: number;
  q: number;
  /** −dQ/dτ². */
  slope: number;
}

/**
 * Q falls and is convex in τ², so Newton's steps from the left reach the root from below, without overshooting. Where
 * V is singular the search starts a hair above 0, since only τ² > 0 makes V + τ²I regular.
 */
function fitBetween(effects: readonly number[], covariance: readonly (readonly number[])[]): Fit | null {
  const target = effects.length - 1;
  const scale = covariance.reduce((sum, row, i) => sum + row[i]!, 0) / effects.length;
  const spread = squareSpread(effects);
  const atZero = leastSquares(effects, covariance, 0);
  let fit = atZero ?? leastSquares(effects, covariance, 1e-9 * (scale + spread));
  if (!fit || (!atZero && fit.q <= target)) return null;
  for (let i = 0; i < 200 && fit.q - target > 1e-13 * target; ++i) {
    const tauSquared: number = fit.tauSquared + (fit.q - target) / fit.slope;
    if (tauSquared === fit.tauSquared) break;
    fit = leastSquares(effects, covariance, tauSquared);
    if (!fit) return null;
  }
  return fit;
}

function squareSpread(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

/** Generalised least squares of a constant, with W = (V + τ²I)⁻¹. */
function leastSquares(
  effects: readonly number[],
  covariance: readonly (readonly number[])[],
  tauSquared: number
): Fit | null {
  const lower = cholesky(covariance.map((row, i) => row.map((v, j) => (i === j ? v + tauSquared : v))));
  if (!lower) return null;
  const weights = choleskySolve(
    lower,
    effects.map(() => 1)
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = effects.reduce((sum, effect, i) => sum + weights[i]! * effect, 0) / total;
  const residuals = effects.map((effect) => effect - mean);
  const weighted = choleskySolve(lower, residuals);
  const q = residuals.reduce((sum, residual, i) => sum + residual * weighted[i]!, 0);
  const slope = weighted.reduce((sum, value) => sum + value * value, 0);
  return {tauSquared, mean, variance: 1 / total, q, slope};
}
