/**
 * Smooth calibration error (smECE) of Błasiok & Nakkiran (2023), Smooth ECE: Principled Reliability Diagrams via Kernel
 * Smoothing. With a kernel of width σ on [0, 1], a Gaussian reflected at both ends,
 *
 *     smECE_σ = ∫ |Σ_i (confidence_i − correct_i) K_σ(t, confidence_i)| dt / n,
 *
 * and smECE is its value at the width that equals it: too narrow a kernel would call noise miscalibration, too wide a
 * one would let over- and underconfidence cancel.
 *
 * Discretised as in the authors' package relplot 1.0.3, so that the numbers are the same: rows on a grid, {@link Mesh};
 * widths in steps of 1/1024, of which the smallest with smECE_σ ≤ σ is taken; kernels cut off half a unit from their centre.
 */
import type {Estimate} from "./uncertainty.js";

const WIDTHS = 1024;
/** What relplot adds to every density. */
const DENSITY_FLOOR = 1e-4;
/** Kernels end here, in widths: beyond is less than 1e-12 of their centre. */
const KERNEL_REACH = 7.5;
/** Grid points on which the width is looked for first. */
const COARSE = 126;

export interface SmoothCalibrationError extends Estimate {
  /** Width of the kernel. */
  width: number;
}

/**
 * smECE of n ≥ 1 rows with influences, in O(n) and some hundred thousand steps for the smoothing. Influences hold the width
 * fixed. That overstates them a little, as a wider kernel would take part of a change back.
 *
 * @param confidence - In [0, 1].
 * @param correct - 1 where the predicted label is right, else 0.
 */
export function smoothCalibrationError(
  confidence: Float64Array,
  correct: ArrayLike<number | boolean>
): SmoothCalibrationError {
  const n = confidence.length;
  const smoothed = smoothGrids((points) => gridOf(confidence, correct, points));
  const influence = Float64Array.from(confidence, (sure, i) =>
    slopeAt(smoothed, sure, sure - (correct[i] ? 1 : 0))
  );
  // What the floor under the densities and the interpolation leave over; a hundredth of a per cent.
  const mean = influence.reduce((sum, one) => sum + one, 0) / n;
  for (let i = 0; i < n; ++i) influence[i]! -= mean;
  return {value: smoothed.value, influence, width: smoothed.width};
}

/** smECE_σ: the error at a given width. */
export function smoothCalibrationErrorAt(
  confidence: Float64Array,
  correct: ArrayLike<number | boolean>,
  width: number
): number {
  const mesh = meshOf(width);
  return smooth(gridOf(confidence, correct, mesh.points), smootherOf(width, mesh)).value;
}

/** smECE, and how a row moves it: {@link slopeAt}. */
export interface SmoothCalibration {
  value: number;
  width: number;
  /** What a row at evenly spaced confidences adds to the signed smoothed gap, by its gap, and to the density. */
  signed: Float64Array;
  density: Float64Array;
  /** Sum of densities. */
  total: number;
}

/** smECE of rows that were shared out to grids of so many points as asked for: grids of several cells add up. */
export function smoothGrids(gridOfPoints: (points: number) => Grid): SmoothCalibration {
  const grids = new Map<number, Grid>();
  const at = (step: number, mesh: Mesh) => {
    let grid = grids.get(mesh.points);
    if (!grid) grids.set(mesh.points, (grid = gridOfPoints(mesh.points)));
    return smooth(grid, smootherOf(step / WIDTHS, mesh));
  };
  const coarsely = (step: number) => at(step, coarseMeshOf(step / WIDTHS)).value;
  const {step, smoothed} = fixedPoint((step) => at(step, meshOf(step / WIDTHS)), guessStep(coarsely));
  const {value, total, signs} = smoothed;
  return {value, width: step / WIDTHS, ...spread(step / WIDTHS, signs), total};
}

/**
 * Derivative of smECE_σ by the weight of a row: (gap · S − smECE_σ · D)/total, with S and D what a row at this confidence
 * adds to the signed smoothed gap and to the density. Over all rows these add up to nearly 0.
 */
export function slopeAt(
  {value, signed, density, total}: SmoothCalibration,
  confidence: number,
  gap: number
): number {
  const last = signed.length - 1;
  const place = confidence * last;
  const below = Math.min(last - 1, Math.floor(place));
  const share = place - below;
  const own = signed[below]! * (1 - share) + signed[below + 1]! * share;
  const rows = density[below]! * (1 - share) + density[below + 1]! * share;
  return (gap * own - value * rows) / total;
}

/** Where errors start from and how often they are followed, at most, until the guess stays. */
const FIRST_GUESS = 100;
const GUESSES = 6;

