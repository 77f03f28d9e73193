/**
 * Nemenyi's comparison of all pairs of arms by their average ranks, after Friedman's test, and what a
 * critical-difference diagram draws (Demšar 2006).
 */
import type {FriedmanResult} from "./friedman.js";
import {studentizedRangeCdf, studentizedRangeQuantile} from "./studentized-range.js";

/**
 * Two arms differ at level `alpha` where their average ranks are further apart than this: q · √(k(k+1)/(12n)), with q
 * the upper quantile of the studentised range of k values with infinite degrees of freedom. (Demšar's table holds q/√2,
 * for √(k(k+1)/(6n)).) 1.1055 for k = 4 and n = 18.
 */
export function criticalDifference(arms: number, settings: number, alpha = 0.05): number {
  return studentizedRangeQuantile(1 - alpha, arms) * rankError(arms, settings);
}

/** p-values of all pairs, arms × arms, 1 on the diagonal. As scikit-posthocs' `posthoc_nemenyi_friedman`. */
export function nemenyi({averageRanks, arms, settings}: FriedmanResult): number[][] {
  return averageRanks.map((a, i) =>
    averageRanks.map((b, j) =>
      i === j ? 1 : 1 - studentizedRangeCdf(Math.abs(a - b) / rankError(arms, settings), arms)
    )
  );
}

function rankError(arms: number, settings: number): number {
  return Math.sqrt((arms * (arms + 1)) / (12 * settings));
}

/**
 * Groups of arms that are not told apart: the longest runs in rank order whose ends lie within the critical
 * difference. Indices of arms, best first; groups of one are left out, and so are groups within others.
 */
export function cliques(averageRanks: readonly number[], difference: number): number[][] {
  const order = averageRanks.map((_, i) => i).sort((a, b) => averageRanks[a]! - averageRanks[b]!);
  const groups: number[][] = [];
  let reached = 0;
  for (const [from, first] of order.entries()) {
    const beyond = order.findIndex((arm) => averageRanks[arm]! - averageRanks[first]! > difference);
    const to = beyond === -1 ? order.length : beyond;
    if (to - from > 1 && to > reached) groups.push(order.slice(from, to));
    reached = Math.max(reached, to);
  }
  return groups;
}
