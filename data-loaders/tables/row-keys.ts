/**
 * Which test row a row of a file is. Text would be slow to compare in bulk, so that DuckDB hashes the key columns to 64
 * bits, and test rows are looked up by hash. Rows nearly always come in the order of the test rows, where one comparison
 * with the next row's hash answers.
 */
import {literal, type Database} from "./database.js";
import {sharedArray} from "./thread-memory.js";

export interface RowKeys {
  /** SQL of the hash of a row of `predictions.parquet` or `layers.parquet`. */
  sql: string;
  /** Hash of each test row, low and high half. */
  words: Uint32Array;
  /** Open-addressed table: test row, or −1. Its length is a power of two. */
  slots: Int32Array;
}

/** Hashes the rows of `test_rows`. Another salt is tried should two of them meet. */
export async function hashTestRows(db: Database, rows: number): Promise<RowKeys> {
  for (let salt = 0; ; ++salt) {
    const sql = `hash(corpus, axis, example_id${salt ? `, ${literal(String(salt))}` : ""})`;
    const keys = {sql, words: sharedArray(Uint32Array, 2 * rows), slots: emptySlots(rows)};
    let row = 0;
    for await (const chunk of db.chunks(`SELECT ${sql} FROM test_rows ORDER BY "row"`)) {
      const hashes = chunk.words(0);
      keys.words.set(hashes, 2 * row);
      row += chunk.rows;
    }
    if (fillSlots(keys, rows)) return keys;
  }
}

function emptySlots(rows: number): Int32Array {
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * rows)));
  return sharedArray(Int32Array, size).fill(-1);
}

/** False where two rows have the same hash. */
function fillSlots(keys: RowKeys, rows: number): boolean {
  const {words, slots} = keys;
  for (let row = 0; row < rows; ++row) {
    if (findRow(keys, words[2 * row]!, words[2 * row + 1]!) >= 0) return false;
    let slot = words[2 * row]! & (slots.length - 1);
    while (slots[slot]! >= 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = row;
  }
  return true;
}

/** The test row of a hash, or −1. */
export function findRow({words, slots}: RowKeys, low: number, high: number): number {
  const mask = slots.length - 1;
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const row = slots[slot]!;
    if (row < 0 || (words[2 * row] === low && words[2 * row + 1] === high)) return row;
  }
}

/** The same, trying the row after `previous` first. */
export function followingRow(keys: RowKeys, previous: number, low: number, high: number): number {
  const next = 2 * (previous + 1);
  return keys.words[next] === low && keys.words[next + 1] === high ? previous + 1 : findRow(keys, low, high);
}
