/** Influences of a run's rows on all measures of all their cells, summed by dialogue: one pass over the rows. */
import {
  addMeans,
  addOthers,
  MEANS,
  MEASURE_IDS,
  type CellValues,
  type PlacedRow
} from "../../src/core/statistics/cell-measures.js";
import {cellNumbers, influencesLength, LEVELS, slotsOf} from "./influence-moments.js";
import type {RowScores} from "./read-predictions.js";
import type {SortedRows} from "./sorted-rows.js";
import {UNSCORED} from "./summary.js";
import {sharedArray} from "./thread-memory.js";
import {KINDS, type TestLayout} from "./test-layout.js";

const WIDTH = MEASURE_IDS.length;
const MEAN_PLACES = MEANS.map((id) => MEASURE_IDS.indexOf(id));
const SMOOTH = MEASURE_IDS.indexOf("smooth_ece");

/** What the pass over the rows reads. */
interface Pass {
  scores: RowScores;
  rows: SortedRows;
  values: CellValues[];
  layout: TestLayout;
}

/** Influences, as {@link influencesLength} lays them out, and the number of dialogues with scored rows, by cell. */
export function sumInfluences(pass: Pass): {influence: Float32Array; dialogues: Uint32Array} {
  const {values, layout} = pass;
  const {corpora, dialogueCorpus} = layout;
  const slots = slotsOf(layout);
  const cells = cellNumbers(layout);
  const influence = sharedArray(Float32Array, influencesLength(layout));
  const dialogues = new Uint32Array(values.length);
  const remainders = new Float64Array(values.length);
  const counts = new Uint16Array(layout.dialogues * slots);
  const items = new Float64Array(LEVELS * slots * WIDTH);
  const each = (visit: (c: number, n: number, from: number, into: number) => void, g: number) => {
    for (let level = 0, from = 0; level < LEVELS; ++level)
      for (let slot = 0; slot < slots; ++slot, from += WIDTH) {
        const n = counts[g * slots + slot]!;
        const c = cells[(level * corpora.length + dialogueCorpus[g]!) * slots + slot]!;
        if (n > 0) visit(c, n, from, ((level * layout.dialogues + g) * slots + slot) * WIDTH);
      }
  };
  const keep = (c: number, n: number, from: number, into: number) => {
    const {values: own, n: rows} = values[c]!;
    const share = 1 / rows;
    for (let m = 0; m < WIDTH; ++m) influence[into + m] = (items[from + m]! - n * own[m]!) * share;
    dialogues[c]! += 1;
    remainders[c]! += items[from + SMOOTH]! - n * own[SMOOTH]!;
  };
  // Items of smooth ECE add up to a little more or less than n · value; each row takes its share of that.
  const settle = (c: number, n: number, _: number, into: number) => {
    const {n: rows} = values[c]!;
    influence[into + SMOOTH]! -= (n * remainders[c]!) / (rows * rows);
  };
  for (let g = 0; g < layout.dialogues; ++g) {
    addRows(pass, g, items.fill(0), counts.subarray(g * slots, (g + 1) * slots));
    each(keep, g);
  }
  for (let g = 0; g < layout.dialogues; ++g) each(settle, g);
  return {influence, dialogues};
}

/** Adds the items of a dialogue's rows, by level and slot, and counts them by slot. */
function addRows(
  {scores, rows: sorted, values, layout}: Pass,
  dialogue: number,
  items: Float64Array,
  counts: Uint16Array
): void {
  const {rows, axis, dialogueStart, cellsOf, axes} = layout;
  const all = axes.length;
  const {outcome, correct, widthBin, massBin, risk} = sorted;
  for (let row = dialogueStart[dialogue]!; row < dialogueStart[dialogue + 1]!; ++row) {
    if (outcome[row] === UNSCORED) continue;
    const slot = axis[row]!;
    counts[slot]! += 1;
    counts[all]! += 1;
    addMeans(items, slot * WIDTH, scores, row);
    const confidence = scores.confidence[row]!;
    const placed: PlacedRow = {
      gold: scores.gold[row]!,
      predicted: scores.predicted[row]!,
      confidence,
      gap: confidence - correct[row]!,
      widthBin: widthBin[row]!,
      massBin: 0,
      risk: 0
    };
    for (let kind = 0; kind < KINDS; ++kind) {
      const place = kind * rows + row;
      placed.massBin = massBin[place]!;
      placed.risk = risk[place]!;
      const at = ((kind >> 1) * (all + 1) + (kind & 1 ? all : slot)) * WIDTH;
      addOthers(items, at, values[cellsOf[place]!]!, placed);
    }
  }
  poolMeans(items, all);
}

/** Means have the same items on both levels, and over all axes those of each. */
function poolMeans(items: Float64Array, axes: number): void {
  const level = (axes + 1) * WIDTH;
  for (const place of MEAN_PLACES) {
    let sum = 0;
    for (let slot = 0; slot < axes; ++slot) {
      const own = items[slot * WIDTH + place]!;
      items[level + slot * WIDTH + place] = own;
      sum += own;
    }
    items[axes * WIDTH + place] = sum;
    items[level + axes * WIDTH + place] = sum;
  }
}
