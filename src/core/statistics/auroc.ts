/**
 * Area under the ROC curve of a score as a detector: the probability that a random positive has the higher score than
 * a random negative, equal scores counted half. The same number as from mid-ranks (Hanley & McNeil 1982).
 */

/** AUROC of `scores` for `positive`; .5 is chance. Null unless there are both positives and negatives. */
export function auroc(scores: ArrayLike<number>, positive: ArrayLike<boolean | number>): number | null {
  const [positives, negatives] = split(scores, positive);
  if (positives.length === 0 || negatives.length === 0) return null;
  let wins = 0;
  let below = 0;
  let upTo = 0;
  for (const score of positives) {
    while (below < negatives.length && negatives[below]! < score) below += 1;
    while (upTo < negatives.length && negatives[upTo]! <= score) upTo += 1;
    wins += (below + upTo) / 2;
  }
  return wins / (positives.length * negatives.length);
}

/** Scores of positives and of negatives, ascending. */
function split(
  scores: ArrayLike<number>,
  positive: ArrayLike<boolean | number>
): [Float64Array, Float64Array] {
  let count = 0;
  for (let i = 0; i < scores.length; ++i) if (positive[i]) count += 1;
  const positives = new Float64Array(count);
  const negatives = new Float64Array(scores.length - count);
  for (let i = 0, p = 0, n = 0; i < scores.length; ++i) {
    if (positive[i]) positives[p++] = scores[i]!;
    else negatives[n++] = scores[i]!;
  }
  return [positives.sort(), negatives.sort()];
}
