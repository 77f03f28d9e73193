/**
 * Influences summed by dialogue, of every cell and measure, in one array; and their second moments, from which the
 * variance of any cell follows. A dialogue lies in one corpus, so that the cells of single corpora and the cells over all
 * (two *levels*) have each one place for every dialogue and *slot*: an axis, or all axes.
 */
import {MEASURE_IDS} from "../../src/core/statistics/cell-measures.js";
import {varianceOfMoments, type StratumMoments} from "../../src/core/statistics/uncertainty.js";
import {sharedArray} from "./thread-memory.js";
import {ALL, type Cell, type TestLayout} from "./test-layout.js";

/** Cells of one corpus, and cells over all. */
export const LEVELS = 2;
const WIDTH = MEASURE_IDS.length;

/** Σ u and Σ u² over the dialogues of a corpus, at `((level · corpora + corpus) · slots + slot) · measures + measure`. */
export interface InfluenceMoments {
  sums: Float64Array;
  squares: Float64Array;
}

export function slotsOf({axes}: TestLayout): number {
  return axes.length + 1;
}

/** Length of an array of influences, at `((level · dialogues + dialogue) · slots + slot) · measures + measure`. */
export function influencesLength(layout: TestLayout): number {
  return LEVELS * layout.dialogues * slotsOf(layout) * WIDTH;
}

/** Where a cell's influences of a dialogue begin. */
export function influenceAt(layout: TestLayout, cell: Cell, dialogue: number): number {
  const level = cell.corpus === ALL ? 1 : 0;
  return ((level * layout.dialogues + dialogue) * slotsOf(layout) + slotOf(layout, cell)) * WIDTH;
}

/** A cell's place among axes. */
export function slotOf({axes}: TestLayout, {axis}: Pick<Cell, "axis">): number {
  return axis === ALL ? axes.length : axes.indexOf(axis);
}

/** Number of each cell by `(level · corpora + corpus) · slots + slot`; −1 where there is none. */
export function cellNumbers(layout: TestLayout): Int32Array {
  const {cells, corpora} = layout;
  const slots = slotsOf(layout);
  const numbers = new Int32Array(LEVELS * corpora.length * slots).fill(-1);
  cells.forEach((cell, c) => {
    const slot = slotOf(layout, cell);
    corpora.forEach((corpus, k) => {
      if (cell.corpus === corpus) numbers[k * slots + slot] = c;
      if (cell.corpus === ALL) numbers[(corpora.length + k) * slots + slot] = c;
    });
  });
  return numbers;
}

function emptyMoments(layout: TestLayout): InfluenceMoments {
  const length = LEVELS * layout.corpora.length * slotsOf(layout) * WIDTH;
  return {sums: sharedArray(Float64Array, length), squares: sharedArray(Float64Array, length)};
}

export function momentsOf(influence: Float32Array | Float64Array, layout: TestLayout): InfluenceMoments {
  const moments = emptyMoments(layout);
  const {sums, squares} = moments;
  eachDialogue(layout, (from, to, into) => {
    for (let at = from; at < to; ++at, ++into) {
      const moved = influence[at]!;
      sums[into]! += moved;
      squares[into]! += moved * moved;
    }
  });
  return moments;
}

/** Adds the differences of two estimates' influences to `total`, and returns their moments. */
export function addDifferences(
  total: Float64Array,
  own: Float32Array,
  other: Float32Array,
  layout: TestLayout
): InfluenceMoments {
  const moments = emptyMoments(layout);
  const {sums, squares} = moments;
  eachDialogue(layout, (from, to, into) => {
    for (let at = from; at < to; ++at, ++into) {
      const moved = own[at]! - other[at]!;
      total[at]! += moved;
      sums[into]! += moved;
      squares[into]! += moved * moved;
    }
  });
  return moments;
}

/** Where each dialogue's influences begin and end, and where the moments of its corpus begin. */
function eachDialogue(layout: TestLayout, visit: (from: number, to: number, into: number) => void): void {
  const {dialogues, dialogueCorpus, corpora} = layout;
  const width = slotsOf(layout) * WIDTH;
  for (let level = 0, at = 0; level < LEVELS; ++level)
    for (let g = 0; g < dialogues; ++g, at += width)
      visit(at, at + width, (level * corpora.length + dialogueCorpus[g]!) * width);
}

/**
 * Variance over dialogues of an estimate in a cell, with corpora as strata: the same as `clusterVariance` of the
 * influences themselves.
 */
export function varianceIn(
  {sums, squares}: InfluenceMoments,
  cell: Cell,
  measure: number,
  layout: TestLayout
): number {
  const {corpora} = layout;
  const slots = slotsOf(layout);
  const level = cell.corpus === ALL ? 1 : 0;
  const strata = corpora.map((_, k): StratumMoments => {
    const at = ((level * corpora.length + k) * slots + slotOf(layout, cell)) * WIDTH + measure;
    return {clusters: dialoguesIn(cell, k, layout), sum: sums[at]!, square: squares[at]!};
  });
  return varianceOfMoments(strata);
}

const sizes = new WeakMap<Cell, Uint32Array>();

/** Dialogues of a cell that are in a corpus. */
function dialoguesIn(cell: Cell, corpus: number, {corpora, dialogueCorpus}: TestLayout): number {
  let own = sizes.get(cell);
  if (!own) {
    sizes.set(cell, (own = new Uint32Array(corpora.length)));
    for (const g of cell.dialogueIds) own[dialogueCorpus[g]!]! += 1;
  }
  return own[corpus]!;
}

/** Σ over the dialogues of a corpus of products of the influences on two of its settings, at `((corpus · slots + a) · slots + b) · measures + measure`. */
export function productsOf(influence: Float64Array, layout: TestLayout): Float64Array {
  const slots = slotsOf(layout);
  const products = new Float64Array(layout.corpora.length * slots * slots * WIDTH);
  for (let g = 0; g < layout.dialogues; ++g)
    for (let a = 0; a < slots - 1; ++a)
      for (let b = 0; b < slots - 1; ++b) {
        const into = ((layout.dialogueCorpus[g]! * slots + a) * slots + b) * WIDTH;
        const [left, right] = [(g * slots + a) * WIDTH, (g * slots + b) * WIDTH];
        for (let m = 0; m < WIDTH; ++m) products[into + m]! += influence[left + m]! * influence[right + m]!;
      }
  return products;
}

/** One of {@link productsOf}. */
export function productOf(
  products: Float64Array,
  layout: TestLayout,
  a: Cell,
  b: Cell,
  measure: number
): number {
  const slots = slotsOf(layout);
  const first = (layout.corpora.indexOf(a.corpus) * slots + slotOf(layout, a)) * slots;
  return products[(first + slotOf(layout, b)) * WIDTH + measure]!;
}
