/** What measures and the counting cubes need of every cell. Only single settings are counted row by row: their sums add up. */
import {CALIBRATION_BINS as BINS} from "../../src/core/measures.js";
import {addMeans, MEASURE_IDS, type CellCounts} from "../../src/core/statistics/cell-measures.js";
import {riskAtCoverage} from "../../src/core/statistics/risk-coverage.js";
import {gridOf, type Grid} from "../../src/core/statistics/smooth-calibration.js";
import type {RowScores} from "./read-predictions.js";
import type {SortedRows} from "./sorted-rows.js";
import {
  BIN_SUMS,
  binOf,
  COVERAGES,
  entropyRange,
  HISTOGRAM_BINS,
  kindOf,
  QUANTITIES,
  type CellSummary
} from "./summary.js";
import {sharedArray} from "./thread-memory.js";
import type {Cell, TestLayout} from "./test-layout.js";

/** A cell as its measures need it, and what is kept of it besides. */
export interface CountedCell {
  counts: CellCounts;
  kept: Omit<CellSummary, "values" | "dialogues">;
}

/** In the order of the layout's cells. */
export function countCells(scores: RowScores, rows: SortedRows, layout: TestLayout): CountedCell[] {
  const {cells, settings} = layout;
  const singles = settings.map(({corpus, axis}) => {
    const c = cells.findIndex((cell) => cell.corpus === corpus && cell.axis === axis);
    return new SettingSums(scores, rows, rows.orders[c]!, cells[c]!.shape.labels, layout);
  });
  return cells.map((cell, c) =>
    countCell(
      cell,
      rows.orders[c]!,
      rows.aurc[c]!,
      cell.settings.map((setting) => singles[setting]!),
      scores,
      rows,
      layout
    )
  );
}

function countCell(
  cell: Cell,
  order: Uint32Array,
  aurc: number,
  parts: SettingSums[],
  {confidence}: RowScores,
  {correct, massBin}: SortedRows,
  {rows}: TestLayout
): CountedCell {
  const own = kindOf(cell);
  const mass = sumBins(confidence, correct, massBin.subarray(own * rows, (own + 1) * rows), order);
  const add = (key: "means" | "confusion" | "widthGaps" | "widthBins" | "histograms") =>
    addUp(parts.map((part) => part[key]));
  const confusion = cell.shape.labels > 0 ? add("confusion") : new Float64Array(0);
  const bins = sharedArray(Float64Array, 2 * BINS * BIN_SUMS);
  bins.set(add("widthBins"));
  bins.set(mass.bins, BINS * BIN_SUMS);
  return {
    counts: {
      n: order.length,
      sums: add("means"),
      confusion,
      widthGaps: add("widthGaps"),
      massGaps: mass.gaps,
      aurc,
      grid: (points) => addGrids(parts.map((part) => part.grid(points)))
    },
    kept: {
      n: order.length,
      bins,
      risk: sharedArray(
        Float64Array,
        order.length > 0 ? riskAtCoverage(confidence, correct, COVERAGES, order) : 0
      ),
      confusion: sharedArray(Float64Array, own === 0 ? confusion : 0),
      histograms: sharedArray(Float64Array, add("histograms"))
    }
  };
}

/** Sums over the scored rows of one setting. */
class SettingSums {
  readonly means = new Float64Array(MEASURE_IDS.length);
  readonly confusion: Float64Array;
  readonly widthBins: Float64Array;
  readonly widthGaps: Float64Array;
  readonly histograms: Float64Array;
  private readonly grids = new Map<number, Grid>();

  constructor(
    private readonly scores: RowScores,
    private readonly rows: SortedRows,
    private readonly order: Uint32Array,
    labels: number,
    layout: TestLayout
  ) {
    const {gold, predicted, confidence} = scores;
    this.confusion = new Float64Array(labels ** 2);
    for (let i = 0; i < order.length; ++i) {
      const row = order[i]!;
      addMeans(this.means, 0, scores, row);
      this.confusion[gold[row]! * labels + predicted[row]!]! += 1;
    }
    const {bins, gaps} = sumBins(confidence, rows.correct, rows.widthBin, order);
    this.widthBins = bins;
    this.widthGaps = gaps;
    this.histograms = histogramsOf(scores, rows.correct, order, layout);
  }

  /** Rows shared out to so many points, made when it is asked for first. */
  grid(points: number): Grid {
    let grid = this.grids.get(points);
    if (!grid) {
      grid = gridOf(this.scores.confidence, this.rows.correct, points, this.order);
      this.grids.set(points, grid);
    }
    return grid;
  }
}

function addUp(parts: Float64Array[]): Float64Array {
  const [first, ...others] = parts;
  const sum = first!.slice();
  for (const other of others) for (let i = 0; i < sum.length; ++i) sum[i]! += other[i]!;
  return sum;
}

function addGrids(grids: Grid[]): Grid {
  if (grids.length === 1) return grids[0]!;
  return {gaps: addUp(grids.map(({gaps}) => gaps)), rows: addUp(grids.map(({rows}) => rows))};
}

/** {@link BIN_SUMS} of each bin, and Σ confidence − right of each. */
function sumBins(
  confidence: Float64Array,
  correct: Uint8Array,
  bin: Uint8Array,
  order: Uint32Array
): {bins: Float64Array; gaps: Float64Array} {
  const bins = new Float64Array(BINS * BIN_SUMS);
  const gaps = new Float64Array(BINS);
  for (let i = 0; i < order.length; ++i) {
    const row = order[i]!;
    const [sure, right, own] = [confidence[row]!, correct[row]!, bin[row]!];
    const at = own * BIN_SUMS;
    bins[at]! += 1;
    bins[at + 1]! += sure;
    bins[at + 2]! += right;
    bins[at + 3]! += sure * sure;
    bins[at + 4]! += sure * right;
    gaps[own]! += sure - right;
  }
  return {bins, gaps};
}

function histogramsOf(
  scores: RowScores,
  correct: Uint8Array,
  order: Uint32Array,
  layout: TestLayout
): Float64Array {
  const counts = new Float64Array(QUANTITIES.length * HISTOGRAM_BINS * 2);
  QUANTITIES.forEach((quantity, q) => {
    const top = quantity === "label_entropy" ? entropyRange(layout) : 1;
    const values = scores[quantity];
    for (let i = 0; i < order.length; ++i) {
      const row = order[i]!;
      const bin = binOf(values[row]!, top, HISTOGRAM_BINS);
      counts[(q * HISTOGRAM_BINS + bin) * 2 + correct[row]!]! += 1;
    }
  });
  return counts;
}
