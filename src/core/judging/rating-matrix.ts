/** Ratings of many items by the same raters, as merge rules and agreement read them. */
import type {RatedItem} from "./votes.js";

/** Label positions, item by item; NaN where a rater has no usable vote on an item. */
export interface RatingMatrix {
  items: number;
  raters: number;
  /** Items × raters. */
  positions: Float64Array;
}

/** An empty matrix. */
export function emptyMatrix(items: number, raters: number): RatingMatrix {
  return {items, raters, positions: new Float64Array(items * raters).fill(NaN)};
}

/** Rated items as a matrix. All items name the same raters, in the same order; a RangeError where they don't. */
export function matrixOf(items: readonly RatedItem[]): RatingMatrix {
  const matrix = emptyMatrix(items.length, items[0]?.scores.length ?? 0);
  items.forEach(({scores, example_id}, i) => {
    if (scores.length !== matrix.raters)
      throw new RangeError(`${example_id} has ${scores.length} scores, not ${matrix.raters}`);
    scores.forEach((score, rater) => (matrix.positions[i * matrix.raters + rater] = score ?? NaN));
  });
  return matrix;
}

/** The given items alone, in the order given. */
export function takeItems({raters, positions}: RatingMatrix, items: ArrayLike<number>): RatingMatrix {
  const taken = emptyMatrix(items.length, raters);
  for (let i = 0; i < items.length; ++i)
    taken.positions.set(positions.subarray(items[i]! * raters, (items[i]! + 1) * raters), i * raters);
  return taken;
}

/** Usable positions of an item, in the raters' order. */
export function votesOf({raters, positions}: RatingMatrix, item: number): number[] {
  const votes: number[] = [];
  for (let at = item * raters; at < (item + 1) * raters; ++at)
    if (!Number.isNaN(positions[at]!)) votes.push(positions[at]!);
  return votes;
}
