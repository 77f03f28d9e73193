/** Looks into a file of one's own: its columns, and the values of a column that holds labels. */
import {existsSync} from "node:fs";
import {basename, resolve} from "node:path";
import {DuckDBInstance} from "@duckdb/node-api";
import {BadInput} from "../../src/core/bad-input.js";
import {streamLines} from "../corpora/line-stream.js";
import {nearest} from "../study/describe-issue.js";

export interface Inspected {
  /** The file's name as a corpus may be called. */
  name: string;
  reader: "jsonl" | "csv" | "parquet";
  rows: number;
  columns: string[];
  /** Throws {@link BadInput} with the nearest name where there is no such column. */
  requireColumn(column: string): void;
  /** Distinct values as text, numbers first in ascending order; at most {@link MOST_LABELS}. */
  valuesOf(column: string): string[];
}

/** More distinct values than this are no labels. */
export const MOST_LABELS = 20;

const READERS = {jsonl: "read_json_auto", csv: "read_csv_auto", parquet: "read_parquet"} as const;

/** `wanted`: columns whose values will be asked for besides those at the top; dots reach into nested values. */
export async function inspectFile(path: string, wanted: string[] = []): Promise<Inspected> {
  const reader = readerOf(path);
  if (!existsSync(path))
    throw new BadInput({
      where: path,
      expected: "a file",
      found: "none",
      mend: "Check the path given with --from."
    });
  const source = `${READERS[reader]}('${resolve(path).replaceAll("'", "''")}')`;
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const rowsOf = async (sql: string) =>
    (await connection.runAndReadAll(sql)).getRowObjectsJson() as Record<string, string | number | null>[];
  try {
    const columns = (await rowsOf(`DESCRIBE SELECT * FROM ${source}`)).map(({column_name}) =>
      String(column_name)
    );
    const [{n} = {n: 0}] = await rowsOf(`SELECT count(*)::INTEGER AS n FROM ${source}`);
    const values = new Map<string, string[]>();
    for (const column of new Set([...columns, ...wanted])) {
      if (!columns.includes(column) && !columns.includes(column.split(".")[0]!)) continue; // `requireColumn` says so
      const quoted = columns.includes(column) ? quote(column) : column.split(".").map(quote).join(".");
      const found = await rowsOf(
        `SELECT DISTINCT ${quoted}::VARCHAR AS value FROM ${source} WHERE ${quoted} IS NOT NULL LIMIT ${MOST_LABELS + 1}`
      );
      values.set(column, found.map(({value}) => String(value)).sort(compareLabels));
    }
    return inspected(path, reader, Number(n), columns, values);
  } catch (error) {
    if (error instanceof BadInput) throw error;
    if (reader !== "parquet") await requireUtf8(path);
    const [first = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new BadInput({
      where: path,
      expected: `a readable .${reader} file`,
      found: first,
      mend: "Mend the file, or convert it to JSONL."
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** DuckDB calls text in another encoding an error of the line; which byte it is helps more. */
async function requireUtf8(path: string): Promise<void> {
  const lines = streamLines({file: path, name: path});
  while (!(await lines.next()).done);
}

function inspected(
  path: string,
  reader: Inspected["reader"],
  rows: number,
  columns: string[],
  values: Map<string, string[]>
): Inspected {
  const requireColumn = (column: string): void => {
    const [top = ""] = column.split(".");
    if (columns.includes(column) || columns.includes(top)) return;
    const near = nearest(column, columns);
    throw new BadInput({
      where: path,
      expected: `a column “${column}”`,
      found: `the columns ${columns.join(", ")}`,
      mend: near ? `Did you mean “${near}”?` : "Name one of these."
    });
  };
  const valuesOf = (column: string): string[] => {
    requireColumn(column);
    const found = values.get(column) ?? [];
    if (found.length >= 2 && found.length <= MOST_LABELS) return found;
    throw new BadInput({
      where: `${path}, column ${column}`,
      expected: `2 to ${MOST_LABELS} different labels`,
      found: found.length > MOST_LABELS ? "more" : `${found.length}`,
      mend: "Name the column that holds the labels, or write the study's `scores` by hand for rater scores."
    });
  };
  return {name: nameOf(path), reader, rows, columns, requireColumn, valuesOf};
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function readerOf(path: string): Inspected["reader"] {
  const ending = /\.(jsonl|ndjson|csv|parquet)(\.gz)?$/i.exec(path)?.[1]?.toLowerCase();
  if (ending === "csv" || ending === "parquet") return ending;
  if (ending) return "jsonl";
  throw new BadInput({
    where: path,
    expected: "a file that ends in .jsonl, .csv or .parquet",
    found: basename(path),
    mend: "Rename or convert it."
  });
}

function nameOf(path: string): string {
  return nameFrom(basename(path).replace(/\.(jsonl|ndjson|csv|parquet)(\.gz)?$/i, ""), "mine");
}

/** A text as a study may call a corpus or an axis; `otherwise` where none of its letters can stand in a name. */
export function nameFrom(text: string, otherwise: string): string {
  const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || otherwise;
}

function compareLabels(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return a < b ? -1 : a > b ? 1 : 0;
  return x - y;
}
