/**
 * One system with one seed, summarised: what all cubes need of its predictions. Made once a run and kept beside the
 * tables, so that adding a run reads that run alone. Arrays lie in shared memory.
 */
import {valuesOf} from "../../src/core/statistics/cell-measures.js";
import {countCells} from "./cell-counts.js";
import {momentsOf, type InfluenceMoments} from "./influence-moments.js";
import {sumInfluences} from "./dialogue-influences.js";
import type {RowScores} from "./read-predictions.js";
import {sortRows} from "./sorted-rows.js";
import {sharedArray} from "./thread-memory.js";
import type {Cell, TestLayout} from "./test-layout.js";

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
  /** Dialogues with scored rows. */
  dialogues: number;
  /** In the order of MEASURE_IDS; NaN where undefined. */
  values: Float64Array;
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
  /** See {@link Influences}. */
  influence: Float32Array;
  moments: InfluenceMoments;
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

/** Place of a cell among the four that hold a row. */
export function kindOf({corpus, axis}: Pick<Cell, "corpus" | "axis">): number {
  return (corpus === "all" ? 2 : 0) + (axis === "all" ? 1 : 0);
}

/** Summarises scores; with `mask`, only the rows where it isn't 0. */
export function summarise(scores: RowScores, layout: TestLayout, mask?: Uint8Array): Summary {
  const {rows, cells} = layout;
  const rowsOfRun = sortRows(scores, layout, mask);
  const {outcome, widthBin, massBin} = rowsOfRun;
  const counted = countCells(scores, rowsOfRun, layout);
  const values = counted.map(({counts}, c) => valuesOf(counts, cells[c]!.shape));
  const {influence, dialogues} = sumInfluences({scores, rows: rowsOfRun, values, layout});
  const summary: Summary = {
    ...{outcome, widthBin, massBin, influence},
    predicted: sharedArray(Uint8Array, scores.predicted),
    label_entropy: sharedArray(Float64Array, rows),
    jointBin: sharedArray(Uint8Array, rows),
    cells: counted.map(({kept}, c) => ({
      ...kept,
      dialogues: dialogues[c]!,
      values: sharedArray(Float64Array, values[c]!.values)
    })),
    moments: momentsOf(influence, layout),
    shownProbabilities: sharedArray(Float64Array, scores.shownProbabilities)
  };
  for (let row = 0; row < rows; ++row) {
    const scored = outcome[row] !== UNSCORED;
    summary.label_entropy[row] = scored ? scores.label_entropy[row]! : NaN;
    summary.jointBin[row] = scored ? binOf(scores.confidence[row]!, 1, JOINT_BINS) : 0;
  }
  return summary;
}
