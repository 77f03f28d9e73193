/** McNemar's test on the rows that only one of two arms got right. No continuity correction: it is exact. */
import {binomialTerm, signTest} from "./binomial.js";

export interface McNemar {
  /** Rows that decide: gained + lost. */
  discordant: number;
  /** Exact two-sided p (McNemar 1947; binomial): as statsmodels' `mcnemar(exact=True)`. */
  p: number;
  /**
   * Mid-p: counts only half of the probability of what was observed, so that the test isn't needlessly careful
   * (Fagerland, Lydersen & Laake 2013, eq. 2).
   */
  midP: number;
  /** The exact p if all discordant rows lay on one side. 1 where there is none. */
  smallestP: number;
}

/**
 * @param gained rows that the arm alone got right
 * @param lost rows that the other alone got right
 *
 * Takes rows as independent. Rows of one dialogue aren't: there the p is too small, and a permutation test over
 * dialogues is the one to use. Without any discordant row all p are 1.
 */
export function mcnemar(gained: number, lost: number): McNemar {
  const discordant = gained + lost;
  const p = signTest(gained, lost);
  const midP =
    gained === lost ? p - binomialTerm(gained, discordant) / 2 : p - binomialTerm(gained, discordant);
  return {discordant, p, midP: discordant === 0 ? 1 : midP, smallestP: signTest(discordant, 0)};
}
