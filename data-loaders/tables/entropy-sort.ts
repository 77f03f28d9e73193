/** Sorts the entropies of one seed, thousands of times a study: arrays are kept from one time to the next. */
import {ascendingOrder} from "../../src/core/statistics/sort-order.js";
import {isFiniteNumber, type SeedSeries} from "./entropy-series.js";
import {UNSCORED} from "./summary.js";

/** Rows that have an entropy and a prediction, by ascending entropy; valid until the next sort. */
export interface SortedRows {
  count: number;
  values: Float64Array;
  /** Place of each. */
  places: Uint32Array;
}

/** Where buckets hold more rows than this on average, seen from a row, values crowd together. */
const CROWDED = 12;

let kept: SortedRows & {keys: Uint32Array} = {
  count: 0,
  values: new Float64Array(0),
  places: new Uint32Array(0),
  keys: new Uint32Array(0)
};
let starts = new Uint32Array(0);

/**
 * Sorts by the place between the smallest and the largest value, in about as many buckets as there are rows, and puts in
 * order what shares a bucket by insertion (Knuth, The Art of Computer Programming 3, §5.2.1 and 5.2.5): one pass to count,
 * one to move, and one over what is nearly in order. Values that crowd together are sorted by their bits instead.
 */
export function sortEntropies(
  {values, outcome}: SeedSeries,
  {low, high}: {low: number; high: number}
): SortedRows {
  const rows = values.length;
  if (kept.keys.length < rows) reserve(rows);
  const {keys, values: sorted, places} = kept;
  const buckets = bucketsFor(rows);
  starts.fill(0, 0, buckets + 1);
  countKeys(values, outcome, low, high > low ? (buckets - 1) / (high - low) : 0, buckets, keys, starts);
  kept.count = rows - starts[buckets]!;
  if (fillStarts(starts, buckets) > CROWDED * kept.count) sortByBits(values, buckets);
  else {
    moveRows(values, keys, starts, sorted, places);
    insertAll(sorted, places, kept.count);
  }
  return kept;
}

// Every loop over rows is a function of its own: the compiler then makes fast code of it as a whole.

function countKeys(
  values: Float64Array,
  outcome: Uint8Array,
  low: number,
  scale: number,
  buckets: number,
  keys: Uint32Array,
  counts: Uint32Array
): void {
  for (let place = 0; place < values.length; ++place) {
    const value = values[place]!;
    // What can't be ranked goes behind all others.
    const key =
      outcome[place] === UNSCORED || !isFiniteNumber(value) ? buckets : ((value - low) * scale) >>> 0;
    keys[place] = key;
    counts[key]! += 1;
  }
}

function bucketsFor(rows: number): number {
  return 2 ** Math.max(4, Math.floor(Math.log2(rows + 1)));
}

function reserve(rows: number): void {
  kept = {
    count: 0,
    values: new Float64Array(rows),
    places: new Uint32Array(rows),
    keys: new Uint32Array(rows)
  };
  starts = new Uint32Array(bucketsFor(rows) + 1);
}

/** Counts of buckets to where they begin; returns Σ count², without the last one's. */
function fillStarts(counts: Uint32Array, buckets: number): number {
  let [from, squares] = [0, 0];
  for (let bucket = 0; bucket < buckets; ++bucket) {
    const own = counts[bucket]!;
    counts[bucket] = from;
    from += own;
    squares += own * own;
  }
  counts[buckets] = from;
  return squares;
}

function moveRows(
  values: Float64Array,
  keys: Uint32Array,
  next: Uint32Array,
  sorted: Float64Array,
  places: Uint32Array
): void {
  for (let place = 0; place < values.length; ++place) {
    const at = next[keys[place]!]!++;
    sorted[at] = values[place]!;
    places[at] = place;
  }
}

function insertAll(sorted: Float64Array, places: Uint32Array, count: number): void {
  for (let i = 1; i < count; ++i) {
    const value = sorted[i]!;
    let at = i;
    if (sorted[at - 1]! <= value) continue;
    const place = places[i]!;
    do {
      sorted[at] = sorted[at - 1]!;
      places[at] = places[at - 1]!;
      at -= 1;
    } while (at > 0 && sorted[at - 1]! > value);
    sorted[at] = value;
    places[at] = place;
  }
}

function sortByBits(values: Float64Array, unranked: number): void {
  const {count, keys, values: sorted, places} = kept;
  const own = new Uint32Array(count);
  for (let place = 0, n = 0; place < values.length; ++place) if (keys[place] !== unranked) own[n++] = place;
  const order = ascendingOrder(Float64Array.from(own, (place) => values[place]!));
  for (let i = 0; i < count; ++i) {
    places[i] = own[order[i]!]!;
    sorted[i] = values[places[i]!]!;
  }
}
