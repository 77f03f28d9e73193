/**
 * Every measure of a set of rows, with the influence of each row on it: the derivative of the value by the row's
 * weight, at weights of 1. Influences add up to 0, and summed by dialogue they give the variance
 * ({@link "./uncertainty.js"}). All are written as (x − value)/n, with x the row's *item*:
 *
 * - A mean is the mean of its items.
 * - Macro-F1 and kappa are functions of the confusion counts that don't change when all counts are multiplied by a
 *   number. The influence of a row is the derivative by the count that it adds to (Euler's theorem on homogeneous
 *   functions makes them add up to 0).
 * - A calibration error is Σ over bins |Σ gaps| / n: a row moves its bin's sum by its gap, with the bin's sign. Bins are
 *   held fixed.
 *
 * Items of means are the same in every cell, so that sums of theirs add up; what the others need of a cell is
 * {@link CellCounts}, which, but for what an order decides, adds up too.
 */
import type {MeasureId} from "../cubes.js";
import {CALIBRATION_BINS as BINS, MEASURES} from "../measures.js";
import {equalMassBins, equalWidthBins} from "./calibration-bins.js";
import {macroF1, quadraticKappa, type Differentiated} from "./confusion-measures.js";
import {weighRisk} from "./risk-coverage.js";
import {gridOf, slopeAt, smoothGrids, type Grid, type SmoothCalibration} from "./smooth-calibration.js";
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

/** Measures that are means of items. */
export const MEANS: readonly MeasureId[] = [
  "accuracy",
  "within_one",
  "mae",
  "nll",
  "brier",
  "overconfidence",
  "sharpness",
  "label_entropy",
  "margin",
  "off_label_mass"
];
/** Places of {@link MEANS}, and of those that only ordinal axes have. */
const MEAN_PLACES = MEANS.map((id) => PLACE[id]);
const ORDINAL_PLACES = [PLACE.within_one, PLACE.mae];

/** Adds a row's items of all means to sums that begin at `at`, in the order of {@link MEASURE_IDS}. */
export function addMeans(sums: Float64Array, at: number, scores: ScoredRows, row: number): void {
  const confidence = scores.confidence[row]!;
  const distance = Math.abs(scores.gold[row]! - scores.predicted[row]!);
  const right = distance === 0 ? 1 : 0;
  sums[at + PLACE.accuracy]! += right;
  sums[at + PLACE.within_one]! += distance <= 1 ? 1 : 0;
  sums[at + PLACE.mae]! += distance;
  sums[at + PLACE.nll]! += scores.nll[row]!;
  sums[at + PLACE.brier]! += scores.brier[row]!;
  sums[at + PLACE.overconfidence]! += confidence - right;
  sums[at + PLACE.sharpness]! += confidence;
  sums[at + PLACE.label_entropy]! += scores.label_entropy[row]!;
  sums[at + PLACE.margin]! += scores.margin[row]!;
  sums[at + PLACE.off_label_mass]! += scores.off_label_mass[row]!;
}

/** What measures need of a cell's rows. */
export interface CellCounts {
  n: number;
  /** Σ items of the means, in the order of {@link MEASURE_IDS}. */
  sums: Float64Array;
  /** Gold × predicted; empty where the rows' axes don't share their labels. */
  confusion: Float64Array;
  /** Σ confidence − right by bin, of equal width and of equal mass. */
  widthGaps: Float64Array;
  massGaps: Float64Array;
  aurc: number;
  /** Rows shared out to so many points. */
  grid: (points: number) => Grid;
}

/** The values of a cell, and what {@link addOthers} needs to make items of them. */
export interface CellValues {
  /** In the order of {@link MEASURE_IDS}; NaN where undefined. */
  values: Float64Array;
  labels: number;
  /** Items by gold · labels + predicted; empty where undefined. */
  macroF1: Float64Array;
  kappa: Float64Array;
  /** Sign of each bin's gap. */
  widthSigns: Float64Array;
  massSigns: Float64Array;
  smooth: SmoothCalibration | null;
  n: number;
}

