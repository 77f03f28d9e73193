/** A table for a paper: cells with what they say and the numbers behind, whatever it is written in. */
import type {CsvRow} from "../csv.js";

export interface Cell {
  /** As printed, without marks. */
  text: string;
  /** `[−4.9, −1.5]`, smaller behind the text. */
  interval?: string;
  /** Best by test: see the caption. */
  bold?: boolean;
  /** `*` and the like, raised behind the text. */
  mark?: string;
}

export interface Column {
  title: string;
  /** Whether it holds numbers, which stand on the right. */
  numeric: boolean;
}

export interface Row {
  cells: Cell[];
  /** Names what follows, or stands over all: a heading in the first cell, with no others. */
  heading?: boolean;
  /** Set off from the rows above: a mean, a total. */
  summary?: boolean;
}

export interface PaperTable {
  name: string;
  /** What it shows, in whole sentences: n, seeds, intervals, and what bold and marks mean. */
  caption: string;
  /** The first says what a row is, and is repeated where the columns are split. */
  columns: Column[];
  rows: Row[];
  /** The same numbers, unrounded, a row a value. */
  data: CsvRow[];
}

/** Decimals that show an interval's half width with two digits, at least 0 and at most 3; `otherwise` where none is known. */
export function digitsFor(halfWidths: readonly number[], otherwise = 2): number {
  const known = halfWidths.filter((width) => width > 0 && Number.isFinite(width)).sort((a, b) => a - b);
  const middle = known[Math.floor(known.length / 2)];
  return middle === undefined ? otherwise : Math.min(3, Math.max(0, 1 - Math.floor(Math.log10(middle))));
}

/** `[−4.9, −1.5]`; nothing where there is no interval. */
export function bracketed(
  {low, high}: {low: number | null | undefined; high: number | null | undefined},
  format: (value: number) => string
): string | undefined {
  return low == null || high == null ? undefined : `[${format(low)}, ${format(high)}]`;
}
