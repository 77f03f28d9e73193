/** Rows as CSV that spreadsheets only read: no cell of text is taken for a formula. */

import {csvFormatRows} from "d3";

/** Values of the units drawn, at the precision of the tables; null is empty. */
export type CsvRow = Record<string, string | number | boolean | null>;

/** More than any table holds, and fewer than what a product by 100 makes of 0.576: 57.599999999999994. */
const DIGITS = 12;

/** What spreadsheets take for the beginning of a formula; some take the wide signs of East Asian keyboards, too. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Lines with every column that any row has, in the order they first come. */
export function csvText(rows: readonly CsvRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => columns.map((column) => cell(row[column] ?? null)));
  return `${csvFormatRows([columns.map(cell), ...lines])}\n`;
}

function cell(value: string | number | boolean | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(Number(value.toPrecision(DIGITS)));
  if (typeof value === "boolean") return String(value);
  return inertText(value);
}

/** Text that no spreadsheet takes for a formula: one that begins as a formula does has an apostrophe before it. */
export function inertText(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** Names of columns about how a row is drawn, and those of an object within it that are worth a column. */
export interface Columns {
  left: ReadonlySet<string>;
  within: ReadonlySet<string>;
}

/** A row that a figure draws, flat: lists have a column an entry, and of objects within it a few columns stand beside its own. */
export function flatRow(row: object, {left, within}: Columns): CsvRow {
  const flat: CsvRow = {};
  for (const [key, value] of entriesOf(row)) {
    if (isPlain(value) || Array.isArray(value)) {
      if (!left.has(key)) Object.assign(flat, cellOf(key, value));
    } else if (typeof value === "object")
      for (const [name, inner] of entriesOf(value))
        if (within.has(name) && !(name in row)) Object.assign(flat, cellOf(name, inner));
  }
  return flat;
}

const entriesOf = (row: object) => Object.entries(row) as [string, unknown][];

function cellOf(key: string, value: unknown): CsvRow {
  if (isPlain(value)) return {[key]: Number.isNaN(value) ? null : value};
  if (!Array.isArray(value) || !value.every(isPlain)) return {};
  return Object.fromEntries(value.map((each: CsvRow[string], i) => [`${key}_${i + 1}`, each]));
}

function isPlain(value: unknown): value is CsvRow[string] {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
