/** Sort orders of typed arrays: what several statistics of the same rows share, so that rows are sorted once. */

/** Fewer values than this are sorted by comparison, which needs no counting tables. */
const FEW = 4096;

/**
 * Indices of `values` from smallest to largest; equal values keep their order. No value may be NaN. Linear in the number of
 * values: a radix sort over the bits of the doubles, sixteen at a time (Knuth, The Art of Computer Programming 3, §5.2.5).
 */
export function ascendingOrder(values: Float64Array): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let i = 0; i < order.length; ++i) order[i] = i;
  if (values.length < FEW) return order.sort((a, b) => values[a]! - values[b]! || a - b);
  const keys = orderedBits(values);
  let from = order;
  let to = new Uint32Array(values.length);
  for (let digit = 0; digit < 4; ++digit) {
    if (!sortByDigit(keys, digit, from, to)) continue;
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
function sortByDigit(keys: Uint16Array, digit: number, from: Uint32Array, to: Uint32Array): boolean {
  const starts = new Uint32Array(65537);
  for (let at = digit; at < keys.length; at += 4) starts[keys[at]! + 1]! += 1;
  if (starts[keys[digit]! + 1] === from.length) return false;
  for (let key = 0; key < 65536; ++key) starts[key + 1]! += starts[key]!;
  for (let i = 0; i < from.length; ++i) {
    const index = from[i]!;
    const key = keys[4 * index + digit]!;
    to[starts[key]!] = index;
    starts[key]! += 1;
  }
  return true;
}