/** Values of all measures of a cell. */
export function valuesOf(counts: CellCounts, {labels, ordinal}: Shape): CellValues {
  const {n, sums, confusion, widthGaps, massGaps} = counts;
  const values = new Float64Array(MEASURE_IDS.length).fill(NaN);
  const none = new Float64Array(0);
  const cell: CellValues = {
    ...{values, n, labels, macroF1: none, kappa: none, smooth: null},
    widthSigns: widthGaps.map(Math.sign),
    massSigns: massGaps.map(Math.sign)
  };
  if (n === 0) return cell;
  for (const place of MEAN_PLACES)
    if (ordinal || !ORDINAL_PLACES.includes(place)) values[place] = sums[place]! / n;
  const itemsOf = ({value, derivative}: Differentiated) => derivative.map((moved) => n * moved + value);
  if (labels > 0) {
    const f1 = macroF1(confusion, labels);
    values[PLACE.macro_f1] = f1.value;
    cell.macroF1 = itemsOf(f1);
  }
  if (labels > 0 && ordinal) {
    const kappa = quadraticKappa(confusion, labels);
    values[PLACE.qwk] = kappa.value;
    cell.kappa = itemsOf(kappa);
  }
  const total = (gaps: Float64Array) => gaps.reduce((sum, gap) => sum + Math.abs(gap), 0);
  values[PLACE.ece] = total(widthGaps) / n;
  values[PLACE.ece_mass] = total(massGaps) / n;
  values[PLACE.aurc] = counts.aurc;
  cell.smooth = smoothGrids(counts.grid);
  values[PLACE.smooth_ece] = cell.smooth.value;
  return cell;
}

/** A row as {@link addOthers} sees it. */
export interface PlacedRow {
  gold: number;
  predicted: number;
  confidence: number;
  /** Confidence − right. */
  gap: number;
  widthBin: number;
  massBin: number;
  /** See {@link weighRisk}. */
  risk: number;
}

/** Adds a row's items of all measures that are no means. Those of smooth ECE add up to n · value but for a remainder. */
export function addOthers(sums: Float64Array, at: number, cell: CellValues, row: PlacedRow): void {
  const {labels, macroF1: f1, kappa, smooth, n} = cell;
  const {gap} = row;
  const code = row.gold * labels + row.predicted;
  if (f1.length > 0) sums[at + PLACE.macro_f1]! += f1[code]!;
  if (kappa.length > 0) sums[at + PLACE.qwk]! += kappa[code]!;
  sums[at + PLACE.ece]! += cell.widthSigns[row.widthBin]! * gap;
  sums[at + PLACE.ece_mass]! += cell.massSigns[row.massBin]! * gap;
  sums[at + PLACE.aurc]! += row.risk;
  sums[at + PLACE.smooth_ece]! += n * slopeAt(smooth!, row.confidence, gap) + smooth!.value;
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
}

/** Measures the rows with these indices into `scores`, all of which must be scored. */
export function measureCell(scores: ScoredRows, rows: ArrayLike<number>, shape: Shape): CellMeasures {
  const n = rows.length;
  const width = MEASURE_IDS.length;
  const confidence = Float64Array.from(rows, (row) => scores.confidence[row]!);
  const correct = Uint8Array.from(rows, (row) => (scores.gold[row] === scores.predicted[row] ? 1 : 0));
  const order = ascendingOrder(confidence);
  const widthBin = equalWidthBins(confidence);
  const massBin = equalMassBins(confidence, BINS, order);
  const risk = new Float64Array(n);
  const counts: CellCounts = {
    n,
    sums: new Float64Array(width),
    confusion: new Float64Array(shape.labels ** 2),
    widthGaps: new Float64Array(BINS),
    massGaps: new Float64Array(BINS),
    aurc: weighRisk(confidence, correct, order, risk),
    grid: (points) => gridOf(confidence, correct, points)
  };
  const placed = Array.from(rows, (row, i): PlacedRow => {
    const [gold, predicted, sure] = [scores.gold[row]!, scores.predicted[row]!, confidence[i]!];
    const gap = sure - correct[i]!;
    const bins = {widthBin: widthBin[i]!, massBin: massBin[i]!};
    addMeans(counts.sums, 0, scores, row);
    if (shape.labels > 0) counts.confusion[gold * shape.labels + predicted]! += 1;
    counts.widthGaps[bins.widthBin]! += gap;
    counts.massGaps[bins.massBin]! += gap;
    return {gold, predicted, confidence: sure, gap, ...bins, risk: risk[i]!};
  });
  const cell = valuesOf(counts, shape);
  const items = new Float64Array(n * width);
  placed.forEach((row, i) => {
    addMeans(items, i * width, scores, rows[i]!);
    addOthers(items, i * width, cell, row);
  });
  const influence = influencesOf(items, cell);
  return {n, values: cell.values, influence, confidence, correct, widthBin, massBin};
}

/** (x − value)/n of each row's items, measure by measure; the remainder of smooth ECE is shared out. */
function influencesOf(items: Float64Array, {values, n}: CellValues): Float64Array {
  const width = values.length;
  const influence = new Float64Array(n * width);
  for (let m = 0; m < width; ++m) {
    let centre = values[m]!;
    if (m === PLACE.smooth_ece) {
      centre = 0;
      for (let i = 0; i < n; ++i) centre += items[i * width + m]! / n;
    }
    for (let i = 0; i < n; ++i) influence[m * n + i] = (items[i * width + m]! - centre) / n;
  }
  return influence;
}
