/** Exact tests on counts of wins and losses. */
import binomialCdf from "@stdlib/stats-base-dists-binomial-cdf";

/**
 * Two-sided exact sign test: the probability, with wins and losses equally likely, of a split at least as uneven.
 * Ties are left out beforehand (Dixon & Mood 1946). The same as SciPy's `binomtest(wins, wins + losses)`, and as the
 * exact McNemar test on discordant pairs. 1 where there is neither win nor loss.
 */
export function signTest(wins: number, losses: number): number {
  const n = wins + losses;
  return n === 0 ? 1 : Math.min(1, 2 * binomialCdf(Math.min(wins, losses), n, 0.5));
}
