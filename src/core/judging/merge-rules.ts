/**
 * Merge rules: how the votes on an example and axis become one score. All work on label positions (1 for the first
 * label), skip votes that are missing, and give no score where there is none. The same votes give the same score,
 * bit for bit.
 *
 * - `mean`, `median`: as everywhere; the median of an even number of votes is the mean of the middle two.
 * - `majority`: the label that most votes are nearest to; of several, the one nearest to the mean of all votes, of two
 *   as near the lower.
 * - `trimmed-mean`: the lowest and highest ⌊n/4⌋ votes left out, as in the interquartile mean: of twelve votes the
 *   middle six count.
 * - `severity`: the mean after each rater's severity is taken off ({@link "../statistics/severity.js"}). Where all raters
 *   voted on all items it is the mean; where votes are missing, an item no longer scores high because its severe
 *   raters were silent.
 * - `dawid-skene`: the posterior mean of the label under Dawid and Skene's model
 *   ({@link "../statistics/dawid-skene.js"}), which weighs raters by how reliable they are.
 *
 * The last two learn raters from all items given; the pipeline gives them all items of one axis, of all corpora.
 */
import type {MergeRule} from "../study.js";
import {dawidSkene} from "../statistics/dawid-skene.js";
import {fitSeverity} from "../statistics/severity.js";
import {placeOfPosition} from "./label-positions.js";
import {matrixOf, votesOf, type RatingMatrix} from "./rating-matrix.js";
import type {RatedItem} from "./votes.js";

/** Merged label positions of items, which all have the same raters; null where an item has no vote. */
export function mergeScores(
  items: readonly RatedItem[],
  rule: MergeRule,
  {labels}: {labels: number}
): (number | null)[] {
  return Array.from(mergeMatrix(matrixOf(items), rule, labels), (score) =>
    Number.isNaN(score) ? null : score
  );
}

/** The same for a matrix; NaN where an item has no vote. Positions are kept between the first label and the last. */
export function mergeMatrix(matrix: RatingMatrix, rule: MergeRule, labels: number): Float64Array {
  const merged = mergedBy(matrix, rule, labels);
  // A prompt's map may reach beyond the last label of an axis that has fewer, and a rater's severity beyond either end.
  return merged.map((position) => Math.min(labels, Math.max(1, position)));
}

function mergedBy(matrix: RatingMatrix, rule: MergeRule, labels: number): Float64Array {
  if (rule === "severity") return withoutSeverity(matrix);
  if (rule === "dawid-skene") return posteriorMeans(matrix, labels);
  const merge = BY_ITEM[rule];
  return Float64Array.from({length: matrix.items}, (_, item) => {
    const votes = votesOf(matrix, item);
    return votes.length > 0 ? merge(votes, labels) : NaN;
  });
}

type ItemRule = Exclude<MergeRule, "severity" | "dawid-skene">;

/** Rules that look at one item alone; they are never given an empty list. */
const BY_ITEM: Record<ItemRule, (votes: number[], labels: number) => number> = {
  mean,
  median: (votes) => middle(votes, Math.ceil(votes.length / 2) - 1),
  "trimmed-mean": (votes) => middle(votes, Math.floor(votes.length / 4)),
  majority
};

function mean(votes: readonly number[]): number {
  return votes.reduce((sum, vote) => sum + vote, 0) / votes.length;
}

/** Mean without the `cut` lowest and highest. */
function middle(votes: readonly number[], cut: number): number {
  const sorted = [...votes].sort((a, b) => a - b);
  return mean(sorted.slice(cut, sorted.length - cut));
}

function majority(votes: readonly number[], labels: number): number {
  const counts = new Array<number>(labels).fill(0);
  for (const vote of votes) counts[placeOfPosition(vote, labels)]! += 1;
  const centre = mean(votes);
  const most = Math.max(...counts);
  let best = -1;
  counts.forEach((count, place) => {
    const nearer = best < 0 || Math.abs(place + 1 - centre) < Math.abs(best + 1 - centre);
    if (count === most && nearer) best = place;
  });
  return best + 1;
}

function withoutSeverity(matrix: RatingMatrix): Float64Array {
  const {shrunk} = fitSeverity(matrix);
  const {items, raters, positions} = matrix;
  return Float64Array.from({length: items}, (_, item) => {
    let [sum, count] = [0, 0];
    for (let rater = 0; rater < raters; ++rater) {
      const position = positions[item * raters + rater]!;
      if (Number.isNaN(position)) continue;
      sum += position - shrunk[rater]!;
      count += 1;
    }
    return count > 0 ? sum / count : NaN;
  });
}

function posteriorMeans({items, raters, positions}: RatingMatrix, labels: number): Float64Array {
  const votes = Int8Array.from(positions, (position) =>
    Number.isNaN(position) ? -1 : placeOfPosition(position, labels)
  );
  const {posterior} = dawidSkene({items, raters, labels, votes});
  return Float64Array.from({length: items}, (_, item) => {
    if (votes.subarray(item * raters, (item + 1) * raters).every((vote) => vote < 0)) return NaN;
    let sum = 0;
    for (let place = 0; place < labels; ++place) sum += (place + 1) * posterior[item * labels + place]!;
    return sum;
  });
}
