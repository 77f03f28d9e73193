/** Ranks with ties. */

/** Ranks from 1, ascending; equal values share the mean of their places. As SciPy's `rankdata(method="average")`. */
export function averageRanks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]!] === values[order[from]!]) ++to;
    for (let i = from; i < to; ++i) ranks[order[i]!] = (from + 1 + to) / 2;
  }
  return ranks;
}

/** Σ (t³ − t) over groups of t equal values: what ties take from the spread of ranks. */
export function tieSum(values: readonly number[]): number {
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return [...sizes.values()].reduce((sum, size) => sum + size ** 3 - size, 0);
}
