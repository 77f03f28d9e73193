/**
 * From scores to labels. Every score is put on one common scale, *label positions*: 1 for an axis' first label, 2 for
 * its second, and so on. Only what lies there can be merged or compared.
 */

/** A prompt's scale, and what its scores count where the study says so. */
export interface ScoreScale {
  scale: readonly [number, number];
  /** Label position of each score of the scale, from the lowest. */
  map?: readonly number[];
}

/**
 * Label position of a score: by the prompt's map, else by stretching its scale linearly over the labels, so that 1–4
 * on five labels is 1, 2⅓, 3⅔, 5. Between two whole scores a map is read linearly.
 *
 * Throws a RangeError for a score outside the scale.
 */
export function positionOfScore(
  score: number,
  {scale: [low, high], map}: ScoreScale,
  labels: number
): number {
  if (!(score >= low && score <= high))
    throw new RangeError(`score ${score} is outside the scale ${low} to ${high}`);
  if (!map) return high > low ? 1 + ((score - low) / (high - low)) * (labels - 1) : (1 + labels) / 2;
  const below = Math.floor(score - low);
  const share = score - low - below;
  return share === 0 ? map[below]! : map[below]! * (1 - share) + map[below + 1]! * share;
}

/** Larger than the rounding of a mean of positions, smaller than any difference between two of them. */
const ROUNDING = 1e-9;

/**
 * Place of a position's label, from 0: the nearest, the higher one where two are as near; with `cuts`, as many places
 * up as thresholds are reached. The same as {@link "../labels.js"} does with people's mean scores.
 */
export function placeOfPosition(position: number, labels: number, cuts?: readonly number[]): number {
  if (cuts) return cuts.filter((cut) => position >= cut - ROUNDING).length;
  return Math.min(labels - 1, Math.max(0, Math.floor(position - 0.5 + ROUNDING)));
}
