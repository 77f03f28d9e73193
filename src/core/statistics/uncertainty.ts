/**
 * Standard errors and intervals of any estimate that has an influence function. The influence of a row is the
 * derivative of the estimate with respect to the row's weight; summed by dialogue, influences give a variance that
 * lets rows of one dialogue depend on each other in any way.
 *
 * Two questions, two variances. *Dialogues*: how would these trained models do on other dialogues? *Trainings*: and
 * trained anew with other seeds? There dialogues and seeds are crossed, as every seed is scored on the same dialogues.
 *
 * Sources: Cameron & Miller (2015), A Practitioner's Guide to Cluster-Robust Inference, §II and §VI (G/(G−1), Student's
 * t with G − 1 degrees of freedom); Cameron, Gelbach & Miller (2011), Robust Inference With Multiway Clustering;
 * Searle, Casella & McCulloch (1992), Variance Components, §4.3 (two crossed random factors); Satterthwaite (1946).
 */
import type {Uncertain} from "../cubes.js";
import {NO_UNCERTAINTY} from "../intervals.js";
import {studentTQuantile} from "./distributions.js";

/** A value and how each row moves it: `influence[i]` is its derivative by the weight of row i, at weights of 1. They add up to 0. */
export interface Estimate {
  value: number;
  influence: Float64Array;
}

/**
 * Variance of an estimate over its clusters: G/(G−1) · Σ u², or with strata Σ over strata of G/(G−1) · Σ (u − mean u)²;
 * a stratum of one cluster then counts u². NaN with fewer than two clusters.
 *
 * @param influence - Influences summed by cluster, one entry for each cluster that holds rows.
 * @param strata - Stratum (corpus) of each cluster, a small non-negative integer; without, all are of one.
 */
export function clusterVariance(influence: ArrayLike<number>, strata?: ArrayLike<number>): number {
  const clusters = influence.length;
  if (clusters < 2) return NaN;
  if (strata) return stratifiedVariance(influence, strata);
  let squares = 0;
  for (let g = 0; g < clusters; ++g) squares += influence[g]! * influence[g]!;
  return (clusters / (clusters - 1)) * squares;
}

function stratifiedVariance(influence: ArrayLike<number>, strata: ArrayLike<number>): number {
  let largest = 0;
  for (let g = 0; g < influence.length; ++g) if (strata[g]! > largest) largest = strata[g]!;
  const means = new Float64Array(largest + 1);
  const counts = new Float64Array(largest + 1);
  const squares = new Float64Array(largest + 1);
  for (let g = 0; g < influence.length; ++g) {
    means[strata[g]!]! += influence[g]!;
    counts[strata[g]!]! += 1;
  }
  for (let stratum = 0; stratum <= largest; ++stratum)
    means[stratum] = counts[stratum]! > 1 ? means[stratum]! / counts[stratum]! : 0;
  for (let g = 0; g < influence.length; ++g) {
    const deviation = influence[g]! - means[strata[g]!]!;
    squares[strata[g]!]! += deviation * deviation;
  }
  let total = 0;
  for (let stratum = 0; stratum <= largest; ++stratum) {
    const count = counts[stratum]!;
    total += (count > 1 ? count / (count - 1) : 1) * squares[stratum]!;
  }
  return total;
}

/** Σ u and Σ u² over the clusters of a stratum. */
export interface StratumMoments {
  clusters: number;
  sum: number;
  square: number;
}

/** The same variance from moments, in any order of the strata; those without clusters don't count. */
export function varianceOfMoments(strata: readonly StratumMoments[]): number {
  const present = strata.filter(({clusters}) => clusters > 0);
  if (present.reduce((sum, {clusters}) => sum + clusters, 0) < 2) return NaN;
  if (present.length === 1) {
    const {clusters, square} = present[0]!;
    return (clusters / (clusters - 1)) * square;
  }
  return present.reduce((total, {clusters, sum, square}) => {
    const around = Math.max(0, square - (sum * sum) / clusters);
    return total + (clusters > 1 ? (clusters / (clusters - 1)) * around : square);
  }, 0);
}

/** A variance and how well it is known. */
export interface Variance {
  variance: number;
  df: number;
}

/** What several seeds add to the variance over dialogues. */
export interface SeedMoments {
  /** Number of seeds. */
  seeds: number;
  /** Variance of the seeds' values around their mean, with divisor seeds − 1. */
  between: number;
  /** Mean over seeds of a single seed's own {@link clusterVariance}. */
  within: number;
}

/**
 * Variance of a mean over seeds when both dialogues and seeds are drawn anew.
 *
 * With S seeds, V = V_dialogues + max(0, V_seeds − V_both), where V_seeds = s²/S holds the trainings' own variance and
 * the chance with which single trainings do well on single dialogues, and V_both, the latter alone, is already in
 * V_dialogues. In a crossed design V_both = (within − V_dialogues)/(S − 1). Cameron, Gelbach & Miller subtract within/S
 * instead, which leaves out V_dialogues/S with few seeds, as seeds share their dialogues and their deviations add up
 * to 0; with many seeds the two are the same. Degrees of freedom after Satterthwaite, at most those of the dialogues.
 */
