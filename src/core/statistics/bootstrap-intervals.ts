/**
 * Bootstrap intervals of differences between two arms on the same rows: percentile and BCa (bias-corrected and
 * accelerated), dialogues drawn within strata. Tables have linearised intervals instead; these are for hypotheses and for
 * checking the former.
 *
 * Sources: Efron (1987), Better Bootstrap Confidence Intervals; Davison & Hinkley (1997), §5.3.2 (BCa with strata); the
 * same numbers as `scipy.stats.bootstrap(paired=True)` from the same draws.
 */
import {randomBinomial} from "d3";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import {
  BOOTSTRAP_SEED,
  CONFIDENCE,
  drawClusters,
  DRAWS,
  NO_INTERVAL,
  quantile,
  type Interval,
  type Stratum
} from "./cluster-bootstrap.js";
import {normalCdf, normalQuantile} from "./distributions.js";

/** An estimate, its values in bootstrap draws, and what BCa needs besides. */
export interface Resampled {
  value: number;
  /** Values in the draws; NaN where undefined. */
  draws: Float64Array;
  /** A sixth of the skewness of the jackknife's influences; NaN where the estimate doesn't vary. */
  acceleration: number;
}

export interface Resampling {
  draws?: number;
  seed?: number;
}

/**
 * Draws clusters anew within their strata, and leaves out one at a time.
 *
 * @param statistic - The estimate with the cluster c (strata in their order) counted `weights[c]` times. A paired
 *   difference counts a dialogue equally for both arms; a mean over seeds, equally for all seeds.
 * @param strata - Corpora, each with its name and number of clusters.
 */
export function resampleClusters(
  statistic: (weights: Uint16Array) => number,
  strata: Stratum[],
  {draws = DRAWS, seed = BOOTSTRAP_SEED}: Resampling = {}
): Resampled {
  const {weights, clusters} = drawClusters(strata, draws, seed);
  const values = Float64Array.from({length: draws}, (_, draw) =>
    statistic(weights.subarray(draw * clusters, (draw + 1) * clusters))
  );
  const once = new Uint16Array(clusters).fill(1);
  const value = statistic(once);
  const leftOut = Float64Array.from(once, (_, c) => {
    once[c] = 0;
    const without = statistic(once);
    once[c] = 1;
    return without;
  });
  let first = 0;
  const byStratum = strata.map(({clusters: own}) => leftOut.subarray(first, (first += own)));
  return {value, draws: values, acceleration: jackknifeAcceleration(byStratum)};
}

/**
 * Acceleration from the estimates without one cluster each, stratum by stratum: with l = (n − 1)(mean − estimate),
 * ⅙ Σ Σ l³/n³ / (Σ Σ l²/n²)^{3/2}.
 */
export function jackknifeAcceleration(leftOut: Float64Array[]): number {
  let [cubes, squares] = [0, 0];
  for (const values of leftOut) {
    const n = values.length;
    const mean = values.reduce((a, b) => a + b, 0) / n;
    for (const value of values) {
      const share = ((n - 1) * (mean - value)) / n;
      cubes += share ** 3;
      squares += share ** 2;
    }
  }
  return cubes / (6 * squares ** 1.5);
}

/**
 * The same for a paired difference in accuracy whose rows are independent, from its counts alone: a draw of n rows is a
 * multinomial draw of rows gained, lost and neither, made from two binomials in time that doesn't grow with n.
 *
 * @param gained - Rows that the arm alone got right; `lost`: that the other alone got right; `rows`: all.
 */
export function resampleDiscordant(
  gained: number,
  lost: number,
  rows: number,
  {draws = DRAWS, seed = BOOTSTRAP_SEED}: Resampling = {}
): Resampled {
  const random = xoroshiro128plus(seed);
  const binomial = randomBinomial.source(() => ((random.next() >>> 0) + 0.5) / 2 ** 32);
  const gains = binomial(rows, gained / rows);
  const values = Float64Array.from({length: draws}, () => {
    const drawn = gains();
    const others = rows - drawn;
    return (drawn - (lost === 0 ? 0 : binomial(others, Math.min(1, lost / (rows - gained)))())) / rows;
  });
  const value = (gained - lost) / rows;
  const moment = (power: number) =>
    gained * (1 - value) ** power + lost * (-1 - value) ** power + (rows - gained - lost) * (-value) ** power;
  return {value, draws: values, acceleration: moment(3) / (6 * moment(2) ** 1.5)};
}

/**
 * BCa interval: quantiles of the draws at Φ(z₀ + (z₀ ± z)/(1 − a(z₀ ± z))), where z₀ says how far the estimate is from
 * the draws' median. Draws in which the value is undefined are left out. None where the estimate doesn't vary, lies outside
 * all draws, or is undefined in more than half of them.
 */
export function bcaInterval({value, draws, acceleration}: Resampled, confidence = CONFIDENCE): Interval {
  const defined = draws.filter((one) => !Number.isNaN(one)).sort();
  if (defined.length === 0 || 2 * defined.length < draws.length) return NO_INTERVAL;
  const z0 = biasCorrection(value, defined);
  const tail = (1 - confidence) / 2;
  const [low, high] = [tail, 1 - tail].map((share) => {
    const z = z0 + normalQuantile(share);
    return normalCdf(z0 + z / (1 - acceleration * z));
  });
  if (!Number.isFinite(low) || !Number.isFinite(high)) return NO_INTERVAL;
  return {low: quantile(defined, low!), high: quantile(defined, high!)};
}

/** z₀: the normal quantile of the share of draws below the estimate, equal ones counted half. */
export function biasCorrection(value: number, draws: Float64Array): number {
  let below = 0;
  for (const one of draws) below += one < value ? 1 : one === value ? 0.5 : 0;
  return normalQuantile(below / draws.length);
}
