/**
 * One system with one seed, summarised: what all cubes need of its predictions. Made once a run and kept beside the
 * tables, so that adding a run reads that run alone. Arrays lie in shared memory.
 */
import {CALIBRATION_BINS as BINS} from "../../src/core/measures.js";
import {measureCell, MEASURE_IDS, type CellMeasures} from "../../src/core/statistics/cell-measures.js";
import {riskAtCoverage} from "../../src/core/statistics/risk-coverage.js";
import {ascendingOrder} from "../../src/core/statistics/sort-order.js";
import type {RowScores} from "./read-predictions.js";
import {sharedArray} from "./thread-memory.js";
import {KINDS, type Cell, type TestLayout} from "./test-layout.js";

/** Coverages of `risk-coverage.json`. */
export const COVERAGES = Array.from({length: 20}, (_, i) => (i + 1) / 20);
/** Bins of `distributions.json`. */
export const HISTOGRAM_BINS = 20;
/** Bins of `joint.json`, along each side. */
export const JOINT_BINS = 16;
/** What `distributions.json` counts, in order. */
export const QUANTITIES = ["label_entropy", "margin", "confidence"] as const;
/** Sums by bin of confidence: rows, confidence, right, confidence², confidence of right rows. */
export const BIN_SUMS = 5;

export const UNSCORED = 0;
export const WRONG = 1;
export const RIGHT = 2;

/** A cell's own part. */
export interface CellSummary {
  n: number;
  /** In the order of MEASURE_IDS; NaN where undefined. */
  values: Float64Array;
  /** Measures × dialogues of the cell: influences summed by dialogue. */
  influence: Float32Array;
  /** Scored rows of each dialogue. */
  rowsOf: Uint16Array;
  /** {@link BIN_SUMS} for each bin of equal width, then for each of equal mass. */
  bins: Float64Array;
  /** At each of {@link COVERAGES}. */
  risk: Float64Array;
  /** Gold × predicted; of single settings, else empty. */
  confusion: Float64Array;
  /** Quantity × bin × (wrong, right). */
  histograms: Float64Array;
}

export interface Summary {
  /** UNSCORED, WRONG or RIGHT, by test row. */
  outcome: Uint8Array;
  /** Label's index, by test row; 255 where the row has no prediction. */
  predicted: Uint8Array;
  /** NaN where unscored. */
  label_entropy: Float64Array;
  /** Confidence's bin of `joint.json`, by test row. */
  jointBin: Uint8Array;
  widthBin: Uint8Array;
  /** Bin of equal mass in each of the row's cells, `kind · rows + row`. */
  massBin: Uint8Array;
  cells: CellSummary[];
  shownProbabilities: Float64Array;
}

/** Largest entropy that labels can have. */
export function entropyRange({labelCount}: TestLayout): number {
  return Math.log(Math.max(2, ...labelCount));
}

/** Bin of a value among `bins` from 0 to `top`, the last closed above. */
export function binOf(value: number, top: number, bins: number): number {
  return Math.max(0, Math.min(bins - 1, Math.floor((value / top) * bins)));
}

/** Summarises scores; with `mask`, only the rows where it isn't 0. */
export function summarise(scores: RowScores, layout: TestLayout, mask?: Uint8Array): Summary {
  const {rows} = layout;
  const summary: Summary = {
    outcome: sharedArray(Uint8Array, rows),
    predicted: sharedArray(Uint8Array, scores.predicted),
    label_entropy: sharedArray(Float64Array, rows).fill(NaN),
    jointBin: sharedArray(Uint8Array, rows),
    widthBin: sharedArray(Uint8Array, rows),
    massBin: sharedArray(Uint8Array, KINDS * rows),
    cells: [],
    shownProbabilities: sharedArray(Float64Array, scores.shownProbabilities)
  };
  for (let row = 0; row < rows; ++row) {
    if (!scores.scored[row] || (mask && !mask[row])) continue;
    summary.outcome[row] = scores.predicted[row] === layout.gold[row] ? RIGHT : WRONG;
    summary.label_entropy[row] = scores.label_entropy[row]!;
    summary.jointBin[row] = binOf(scores.confidence[row]!, 1, JOINT_BINS);
  }
  const members = membersOf(summary.outcome, layout);
  const orders = ordersOf(scores, summary.outcome, layout, members);
  layout.cells.forEach((cell, c) => {
    const {scored, place} = members[c]!;
    const measures = measureCell(scores, scored, cell.shape, orders[c]);
    summary.cells.push(summariseCell(measures, scores, scored, place, cell, orders[c]!, layout));
    keepBins(summary, measures, scored, cell, rows);
  });
  return summary;
}

/** The scored rows of a cell, and the place of each in the cell's rows. */
interface Members {
  scored: Int32Array;
  place: Int32Array;
}

function membersOf(outcome: Uint8Array, {cells}: TestLayout): Members[] {
  return cells.map(({rows}) => {
    const place = new Int32Array(rows.length);
    const scored = new Int32Array(rows.length);
    let n = 0;
    for (let i = 0; i < rows.length; ++i)
      if (outcome[rows[i]!] !== UNSCORED) {
        place[n] = i;
        scored[n++] = rows[i]!;
      }
    return {scored: scored.subarray(0, n), place: place.subarray(0, n)};
  });
}

