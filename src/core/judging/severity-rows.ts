/** `severity.json`: how much higher each rater scores than its fellows. */
import type {SeverityRow} from "../cubes.js";
import {
  clusteredEstimate,
  UNDEFINED,
  type ClusteredEstimate,
  type ClusteredRows
} from "../statistics/clustered.js";
import {fitSeverity} from "../statistics/severity.js";
import type {JudgedCell} from "./cells.js";
import type {RatedSet} from "./rated-set.js";
import {PEOPLE} from "./raters.js";
import {emptyMatrix, takeItems, votesOf, type RatingMatrix} from "./rating-matrix.js";

/**
 * All rows, cell by cell: each judge with each prompt, each judge over its prompts, and people. In labels, by least
 * squares over the items that raters share; 0 is the mean of the judges and prompts. People's is what a rater who gives
 * the golden labels would have among the judges, and doesn't move theirs. Intervals are over dialogues.
 */
export function severityRows(set: RatedSet, cells: readonly JudgedCell[]): SeverityRow[] {
  const raters = set.raters.map(({judge, prompt}) => `${judge}/${prompt}`);
  const judges = [...new Set(set.raters.map(({judge}) => judge))];
  return cells.flatMap((cell) => {
    const own = takeItems(set.matrix, cell.cell.rows);
    const fitted = estimateOf(own, cell.cell);
    const single = raters.map((rater, column) => ({rater, ...fitted([column])}));
    const pooled = judges.map((rater) => ({rater, ...fitted(columnsOf(set, rater))}));
    return [...single, ...pooled, ...peopleRow(set, cell)].map(({rater, value, low, high, n}) => ({
      corpus: cell.corpus,
      axis: cell.axis,
      rater,
      severity: value,
      low,
      high,
      n
    }));
  });
}

function columnsOf({raters}: RatedSet, judge: string): number[] {
  return raters.flatMap((rater, column) => (rater.judge === judge ? [column] : []));
}

/** Over the items that people rated alone. */
function peopleRow(set: RatedSet, cell: JudgedCell): ({rater: string} & ClusteredEstimate)[] {
  const places = Array.from(cell.cell.rows.keys()).filter((i) => set.golden[cell.cell.rows[i]!]! >= 0);
  if (places.length === 0) return [];
  const rows = Int32Array.from(places, (i) => cell.cell.rows[i]!);
  const {raters} = set.matrix;
  const both = emptyMatrix(rows.length, raters + 1);
  rows.forEach((row, item) => {
    both.positions.set(set.matrix.positions.subarray(row * raters, (row + 1) * raters), item * both.raters);
    both.positions[item * both.raters + raters] = set.golden[row]! + 1;
  });
  const clusters = Int32Array.from(places, (i) => cell.cell.clusters[i]!);
  const estimate = estimateOf(both, {...cell.cell, rows, clusters}, raters);
  return [{rater: PEOPLE, ...estimate([raters])}];
}

/**
 * The mean severity of some columns, relative to the mean of the first `reference` columns that share items with others.
 */
function estimateOf(
  matrix: RatingMatrix,
  {clusters, strata}: ClusteredRows,
  reference = matrix.raters
): (columns: readonly number[]) => ClusteredEstimate {
  const {severities, solve} = fitSeverity(matrix);
  const known = Array.from(severities, (severity, column) => (Number.isNaN(severity) ? -1 : column));
  const centre = known.filter((column) => column >= 0 && column < reference);
  const residuals = residualsByCluster(matrix, severities, clusters, strata.length);
  const influences = residuals.map((right) => solve(right));
  return (columns) => {
    const own = columns.filter((column) => known[column]! >= 0);
    if (own.length === 0 || centre.length === 0) return UNDEFINED;
    const contrast = (of: ArrayLike<number>) => meanOf(of, own) - meanOf(of, centre);
    const {held, n} = itemsShared(matrix, own, clusters, strata.length);
    const influence = Float64Array.from(influences, contrast);
    return clusteredEstimate(contrast(severities), n, influence, {held, strata, domain: [null, null]});
  };
}

function meanOf(values: ArrayLike<number>, columns: readonly number[]): number {
  return columns.reduce((sum, column) => sum + values[column]!, 0) / columns.length;
}

/**
 * What the items of each cluster add to the raters' equations at their solution: votes without their raters' severity,
 * around the item's mean.
 */
function residualsByCluster(
  {items, raters, positions}: RatingMatrix,
  severities: Float64Array,
  clusters: Int32Array,
  size: number
): Float64Array[] {
  const sums = Array.from({length: size}, () => new Float64Array(raters));
  for (let item = 0; item < items; ++item) {
    const corrected = new Map<number, number>();
    for (let rater = 0; rater < raters; ++rater) {
      const vote = positions[item * raters + rater]!;
      if (!Number.isNaN(vote) && !Number.isNaN(severities[rater]!))
        corrected.set(rater, vote - severities[rater]!);
    }
    let sum = 0;
    for (const vote of corrected.values()) sum += vote;
    for (const [rater, vote] of corrected) sums[clusters[item]!]![rater]! += vote - sum / corrected.size;
  }
  return sums;
}

/** Clusters of items that several raters rated, and how many of these one of the columns rated. */
function itemsShared(
  matrix: RatingMatrix,
  columns: readonly number[],
  clusters: Int32Array,
  size: number
): {held: Uint8Array; n: number} {
  const held = new Uint8Array(size);
  let n = 0;
  for (let item = 0; item < matrix.items; ++item) {
    if (votesOf(matrix, item).length < 2) continue;
    held[clusters[item]!] = 1;
    if (columns.some((column) => !Number.isNaN(matrix.positions[item * matrix.raters + column]!))) n += 1;
  }
  return {held, n};
}
