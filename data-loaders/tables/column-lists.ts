/** Rows as columns, as they go from thread to thread and into a cube's file. */
import type {Cell, Column, Columns} from "../../src/core/columns.js";

/** Column → its cells, all as many. */
export type ColumnLists = Record<string, Cell[]>;

/** Significant digits of numbers that are only drawn, and of those that others recompute. */
const DRAWN = 5;
const EXACT = 12;

/** Rows to columns. Numbers are rounded: to 12 significant digits in the columns named, else to 5; what isn't finite is null. */
export function toColumns<R extends object>(
  rows: readonly R[],
  exact: readonly (keyof R & string)[] = []
): ColumnLists {
  const builder = new ColumnBuilder<R>(exact);
  for (const row of rows) builder.add(row);
  return builder.lists;
}

/** Columns that grow row by row, so that millions of rows need not exist as objects at the same time. */
export class ColumnBuilder<R extends object> {
  readonly lists: ColumnLists = {};
  private columns: {name: string; cells: Cell[]; digits: number}[] = [];

  constructor(private readonly exact: readonly string[] = []) {}

  /** All rows have the same columns as the first. */
  add(row: R): void {
    if (this.columns.length === 0) this.begin(row);
    for (const {name, cells, digits} of this.columns) {
      const cell = (row as Record<string, Cell | undefined>)[name];
      cells.push(typeof cell === "number" ? roundNumber(cell, digits) : (cell ?? null));
    }
  }

  private begin(row: R): void {
    this.columns = Object.keys(row).map((name) => {
      const digits = this.exact.includes(name) ? EXACT : DRAWN;
      return {name, cells: (this.lists[name] = []), digits};
    });
  }
}

const POWERS = Array.from({length: 23}, (_, k) => 10 ** k);

/**
 * The nearest number with so many significant digits; null for what isn't finite. Powers of ten up to 10²² are exact, so
 * that one division gives the double that the shortest text stands for; other magnitudes go through text.
 */
function roundNumber(value: number, digits: number): number | null {
  if (Number.isInteger(value)) return value;
  if (value - value !== 0) return null;
  const decimals = digits - 1 - Math.floor(Math.log10(Math.abs(value)));
  if (digits > DRAWN || decimals < 0 || decimals > 22) return Number(value.toPrecision(digits));
  return Math.round(value * POWERS[decimals]!) / POWERS[decimals]!;
}

/** Rows of several tables, one after the other. */
export function concatenate(parts: readonly ColumnLists[]): ColumnLists {
  const names = Object.keys(parts.find((part) => Object.keys(part).length > 0) ?? {});
  return Object.fromEntries(names.map((name) => [name, parts.flatMap((part) => part[name] ?? [])]));
}

/** As a cube's file holds them: text as codes into a dictionary. */
export function encode(lists: ColumnLists): Columns {
  const columns = Object.entries(lists).map(([name, cells]): [string, Column] => [name, encodeCells(cells)]);
  return {rows: Object.values(lists)[0]?.length ?? 0, columns: Object.fromEntries(columns)};
}

function encodeCells(cells: Cell[]): Column {
  if (cells.length === 0 || !cells.every((cell) => typeof cell === "string")) return cells;
  const codes = new Map<string, number>();
  const coded = cells.map((cell) => codes.get(cell) ?? codes.set(cell, codes.size).size - 1);
  return {values: [...codes.keys()], codes: coded};
}