/** A step near the fixed point: errors change so slowly with the width that the error at a guess is the next guess. */
function guessStep(errorAt: (step: number) => number): number {
  let guess = FIRST_GUESS;
  for (let i = 0; i < GUESSES; ++i) {
    const next = Math.min(WIDTHS - 1, Math.max(2, Math.ceil(errorAt(guess) * WIDTHS)));
    if (next === guess) break;
    guess = next;
  }
  return guess;
}

/** By so much errors may fail to fall where kernels widen by some steps, as wide ones are cut off. */
const NOISE = 1e-4;

/**
 * The smallest step with smECE_σ ≤ σ, from a good guess. Errors fall as kernels widen, so that every error found also
 * answers for all narrower kernels below it and all wider ones above it.
 */
function fixedPoint(errorAt: (step: number) => Smoothed, guess: number): {step: number; smoothed: Smoothed} {
  let [low, high] = [1, WIDTHS];
  let [at, stride] = [guess, 1];
  let found: Smoothed | null = null;
  while (high - low > 1) {
    at = Math.min(high - 1, Math.max(low + 1, at));
    const smoothed = errorAt(at);
    if (at / WIDTHS < smoothed.value) {
      low = at;
      at += stride;
    } else {
      [high, found] = [at, smoothed];
      low = Math.max(low, Math.min(at - 1, Math.ceil((smoothed.value - NOISE) * WIDTHS) - 1));
      at -= stride;
    }
    stride *= 2;
  }
  return {step: high, smoothed: found ?? errorAt(high)};
}

/** How finely [0, 1] is cut. */
interface Mesh {
  /** Grid points that rows are shared out to, linearly. */
  points: number;
  /** Places, evenly spaced, where the smoothed grid is read, linearly between its points. */
  evaluated: number;
}

function coarseMeshOf(width: number): Mesh {
  return {points: COARSE, evaluated: Math.max(COARSE, Math.round(4 / width))};
}

function meshOf(width: number): Mesh {
  return {
    points: Math.floor(Math.max(2000, Math.round(20 / width)) / 2) + 1,
    evaluated: Math.max(200, Math.round(10 / width))
  };
}

/** Rows shared out to grid points: sums of confidence − correct, and of rows. */
export interface Grid {
  gaps: Float64Array;
  rows: Float64Array;
}

/** @param chosen - Indices of the rows that count; without, all. */
export function gridOf(
  confidence: Float64Array,
  correct: ArrayLike<number | boolean>,
  points: number,
  chosen?: Uint32Array
): Grid {
  const gaps = new Float64Array(points);
  const rows = new Float64Array(points);
  const n = chosen?.length ?? confidence.length;
  for (let i = 0; i < n; ++i) {
    const row = chosen ? chosen[i]! : i;
    const sure = confidence[row]!;
    const place = sure * (points - 1);
    const below = Math.min(points - 2, Math.floor(place));
    const share = place - below;
    const gap = sure - (correct[row] ? 1 : 0);
    gaps[below]! += (1 - share) * gap;
    gaps[below + 1]! += share * gap;
    rows[below]! += 1 - share;
    rows[below + 1]! += share;
  }
  return {gaps, rows};
}

interface Smoothed {
  /** smECE_σ. */
  value: number;
  /** Sum of densities that it was divided by. */
  total: number;
  /** Sign of the smoothed gap at each evaluated place. */
  signs: Int8Array;
}

function smooth(grid: Grid, {mesh, kernel, columns}: Smoother): Smoothed {
  const {points, evaluated} = mesh;
  const margin = kernel.weights.length + kernel.reach;
  const gaps = reflected(grid.gaps, margin);
  const signs = new Int8Array(evaluated);
  let error = 0;
  for (let e = 0; e < evaluated; ++e) {
    const place = (e / (evaluated - 1)) * (points - 1);
    const point = Math.min(points - 2, Math.floor(place));
    const gap = convolve(gaps, kernel.weights, margin + point + kernel.reach, place - point);
    error += Math.abs(gap);
    signs[e] = Math.sign(gap);
  }
  let total = DENSITY_FLOOR * evaluated;
  for (let p = 0; p < points; ++p) total += columns[p]! * grid.rows[p]!;
  return {value: error / total, total, signs};
}

/** All of a width's smoothing that doesn't depend on the rows. */
interface Smoother {
  width: number;
  mesh: Mesh;
  kernel: Kernel;
  /** What a row at each grid point adds to the sum of densities over all evaluated places. */
  columns: Float64Array;
}

/** Smoothers by their grid points and width: cells of a study need the same few hundred again and again. */
const smoothers = new Map<string, Smoother>();

function smootherOf(width: number, mesh: Mesh): Smoother {
  const key = `${mesh.points} ${width}`;
  let smoother = smoothers.get(key);
  if (!smoother) {
    const kernel = kernelOf(width, mesh.points);
    smoother = {width, mesh, kernel, columns: columnsOf(kernel, mesh)};
    smoothers.set(key, smoother);
  }
  return smoother;
}

