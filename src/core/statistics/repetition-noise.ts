/**
 * Differences between repetitions of the same job. Two repetitions differ by noise alone, so the mean of their difference
 * is zero, and its root mean square over all pairs is its standard deviation: √2 times that of one repetition (the mean over
 * pairs of (xᵢ − xⱼ)² is twice the unbiased sample variance).
 */

/** One repetition's test rows; all repetitions have the same rows in the same order. */
export interface Repetition {
  /** 1 where the predicted label is gold. */
  right: ArrayLike<number>;
  /** Of the gold label, in nats. */
  nll: ArrayLike<number>;
  /** Index of the predicted label. */
  predicted: ArrayLike<number>;
  /** Label probabilities of all rows, one after the other. */
  probabilities: ArrayLike<number>;
}

export interface Difference {
  /** Largest absolute difference between two repetitions. */
  largest: number;
  /** Root mean square of the difference over pairs of repetitions; of shares, their mean over pairs. */
  deviation: number;
}

/** Difference between means over the rows listed. Throws a RangeError with fewer than two repetitions. */
export function meanDifference(columns: readonly ArrayLike<number>[], rows: readonly number[]): Difference {
  const means = columns.map((column) => rows.reduce((sum, row) => sum + column[row]!, 0) / rows.length);
  return summarise(pairs(means).map(([a, b]) => Math.abs(a - b)));
}

/** Difference between single values of long columns. Values that are not finite in either are passed over. */
export function valueDifference(columns: readonly ArrayLike<number>[]): Difference {
  let [largest, squares, count] = [0, 0, 0];
  for (const [a, b] of pairs(columns))
    for (let i = 0; i < a.length; ++i) {
      const difference = Math.abs(a[i]! - b[i]!);
      if (!Number.isFinite(difference)) continue;
      largest = Math.max(largest, difference);
      squares += difference ** 2;
      count += 1;
    }
  return {largest, deviation: count > 0 ? Math.sqrt(squares / count) : 0};
}

/** Share of rows whose value differs: the largest of all pairs of repetitions, and their mean. */
export function changedShare(columns: readonly ArrayLike<number>[]): Difference {
  const shares = pairs(columns).map(([a, b]) => {
    let changed = 0;
    for (let i = 0; i < a.length; ++i) if (a[i] !== b[i]) changed += 1;
    return changed / Math.max(1, a.length);
  });
  return {
    largest: Math.max(...shares),
    deviation: shares.reduce((sum, share) => sum + share, 0) / shares.length
  };
}

function summarise(differences: number[]): Difference {
  const squares = differences.reduce((sum, difference) => sum + difference ** 2, 0);
  return {largest: Math.max(...differences), deviation: Math.sqrt(squares / differences.length)};
}

/** All pairs of repetitions. */
function pairs<T>(items: readonly T[]): [T, T][] {
  if (items.length < 2) throw new RangeError("Noise takes two repetitions at least.");
  return items.flatMap((a, i) => items.slice(i + 1).map((b): [T, T] => [a, b]));
}