export function trainingVariance(dialogues: Variance, {seeds, between, within}: SeedMoments): Variance {
  const overSeeds = between / seeds;
  const both = Math.max(0, (within - dialogues.variance) / (seeds - 1));
  const variance = dialogues.variance + Math.max(0, overSeeds - both);
  const spread =
    dialogues.variance ** 2 / dialogues.df +
    overSeeds ** 2 / (seeds - 1) +
    both ** 2 / (dialogues.df * (seeds - 1));
  // Where what is subtracted is nearly all, the quotient falls towards 0 and t's quantile beyond all bounds; two seeds have 1.
  const df = Math.max(1, variance ** 2 / spread);
  return {variance, df: dialogues.variance > 0 ? Math.min(df, dialogues.df) : df};
}

/** Smallest and largest possible value of a level; null where unbounded. */
export type Domain = readonly [number | null, number | null];

/** Standard errors below this part of the estimate are rounding: the value is one and the same for every cluster. */
const CONSTANT = 1e-9;

/**
 * Both intervals of an estimate from its variances, clipped to the domain where one is given (levels have one,
 * differences none). An interval is null where its variance is unknown (NaN: fewer than two clusters) or zero, and the
 * one over trainings without at least two seeds.
 */
export function uncertaintyFrom(
  value: number,
  dialogues: Variance,
  seeds?: SeedMoments,
  domain?: Domain
): Uncertain {
  if (!Number.isFinite(value) || !(dialogues.df > 0) || Number.isNaN(dialogues.variance))
    return NO_UNCERTAINTY;
  const own = intervalFrom(value, dialogues, domain);
  const both =
    seeds && seeds.seeds > 1 ? intervalFrom(value, trainingVariance(dialogues, seeds), domain) : null;
  return {
    low: own?.low ?? null,
    high: own?.high ?? null,
    se: own?.se ?? null,
    df: own?.df ?? null,
    low_trainings: both?.low ?? null,
    high_trainings: both?.high ?? null,
    se_trainings: both?.se ?? null,
    df_trainings: both?.df ?? null
  };
}

function intervalFrom(value: number, {variance, df}: Variance, domain: Domain = [null, null]) {
  const se = Math.sqrt(variance);
  if (!Number.isFinite(se) || se <= CONSTANT * Math.max(1, Math.abs(value))) return null;
  const reach = tFactor(df) * se;
  const low = Math.max(domain[0] ?? -Infinity, value - reach);
  const high = Math.min(domain[1] ?? Infinity, value + reach);
  return {low, high, se, df};
}

const factors = new Map<number, number>();

/** 97.5 % point of Student's t; whole degrees of freedom recur in a table and are remembered. */
function tFactor(df: number): number {
  if (!Number.isInteger(df)) return studentTQuantile(0.975, df);
  let factor = factors.get(df);
  if (factor === undefined) factors.set(df, (factor = studentTQuantile(0.975, df)));
  return factor;
}

/** An estimate that is the mean of its seeds' values. */
export interface SeededEstimate {
  /** One entry a seed: its value, and its influences summed by cluster, the same clusters in all. */
  seeds: readonly {value: number; influence: ArrayLike<number>}[];
  /** Clusters less strata. */
  df: number;
  /** See {@link clusterVariance}. */
  strata?: ArrayLike<number>;
  domain?: Domain;
}

/** Mean over seeds, with both intervals. With one seed, that seed's value and no interval over trainings. */
export function uncertaintyOf({seeds, df, strata, domain}: SeededEstimate): Uncertain & {value: number} {
  const count = seeds.length;
  const value = seeds.reduce((sum, seed) => sum + seed.value, 0) / count;
  const clusters = seeds[0]?.influence.length ?? 0;
  const mean = new Float64Array(clusters);
  for (const {influence} of seeds) for (let g = 0; g < clusters; ++g) mean[g]! += influence[g]! / count;
  const between = seeds.reduce((sum, seed) => sum + (seed.value - value) ** 2, 0) / (count - 1);
  const within = seeds.reduce((sum, {influence}) => sum + clusterVariance(influence, strata), 0) / count;
  const dialogues = {variance: clusterVariance(mean, strata), df};
  return {value, ...uncertaintyFrom(value, dialogues, {seeds: count, between, within}, domain)};
}

/** Influences of rows summed by cluster. `clusters[i]` is the cluster of row i, from 0 to `size` − 1. */
export function sumByCluster(
  influence: Float64Array,
  clusters: ArrayLike<number>,
  size: number
): Float64Array {
  const sums = new Float64Array(size);
  for (let i = 0; i < influence.length; ++i) sums[clusters[i]!]! += influence[i]!;
  return sums;
}