/** Weights by distance in grid points, from −`reach` on. */
interface Kernel {
  weights: Float64Array;
  reach: number;
}

function kernelOf(width: number, points: number): Kernel {
  const half = points >> 1;
  const reach = Math.min(half, Math.ceil(KERNEL_REACH * width * (points - 1)));
  const from = half - reach;
  const to = Math.min(points - 1, half + reach);
  const weights = Float64Array.from({length: to - from + 1}, (_, i) => {
    const z = ((from + i) / (points - 1) - 0.5) / width;
    return Math.exp(-0.5 * z * z) / (Math.sqrt(2 * Math.PI) * width);
  });
  return {weights, reach};
}

/** The transpose of smoothing, applied to the evaluated places all alike. */
function columnsOf({weights, reach}: Kernel, {points, evaluated}: Mesh): Float64Array {
  const read = new Float64Array(points);
  for (let e = 0; e < evaluated; ++e) {
    const place = (e / (evaluated - 1)) * (points - 1);
    const below = Math.min(points - 2, Math.floor(place));
    read[below]! += 1 - (place - below);
    read[below + 1]! += place - below;
  }
  const last = points - 1;
  const margin = weights.length;
  const reached = new Float64Array(points + 2 * margin);
  for (let p = 0; p < points; ++p) {
    const share = read[p]!;
    if (share === 0) continue;
    const first = margin + p + reach;
    for (let k = 0; k < weights.length; ++k) reached[first - k]! += share * weights[k]!;
  }
  // What lies beyond an end is mirrored there.
  return Float64Array.from({length: points}, (_, at) => {
    const before = at > 0 && at <= margin ? reached[margin - at]! : 0;
    const beyond = at < last && last - at <= margin ? reached[margin + 2 * last - at]! : 0;
    return reached[margin + at]! + before + beyond;
  });
}

/** Values with `margin` more on either side, mirrored at the first and the last; what would lie beyond the mirror is 0. */
function reflected(values: Float64Array, margin: number): Float64Array {
  const last = values.length - 1;
  const out = new Float64Array(values.length + 2 * margin);
  out.set(values, margin);
  for (let k = 1; k <= Math.min(margin, last); ++k) {
    out[margin - k] = values[k]!;
    out[margin + last + k] = values[last - k]!;
  }
  return out;
}

/**
 * Σ_k weights[k] · v(from − k), with v between the values at its place and the next, by `share` of the way. In two sums side by
 * side: each addition would else wait for the one before.
 */
function convolve(values: Float64Array, weights: Float64Array, from: number, share: number): number {
  const last = weights.length - 1;
  let even = 0;
  let odd = 0;
  let k = 0;
  let above = values[from + 1]!;
  for (; k < last; k += 2) {
    const middle = values[from - k]!;
    const below = values[from - k - 1]!;
    even += weights[k]! * (middle + share * (above - middle));
    odd += weights[k + 1]! * (below + share * (middle - below));
    above = below;
  }
  if (k === last) even += weights[k]! * (values[from - k]! + share * (above - values[from - k]!));
  return even + odd;
}

/** The kernels of all evaluated places, added up with their signs and without, at an eighth of a width from each other. */
function spread(width: number, signs: Int8Array): {signed: Float64Array; density: Float64Array} {
  const evaluated = signs.length;
  const points = Math.max(64, Math.ceil(8 / width)) + 1;
  const signed = new Float64Array(points);
  const density = new Float64Array(points);
  const reach = Math.min(0.5, KERNEL_REACH * width);
  const height = 1 / (Math.sqrt(2 * Math.PI) * width);
  // A Gaussian at evenly spaced places changes by a factor that itself changes by a constant one.
  const step = 1 / ((points - 1) * width);
  const change = Math.exp(-step * step);
  const add = (centre: number, sign: number) => {
    const from = Math.max(0, Math.ceil((centre - reach) * (points - 1)));
    const to = Math.min(points - 1, Math.floor((centre + reach) * (points - 1)));
    const z = (from / (points - 1) - centre) / width;
    let weight = Math.exp(-0.5 * z * z) * height;
    let factor = Math.exp(-step * (z + 0.5 * step));
    for (let p = from; p <= to; ++p) {
      signed[p]! += sign * weight;
      density[p]! += weight;
      weight *= factor;
      factor *= change;
    }
  };
  for (let e = 0; e < evaluated; ++e) {
    const centre = e / (evaluated - 1);
    for (const image of [centre, -centre, 2 - centre])
      if (image > -reach && image < 1 + reach && (image === centre || (centre > 0 && centre < 1)))
        add(image, signs[e]!);
  }
  return {signed, density};
}
