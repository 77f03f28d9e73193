/** Ranks of one seed's entropies: AUROC in every cell and fifths within settings, from one sort. */
import {ascendingOrder} from "../../src/core/statistics/sort-order.js";
import {isFiniteNumber, type SeedSeries} from "./entropy-series.js";
import {RIGHT, UNSCORED, WRONG} from "./summary.js";
import {KINDS, type TestLayout} from "./test-layout.js";

export const FIFTHS = 5;

export interface Ranks {
  /** Fifth of the row's setting, 1 to 5; 0 where it has no entropy or no usable prediction. */
  fifth: Uint8Array;
  /** AUROC of entropy as a detector of errors, by cell; NaN without right or without wrong rows. */
  auroc: Float64Array;
}

/**
 * Ranks the rows that have an entropy and a prediction. AUROC counts, for each wrong row, the right rows of its cell with
 * smaller entropy, and half of those with the same. A row's fifth is ⌊5 · (smaller ones in its setting) / n⌋ + 1.
 */
export function rankEntropies({values, outcome}: SeedSeries, layout: TestLayout): Ranks {
  const {rows, cells, cellsOf, setting, settings} = layout;
  const usable = usableRows(values, outcome);
  const keys = new Float64Array(usable.length);
  const inSetting = new Float64Array(settings.length);
  for (let i = 0; i < usable.length; ++i) {
    keys[i] = values[usable[i]!]!;
    inSetting[setting[usable[i]!]!]! += 1;
  }
  const order = ascendingOrder(keys);
  const fifth = new Uint8Array(rows);
  const smaller = new Float64Array(settings.length);
  const counts: OutcomeCounts = {
    right: new Float64Array(cells.length),
    wrong: new Float64Array(cells.length),
    tied: new Float64Array(cells.length),
    wins: new Float64Array(cells.length)
  };
  for (let from = 0; from < order.length;) {
    const value = keys[order[from]!];
    let to = from + 1;
    while (to < order.length && keys[order[to]!] === value) ++to;
    for (let at = from; at < to; ++at) {
      const row = usable[order[at]!]!;
      const own = setting[row]!;
      fifth[row] = 1 + Math.floor((FIFTHS * smaller[own]!) / inSetting[own]!);
    }
    for (let at = from; at < to; ++at) smaller[setting[usable[order[at]!]!]!]! += 1;
    if (to === from + 1) countSingle(counts, usable[order[from]!]!, outcome, cellsOf, rows);
    else countTie(counts, usable, order, from, to, outcome, cellsOf, rows);
    from = to;
  }
  const auroc = counts.wins.map((wins, c) => wins / (counts.right[c]! * counts.wrong[c]!));
  return {fifth, auroc};
}

/** By cell, of the rows so far: right and wrong ones, right ones of this tie, and pairs that the wrong row wins. */
interface OutcomeCounts {
  right: Float64Array;
  wrong: Float64Array;
  tied: Float64Array;
  wins: Float64Array;
}

function usableRows(values: Float64Array, outcome: Uint8Array): Int32Array {
  const usable = new Int32Array(values.length);
  let n = 0;
  for (let row = 0; row < values.length; ++row)
    if (outcome[row] !== UNSCORED && isFiniteNumber(values[row]!)) usable[n++] = row;
  return usable.subarray(0, n);
}

function countSingle(
  {right, wrong, wins}: OutcomeCounts,
  row: number,
  outcome: Uint8Array,
  cellsOf: Uint16Array,
  rows: number
): void {
  const isRight = outcome[row] === RIGHT;
  for (let place = row; place < KINDS * rows; place += rows) {
    const cell = cellsOf[place]!;
    if (isRight) right[cell]! += 1;
    else {
      wrong[cell]! += 1;
      wins[cell]! += right[cell]!;
    }
  }
}

function countTie(
  counts: OutcomeCounts,
  usable: Int32Array,
  order: Uint32Array,
  from: number,
  to: number,
  outcome: Uint8Array,
  cellsOf: Uint16Array,
  rows: number
): void {
  const {right, wrong, tied, wins} = counts;
  const forEach = (wanted: number, visit: (cell: number) => void) => {
    for (let at = from; at < to; ++at) {
      const row = usable[order[at]!]!;
      if (outcome[row] === wanted)
        for (let place = row; place < KINDS * rows; place += rows) visit(cellsOf[place]!);
    }
  };
  forEach(RIGHT, (cell) => (tied[cell]! += 1));
  forEach(WRONG, (cell) => {
    wrong[cell]! += 1;
    wins[cell]! += right[cell]! + tied[cell]! / 2;
  });
  forEach(RIGHT, (cell) => {
    right[cell]! += 1;
    tied[cell] = 0;
  });
}
