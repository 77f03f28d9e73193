/**
 * Area under the ROC curve of a score as a detector: the probability that a random positive has the higher score than
 * a random negative, equal scores counted half. The same number as from mid-ranks (Hanley & McNeil 1982).
 */
import {ascendingOrder} from "./sort-order.js";
import type {Estimate} from "./uncertainty.js";

/** AUROC of `scores` for `positive`; .5 is chance. Null unless there are both positives and negatives. */
export function auroc(scores: ArrayLike<number>, positive: ArrayLike<boolean | number>): number | null {
  return aurocEstimate(Float64Array.from(scores), positive)?.value ?? null;
}

/**
 * The same with influences: of a positive, (share of negatives below it − AUROC) / positives; of a negative, (share of
 * positives above it − AUROC) / negatives. These are the structural components of DeLong, DeLong & Clarke-Pearson
 * (1988), so that clusters of one row give their variance but for its finite-sample factors.
 *
 * @param order - Indices of the scores in ascending order, where the caller has them.
 */
export function aurocEstimate(
  scores: Float64Array,
  positive: ArrayLike<boolean | number>,
  order: Uint32Array = ascendingOrder(scores)
): Estimate | null {
  const n = scores.length;
  let positives = 0;
  for (let i = 0; i < n; ++i) if (positive[i]) positives += 1;
  const negatives = n - positives;
  if (positives === 0 || negatives === 0) return null;
  const influence = new Float64Array(n);
  let [positivesBelow, negativesBelow, wins] = [0, 0, 0];
  for (let from = 0; from < n;) {
    let to = from;
    let own = 0;
    for (; to < n && scores[order[to]!] === scores[order[from]!]; ++to) if (positive[order[to]!]) own += 1;
    const others = to - from - own;
    const below = (negativesBelow + others / 2) / negatives;
    const above = (positives - positivesBelow - own / 2) / positives;
    wins += own * below;
    for (let at = from; at < to; ++at) influence[order[at]!] = positive[order[at]!] ? below : above;
    positivesBelow += own;
    negativesBelow += others;
    from = to;
  }
  const value = wins / positives;
  for (let i = 0; i < n; ++i) influence[i] = (influence[i]! - value) / (positive[i] ? positives : negatives);
  return {value, influence};
}
