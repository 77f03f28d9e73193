/**
 * The tables' database: DuckDB on one thread, so that sums of floating-point numbers have one order and the same
 * input gives the same bits. `study.duckdb` is this database, closed.
 */
import {DuckDBInstance, type DuckDBValue} from "@duckdb/node-api";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";

/** Read by every DuckDB from 0.10 on, that of duckdb-wasm 1.32 in the browser included. */
const STORAGE_VERSION = "v0.10.2";

export type SqlRow = Record<string, unknown>;

export class Database {
  private open = true;

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: Awaited<ReturnType<DuckDBInstance["connect"]>>
  ) {}

  /** Opens a database in a file that doesn't exist yet. */
  static async create(path: string): Promise<Database> {
    const settings = {
      threads: "1",
      storage_compatibility_version: STORAGE_VERSION,
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false"
    };
    const instance = await DuckDBInstance.create(path, settings);
    return new Database(instance, await instance.connect());
  }

  async run(sql: string, values?: Record<string, DuckDBValue>): Promise<void> {
    await this.connection.run(sql, values);
  }

  /** Rows as objects; for small results. */
  async rows(sql: string, values?: Record<string, DuckDBValue>): Promise<SqlRow[]> {
    return (await this.connection.runAndReadAll(sql, values)).getRowObjectsJS();
  }

  /** Columns by name; for large results. */
  async columns(sql: string, values?: Record<string, DuckDBValue>): Promise<Record<string, unknown[]>> {
    return (await this.connection.runAndReadAll(sql, values)).getColumnsObjectJS();
  }

  /** Creates a table of rows, by way of a file of JSON lines. `types` gives its columns: name → DuckDB type. */
  async createTable(name: string, types: Record<string, string>, rows: object[]): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), "because-tables-"));
    try {
      const file = join(folder, "rows.jsonl");
      await writeFile(file, rows.map((row) => JSON.stringify(row) + "\n").join(""));
      const columns = Object.entries(types).map(([column, type]) => `${literal(column)}: ${literal(type)}`);
      await this.run(
        `CREATE TABLE ${name} AS FROM read_json(${literal(file)}, format = 'newline_delimited', ` +
          `columns = {${columns.join(", ")}}, maximum_object_size = 268435456)`
      );
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  }

  /** Writes everything to the file and closes it. */
  async close(): Promise<void> {
    await this.connection.run("CHECKPOINT");
    this.discard();
  }

  /** Closes, if it is open still, without care for what is in the file. */
  discard(): void {
    if (!this.open) return;
    this.open = false;
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

/** Text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
