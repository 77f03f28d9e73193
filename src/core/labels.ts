/** From rater scores to labels. */
import type {ScoreMap} from "./study.js";

/** Larger than the rounding of a mean of scores, smaller than any difference between two of them. */
const ROUNDING = 1e-9;

/** Mean of the scores that were given; null where every rater abstained. */
export function meanScore(scores: readonly (number | null)[]): number | null {
  const given = scores.filter((score) => score !== null);
  return given.length === 0 ? null : given.reduce((sum, score) => sum + score, 0) / given.length;
}

/**
 * The label of a mean score. With `cuts`, a mean at a threshold gets the higher label. Without, the scale is stretched
 * linearly over the labels and the nearest is taken, the higher one where two are as near.
 *
 * Monotone in `mean`; the ends of the scale get the first and the last label. Throws a RangeError when `mean` lies
 * outside the scale, or when there is not one cut between each two labels.
 */
export function labelOfMean(
  mean: number,
  {scale: [low, high], cuts}: Pick<ScoreMap, "scale" | "cuts">,
  labels: readonly string[]
): string {
  if (!(mean >= low - ROUNDING && mean <= high + ROUNDING))
    throw new RangeError(`mean score ${mean} is outside the scale ${low} to ${high}`);
  if (cuts && cuts.length !== labels.length - 1)
    throw new RangeError(`${labels.length} labels need ${labels.length - 1} cuts, not ${cuts.length}`);
  const index = cuts
    ? cuts.filter((cut) => mean >= cut - ROUNDING).length
    : Math.floor(positionOnScale(mean, [low, high]) * (labels.length - 1) + 0.5 + ROUNDING);
  return labels[index]!;
}

/** Where a score lies between the ends of its scale: 0 at the lowest, 1 at the highest, never outside. */
export function positionOnScale(score: number, [low, high]: readonly [number, number]): number {
  return high > low ? Math.min(1, Math.max(0, (score - low) / (high - low))) : 0.5;
}
