/**
 * Every measure of a set of rows, with the influence of each row on it: the derivative of the value by the row's
 * weight, at weights of 1. Influences add up to 0, and summed by dialogue they give the variance
 * ({@link "./uncertainty.js"}).
 *
 * - A mean x̄ has the influences (x − x̄)/n.
 * - Macro-F1 and kappa are functions of the confusion counts that don't change when all counts are multiplied by a
 *   number. The influence of a row is the derivative by the count that it adds to (Euler's theorem on homogeneous
 *   functions makes them add up to 0).
 * - A calibration error is Σ over bins |Σ gaps| / n: a row moves its bin's sum by its gap, with the bin's sign. Bins are
 *   held fixed.
 */
import type {MeasureId} from "../cubes.js";
import {CALIBRATION_BINS as BINS, MEASURES} from "../measures.js";
import {equalMassBins, equalWidthBins} from "./calibration-bins.js";
import {macroF1, quadraticKappa, type Differentiated} from "./confusion-measures.js";
import {aurc} from "./risk-coverage.js";
import {smoothCalibrationError} from "./smooth-calibration.js";
import {ascendingOrder} from "./sort-order.js";

/** Place of each measure in {@link CellMeasures}. */
export const MEASURE_IDS: readonly MeasureId[] = MEASURES.map(({id}) => id);
const PLACE = Object.fromEntries(MEASURE_IDS.map((id, place) => [id, place])) as Record<MeasureId, number>;

/** What the axes of a cell have in common. */
export interface Shape {
  /** Number of labels, where all axes have the same list; else 0. */
  labels: number;
  /** Whether all axes are ordinal. */
  ordinal: boolean;
}

/** Item statistics of test rows as columns: indices of labels, summaries of label probabilities. */
export interface ScoredRows {
  gold: ArrayLike<number>;
  predicted: ArrayLike<number>;
  nll: ArrayLike<number>;
  brier: ArrayLike<number>;
  confidence: ArrayLike<number>;
  label_entropy: ArrayLike<number>;
  margin: ArrayLike<number>;
  off_label_mass: ArrayLike<number>;
}

/** Measures of n rows. */
export interface CellMeasures {
  n: number;
  /** In the order of {@link MEASURE_IDS}; NaN where undefined. */
  values: Float64Array;
  /** Measures × n, measure after measure; NaN where the value is undefined or infinite. */
  influence: Float64Array;
  confidence: Float64Array;
  /** 1 where the predicted label is gold. */
  correct: Uint8Array;
  widthBin: Uint8Array;
  massBin: Uint8Array;
  /** Gold × predicted; empty where the rows' axes don't share their labels. */
  confusion: Float64Array;
}

/** Columns whose mean is a measure. */
const MEANS = ["nll", "brier", "label_entropy", "margin", "off_label_mass"] as const;

/**
 * Measures the rows with these indices into `scores`, all of which must be scored.
 *
 * @param order - Places in `rows` by ascending confidence, where the caller has them.
 */
export function measureCell(
  scores: ScoredRows,
  rows: ArrayLike<number>,
  shape: Shape,
  order?: Uint32Array
): CellMeasures {
  const n = rows.length;
  const confidence = gather(scores.confidence, rows);
  const gold = gather(scores.gold, rows);
  const predicted = gather(scores.predicted, rows);
  const correct = new Uint8Array(n);
  for (let i = 0; i < n; ++i) correct[i] = gold[i] === predicted[i] ? 1 : 0;
  const ascending = order ?? ascendingOrder(confidence);
  const cell: CellMeasures = {
    n,
    values: new Float64Array(MEASURE_IDS.length).fill(NaN),
    influence: new Float64Array(MEASURE_IDS.length * n),
    confidence,
    correct,
    widthBin: equalWidthBins(confidence),
    massBin: equalMassBins(confidence, BINS, ascending),
    confusion: confusionOf(gold, predicted, shape.labels)
  };
  if (n === 0) return cell;
  for (const name of MEANS) addMean(cell, name, gather(scores[name], rows));
  addMean(cell, "sharpness", confidence);
  addMean(cell, "accuracy", correct);
  const gap = new Float64Array(n);
  for (let i = 0; i < n; ++i) gap[i] = confidence[i]! - correct[i]!;
  addMean(cell, "overconfidence", gap);
  if (shape.ordinal) addDistances(cell, gold, predicted);
  if (shape.labels > 0) addConfusionMeasures(cell, gold, predicted, shape);
  addBinned(cell, "ece", gap, cell.widthBin);
  addBinned(cell, "ece_mass", gap, cell.massBin);
  addEstimate(cell, "aurc", aurc(confidence, correct, ascending));
  addEstimate(cell, "smooth_ece", smoothCalibrationError(confidence, correct));
  return cell;
}

