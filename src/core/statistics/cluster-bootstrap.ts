/**
 * The stratified cluster bootstrap: dialogues are drawn with replacement within each corpus, and all rows of a drawn
 * dialogue come with it, since rows of one dialogue (and the axes of one example) aren't independent.
 *
 * Source: Davison & Hinkley (1997), Bootstrap Methods and their Application, §3.2 (strata) and §3.8 (clusters);
 * percentile intervals: Efron & Tibshirani (1993), ch. 13.
 */
import {uniformInt} from "pure-rand/distribution/uniformInt";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";

export const DRAWS = 1000;
export const BOOTSTRAP_SEED = 20240229;
/** Share of the draws between `low` and `high`. */
export const CONFIDENCE = 0.95;

/** A stratum: its name, which seeds its own draws, and how many clusters it holds. */
export interface Stratum {
  name: string;
  clusters: number;
}

/** How often each cluster was drawn: draw by draw, strata in their order. */
export interface ClusterDraws {
  draws: number;
  clusters: number;
  /** `draws × clusters` counts. */
  weights: Uint16Array;
}

/**
 * Draws clusters. A stratum's draws depend on the seed, its name and its size only, so that another corpus in the
 * study leaves them as they are.
 */
export function drawClusters(strata: Stratum[], draws = DRAWS, seed = BOOTSTRAP_SEED): ClusterDraws {
  const clusters = strata.reduce((total, stratum) => total + stratum.clusters, 0);
  const weights = new Uint16Array(draws * clusters);
  let first = 0;
  for (const stratum of strata) {
    const random = xoroshiro128plus(hash(stratum.name, seed));
    for (let draw = 0; draw < draws; ++draw)
      for (let i = 0; i < stratum.clusters; ++i)
        weights[draw * clusters + first + uniformInt(random, 0, stratum.clusters - 1)]! += 1;
    first += stratum.clusters;
  }
  return {draws, clusters, weights};
}

/** FNV-1a, 32 bits. */
function hash(text: string, seed: number): number {
  let value = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; ++i) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value | 0;
}

export interface Interval {
  low: number | null;
  high: number | null;
}

export const NO_INTERVAL: Interval = {low: null, high: null};

/**
 * Percentile interval of bootstrap values. Draws in which the value is undefined (NaN) are left out; with fewer than
 * half of them left there is no interval.
 */
export function percentileInterval(values: Float64Array, confidence = CONFIDENCE): Interval {
  const defined = values.filter((value) => !Number.isNaN(value)).sort();
  if (defined.length === 0 || 2 * defined.length < values.length) return NO_INTERVAL;
  const tail = (1 - confidence) / 2;
  const [low, high] = [quantile(defined, tail), quantile(defined, 1 - tail)];
  return Number.isFinite(low) && Number.isFinite(high) ? {low, high} : NO_INTERVAL;
}

/** Quantile of ascending values by linear interpolation (Hyndman & Fan's type 7, numpy's default). */
export function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const above = Math.ceil(at);
  const [a, b] = [sorted[below]!, sorted[above]!];
  return a === b ? a : a + (at - below) * (b - a);
}
