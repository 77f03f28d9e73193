/**
 * Correlation over all rows, and within groups. They can differ in sign (Simpson's paradox), so both are shown. Each
 * comes with the influence of every row, from which a cluster-robust interval follows.
 */
import {ascendingOrder} from "./sort-order.js";
import type {Estimate} from "./uncertainty.js";

/** Pearson's correlation of paired values; null with fewer than two rows or where one side is constant. */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  return pearsonEstimate(x, y)?.value ?? null;
}

/**
 * Pearson's correlation with influences; with groups, after both sides lost their group means (the fixed-effects, or
 * within, estimate). With x and y scaled to mean 0 and variance 1 the influence of a row is (xy − r(x² + y²)/2)/n
 * (Devlin, Gnanadesikan & Kettenring 1975). Null with fewer than two rows or where one side is constant.
 *
 * @param groups - Group of each row (a setting with its seed), a small non-negative integer.
 */
export function pearsonEstimate(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  groups: ArrayLike<number> = new Uint8Array(x.length)
): Estimate | null {
  const standard = standardised(demean(x, groups), demean(y, groups));
  return standard && {value: standard.r, influence: productInfluence(standard)};
}

/**
 * Spearman's rank correlation with influences: Pearson's of the mid-ranks, equal values sharing theirs; with groups, of
 * the ranks within each group as shares of its rows, so that a group counts by its number of rows. Influences hold
 * that a row also moves the ranks of all rows above it. Null with fewer than two rows or where one side is constant.
 */
export function spearmanEstimate(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  groups?: ArrayLike<number>
): Estimate | null {
  const members = membersOf(x.length, groups);
  const orders = {x: members.map((rows) => sorted(x, rows)), y: members.map((rows) => sorted(y, rows))};
  const [u, v] = [rankShares(x, orders.x), rankShares(y, orders.y)];
  const own = groups ?? new Uint8Array(x.length);
  const standard = standardised(demean(u, own), demean(v, own));
  if (!standard) return null;
  const influence = productInfluence(standard);
  const {r, dx, dy, sx, sy} = standard;
  const n = x.length;
  // Derivatives of r by the ranks of each row.
  const byU = Float64Array.from({length: n}, (_, i) => (dy[i]! / sy - (r * dx[i]!) / sx) / (n * sx));
  const byV = Float64Array.from({length: n}, (_, i) => (dx[i]! / sx - (r * dy[i]!) / sy) / (n * sy));
  addRankInfluence(influence, x, orders.x, u, byU);
  addRankInfluence(influence, y, orders.y, v, byV);
  return {value: r, influence};
}

/** Values minus the mean of their group. `groups[i]` is a small non-negative integer. */
export function demean(values: ArrayLike<number>, groups: ArrayLike<number>): Float64Array {
  let size = 0;
  for (let i = 0; i < groups.length; ++i) size = Math.max(size, groups[i]! + 1);
  const sums = new Float64Array(size);
  const counts = new Float64Array(size);
  for (let i = 0; i < values.length; ++i) {
    sums[groups[i]!]! += values[i]!;
    counts[groups[i]!]! += 1;
  }
  return Float64Array.from(
    {length: values.length},
    (_, i) => values[i]! - sums[groups[i]!]! / counts[groups[i]!]!
  );
}

/** Values of mean 0 with their root mean squares and their correlation. */
interface Standardised {
  r: number;
  dx: Float64Array;
  dy: Float64Array;
  sx: number;
  sy: number;
}

function standardised(dx: Float64Array, dy: Float64Array): Standardised | null {
  let [xx, yy, xy] = [0, 0, 0];
  const n = dx.length;
  for (let i = 0; i < n; ++i) {
    xx += dx[i]! * dx[i]!;
    yy += dy[i]! * dy[i]!;
    xy += dx[i]! * dy[i]!;
  }
  // Demeaning leaves rounding noise where a side is constant: what is below it is no variance.
  const flat = (squares: number) => !(Math.sqrt(squares / n) > 1e-12);
  if (n < 2 || flat(xx) || flat(yy)) return null;
  const r = Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  return {r, dx, dy, sx: Math.sqrt(xx / n), sy: Math.sqrt(yy / n)};
}

function productInfluence({r, dx, dy, sx, sy}: Standardised): Float64Array {
  const n = dx.length;
  return Float64Array.from({length: n}, (_, i) => {
    const [zx, zy] = [dx[i]! / sx, dy[i]! / sy];
    return (zx * zy - (r * (zx * zx + zy * zy)) / 2) / n;
  });
}

/** Rows of each group. */
function membersOf(n: number, groups?: ArrayLike<number>): Uint32Array[] {
  if (!groups) return [Uint32Array.from({length: n}, (_, i) => i)];
  const members: number[][] = [];
  for (let i = 0; i < n; ++i) (members[groups[i]!] ??= []).push(i);
  return Object.values(members).map((rows) => Uint32Array.from(rows));
}

/** `rows` by ascending value. */
function sorted(values: ArrayLike<number>, rows: Uint32Array): Uint32Array {
  return ascendingOrder(Float64Array.from(rows, (row) => values[row]!)).map((at) => rows[at]!);
}

/** Calls `visit` with the places `from` to `to` (exclusive) of each run of equal values. */
function eachTie(
  values: ArrayLike<number>,
  order: Uint32Array,
  visit: (from: number, to: number) => void
): void {
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) ++to;
    visit(from, to);
    from = to;
  }
}

/** (rows of the group below + half the equal ones, itself among them) / rows of the group: mid-ranks, moved by ½, as shares. */
function rankShares(values: ArrayLike<number>, orders: Uint32Array[]): Float64Array {
  const shares = new Float64Array(values.length);
  for (const order of orders)
    eachTie(values, order, (from, to) => {
      for (let at = from; at < to; ++at) shares[order[at]!] = (from + to) / 2 / order.length;
    });
  return shares;
}

/** Adds what each row's weight does to the ranks: those above it rise by 1/n, its equals by half that, and all shrink. */
function addRankInfluence(
  influence: Float64Array,
  values: ArrayLike<number>,
  orders: Uint32Array[],
  shares: Float64Array,
  slopes: Float64Array
): void {
  for (const order of orders) {
    const n = order.length;
    let shrink = 0;
    let above = 0;
    for (const row of order) {
      shrink += slopes[row]! * shares[row]!;
      above += slopes[row]!;
    }
    eachTie(values, order, (from, to) => {
      let own = 0;
      for (let at = from; at < to; ++at) own += slopes[order[at]!]!;
      above -= own;
      for (let at = from; at < to; ++at) influence[order[at]!]! += (above + own / 2 - shrink) / n;
    });
  }
}
