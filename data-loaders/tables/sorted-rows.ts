/** The scored rows of a run by ascending confidence, cell by cell: one sort serves all cells, as a cell's rows keep the order of all. */
import {equalMassBins, equalWidthBin} from "../../src/core/statistics/calibration-bins.js";
import {CALIBRATION_BINS as BINS} from "../../src/core/measures.js";
import {weighRisk} from "../../src/core/statistics/risk-coverage.js";
import {ascendingOrder} from "../../src/core/statistics/sort-order.js";
import type {RowScores} from "./read-predictions.js";
import {kindOf, RIGHT, UNSCORED, WRONG} from "./summary.js";
import {sharedArray} from "./thread-memory.js";
import {KINDS, type TestLayout} from "./test-layout.js";

export interface SortedRows {
  /** UNSCORED, WRONG or RIGHT, by test row. */
  outcome: Uint8Array;
  /** 1 where RIGHT. */
  correct: Uint8Array;
  widthBin: Uint8Array;
  /** In each of the row's cells, `kind · rows + row`. */
  massBin: Uint8Array;
  /** What {@link weighRisk} says of the row in each of its cells. */
  risk: Float64Array;
  /** Scored rows of each cell by ascending confidence. */
  orders: Uint32Array[];
  /** AURC of each cell; NaN without rows. */
  aurc: number[];
}

/** With `mask`, only the rows where it isn't 0. */
export function sortRows(scores: RowScores, layout: TestLayout, mask?: Uint8Array): SortedRows {
  const {rows, cells} = layout;
  const {confidence} = scores;
  const outcome = sharedArray(Uint8Array, rows);
  const widthBin = sharedArray(Uint8Array, rows);
  const correct = new Uint8Array(rows);
  for (let row = 0; row < rows; ++row) {
    if (!scores.scored[row] || (mask && !mask[row])) continue;
    correct[row] = scores.predicted[row] === layout.gold[row] ? 1 : 0;
    outcome[row] = correct[row] ? RIGHT : WRONG;
    widthBin[row] = equalWidthBin(confidence[row]!);
  }
  const orders = ordersOf(confidence, outcome, layout);
  const massBin = sharedArray(Uint8Array, KINDS * rows);
  const risk = new Float64Array(KINDS * rows);
  const aurc = cells.map((cell, c) => {
    const order = orders[c]!;
    const from = kindOf(cell) * rows;
    equalMassBins(confidence, BINS, order, massBin.subarray(from, from + rows));
    return order.length > 0 ? weighRisk(confidence, correct, order, risk.subarray(from, from + rows)) : NaN;
  });
  return {outcome, correct, widthBin, massBin, risk, orders, aurc};
}

function ordersOf(
  confidence: Float64Array,
  outcome: Uint8Array,
  {rows, cells, cellsOf}: TestLayout
): Uint32Array[] {
  const scored = new Uint32Array(rows);
  const sure = new Float64Array(rows);
  const sizes = new Uint32Array(cells.length);
  let n = 0;
  for (let row = 0; row < rows; ++row) {
    if (outcome[row] === UNSCORED) continue;
    scored[n] = row;
    sure[n++] = confidence[row]!;
    for (let place = row; place < KINDS * rows; place += rows) sizes[cellsOf[place]!]! += 1;
  }
  const order = ascendingOrder(sure.subarray(0, n));
  const starts = new Uint32Array(cells.length);
  for (let c = 1; c < cells.length; ++c) starts[c] = starts[c - 1]! + sizes[c - 1]!;
  const filled = starts.slice();
  const all = new Uint32Array(KINDS * n);
  for (let k = 0; k < n; ++k) {
    const row = scored[order[k]!]!;
    for (let place = row; place < KINDS * rows; place += rows) {
      const cell = cellsOf[place]!;
      all[filled[cell]!] = row;
      filled[cell]! += 1;
    }
  }
  return cells.map((_, c) => all.subarray(starts[c], filled[c]));
}
