/** `agreement.json`: judges with each other, prompts with each other, and both with people. */
import type {AgreementRow} from "../cubes.js";
import {pairAgreement, PAIR_MEASURES} from "../statistics/agreement.js";
import {clusteredAlpha} from "../statistics/clustered-alpha.js";
import type {JudgedCell} from "./cells.js";
import {placesOf, type RatedSet} from "./rated-set.js";
import {MERGED, PEOPLE} from "./raters.js";
import {votesOf} from "./rating-matrix.js";

/** Somebody whose labels are compared: one place an item, −1 where there is none. */
interface Column {
  id: string;
  places: Int16Array;
}

/**
 * All rows, cell by cell. Pairs are compared by label: a vote counts as the label that its position is nearest to. With
 * people, the merged label and every judge are compared on the same items: those that people and every judge of the cell
 * rated and that were merged; a single prompt on those of them that it has a vote on. α is ordinal, of judges over the
 * positions of their votes (each judge with each prompt a rater), of people over their labels; it needs a cell whose axes
 * share their labels.
 *
 * @param merged - Places of the merged labels.
 */
export function agreementRows(
  set: RatedSet,
  merged: Int16Array,
  cells: readonly JudgedCell[]
): AgreementRow[] {
  const {single, judges, all} = columnsIn(set, merged);
  const among = [...allPairs(single), ...allPairs(judges)];
  return cells.flatMap((cell) => {
    const people = {id: PEOPLE, places: sharedGolden(set, [...judges, all], cell)};
    const against = [...single, ...judges, all].map((column): [Column, Column] => [column, people]);
    return [...alphaRows(set, cell), ...[...among, ...against].flatMap(([a, b]) => pairRows(a, b, cell))];
  });
}

/** Golden places of the items of a cell that all columns have a label of; a column that has none in the cell is no bar. */
function sharedGolden({golden}: RatedSet, columns: readonly Column[], {cell}: JudgedCell): Int16Array {
  const rated = cell.rows.filter((row) => golden[row]! >= 0);
  const present = columns.filter(({places}) => rated.some((row) => places[row]! >= 0));
  const shared = new Int16Array(golden.length).fill(-1);
  for (const row of rated) if (present.every(({places}) => places[row]! >= 0)) shared[row] = golden[row]!;
  return shared;
}

/** Prompts, judges over theirs, and the merged label. */
function columnsIn(set: RatedSet, merged: Int16Array): {single: Column[]; judges: Column[]; all: Column} {
  const single = set.raters.map(({judge, prompt}, rater) => ({
    id: `${judge}/${prompt}`,
    places: placesOf(set, meanPositions(set, [rater]))
  }));
  const judges = [...new Set(set.raters.map(({judge}) => judge))].map((id) => ({
    id,
    places: placesOf(set, meanPositions(set, columnsOf(set, id)))
  }));
  return {single, judges, all: {id: MERGED, places: merged}};
}

/** Columns of a judge's votes, one a prompt. */
function columnsOf({raters}: RatedSet, judge: string): number[] {
  return raters.flatMap((rater, column) => (rater.judge === judge ? [column] : []));
}

/** Mean position over some raters, item by item; NaN where none of them voted. */
function meanPositions(
  {matrix: {items, raters, positions}}: RatedSet,
  columns: readonly number[]
): Float64Array {
  return Float64Array.from({length: items}, (_, item) => {
    let [sum, count] = [0, 0];
    for (const column of columns) {
      const position = positions[item * raters + column]!;
      if (Number.isNaN(position)) continue;
      sum += position;
      count += 1;
    }
    return sum / count;
  });
}

function allPairs(columns: readonly Column[]): [Column, Column][] {
  return columns.flatMap((a, i) => columns.slice(i + 1).map((b): [Column, Column] => [a, b]));
}

function pairRows(a: Column, b: Column, {corpus, axis, cell, labels}: JudgedCell): AgreementRow[] {
  const found = pairAgreement(a.places, b.places, cell, labels);
  if (found.exact.n === 0) return [];
  return PAIR_MEASURES.map((measure) => ({corpus, axis, a: a.id, b: b.id, measure, ...found[measure]}));
}

function alphaRows(set: RatedSet, {corpus, axis, cell, labels}: JudgedCell): AgreementRow[] {
  if (labels === 0) return [];
  const groups = {
    [MERGED]: (item: number) => votesOf(set.matrix, item),
    [PEOPLE]: (item: number) => set.people[item] ?? []
  };
  return Object.entries(groups).flatMap(([a, valuesOf]) => {
    const estimate = clusteredAlpha(valuesOf, cell);
    return estimate.n > 0 ? [{corpus, axis, a, b: "", measure: "alpha" as const, ...estimate}] : [];
  });
}
