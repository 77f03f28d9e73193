/** Everything that was rated, by judges and by people, as agreement, severity and merge rules read it. */
import type {Axis} from "../conversation.js";
import type {Merge, MergeRule} from "../study.js";
import {MERGE_RULES} from "../study/judging.js";
import {placeOfPosition} from "./label-positions.js";
import {mergeMatrix} from "./merge-rules.js";
import {takeItems, votesOf, type RatingMatrix} from "./rating-matrix.js";

/** An example on an axis. */
export interface JudgedItem {
  corpus: string;
  example_id: string;
  dialogue_id: string;
  axis: string;
}

/** A judge with one of its prompts. */
export interface JudgeRater {
  judge: string;
  prompt: string;
}

export interface RatedSet {
  /** The axes that judges rate, all ordinal. */
  axes: Axis[];
  items: JudgedItem[];
  /** Judge by judge, prompt by prompt: the columns of `matrix`. */
  raters: JudgeRater[];
  /** Label positions of the judges' votes. */
  matrix: RatingMatrix;
  /** Place of the golden label, from 0; −1 where nobody rated the item. */
  golden: Int16Array;
  /** Places of the single ratings by people, as far as they are known; null where there are none. */
  people: (number[] | null)[];
}

/** Merged positions of all items by one rule; NaN where fewer votes than `fewest` are usable. Raters are learned by axis. */
export function mergeItems(set: RatedSet, rule: MergeRule, fewest: number): Float64Array {
  const merged = new Float64Array(set.items.length).fill(NaN);
  for (const axis of set.axes) {
    const own = itemsOfAxis(set, axis.id);
    const scores = mergeMatrix(takeItems(set.matrix, own), rule, axis.labels.length);
    own.forEach((item, i) => (merged[item] = scores[i]!));
  }
  return merged.map((score, item) => (votesOf(set.matrix, item).length >= fewest ? score : NaN));
}

function itemsOfAxis({items}: RatedSet, axis: string): Int32Array {
  return Int32Array.from(items.flatMap((item, i) => (item.axis === axis ? [i] : [])));
}

/** Places of labels of merged positions; −1 for NaN. */
export function placesOf(
  {items, axes}: Pick<RatedSet, "items" | "axes">,
  positions: Float64Array,
  cuts?: readonly number[]
): Int16Array {
  const labels = new Map(axes.map((axis) => [axis.id, axis.labels.length]));
  return Int16Array.from(positions, (position, item) =>
    Number.isNaN(position) ? -1 : placeOfPosition(position, labels.get(items[item]!.axis)!, cuts)
  );
}

/** Each rule's labels, in the order of the rules. */
export interface RuleLabels {
  rule: MergeRule;
  positions: Float64Array;
  places: Int16Array;
}

/** All items merged by one rule. */
export function mergeByRule(
  set: RatedSet,
  rule: MergeRule,
  {cuts}: Pick<Merge, "cuts">,
  fewest: number
): RuleLabels {
  const positions = mergeItems(set, rule, fewest);
  return {rule, positions, places: placesOf(set, positions, cuts)};
}

/** All items merged by every rule. */
export function mergeByAllRules(set: RatedSet, {cuts}: Pick<Merge, "cuts">, fewest: number): RuleLabels[] {
  return MERGE_RULES.map((rule) => mergeByRule(set, rule, {cuts}, fewest));
}

/**
 * The rule that the study asks for. `best`: the one whose labels have the lowest mean absolute error on the golden set, of
 * several the lowest mean squared error, then the first; one rule for the whole study. Undefined where `best` is asked
 * for and no golden item was merged.
 */
export function chooseRule(
  set: RatedSet,
  asked: Merge["scores"],
  rules: readonly RuleLabels[]
): RuleLabels | undefined {
  if (asked !== "best") return rules.find(({rule}) => rule === asked);
  const errors = rules.map(({places}) => goldenErrors(set, places));
  if (errors.every(({n}) => n === 0)) return undefined;
  const closer = (a: Errors, b: Errors) =>
    a.mae < b.mae - TIE || (Math.abs(a.mae - b.mae) <= TIE && a.mse < b.mse - TIE);
  return rules[errors.reduce((best, own, i) => (closer(own, errors[best]!) ? i : best), 0)];
}

/** Errors that differ by less are rounding. */
const TIE = 1e-12;

interface Errors {
  mae: number;
  mse: number;
  n: number;
}

function goldenErrors({golden}: RatedSet, places: Int16Array): Errors {
  let [absolute, squared, n] = [0, 0, 0];
  places.forEach((place, item) => {
    if (place < 0 || golden[item]! < 0) return;
    const distance = Math.abs(place - golden[item]!);
    absolute += distance;
    squared += distance * distance;
    n += 1;
  });
  return {mae: absolute / n, mse: squared / n, n};
}
