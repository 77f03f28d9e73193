/**
 * Joint counts as summed-area tables: how many test rows, right and wrong, lie in any rectangle of entropy ×
 * confidence, in four look-ups. This is what makes a brush follow the pointer, however many rows there are.
 * F. C. Crow (1984), Summed-area tables for texture mapping, SIGGRAPH.
 */
import type {EntropySource, JointDocument} from "./cubes.js";
import {eachPlace} from "./joint-document.js";

/** Bins from the first, included, to the second, excluded. */
export type Span = [number, number];

/** A rectangle of bins. */
export interface Region {
  entropy: Span;
  confidence: Span;
}

export interface Counts {
  right: number;
  wrong: number;
}

/** What is counted: one arm's rows in a setting, or in all of a corpus or axis (`all`), with entropy from one place. */
export interface JointScope {
  arm: string;
  corpus: string;
  axis: string;
  /** −1 for `label_entropy`. */
  layer: number;
  estimator: EntropySource;
}

export interface JointSums {
  /** Bins along each side. */
  bins: number;
  /** Rows below and left of each corner, `(bins + 1)²` numbers, entropy by row. */
  right: Float64Array;
  wrong: Float64Array;
}

/** Sums over all settings in scope; null where no row is. */
export function jointSums(joint: JointDocument, scope: JointScope): JointSums | null {
  const {bins, ranges, arms, settings} = joint;
  const range = ranges.findIndex(
    ({layer, estimator}) => layer === scope.layer && estimator === scope.estimator
  );
  const arm = arms.indexOf(scope.arm);
  if (range < 0 || arm < 0) return null;
  const side = bins + 1;
  const sums: JointSums = {
    bins,
    right: new Float64Array(side * side),
    wrong: new Float64Array(side * side)
  };
  // Each count at the corner above its bin.
  const add = (place: number, rows: number) => {
    const bin = place >> 1;
    const corner = (Math.floor(bin / bins) + 1) * side + (bin % bins) + 1;
    const into = place % 2 === 1 ? sums.right : sums.wrong;
    into[corner]! += rows;
  };
  let found = 0;
  settings.forEach(({corpus, axis}, setting) => {
    if ([corpus, "all"].includes(scope.corpus) && [axis, "all"].includes(scope.axis))
      found += eachPlace(joint, {range, arm, setting}, add);
  });
  if (found === 0) return null;
  accumulate(sums.right, side);
  accumulate(sums.wrong, side);
  return sums;
}

function accumulate(table: Float64Array, side: number): void {
  for (let row = 1; row < side; row++)
    for (let column = 1; column < side; column++) {
      const at = row * side + column;
      table[at]! += table[at - 1]! + table[at - side]! - table[at - side - 1]!;
    }
}

/** The rectangle that holds all bins. */
export function wholeRegion({bins}: Pick<JointSums, "bins">): Region {
  return {entropy: [0, bins], confidence: [0, bins]};
}

/** Rows in a rectangle, right and wrong. */
export function countsIn({bins, right, wrong}: JointSums, {entropy, confidence}: Region): Counts {
  const side = bins + 1;
  const [low, high] = [entropy[0] * side, entropy[1] * side];
  const [left, end] = confidence;
  const within = (table: Float64Array) =>
    table[high + end]! - table[low + end]! - table[high + left]! + table[low + left]!;
  return {right: within(right), wrong: within(wrong)};
}

/** Rows of a rectangle by bin of entropy or of confidence, right and wrong together; zero outside it. */
export function histogramIn(sums: JointSums, along: keyof Region, region: Region): Float64Array {
  const counts = new Float64Array(sums.bins);
  for (let bin = region[along][0]; bin < region[along][1]; bin++) {
    const {right, wrong} = countsIn(sums, {...region, [along]: [bin, bin + 1]});
    counts[bin] = right + wrong;
  }
  return counts;
}

/** What lies outside a rectangle. */
export function countsOutside(sums: JointSums, region: Region): Counts {
  const [all, inside] = [countsIn(sums, wholeRegion(sums)), countsIn(sums, region)];
  return {right: all.right - inside.right, wrong: all.wrong - inside.wrong};
}

/** One point of a risk–coverage curve, at the upper end of a bin of entropy. */
export interface CoveragePoint {
  /** Share of the rows with entropy up to here. */
  coverage: number;
  /** Share of them that is wrong. */
  risk: number;
}

/**
 * Error rate among the rows of lowest entropy, by the share that is kept; one point a bin that holds rows. A detector
 * that knows nothing gives a level line.
 * Y. Geifman, R. El-Yaniv (2017), Selective classification for deep neural networks, NeurIPS.
 */
export function riskByCoverage(sums: JointSums): CoveragePoint[] {
  const whole = wholeRegion(sums);
  const all = countsIn(sums, whole);
  const total = all.right + all.wrong;
  const points: CoveragePoint[] = [];
  let before = 0;
  for (let bin = 1; bin <= sums.bins; bin++) {
    const {right, wrong} = countsIn(sums, {...whole, entropy: [0, bin]});
    if (right + wrong === before) continue;
    before = right + wrong;
    points.push({coverage: before / total, risk: wrong / before});
  }
  return points;
}