function gather(column: ArrayLike<number>, rows: ArrayLike<number>): Float64Array {
  const out = new Float64Array(rows.length);
  for (let i = 0; i < out.length; ++i) out[i] = column[rows[i]!]!;
  return out;
}

/** A measure's own influences, to be filled. */
function influenceOf({influence, n}: CellMeasures, measure: MeasureId): Float64Array {
  return influence.subarray(PLACE[measure] * n, (PLACE[measure] + 1) * n);
}

function addMean(cell: CellMeasures, measure: MeasureId, items: ArrayLike<number>): void {
  const {n} = cell;
  const out = influenceOf(cell, measure);
  let sum = 0;
  for (let i = 0; i < n; ++i) sum += items[i]!;
  const mean = sum / n;
  cell.values[PLACE[measure]] = mean;
  for (let i = 0; i < n; ++i) out[i] = (items[i]! - mean) / n;
}

function addDistances(cell: CellMeasures, gold: Float64Array, predicted: Float64Array): void {
  const distance = new Float64Array(cell.n);
  const near = new Uint8Array(cell.n);
  for (let i = 0; i < cell.n; ++i) {
    distance[i] = Math.abs(gold[i]! - predicted[i]!);
    near[i] = distance[i]! <= 1 ? 1 : 0;
  }
  addMean(cell, "mae", distance);
  addMean(cell, "within_one", near);
}

function confusionOf(gold: Float64Array, predicted: Float64Array, labels: number): Float64Array {
  const counts = new Float64Array(labels * labels);
  if (labels > 0) for (let i = 0; i < gold.length; ++i) counts[gold[i]! * labels + predicted[i]!]! += 1;
  return counts;
}

function addConfusionMeasures(
  cell: CellMeasures,
  gold: Float64Array,
  predicted: Float64Array,
  {labels, ordinal}: Shape
): void {
  const add = (measure: MeasureId, {value, derivative}: Differentiated) => {
    const out = influenceOf(cell, measure);
    cell.values[PLACE[measure]] = value;
    for (let i = 0; i < cell.n; ++i) out[i] = derivative[gold[i]! * labels + predicted[i]!]!;
  };
  add("macro_f1", macroF1(cell.confusion, labels));
  if (ordinal) add("qwk", quadraticKappa(cell.confusion, labels));
}

function addBinned(cell: CellMeasures, measure: MeasureId, gap: Float64Array, bin: Uint8Array): void {
  const {n} = cell;
  const out = influenceOf(cell, measure);
  const sums = new Float64Array(BINS);
  for (let i = 0; i < n; ++i) sums[bin[i]!]! += gap[i]!;
  const value = sums.reduce((total, sum) => total + Math.abs(sum), 0) / n;
  const signs = sums.map(Math.sign);
  cell.values[PLACE[measure]] = value;
  for (let i = 0; i < n; ++i) out[i] = (signs[bin[i]!]! * gap[i]! - value) / n;
}

function addEstimate(
  cell: CellMeasures,
  measure: MeasureId,
  {value, influence}: {value: number; influence: Float64Array}
): void {
  cell.values[PLACE[measure]] = value;
  influenceOf(cell, measure).set(influence);
}
