/** Sort orders of typed arrays: what several statistics of the same rows share, so that rows are sorted once. */

/** Bits of a digit of the rough sort: its 2048 counters stay in the fastest memory. */
const DIGIT = 11;
const BUCKETS = 1 << DIGIT;
const LARGEST_KEY = BUCKETS * BUCKETS - 1;
/** Steps a value that putting the roughly sorted in order may take before sorting by all bits is quicker. */
const STEPS = 8;
/** Fewer values than this are sorted by comparison rather than by all bits. */
const FEW = 4096;

/** Kept from one sort to the next, as a study takes thousands. */
let keys = new Uint32Array(0);
let halfway = new Uint32Array(0);
let sorted = new Float64Array(0);
const low = new Uint32Array(BUCKETS);
const high = new Uint32Array(BUCKETS);

/**
 * Indices of `values` from smallest to largest; equal values keep their order. No value may be NaN. Linear in the number of
 * values: a radix sort by their place between the smallest and the largest, in 2²² steps, and an insertion sort of what
 * is then nearly in order (Knuth, The Art of Computer Programming 3, §5.2.5). Values that crowd
 * together within a few steps are sorted by all their bits.
 */
export function ascendingOrder(values: Float64Array): Uint32Array {
  const order = new Uint32Array(values.length);
  if (values.length === 0) return order;
  sortRoughly(values, order);
  return insertAll(values, order) ? order : orderByBits(values);
}

function sortRoughly(values: Float64Array, order: Uint32Array): void {
  const n = values.length;
  if (keys.length < n) {
    keys = new Uint32Array(n);
    halfway = new Uint32Array(n);
    sorted = new Float64Array(n);
  }
  const [key, half, lowStart, highStart] = [keys, halfway, low, high];
  let smallest = values[0]!;
  let largest = values[0]!;
  for (let i = 1; i < n; ++i) {
    const value = values[i]!;
    if (value < smallest) smallest = value;
    else if (value > largest) largest = value;
  }
  const scale = largest > smallest ? LARGEST_KEY / (largest - smallest) : 0;
  lowStart.fill(0);
  highStart.fill(0);
  for (let i = 0; i < n; ++i) {
    // What isn't finite, or too small a range for its scale, becomes 0 here and is put in order afterwards.
    const own = Math.min((values[i]! - smallest) * scale, LARGEST_KEY) >>> 0;
    key[i] = own;
    lowStart[own & (BUCKETS - 1)]! += 1;
    highStart[own >>> DIGIT]! += 1;
  }
  for (let bucket = 0, lower = 0, higher = 0; bucket < BUCKETS; ++bucket) {
    const [lows, highs] = [lowStart[bucket]!, highStart[bucket]!];
    lowStart[bucket] = lower;
    highStart[bucket] = higher;
    lower += lows;
    higher += highs;
  }
  for (let i = 0; i < n; ++i) half[lowStart[key[i]! & (BUCKETS - 1)]!++] = i;
  for (let at = 0; at < n; ++at) {
    const index = half[at]!;
    order[highStart[key[index]! >>> DIGIT]!++] = index;
  }
}

/** Insertion sort; false where it takes too many steps, with `order` then in no use. */
function insertAll(values: Float64Array, order: Uint32Array): boolean {
  const n = order.length;
  const own = sorted;
  let steps = STEPS * n;
  own[0] = values[order[0]!]!;
  for (let i = 1; i < n; ++i) {
    const index = order[i]!;
    const value = values[index]!;
    let at = i;
    while (at > 0 && own[at - 1]! > value) {
      own[at] = own[at - 1]!;
      order[at] = order[at - 1]!;
      at -= 1;
    }
    own[at] = value;
    order[at] = index;
    steps -= i - at;
    if (steps < 0) return false;
  }
  return true;
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
