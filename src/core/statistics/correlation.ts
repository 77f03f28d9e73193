/**
 * Correlation over all rows, and within groups. They can differ in sign (Simpson's paradox), so both are shown.
 */
import {clusterError, normalInterval} from "./cluster-mean.js";
import {NO_INTERVAL, type Interval} from "./cluster-bootstrap.js";

/** Pearson's correlation of paired values; null with fewer than two rows or where one side is constant. */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const one = new Int32Array(x.length);
  return momentsOf(demean(x, one), demean(y, one)).r;
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

export interface WithinCorrelation extends Interval {
  r: number | null;
}

/**
 * Correlation after both sides lost their group means (the fixed-effects, or within, estimate), with a normal interval
 * that treats clusters as the independent units: the influence of a row on r, with x and y scaled to variance 1, is
 * xy − r(x² + y²)/2 (Devlin, Gnanadesikan & Kettenring 1975), summed by cluster.
 *
 * @param groups - Group of each row (a setting with its seed).
 * @param clusters - Cluster of each row (its dialogue).
 */
export function withinCorrelation(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  groups: ArrayLike<number>,
  clusters: ArrayLike<number>
): WithinCorrelation {
  const [dx, dy] = [demean(x, groups), demean(y, groups)];
  const {r, sx, sy} = momentsOf(dx, dy);
  if (r === null) return {r, ...NO_INTERVAL};
  let size = 0;
  for (let i = 0; i < clusters.length; ++i) size = Math.max(size, clusters[i]! + 1);
  const influence = new Float64Array(size);
  const counts = new Float64Array(size);
  for (let i = 0; i < dx.length; ++i) {
    const [zx, zy] = [dx[i]! / sx, dy[i]! / sy];
    influence[clusters[i]!]! += zx * zy - (r * (zx * zx + zy * zy)) / 2;
    counts[clusters[i]!]! += 1;
  }
  return {r, ...normalInterval(r, clusterError(influence, counts, dx.length), [-1, 1])};
}

/** Correlation and root mean squares of values that have mean 0. */
function momentsOf(dx: Float64Array, dy: Float64Array): {r: number | null; sx: number; sy: number} {
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < dx.length; ++i) {
    xx += dx[i]! * dx[i]!;
    yy += dy[i]! * dy[i]!;
    xy += dx[i]! * dy[i]!;
  }
  const n = dx.length;
  // Demeaning leaves rounding noise where a side is constant: what is below it is no variance.
  const flat = (squares: number) => !(Math.sqrt(squares / n) > 1e-12);
  if (n < 2 || flat(xx) || flat(yy)) return {r: null, sx: 0, sy: 0};
  return {
    r: Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))),
    sx: Math.sqrt(xx / n),
    sy: Math.sqrt(yy / n)
  };
}
