/**
 * Tables as they travel to the page: one array a column; repeated text as codes into a dictionary, which keeps a
 * cube of tens of thousands of rows small before any compression.
 */

export type Cell = string | number | boolean | null;
/** One object a row. */
export type Row = Record<string, Cell>;
export type Column = Cell[] | {values: string[]; codes: number[]};
export interface Columns {
  rows: number;
  columns: Record<string, Column>;
}

/** Rows to columns. Columns that hold only text become dictionaries; numbers keep `digits` significant digits. */
export function encodeColumns(rows: Row[], digits = 6): Columns {
  const names = Object.keys(rows[0] ?? {});
  const columns = Object.fromEntries(
    names.map((name) => [
      name,
      encodeColumn(
        rows.map((row) => row[name] ?? null),
        digits
      )
    ])
  );
  return {rows: rows.length, columns};
}

function encodeColumn(cells: Cell[], digits: number): Column {
  if (cells.length > 0 && cells.every((cell) => typeof cell === "string")) {
    const values = [...new Set(cells)];
    const codeOf = new Map(values.map((value, code) => [value, code]));
    return {values, codes: cells.map((cell) => codeOf.get(cell)!)};
  }
  return cells.map((cell) => (typeof cell === "number" ? round(cell, digits) : cell));
}

function round(value: number, digits: number): Cell {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : null;
}

/** The inverse of {@link encodeColumns}, up to rounding. */
export function decodeColumns<R extends object>({rows, columns}: Columns): R[] {
  const read = Object.entries(columns).map(([name, column]) => [name, decodeColumn(column)] as const);
  return Array.from(
    {length: rows},
    (_, i) => Object.fromEntries(read.map(([name, cells]) => [name, cells[i]])) as R
  );
}

function decodeColumn(column: Column): Cell[] {
  return Array.isArray(column) ? column : column.codes.map((code) => column.values[code]!);
}
