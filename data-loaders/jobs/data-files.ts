/** Training and test rows as Parquet files, identified by their rows rather than their bytes. */
import {createHash} from "node:crypto";
import {DuckDBInstance} from "@duckdb/node-api";
import {DATA_COLUMNS} from "../../src/core/contract.js";
import type {DataRow} from "../../src/core/contract.js";

const known = new WeakMap<DataRow[], string>();

/** SHA-256 over the rows' values in order: what a job is identified by. Rows are not changed once they are made. */
export function contentOf(rows: DataRow[]): string {
  const content = known.get(rows) ?? hashRows(rows);
  known.set(rows, content);
  return content;
}

function hashRows(rows: DataRow[]): string {
  const hash = createHash("sha256");
  for (const row of rows) hash.update(JSON.stringify(DATA_COLUMNS.map((column) => row[column]))).update("\n");
  return hash.digest("hex");
}

/** Writes rows, in order, with the contract's columns as VARCHAR. */
export async function writeDataFile(rows: DataRow[], file: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", {threads: "1"});
  const connection = await instance.connect();
  try {
    await connection.run(
      `CREATE TABLE rows (${DATA_COLUMNS.map((column) => `"${column}" VARCHAR`).join(", ")})`
    );
    const appender = await connection.createAppender("rows");
    for (const row of rows) {
      for (const column of DATA_COLUMNS) appender.appendVarchar(row[column]);
      appender.endRow();
    }
    appender.closeSync();
    await connection.run(`COPY rows TO '${file.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
