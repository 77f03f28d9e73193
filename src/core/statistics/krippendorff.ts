/**
 * Krippendorff's α: agreement of any number of judges, any of whom may have left units out (Krippendorff 2011,
 * “Computing Krippendorff's alpha-reliability”). 1 is perfect, 0 what chance gives, below 0 worse than chance.
 */

/** What differences between values mean: none but being different, ranks, or distances. */
export type ScaleLevel = "nominal" | "ordinal" | "interval";

export interface Agreement {
  /** Null where it is undefined, see `reason`. */
  alpha: number | null;
  /** Units with two values at least; the others say nothing of agreement. */
  units: number;
  /** Values in those units. */
  values: number;
  reason: string | null;
}

/**
 * @param judgements judges × units; null where a judge gave none
 * @param level scale of the values; numbers, in their order (labels: their places)
 */
export function krippendorffAlpha(
  judgements: readonly (readonly (number | null)[])[],
  level: ScaleLevel
): Agreement {
  const width = Math.max(0, ...judgements.map(({length}) => length));
  const units = Array.from({length: width}, (_, unit) =>
    judgements.map((judge) => judge[unit]).filter((value) => value != null && !Number.isNaN(value))
  ).filter((values): values is number[] => values.length > 1);
  const pooled = units.flat();
  const shape = {units: units.length, values: pooled.length};
  const domain = [...new Set(pooled)].sort((a, b) => a - b);
  if (domain.length === 0) return {alpha: null, ...shape, reason: "No unit was judged twice."};
  if (domain.length === 1)
    return {
      alpha: null,
      ...shape,
      reason: "All judgements are the same, so chance can't be told from agreement."
    };
  const counts = domain.map((value) => pooled.filter((other) => other === value).length);
  const distance = squaredDistances(domain, counts, level);
  const observed = units.reduce(
    (sum, unit) => sum + disagreement(tally(unit, domain), distance) / (unit.length - 1),
    0
  );
  const expected = disagreement(counts, distance) / (pooled.length - 1);
  return {alpha: 1 - observed / expected, ...shape, reason: null};
}

/** How often each value of the domain occurs. */
function tally(values: readonly number[], domain: readonly number[]): number[] {
  const counts = domain.map(() => 0);
  for (const value of values) counts[domain.indexOf(value)]! += 1;
  return counts;
}

/** Σ over ordered pairs of values of their squared distance. Values at no distance from themselves, so pairs of one and the same don't matter. */
function disagreement(counts: readonly number[], distance: readonly (readonly number[])[]): number {
  return counts.reduce(
    (sum, n, i) => sum + counts.reduce((inner, m, j) => inner + n * m * distance[i]![j]!, 0),
    0
  );
}

/** δ² of all pairs of values (Krippendorff 2011, step 4 C–E). */
function squaredDistances(
  domain: readonly number[],
  counts: readonly number[],
  level: ScaleLevel
): number[][] {
  return domain.map((a, i) =>
    domain.map((b, j) => {
      if (i === j) return 0;
      if (level === "nominal") return 1;
      if (level === "interval") return (a - b) ** 2;
      const [from, to] = [Math.min(i, j), Math.max(i, j)];
      const between = counts.slice(from, to + 1).reduce((sum, count) => sum + count, 0);
      return (between - (counts[from]! + counts[to]!) / 2) ** 2;
    })
  );
}
