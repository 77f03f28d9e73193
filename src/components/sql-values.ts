/** Values of a query's result as text and in order, whatever DuckDB's type. Pure. */

export type Kind = "number" | "text" | "boolean" | "time" | "other";

export interface ResultColumn {
  name: string;
  /** As DuckDB names it: `VARCHAR`, `DOUBLE[]`. */
  type: string;
  kind: Kind;
  values: unknown[];
}

export interface QueryResult {
  columns: ResultColumn[];
  rows: number;
  /** More rows were there than are held. */
  truncated: boolean;
  seconds: number;
  /** The rows held, as a file of Arrow's IPC format. */
  arrow: () => Promise<Uint8Array>;
}

/** What can be done with a type of DuckDB. */
export function kindOf(type: string): Kind {
  if (type.endsWith("]") || /^(STRUCT|MAP|UNION)/.test(type)) return "other";
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|REAL|DECIMAL)/.test(type)) return "number";
  if (type === "BOOLEAN") return "boolean";
  if (/^(DATE|TIME)/.test(type)) return "time";
  return /^(VARCHAR|UUID|ENUM)/.test(type) ? "text" : "other";
}

/** A value as a table's cell shows it and CSV holds it; null where there is none. */
export function cellText(value: unknown, kind: Kind): string | null {
  if (value === null || value === undefined) return null;
  if (kind === "time" && typeof value === "number")
    return new Date(value).toISOString().replace(/T00:00:00\.000Z$/, "");
  if (typeof value === "object" || typeof value === "bigint") return JSON.stringify(plain(value));
  return String(value);
}

/** Lists and structs of Arrow as plain arrays and objects. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value === null || typeof value !== "object") return value;
  if (ArrayBuffer.isView(value)) return [...(value as unknown as Iterable<unknown>)].map(plain);
  if ("toJSON" in value && typeof value.toJSON === "function")
    return plainOf((value.toJSON as () => unknown)());
  return plainOf(value);
}

function plainOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

/** Significant digits of a column's largest number. */
const SIGNIFICANT = 4;

/**
 * Decimals that all numbers of a column are shown with, so that they stand point under point: none where all are whole,
 * null where even the largest is too small for fixed decimals.
 */
export function decimalsOf({values}: Pick<ResultColumn, "values">): number | null {
  let [most, whole] = [0, true];
  for (const value of values) {
    const number = value == null ? NaN : Number(value);
    if (!Number.isFinite(number)) continue;
    most = Math.max(most, Math.abs(number));
    whole &&= Number.isInteger(number);
  }
  if (whole) return 0;
  if (most < 1e-4) return null;
  return Math.min(6, Math.max(1, SIGNIFICANT - 1 - Math.floor(Math.log10(most))));
}

export interface SortBy {
  column: number;
  descending: boolean;
}

/** Numbers of the rows in the order asked for; rows that are equal keep theirs, nulls come last either way. */
export function sortedRows(
  {columns, rows}: Pick<QueryResult, "columns" | "rows">,
  by: SortBy | null
): number[] {
  const order = Array.from({length: rows}, (_, i) => i);
  const column = by && columns[by.column];
  if (!column) return order;
  const {values, kind} = column;
  const key = (i: number) => {
    const value = values[i];
    return kind === "number" || kind === "time"
      ? value == null
        ? null
        : Number(value)
      : cellText(value, kind);
  };
  const keys = order.map(key);
  const turn = by.descending ? -1 : 1;
  return order.sort((a, b) => {
    const [x, y] = [keys[a]!, keys[b]!];
    if (x === y) return a - b;
    if (x === null) return 1;
    if (y === null) return -1;
    return x < y ? -turn : turn;
  });
}
