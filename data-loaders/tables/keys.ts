/** Keys of several parts. */

/** Index of a key of several parts, which may hold any text. */
export function keyOf(...parts: string[]): string {
  return JSON.stringify(parts);
}

/** 0, 1, 2, … for keys in the order in which they first come up. */
export function numberKeys(keys: readonly string[]): {codes: Int32Array; names: string[]} {
  const numbers = new Map<string, number>();
  const codes = Int32Array.from(keys, (key) => numbers.get(key) ?? numbers.set(key, numbers.size).size - 1);
  return {codes, names: [...numbers.keys()]};
}
