/** Sort orders of typed arrays: what several statistics of the same rows share, so that rows are sorted once. */

/** Bits of a digit of the rough sort: its 2048 counters stay in the fastest memory. */
const DIGIT = 11;
const BUCKETS = 1 << DIGIT;
const LARGEST_KEY = BUCKETS * BUCKETS - 1;
/** Steps a value that putting the roughly sorted in order may take before sorting by all bits is quicker. */
const STEPS = 8;
/** So few values are put in order by insertion alone. */
const HANDFUL = 64;
/** Fewer values than this are sorted by comparison rather than by all bits. */
const FEW = 4096;

/** Kept from one sort to the next, as a study takes thousands. */
let keys = new Uint32Array(0);
let halfwayKeys = new Uint32Array(0);
let halfway = new Uint32Array(0);
const low = new Uint32Array(BUCKETS);
const high = new Uint32Array(BUCKETS);

/** Values in order, and which of them are the same. */
export interface Sorted {
  /** Indices of the values from smallest to largest; equal values keep their order. */
  order: Uint32Array;
  /** Where two or more values are equal: first place in the order and place behind the last, pair after pair, ascending. */
  ties: number[];
}

/** Indices of `values` from smallest to largest; equal values keep their order. No value may be NaN. */
export function ascendingOrder(values: Float64Array): Uint32Array {
  return sortAscending(values, new Uint32Array(values.length)).order;
}

/**
 * The same into an array of as many places, with what is equal. Linear in the number of values: a radix sort by their
 * place between the smallest and the largest, in 2²² steps, and an insertion sort of what shares a step (Knuth, The Art
 * of Computer Programming 3, §5.2.1 and 5.2.5). Values that crowd together within a few steps are sorted by all their bits.
 */
export function sortAscending(values: Float64Array, order: Uint32Array): Sorted {
  const n = values.length;
  if (n <= HANDFUL) return sortHandful(values, order);
  if (keys.length < n) {
    keys = new Uint32Array(n);
    halfwayKeys = new Uint32Array(n);
    halfway = new Uint32Array(n);
  }
  countDigits(values, keys, low, high);
  sumUp(low);
  sumUp(high);
  moveByLowDigit(keys, n, low, halfway, halfwayKeys);
  moveByHighDigit(halfway, halfwayKeys, n, high, order, keys);
  const ties: number[] = [];
  if (finish(values, order, keys, ties)) return {order, ties};
  const exact = orderByBits(values);
  return {order: exact, ties: tiesOf(values, exact)};
}

function sortHandful(values: Float64Array, order: Uint32Array): Sorted {
  const n = values.length;
  for (let i = 0; i < n; ++i) order[i] = i;
  insertAll(values, order, 0, n, n * n);
  const ties: number[] = [];
  findTies(values, order, 0, n, ties);
  return {order, ties};
}

// Every loop over values is a function of its own: the compiler then makes fast code of it as a whole.

/** The key of each value, and how often each digit occurs. */
function countDigits(values: Float64Array, key: Uint32Array, lows: Uint32Array, highs: Uint32Array): void {
  const n = values.length;
  let smallest = n > 0 ? values[0]! : 0;
  let largest = smallest;
  for (let i = 1; i < n; ++i) {
    const value = values[i]!;
    if (value < smallest) smallest = value;
    else if (value > largest) largest = value;
  }
  const scale = largest > smallest ? LARGEST_KEY / (largest - smallest) : 0;
  lows.fill(0);
  highs.fill(0);
  for (let i = 0; i < n; ++i) {
    // With an infinite value, or too small a range for its scale, keys are the same and order is made afterwards.
    const own = Math.min((values[i]! - smallest) * scale, LARGEST_KEY) >>> 0;
    key[i] = own;
    lows[own & (BUCKETS - 1)]! += 1;
    highs[own >>> DIGIT]! += 1;
  }
}

/** Counts of buckets to where they begin. */
function sumUp(counts: Uint32Array): void {
  let from = 0;
  for (let bucket = 0; bucket < BUCKETS; ++bucket) {
    const own = counts[bucket]!;
    counts[bucket] = from;
    from += own;
  }
}

