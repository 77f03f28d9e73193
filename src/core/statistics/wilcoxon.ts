/**
 * Wilcoxon's signed-rank test on paired differences (Wilcoxon 1945). Zeros are left out, ties share ranks.
 *
 * With up to 50 non-zero differences p is exact, given the ranks at hand: all 2ⁿ signs are counted, by the
 * distribution of the sum of the positive ranks. Without ties that is SciPy's `wilcoxon(method="exact")`; with ties it
 * is what SciPy's `auto` computes up to 13 differences (a permutation test). From 14 to 50 with ties, SciPy falls
 * back on the normal approximation, we don't. With more than 50, both use it: tie-corrected, without continuity
 * correction.
 */
import {normalCdf} from "./normal.js";
import {averageRanks, tieSum} from "./ranks.js";

/** Non-zero differences up to which p is exact. */
export const EXACT_WILCOXON = 50;

export interface WilcoxonResult {
  /** Non-zero differences. */
  n: number;
  zeros: number;
  /** Whether non-zero differences of equal size share ranks. */
  ties: boolean;
  /** Sum of the ranks of the positive differences. */
  positiveRanks: number;
  /** The smaller of the two rank sums: SciPy's two-sided `statistic`. */
  statistic: number;
  /** Two-sided; 1 where every difference is 0. */
  p: number;
  method: "exact" | "approximate";
  /** p if all non-zero differences had one sign: .0625 with 5, .03125 with 6. */
  smallestP: number;
}

/** Two-sided signed-rank test. `method` only overrules the choice above. */
export function wilcoxon(differences: readonly number[], method?: "exact" | "approximate"): WilcoxonResult {
  const nonZero = differences.filter((difference) => difference !== 0);
  const sizes = nonZero.map(Math.abs);
  const ranks = averageRanks(sizes);
  const n = ranks.length;
  const total = (n * (n + 1)) / 2;
  const positiveRanks = ranks.reduce((sum, rank, i) => sum + (nonZero[i]! > 0 ? rank : 0), 0);
  const chosen = method ?? (n <= EXACT_WILCOXON ? "exact" : "approximate");
  const tied = tieSum(sizes);
  const twoSided = (sum: number): number => {
    if (n === 0) return 1;
    return chosen === "exact" ? exactP(ranks, sum) : approximateP(n, tied, sum);
  };
  return {
    ...{n, zeros: differences.length - n, ties: tied > 0, positiveRanks},
    statistic: Math.min(positiveRanks, total - positiveRanks),
    p: twoSided(positiveRanks),
    method: chosen,
    smallestP: twoSided(total)
  };
}

/** Twice the smaller tail of the sum of positive ranks over all signs. Ranks are doubled, so that shared ones are whole. */
function exactP(ranks: readonly number[], positiveRanks: number): number {
  const doubled = ranks.map((rank) => Math.round(2 * rank));
  const total = doubled.reduce((sum, rank) => sum + rank, 0);
  const counts = new Float64Array(total + 1);
  counts[0] = 1;
  let reach = 0;
  for (const rank of doubled) {
    reach += rank;
    for (let sum = reach; sum >= rank; --sum) counts[sum]! += counts[sum - rank]!;
  }
  // The distribution is symmetric, so the tail at the smaller rank sum is the smaller tail.
  const smaller = Math.min(Math.round(2 * positiveRanks), total - Math.round(2 * positiveRanks));
  let tail = 0;
  for (let sum = 0; sum <= smaller; ++sum) tail += counts[sum]!;
  return Math.min(1, (2 * tail) / 2 ** ranks.length);
}

function approximateP(n: number, tied: number, positiveRanks: number): number {
  const mean = (n * (n + 1)) / 4;
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tied / 48;
  return 2 * normalCdf(-Math.abs(positiveRanks - mean) / Math.sqrt(variance));
}
