/** The χ² distribution with whole degrees of freedom, in closed form: light enough for pages. */
import {normalCdf, normalDensity} from "./normal.js";

/**
 * P(χ² ≥ x) with `df` = 1, 2, 3, … degrees of freedom. Source: Abramowitz & Stegun (1964), 26.4.4 and 26.4.5. Throws a
 * RangeError where `df` isn't a whole positive number.
 */
export function chiSquaredSurvival(x: number, df: number): number {
  if (!Number.isInteger(df) || df < 1)
    throw new RangeError(`χ² needs whole positive degrees of freedom, not ${df}`);
  if (!(x > 0)) return Number.isNaN(x) ? NaN : 1;
  return df % 2 === 0 ? evenSurvival(x, df) : oddSurvival(x, df);
}

/** e^(−x/2) · Σ (x/2)^i / i!, i < df/2. */
function evenSurvival(x: number, df: number): number {
  let term = Math.exp(-x / 2);
  let sum = term;
  for (let i = 1; i < df / 2; ++i) sum += term *= x / (2 * i);
  return Math.min(1, sum);
}

/** 2Φ(−√x) + 2φ(√x) · Σ x^(i − ½) / (1 · 3 ⋯ (2i − 1)), i ≤ (df − 1)/2. */
function oddSurvival(x: number, df: number): number {
  const root = Math.sqrt(x);
  let term = 2 * normalDensity(root) * root;
  let sum = 2 * normalCdf(-root);
  for (let i = 1; i <= (df - 1) / 2; ++i) {
    sum += term;
    term *= x / (2 * i + 1);
  }
  return Math.min(1, sum);
}
