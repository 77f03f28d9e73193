/** Rows of a cell sorted into dialogues and corpora, and intervals that let rows of one dialogue depend on each other. */
import {clusterVariance, uncertaintyFrom, type Domain} from "./uncertainty.js";

/** Some rows of a table, each of a cluster (dialogue), each cluster of a stratum (corpus). */
export interface ClusteredRows {
  /** Places of the rows in the table. */
  rows: Int32Array;
  /** Cluster of each row, from 0; a number may stand for no row. */
  clusters: Int32Array;
  /** Stratum of each cluster, from 0. */
  strata: Int32Array;
}

export interface ClusteredEstimate {
  value: number | null;
  low: number | null;
  high: number | null;
  /** Rows that it is made from. */
  n: number;
}

/** What an estimate without a value says. */
export const UNDEFINED: ClusteredEstimate = {value: null, low: null, high: null, n: 0};

/**
 * The table's rows that belong to a cell. Only clusters that hold one of these rows are counted, in the order in which
 * they first come.
 *
 * @param clusters - Cluster of every row of the table.
 * @param strata - Stratum of every cluster.
 */
export function clusteredRows(
  rows: Int32Array,
  clusters: ArrayLike<number>,
  strata: ArrayLike<number>
): ClusteredRows {
  const places = new Map<number, number>();
  const own = Int32Array.from(rows, (row) => {
    const cluster = clusters[row]!;
    let place = places.get(cluster);
    if (place === undefined) places.set(cluster, (place = places.size));
    return place;
  });
  return {rows, clusters: own, strata: Int32Array.from(places.keys(), (cluster) => strata[cluster]!)};
}

/**
 * A value with its 95 % interval from influences summed by cluster, of which only those marked hold rows.
 *
 * @param influence - One entry a cluster of `strata`.
 * @param held - Whether a cluster holds rows of the estimate.
 */
export function clusteredEstimate(
  value: number,
  n: number,
  influence: Float64Array,
  {held, strata, domain}: {held: Uint8Array; strata: Int32Array; domain: Domain}
): ClusteredEstimate {
  if (!Number.isFinite(value)) return {...UNDEFINED, n};
  const sums: number[] = [];
  const of: number[] = [];
  for (let cluster = 0; cluster < held.length; ++cluster)
    if (held[cluster]) {
      sums.push(influence[cluster]!);
      of.push(strata[cluster]!);
    }
  const df = sums.length - new Set(of).size;
  const {low, high} = uncertaintyFrom(value, {variance: clusterVariance(sums, of), df}, undefined, domain);
  return {value, low, high, n};
}
