/**
 * How severe raters are: the two-way model score = item + rater + error, in which items are fixed (an item's score is
 * never drawn towards the mean of all) and raters are draws of a variance of their own.
 *
 * Items are taken out of the normal equations, which leaves one equation a rater however many items there are
 * (Searle, Casella & McCulloch 1992, Variance Components, §7.1). Least squares gives each rater's severity; the
 * variances of raters and error are Henderson's method III (§5.5), and with them the severities shrink as best linear
 * unbiased predictions do (§7.4): a rater with few votes is corrected by little.
 */
import type {RatingMatrix} from "../judging/rating-matrix.js";
import {cholesky, choleskySolve} from "./cholesky.js";

export interface Severity {
  /**
   * Rater → how much higher than its fellows it scores on the items that they share, by least squares; 0 on average over
   * the raters of a group that shares items. NaN for a rater who shares none.
   */
  severities: Float64Array;
  /** The same, shrunk towards 0; 0 for a rater who shares no item. */
  shrunk: Float64Array;
  /** Variance of the error and of raters' severities; NaN where there are too few votes to tell. */
  error: number;
  between: number;
  /** Applies the inverse of the raters' equations; what turns an item's residuals into influences on the severities. */
  solve(right: ArrayLike<number>): Float64Array;
}

/** Fits the model to label positions with gaps. */
export function fitSeverity(matrix: RatingMatrix): Severity {
  const {raters} = matrix;
  const equations = absorbItems(matrix);
  const groups = groupsOf(equations.left, raters);
  const alone = groups.map((group) => groups.filter((other) => other === group).length === 1);
  const held = grounded(equations.left, groups, raters);
  const lower = cholesky(held);
  const solve = (right: ArrayLike<number>) =>
    Float64Array.from(lower ? choleskySolve(lower, Array.from(right)) : new Array<number>(raters).fill(0));
  const solved = solve(equations.right);
  const variances = variancesOf(equations, solved, new Set(groups).size);
  return {
    severities: solved.map((severity, rater) => (alone[rater] ? NaN : severity)),
    shrunk: shrink(equations, held, variances),
    ...variances,
    solve
  };
}

/** The raters' normal equations after items are taken out of them: left · severities = right. */
interface Equations {
  left: number[][];
  right: Float64Array;
  /** Σ of squares of votes around their item's mean. */
  within: number;
  votes: number;
  items: number;
}

function absorbItems({items, raters, positions}: RatingMatrix): Equations {
  const left = Array.from({length: raters}, () => new Array<number>(raters).fill(0));
  const right = new Float64Array(raters);
  let [within, votes, voted] = [0, 0, 0];
  for (let item = 0; item < items; ++item) {
    const row = positions.subarray(item * raters, (item + 1) * raters);
    const given: number[] = [];
    let sum = 0;
    for (let rater = 0; rater < raters; ++rater)
      if (!Number.isNaN(row[rater]!)) {
        given.push(rater);
        sum += row[rater]!;
      }
    if (given.length === 0) continue;
    voted += 1;
    votes += given.length;
    const share = 1 / given.length;
    for (const rater of given) {
      const deviation = row[rater]! - sum * share;
      right[rater]! += deviation;
      within += deviation * deviation;
      left[rater]![rater]! += 1;
      for (const other of given) left[rater]![other]! -= share;
    }
  }
  return {left, right, within, votes, items: voted};
}

/** Number of the group of each rater; raters of a group are linked by items that two of them scored. */
function groupsOf(left: number[][], raters: number): number[] {
  const group = Array.from({length: raters}, (_, rater) => rater);
  for (let a = 0; a < raters; ++a)
    for (let b = 0; b < a; ++b) {
      if (left[a]![b] === 0 || group[a] === group[b]) continue;
      const [from, to] = [group[a]!, group[b]!];
      group.forEach((own, rater) => (group[rater] = own === from ? to : own));
    }
  return group;
}

/**
 * The left side with every group's mean severity held at 0: the same constant is added to all its entries, which moves
 * nothing else, as the right side adds up to 0 over a group.
 */
function grounded(left: number[][], groups: number[], raters: number): number[][] {
  const scale = Math.max(1, ...left.map((row, rater) => row[rater]!)) / raters;
  return left.map((row, a) => row.map((entry, b) => entry + (groups[a] === groups[b] ? scale : 0)));
}

function variancesOf(
  {left, right, within, votes, items}: Equations,
  severities: Float64Array,
  groups: number
): {error: number; between: number} {
  const explained = severities.reduce((sum, severity, rater) => sum + severity * right[rater]!, 0);
  const raterDf = severities.length - groups;
  const errorDf = votes - items - raterDf;
  const error = errorDf > 0 ? Math.max(0, within - explained) / errorDf : NaN;
  const trace = left.reduce((sum, row, rater) => sum + row[rater]!, 0);
  const between = trace > 0 ? Math.max(0, (explained - raterDf * error) / trace) : NaN;
  return {error, between};
}

/** Henderson's mixed-model equations with items taken out: (left + error/between) · severities = right. */
function shrink(
  {right}: Equations,
  held: number[][],
  {error, between}: {error: number; between: number}
): Float64Array {
  const ridge = error / between;
  const lower =
    between > 0 ? cholesky(held.map((row, a) => row.map((entry, b) => entry + (a === b ? ridge : 0)))) : null;
  return Float64Array.from(lower ? choleskySolve(lower, Array.from(right)) : right.map(() => 0));
}
