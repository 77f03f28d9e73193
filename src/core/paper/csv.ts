/** Rows as CSV that spreadsheets only read: no cell of text is taken for a formula. */

/** Values of the units drawn, at the precision of the tables; null is empty. */
export type CsvRow = Record<string, string | number | boolean | null>;

/** What spreadsheets take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** Lines as RFC 4180 asks, with every column that any row has, in the order they first come. */
export function csvText(rows: readonly CsvRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => columns.map((column) => cell(row[column] ?? null)).join(","));
  return [columns.map(cell).join(","), ...lines, ""].join("\r\n");
}

function cell(value: string | number | boolean | null): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const inert = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

type Plain = string | number | boolean | null;

/**
 * A row that a figure draws, flat: what is within an object comes after its name and a dot, lists are joined. `left`
 * names what is about the drawing alone.
 */
export function flatRow(row: object, left: ReadonlySet<string>, prefix = ""): CsvRow {
  const flat: CsvRow = {};
  for (const [key, value] of Object.entries(row) as [string, unknown][]) {
    if (left.has(key) || value === undefined || typeof value === "function") continue;
    const name = `${prefix}${key}`;
    if (isPlain(value)) flat[name] = Number.isNaN(value) ? null : value;
    else if (Array.isArray(value)) {
      if (value.every(isPlain)) flat[name] = value.join(" ");
    } else Object.assign(flat, flatRow(value, left, `${name}.`));
  }
  return flat;
}

function isPlain(value: unknown): value is Plain {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
