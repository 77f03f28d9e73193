/**
 * The standard normal distribution function, to double precision and without any library, so that pages can use what
 * builds on it (Wilcoxon's approximation, the studentised range) at no weight.
 *
 * Source: Abramowitz & Stegun (1964), 26.2.11 (series) and 26.2.14 (continued fraction for the tail).
 */

const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

/** Density at `x`. */
export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / SQRT_TWO_PI;
}

/** Φ(x): probability of at most `x`. Relative accuracy holds far into the lower tail. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x < -2.5) return upperTail(-x);
  if (x > 2.5) return 1 - upperTail(x);
  return 0.5 + normalDensity(x) * oddSeries(x);
}

/** Σ x^(2i+1) / (1 · 3 · 5 ⋯ (2i+1)), until a term no longer counts. */
function oddSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let i = 3; Math.abs(term) > 1e-17 * Math.abs(sum); i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return sum;
}

/** 1 − Φ(x) for x > 2.5: φ(x) / (x + 1/(x + 2/(x + 3/(x + …)))), evaluated from the inside. */
function upperTail(x: number): number {
  if (x > 40) return 0;
  let fraction = x;
  for (let i = 120; i > 0; --i) fraction = x + i / fraction;
  return normalDensity(x) / fraction;
}