/** Orders by ascending confidence of all cells, from one sort: a cell's rows keep the order of all. */
function ordersOf(
  {confidence}: RowScores,
  outcome: Uint8Array,
  {rows, cells, cellsOf}: TestLayout,
  members: Members[]
): Uint32Array[] {
  const scored = new Uint32Array(rows);
  const sure = new Float64Array(rows);
  let n = 0;
  for (let row = 0; row < rows; ++row) {
    if (outcome[row] === UNSCORED) continue;
    scored[n] = row;
    sure[n++] = confidence[row]!;
  }
  const order = ascendingOrder(sure.subarray(0, n));
  const placeIn = new Uint32Array(KINDS * rows);
  members.forEach(({scored: own}, c) => {
    const kind = kindOf(cells[c]!);
    for (let i = 0; i < own.length; ++i) placeIn[kind * rows + own[i]!] = i;
  });
  const orders = members.map(({scored: own}) => new Uint32Array(own.length));
  const filled = new Uint32Array(cells.length);
  for (let k = 0; k < n; ++k)
    for (let kind = 0; kind < KINDS; ++kind) {
      const place = kind * rows + scored[order[k]!]!;
      const cell = cellsOf[place]!;
      orders[cell]![filled[cell]!++] = placeIn[place]!;
    }
  return orders;
}

/** Place of a cell among the four that hold a row. */
export function kindOf({corpus, axis}: Pick<Cell, "corpus" | "axis">): number {
  return (corpus === "all" ? 2 : 0) + (axis === "all" ? 1 : 0);
}

function summariseCell(
  measures: CellMeasures,
  scores: RowScores,
  rows: Int32Array,
  place: Int32Array,
  cell: Cell,
  order: Uint32Array,
  layout: TestLayout
): CellSummary {
  const {n, values, influence, confidence, correct} = measures;
  const dialogues = cell.dialogues;
  const sums = new Float64Array(MEASURE_IDS.length * dialogues);
  const rowsOf = sharedArray(Uint16Array, dialogues);
  const dialogue = new Int32Array(n);
  for (let i = 0; i < n; ++i) {
    dialogue[i] = cell.dialogue[place[i]!]!;
    rowsOf[dialogue[i]!]! += 1;
  }
  for (let m = 0; m < MEASURE_IDS.length; ++m)
    sumByDialogue(influence.subarray(m * n, (m + 1) * n), dialogue, sums, m * dialogues);
  const single = cell.settings.length === 1 && cell.corpus !== "all" && cell.axis !== "all";
  return {
    n,
    values: sharedArray(Float64Array, values),
    influence: sharedArray(Float32Array, sums),
    rowsOf,
    bins: binSums(measures),
    risk: sharedArray(Float64Array, n > 0 ? riskAtCoverage(confidence, correct, COVERAGES, order) : 0),
    confusion: sharedArray(Float64Array, single ? measures.confusion : 0),
    histograms: histogramsOf(scores, rows, correct, layout)
  };
}

/** Adds influences to the sums of their dialogues, which begin at `first`. A dialogue's rows stand together. */
function sumByDialogue(
  influence: Float64Array,
  dialogue: Int32Array,
  sums: Float64Array,
  first: number
): void {
  for (let i = 0; i < dialogue.length;) {
    const own = dialogue[i]!;
    let sum = 0;
    for (; i < dialogue.length && dialogue[i] === own; ++i) sum += influence[i]!;
    sums[first + own] = sum;
  }
}

function binSums({n, confidence, correct, widthBin, massBin}: CellMeasures): Float64Array {
  const sums = sharedArray(Float64Array, 2 * BINS * BIN_SUMS);
  [widthBin, massBin].forEach((bin, which) => {
    for (let i = 0; i < n; ++i) {
      const at = (which * BINS + bin[i]!) * BIN_SUMS;
      const [sure, right] = [confidence[i]!, correct[i]!];
      sums[at]! += 1;
      sums[at + 1]! += sure;
      sums[at + 2]! += right;
      sums[at + 3]! += sure * sure;
      sums[at + 4]! += sure * right;
    }
  });
  return sums;
}

function histogramsOf(
  scores: RowScores,
  rows: Int32Array,
  correct: Uint8Array,
  layout: TestLayout
): Float64Array {
  const counts = sharedArray(Float64Array, QUANTITIES.length * HISTOGRAM_BINS * 2);
  QUANTITIES.forEach((quantity, q) => {
    const top = quantity === "label_entropy" ? entropyRange(layout) : 1;
    const values = scores[quantity];
    for (let i = 0; i < rows.length; ++i) {
      const bin = binOf(values[rows[i]!]!, top, HISTOGRAM_BINS);
      counts[(q * HISTOGRAM_BINS + bin) * 2 + correct[i]!]! += 1;
    }
  });
  return counts;
}

function keepBins(
  {widthBin, massBin}: Summary,
  measures: CellMeasures,
  scored: Int32Array,
  cell: Cell,
  rows: number
): void {
  const kind = kindOf(cell);
  for (let i = 0; i < scored.length; ++i) {
    widthBin[scored[i]!] = measures.widthBin[i]!;
    massBin[kind * rows + scored[i]!] = measures.massBin[i]!;
  }
}
