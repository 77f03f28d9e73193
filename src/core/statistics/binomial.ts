/** Exact tests on counts of wins and losses. At probability ½ the binomial tail is a sum of a few terms. */

/**
 * Two-sided exact sign test: the probability, with wins and losses equally likely, of a split at least as uneven.
 * Ties are left out beforehand (Dixon & Mood 1946). The same as SciPy's `binomtest(wins, wins + losses)`, and as the
 * exact McNemar test on discordant pairs. 1 where there is neither win nor loss.
 */
export function signTest(wins: number, losses: number): number {
  const n = wins + losses;
  const fewer = Math.min(wins, losses);
  return n === 0 ? 1 : Math.min(1, 2 * lowerTail(fewer, n));
}

/** Probability of exactly `k` of `n` at probability ½: C(n, k) / 2ⁿ. */
export function binomialTerm(k: number, n: number): number {
  let logTerm = -n * Math.LN2;
  for (let i = 1; i <= Math.min(k, n - k); ++i) logTerm += Math.log((n - i + 1) / i);
  return Math.exp(logTerm);
}

/** Σ_{i ≤ k} C(n, i) / 2ⁿ, with each term from its logarithm, so that none overflows. */
function lowerTail(k: number, n: number): number {
  let logTerm = -n * Math.LN2;
  let sum = Math.exp(logTerm);
  for (let i = 1; i <= k; ++i) {
    logTerm += Math.log((n - i + 1) / i);
    sum += Math.exp(logTerm);
  }
  return sum;
}
