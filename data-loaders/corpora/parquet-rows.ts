/** Rows of Parquet files, by DuckDB, chunk by chunk; nested lists and structs come as lists and objects. */
import {open} from "node:fs/promises";
import {DuckDBInstance} from "@duckdb/node-api";
import type {DuckDBConnection} from "@duckdb/node-api";
import {BadInput} from "../../src/core/bad-input.js";
import {nearest} from "../study/describe-issue.js";
import type {Source} from "./source-file.js";

/** Stands at both ends of a Parquet file. */
const MAGIC = "PAR1";
/** For what DuckDB holds at a time: columns of one row group, unpacked. It does not take what it does not need. */
const MEMORY = "1GB";

export interface ParquetTable {
  columns: string[];
  /** In the order of the file; numbered from 1. */
  rows: AsyncGenerator<{number: number; values: Record<string, unknown>}>;
}

/**
 * Opens a file and reads its rows as they are asked for: these columns, or all. The rows must be gone through, or
 * returned from, for the file to be closed. Throws BadInput on what is no Parquet file, and on a column that it lacks.
 */
export async function openParquet(source: Source, wanted?: readonly string[]): Promise<ParquetTable> {
  if (!(await hasMagic(source.file))) throw notParquet(source.name, "other bytes at its ends");
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    enable_external_file_cache: "false",
    memory_limit: MEMORY,
    threads: "1"
  });
  const connection = await instance.connect();
  const close = (): void => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    const columns = await readable(source, () => columnsOf(connection, source));
    if (wanted) checkColumns(columns, wanted, source.name);
    return {columns, rows: rowsOf(connection, source, wanted ?? columns, close)};
  } catch (error) {
    close();
    throw error;
  }
}

async function columnsOf(connection: DuckDBConnection, {file}: Source): Promise<string[]> {
  const reader = await connection.runAndReadAll("SELECT * FROM read_parquet($file) LIMIT 0", {
    file: withoutGlob(file)
  });
  return reader.columnNames();
}

async function* rowsOf(
  connection: DuckDBConnection,
  source: Source,
  columns: readonly string[],
  close: () => void
): ParquetTable["rows"] {
  const names = columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(", ");
  try {
    const result = await readable(source, () =>
      connection.stream(`SELECT ${names} FROM read_parquet($file)`, {file: withoutGlob(source.file)})
    );
    const chunks = result.yieldRowObjectJs();
    let number = 0;
    for (;;) {
      const chunk = await readable(source, () => chunks.next());
      if (chunk.done) return;
      for (const values of chunk.value)
        yield {number: ++number, values: plain(values) as Record<string, unknown>};
    }
  } finally {
    close();
  }
}

async function readable<T>({name}: Source, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const [problem = ""] = (error as Error).message.split("\n");
    throw problem.startsWith("Out of Memory")
      ? rowGroupsTooLarge(name)
      : notParquet(name, `one that DuckDB cannot read (${problem})`);
  }
}

function checkColumns(columns: string[], wanted: readonly string[], name: string): void {
  const missing = wanted.find((column) => !columns.includes(column));
  if (missing === undefined) return;
  const near = nearest(missing, columns);
  throw new BadInput({
    where: `${name}, schema`,
    expected: `a column “${missing}”`,
    found: `the columns ${columns.slice(0, 20).join(", ")}`,
    mend: near
      ? `Rename “${near}”, or read the file with \`reader: parquet\` and a column map.`
      : "Check that `reader` names the file's format; `reader: parquet` reads any other with a column map."
  });
}

async function hasMagic(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const {size} = await handle.stat();
    const ends = [0, size - MAGIC.length].map((at) =>
      handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, Math.max(at, 0))
    );
    return (await Promise.all(ends)).every(({buffer}) => buffer.toString("latin1") === MAGIC);
  } finally {
    await handle.close();
  }
}

/** DuckDB reads `*`, `?` and `[` in a path as patterns; in brackets they stand for themselves. */
function withoutGlob(file: string): string {
  return file.replace(/[*?[]/g, "[$&]");
}

/** Wide integers as numbers, as JSON would hold them. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  return value instanceof Date ? value.toISOString() : value;
}

function notParquet(name: string, found: string): BadInput {
  return new BadInput({
    where: name,
    expected: "a whole Parquet file",
    found,
    mend: "Fetch or write it again, or name its real format under `reader` (jsonl, csv)."
  });
}

function rowGroupsTooLarge(name: string): BadInput {
  return new BadInput({
    where: name,
    expected: `row groups that fit into ${MEMORY}`,
    found: "larger ones",
    mend: "Write the file again with fewer rows a row group, for example with DuckDB's `COPY … (FORMAT parquet, ROW_GROUP_SIZE 10000)`."
  });
}
