/**
 * Aggregates over settings and seeds that single outlying runs don't decide, as rliable defines them (Agarwal,
 * Schwarzer, Castro, Courville & Bellemare 2021, “Deep reinforcement learning at the edge of the statistical
 * precipice”). Scores are lists of seeds' values, one list a setting; higher is better (turn the sign of measures where lower is).
 */

/** Settings × seeds; settings may differ in their number of seeds. */
export type Scores = readonly (readonly number[])[];

/**
 * Interquartile mean: of all values taken together, the lowest and highest ⌊n/4⌋ are left out. As SciPy's
 * `trim_mean(values, 0.25)`. NaN without values.
 */
export function interquartileMean(scores: Scores): number {
  const sorted = Float64Array.from(scores.flat()).sort();
  const cut = Math.floor(sorted.length / 4);
  return mean(sorted.subarray(cut, sorted.length - cut));
}

/**
 * Probability that a training of `x` beats one of `y` in the same setting: U / (n_x · n_y), ties half, mean over
 * settings. .5 where they are alike; NaN without a setting in which both have a value.
 */
export function probabilityOfImprovement(x: Scores, y: Scores): number {
  const bySetting = x
    .map((seeds, setting) => winShare(seeds, y[setting] ?? []))
    .filter((share) => !Number.isNaN(share));
  return mean(bySetting);
}

function winShare(x: readonly number[], y: readonly number[]): number {
  let wins = 0;
  for (const a of x) for (const b of y) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (x.length * y.length);
}

/** Performance profile: for each threshold, the share of all values above it (rliable's score distribution). */
export function performanceProfile(scores: Scores, thresholds: readonly number[]): number[] {
  const values = scores.flat();
  return thresholds.map((threshold) => values.filter((value) => value > threshold).length / values.length);
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}