function moveByLowDigit(
  key: Uint32Array,
  n: number,
  next: Uint32Array,
  to: Uint32Array,
  toKeys: Uint32Array
): void {
  for (let i = 0; i < n; ++i) {
    const own = key[i]!;
    const at = next[own & (BUCKETS - 1)]!++;
    to[at] = i;
    toKeys[at] = own;
  }
}

function moveByHighDigit(
  from: Uint32Array,
  fromKeys: Uint32Array,
  n: number,
  next: Uint32Array,
  to: Uint32Array,
  toKeys: Uint32Array
): void {
  for (let i = 0; i < n; ++i) {
    const own = fromKeys[i]!;
    const at = next[own >>> DIGIT]!++;
    to[at] = from[i]!;
    toKeys[at] = own;
  }
}

/** Puts in order what shares a key, and finds ties; false where that takes too many steps. */
function finish(values: Float64Array, order: Uint32Array, key: Uint32Array, ties: number[]): boolean {
  const n = order.length;
  let steps = STEPS * n;
  for (let at = 1; at < n; ++at) {
    if (key[at] !== key[at - 1]) continue;
    const from = at - 1;
    const own = key[at]!;
    while (at < n && key[at] === own) at += 1;
    steps = insertAll(values, order, from, at, steps);
    if (steps < 0) return false;
    findTies(values, order, from, at, ties);
  }
  return true;
}

/** Returns the steps that are left; below 0 where it gave up. */
function insertAll(
  values: Float64Array,
  order: Uint32Array,
  from: number,
  to: number,
  steps: number
): number {
  let left = steps;
  for (let i = from + 1; i < to && left >= 0; ++i) {
    const index = order[i]!;
    const value = values[index]!;
    let at = i;
    for (; at > from && values[order[at - 1]!]! > value; --at) order[at] = order[at - 1]!;
    order[at] = index;
    left -= i - at;
  }
  return left;
}

function findTies(values: Float64Array, order: Uint32Array, from: number, to: number, ties: number[]): void {
  for (let first = from; first < to;) {
    const value = values[order[first]!]!;
    let behind = first + 1;
    while (behind < to && values[order[behind]!] === value) behind += 1;
    if (behind > first + 1) ties.push(first, behind);
    first = behind;
  }
}

function tiesOf(values: Float64Array, order: Uint32Array): number[] {
  const ties: number[] = [];
  findTies(values, order, 0, order.length, ties);
  return ties;
}

/** By comparison, or a radix sort over the bits of the doubles, sixteen at a time. */
function orderByBits(values: Float64Array): Uint32Array {
  let from = new Uint32Array(values.length);
  for (let i = 0; i < from.length; ++i) from[i] = i;
  if (from.length < FEW) return from.sort((a, b) => values[a]! - values[b]! || a - b);
  const digits = orderedBits(values);
  let to = new Uint32Array(values.length);
  for (let digit = 0; digit < 4; ++digit) {
    if (!sortByDigit(digits, digit, from, to)) continue;
    [from, to] = [to, from];
  }
  return from;
}

/** Four 16-bit digits a value, lowest first, whose order as numbers is the order of the values. */
function orderedBits(values: Float64Array): Uint16Array {
  const copy = new Float64Array(values.length);
  // Adding 0 turns −0 into 0, which equals it.
  for (let i = 0; i < copy.length; ++i) copy[i] = values[i]! + 0;
  const words = new Uint32Array(copy.buffer);
  for (let i = 0; i < words.length; i += 2) {
    const negative = words[i + 1]! >>> 31;
    words[i] = negative ? ~words[i]! : words[i]!;
    words[i + 1] = negative ? ~words[i + 1]! : words[i + 1]! | 0x80000000;
  }
  return new Uint16Array(words.buffer);
}

/** Stable counting sort of `from` into `to` by one digit; false, and nothing done, where all values share it. */
function sortByDigit(digits: Uint16Array, digit: number, from: Uint32Array, to: Uint32Array): boolean {
  const starts = new Uint32Array(65537);
  for (let at = digit; at < digits.length; at += 4) starts[digits[at]! + 1]! += 1;
  if (starts[digits[digit]! + 1] === from.length) return false;
  for (let key = 0; key < 65536; ++key) starts[key + 1]! += starts[key]!;
  for (let i = 0; i < from.length; ++i) {
    const index = from[i]!;
    const key = digits[4 * index + digit]!;
    to[starts[key]!] = index;
    starts[key]! += 1;
  }
  return true;
}
