/** One's own Parquet, read by DuckDB; nested lists and structs come as lists and objects. */
import {open} from "node:fs/promises";
import {DuckDBInstance} from "@duckdb/node-api";
import {BadInput} from "../../src/core/bad-input.js";
import type {OwnCorpusConfig} from "../../src/core/study.js";
import {readTable} from "./column-map.js";
import type {OwnTable} from "./own-table.js";
import type {Reading} from "./reading.js";
import {locate, requireFile} from "./source-file.js";

/** Stands at both ends of a Parquet file. */
const MAGIC = "PAR1";

/** Throws BadInput on what is no Parquet file. Rows keep their order in the file. */
export async function readParquet(config: OwnCorpusConfig, folder: string): Promise<Reading> {
  await requireFile(config.path, folder);
  const file = locate(config.path, folder);
  if (!(await hasMagic(file))) throw notParquet(config.path, "other bytes at its ends");
  return readTable(await query(file, config.path), config);
}

async function query(file: string, path: string): Promise<OwnTable> {
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false"
  });
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll("SELECT * FROM read_parquet($file)", {
      file: withoutGlob(file)
    });
    const rows = reader.getRowObjectsJS().map((values, i) => ({
      place: `row ${i + 1}`,
      values: plain(values) as Record<string, unknown>
    }));
    return {columns: reader.columnNames(), rows};
  } catch (error) {
    throw notParquet(path, `one that DuckDB cannot read (${(error as Error).message.split("\n")[0]})`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
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

function notParquet(path: string, found: string): BadInput {
  return new BadInput({
    where: path,
    expected: "a whole Parquet file",
    found,
    mend: "Fetch or write it again, or name its real format under `reader` (jsonl, csv)."
  });
}
