/** Queries on the study's database, in this tab: run, cancelled, and read into columns. */
import {RecordBatch, Table, tableToIPC} from "apache-arrow";
import type {AsyncDuckDBConnection} from "@duckdb/duckdb-wasm";
import {connectStudy} from "./database.js";
import {kindOf} from "./sql-values.js";
import type {QueryResult} from "./sql-values.js";

/** Rows held of a result; more would fill the tab's memory and nobody pages through them. */
export const MOST_ROWS = 100_000;

export interface SchemaColumn {
  table: string;
  name: string;
  type: string;
}

/** Tables and views of the study with their columns, in their order. */
export async function readSchema(href: string): Promise<SchemaColumn[]> {
  const connection = await connectStudy(href);
  try {
    const found = await connection.query(
      `SELECT table_name AS "table", column_name AS name, data_type AS type FROM duckdb_columns()
       WHERE database_name = 'study' AND NOT internal ORDER BY table_name, column_index`
    );
    return found.toArray().map((row) => row.toJSON() as SchemaColumn);
  } finally {
    await connection.close();
  }
}

/**
 * Runs a query and reads at most {@link MOST_ROWS} rows. Throws what DuckDB throws; after `signal` is aborted, an
 * AbortError.
 */
export async function runQuery(href: string, sql: string, signal: AbortSignal): Promise<QueryResult> {
  const connection = await connectStudy(href);
  const cancel = () => void connection.cancelSent();
  signal.addEventListener("abort", cancel);
  try {
    signal.throwIfAborted();
    const types = await columnTypes(connection, sql);
    const begun = performance.now();
    const {batches, truncated} = await readBatches(connection, sql, signal);
    return resultOf(batches, types, {truncated, seconds: (performance.now() - begun) / 1000});
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", cancel);
    await connection.close();
  }
}

/** DuckDB's own names of the columns' types; empty for statements that have none, and for those that fail: they will say why. */
async function columnTypes(connection: AsyncDuckDBConnection, sql: string): Promise<string[]> {
  if (!/^\s*(--.*\n\s*)*(select|from|with|values|pivot|unpivot|table)\b/i.test(sql)) return [];
  try {
    const described = await connection.query(`DESCRIBE ${sql.replace(/;\s*$/, "")}`);
    return described.toArray().map((row) => String((row.toJSON() as {column_type: unknown}).column_type));
  } catch {
    return [];
  }
}

async function readBatches(
  connection: AsyncDuckDBConnection,
  sql: string,
  signal: AbortSignal
): Promise<{batches: RecordBatch[]; truncated: boolean}> {
  const batches: RecordBatch[] = [];
  let rows = 0;
  const reader = await connection.send(sql, true);
  for await (const batch of reader as AsyncIterable<RecordBatch>) {
    signal.throwIfAborted();
    batches.push(rows + batch.numRows > MOST_ROWS ? batch.slice(0, MOST_ROWS - rows) : batch);
    rows += batch.numRows;
    if (rows <= MOST_ROWS) continue;
    await connection.cancelSent();
    return {batches, truncated: true};
  }
  if (batches.length === 0) batches.push(new RecordBatch(reader.schema));
  return {batches, truncated: false};
}

function resultOf(
  batches: RecordBatch[],
  types: string[],
  how: Pick<QueryResult, "truncated" | "seconds">
): QueryResult {
  const table = new Table(batches);
  const columns = table.schema.fields.map(({name, type}, i) => {
    const named = types[i] ?? ARROW_TYPES[String(type)] ?? String(type);
    return {name, type: named, kind: kindOf(named), values: Array.from(table.getChildAt(i) ?? [], unboxed)};
  });
  return {...how, columns, rows: table.numRows, arrow: async () => tableToIPC(table, "file")};
}

/** Whole numbers as numbers where a double holds them; larger ones as text, so that no digit is lost. */
function unboxed(value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** For statements that DuckDB doesn't describe. */
const ARROW_TYPES: Record<string, string> = {
  Utf8: "VARCHAR",
  Float64: "DOUBLE",
  Float32: "FLOAT",
  Int32: "INTEGER",
  Int64: "BIGINT",
  Bool: "BOOLEAN"
};
