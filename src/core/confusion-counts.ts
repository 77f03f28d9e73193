/** Counts by gold and predicted label, added up over the seeds and corpora that a reader chose. */
import {rowsWhere} from "./cube-index.js";
import type {ConfusionsDocument} from "./cubes.js";
import type {Selection} from "./selection.js";

/**
 * Gold × predicted counts of a system on one axis, row by row, in the order of its `labels`. Null where no cell holds
 * any: the system wasn't scored there.
 */
export function confusionCounts(
  {cells}: ConfusionsDocument,
  {system, axis, labels}: {system: string; axis: string; labels: number},
  {corpus, seed}: Pick<Selection, "corpus" | "seed">
): number[] | null {
  const found = rowsWhere(cells, {
    system,
    axis,
    ...(corpus === "all" ? {} : {corpus}),
    ...(seed === "all" ? {} : {seed})
  });
  if (found.length === 0) return null;
  const sums = new Array<number>(labels * labels).fill(0);
  for (const {counts} of found) counts.forEach((count, i) => (sums[i]! += count));
  return sums;
}

/** Each count as a share of its gold label's rows; NaN in the row of a label that no test row has. */
export function sharesOfGold(counts: readonly number[], labels: number): number[] {
  return counts.map((count, i) => {
    const from = i - (i % labels);
    const total = counts.slice(from, from + labels).reduce((sum, each) => sum + each, 0);
    return total === 0 ? NaN : count / total;
  });
}
