/**
 * Krippendorff's α of many units with an interval over dialogues: the jackknife, which leaves out one dialogue at a time
 * (Efron & Tibshirani 1993, An Introduction to the Bootstrap, §11.5), within corpora. The value is that of
 * {@link "./krippendorff.js"}; here it is made from counts of values and of pairs of values, from which a dialogue's are
 * taken away again, so that 45,000 units with as many dialogues take a fraction of a second.
 *
 * Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, §C.
 */
import {clusteredEstimate, UNDEFINED, type ClusteredEstimate, type ClusteredRows} from "./clustered.js";

/**
 * Ordinal α. Rows with fewer than two values are left out.
 *
 * @param valuesOf - What raters gave to a row, who gave what does not matter; any numbers, in their order.
 */
export function clusteredAlpha(
  valuesOf: (row: number) => readonly number[],
  {rows, clusters, strata}: ClusteredRows
): ClusteredEstimate {
  const units = byCluster(rows, clusters, strata.length);
  const domain = domainOf(units, valuesOf);
  const size = domain.size;
  const held = new Uint8Array(strata.length);
  const all = emptyCounts(size);
  let n = 0;
  units.forEach((own, cluster) => {
    for (const row of own)
      if (count(all, placesOf(valuesOf(row), domain), 1)) {
        held[cluster] = 1;
        n += 1;
      }
  });
  const value = alphaOf(all, size);
  if (Number.isNaN(value)) return {...UNDEFINED, n};
  const leftOut = units.map((own, cluster) => {
    if (!held[cluster]) return NaN;
    const places = own.map((row) => placesOf(valuesOf(row), domain));
    for (const one of places) count(all, one, -1);
    const without = alphaOf(all, size);
    for (const one of places) count(all, one, 1);
    return without;
  });
  const influence = jackknifeInfluence(leftOut, held);
  return clusteredEstimate(value, n, influence, {held, strata, domain: [null, 1]});
}

/** Values, and pairs of values within units, each pair with the weight that its unit gives it. */
interface Counts {
  values: Float64Array;
  /** From value × to value. */
  pairs: Float64Array;
}

function emptyCounts(size: number): Counts {
  return {values: new Float64Array(size), pairs: new Float64Array(size * size)};
}

function byCluster(rows: Int32Array, clusters: Int32Array, size: number): number[][] {
  const units = Array.from({length: size}, (): number[] => []);
  rows.forEach((row, i) => units[clusters[i]!]!.push(row));
  return units;
}

/** Each value that a unit with two values at least has → its place in ascending order. */
function domainOf(units: number[][], valuesOf: (row: number) => readonly number[]): Map<number, number> {
  const values = new Set<number>();
  for (const own of units)
    for (const row of own) {
      const given = valuesOf(row);
      if (given.length > 1) for (const value of given) values.add(value);
    }
  return new Map([...values].sort((a, b) => a - b).map((value, place) => [value, place]));
}

function placesOf(values: readonly number[], domain: Map<number, number>): number[] {
  return values.length > 1 ? values.map((value) => domain.get(value)!) : [];
}

/** Adds a unit, or takes it away; false where it has no pair. */
function count({values, pairs}: Counts, places: readonly number[], sign: 1 | -1): boolean {
  if (places.length < 2) return false;
  const size = values.length;
  const weight = sign / (places.length - 1);
  for (let i = 0; i < places.length; ++i) {
    values[places[i]!]! += sign;
    for (let j = 0; j < places.length; ++j) if (i !== j) pairs[places[i]! * size + places[j]!]! += weight;
  }
  return true;
}

/** NaN where no unit has two values, or all are the same. */
function alphaOf({values, pairs}: Counts, size: number): number {
  let total = 0;
  const upTo = values.map((value) => (total += value));
  let [observed, expected] = [0, 0];
  for (let i = 0; i < size; ++i)
    for (let j = i + 1; j < size; ++j) {
      const between = upTo[j]! - upTo[i]! + values[i]! - (values[i]! + values[j]!) / 2;
      const distance = between * between;
      observed += (pairs[i * size + j]! + pairs[j * size + i]!) * distance;
      expected += 2 * values[i]! * values[j]! * distance;
    }
  return expected > 0 ? 1 - (observed * (total - 1)) / expected : NaN;
}

/**
 * Influences whose cluster variance is the jackknife's: (G − 1)/G · (mean of all leave-one-out values − this one).
 * A cluster without which α is undefined leaves no interval.
 */
function jackknifeInfluence(leftOut: number[], held: Uint8Array): Float64Array {
  const values = leftOut.filter((_, cluster) => held[cluster]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const factor = (values.length - 1) / values.length;
  return Float64Array.from(leftOut, (value) => factor * (mean - value));
}
