/**
 * `study.duckdb`, for drill-down:
 *
 * - `runs`: one row a run, wall times included.
 * - `examples`: training and test examples with their dialogues.
 * - `annotations`: what is said of each example on each axis.
 * - `test_rows`: test example × axis; `row` is its number everywhere.
 * - `predictions`: run × test row, the trainer's columns and the derived ones of `item-columns.ts`.
 * - `layers`: run × test row × layer, one column an estimator.
 */
import {existsSync} from "node:fs";
import {mkdir, rename} from "node:fs/promises";
import {dirname, join} from "node:path";
import {ESTIMATORS, PREDICTION_COLUMNS} from "../../src/core/contract.js";
import type {RunRow} from "../../src/core/cubes.js";
import {derivedColumnNames, withDerivedColumns} from "../../src/core/statistics/item-columns.js";
import {type Database, literal} from "./database.js";
import type {RunLog} from "./run-logs.js";
import type {SplitExample, TablesInput} from "./tables-input.js";
import type {TestRow} from "./test-rows.js";

/** Columns that the test rows give; the trainer's copies are only checked against them. */
const ROW_COLUMNS = ["corpus", "axis", "example_id", "dialogue_id", "gold"];
const TRAINER_COLUMNS = Object.entries(PREDICTION_COLUMNS).filter(([name]) => !ROW_COLUMNS.includes(name));
/** Columns of `predictions`, in order. */
const PREDICTION_TABLE = [
  ...["run", "system", "seed", '"row"'],
  ...ROW_COLUMNS,
  ...TRAINER_COLUMNS.map(([name]) => name),
  ...derivedColumnNames()
];

/** Creates `examples`, `annotations` and `test_rows`. */
export async function loadConversations(
  db: Database,
  {train, test, annotations}: TablesInput,
  rows: TestRow[]
): Promise<void> {
  const text = (...columns: string[]) => Object.fromEntries(columns.map((column) => [column, "VARCHAR"]));
  const examples = {
    ...text("corpus", "example_id", "dialogue_id", "split"),
    turns: 'STRUCT("role" VARCHAR, "text" VARCHAR)[]',
    response: "VARCHAR"
  };
  const inSplit = (split: string) => (example: SplitExample) => ({...example, split});
  await db.createTable("examples", examples, [...train.map(inSplit("train")), ...test.map(inSplit("test"))]);
  await db.createTable(
    "annotations",
    text("corpus", "example_id", "axis", "label", "explanation", "label_source", "explanation_source"),
    annotations
  );
  const testRows = {row: "INTEGER", ...text(...ROW_COLUMNS), labels: "VARCHAR[]", ordinal: "BOOLEAN"};
  await db.createTable("test_rows", testRows, rows);
}

/** Some test rows of a study, and what was taken from run logs before. */
export interface KeptRows {
  rows: readonly TestRow[];
  /** Where these rows of a run's file are kept from one time to the next; null keeps none. */
  extract: (run: string, file: string) => string | null;
}

/** Creates `predictions` and `layers` from runs that are done and fit; with `only`, of these test rows alone. */
export async function loadPredictions(db: Database, logs: RunLog[], only?: KeptRows): Promise<void> {
  const kept = only
    ? `(SELECT * FROM test_rows WHERE "row" IN (${only.rows.map(({row}) => row).join(", ")}))`
    : "test_rows";
  await db.run(`CREATE TEMPORARY TABLE kept_rows AS FROM ${kept}`);
  await createTables(db);
  for (const log of logs) {
    if (log.status !== "done" || (log.kind !== "train" && log.kind !== "baseline")) continue;
    await insertPredictions(db, log, await keptRows(db, log, "predictions.parquet", only));
    if (log.kind === "train") await insertLayers(db, log, await keptRows(db, log, "layers.parquet", only));
  }
}

/** The kept rows of a run's file as a table expression: a large file is gone through once. */
async function keptRows(db: Database, log: RunLog, file: string, only?: KeptRows): Promise<string> {
  const path = only?.extract(log.run, file) ?? null;
  if (path === null) return parquet(log, file);
  if (!existsSync(path)) {
    await mkdir(dirname(path), {recursive: true});
    const part = `${path}.${process.pid}.part`;
    await db.run(
      `COPY (FROM ${parquet(log, file)} SEMI JOIN kept_rows USING (corpus, axis, example_id)) TO ${literal(part)} (FORMAT parquet)`
    );
    await rename(part, path);
  }
  return `read_parquet(${literal(path)})`;
}

async function createTables(db: Database): Promise<void> {
  const noPredictions = TRAINER_COLUMNS.map(([name, type]) => `NULL::${type} AS ${name}`);
  const source = `SELECT r.*, ${noPredictions.join(", ")} FROM kept_rows r`;
  await db.run(
    `CREATE TABLE predictions AS ${selectPredictions({run: "", system: "", seed: ""}, source)} LIMIT 0`
  );
  const estimators = ESTIMATORS.map((name) => `${name} DOUBLE`);
  await db.run(`CREATE TABLE layers (run VARCHAR, "row" INTEGER, layer INTEGER, ${estimators.join(", ")})`);
}

/** The rows of `predictions` of one run, from test rows with the trainer's columns. */
function selectPredictions(
  {run, system, seed}: Pick<RunLog, "run" | "system" | "seed">,
  source: string
): string {
  const named = `(SELECT ${literal(run)} AS run, ${literal(system)} AS system, ${literal(seed)} AS seed, * FROM (${source}))`;
  return `SELECT ${PREDICTION_TABLE.join(", ")} FROM (${withDerivedColumns(named)}) ORDER BY "row"`;
}

/** A run's Parquet file, as a table expression. */
export function parquet({folder}: Pick<RunLog, "folder">, file: string): string {
  return `read_parquet(${literal(join(folder, file))})`;
}

async function insertPredictions(db: Database, log: RunLog, from: string): Promise<void> {
  const columns = TRAINER_COLUMNS.map(([name, type]) => `p.${name}::${type} AS ${name}`);
  const source = `SELECT r.*, ${columns.join(", ")}
    FROM ${from} p JOIN kept_rows r USING (corpus, axis, example_id)`;
  await db.run(`INSERT INTO predictions ${selectPredictions(log, source)}`);
}

async function insertLayers(db: Database, log: RunLog, source: string): Promise<void> {
  const present = new Set((await db.rows(`DESCRIBE FROM ${source}`)).map(({column_name}) => column_name));
  const estimators = ESTIMATORS.map((name) => (present.has(name) ? `l.${name}` : "NULL"));
  await db.run(
    `INSERT INTO layers SELECT ${literal(log.run)}, r."row", l.layer, ${estimators.join(", ")}
     FROM ${source} l JOIN kept_rows r USING (corpus, axis, example_id) ORDER BY l.layer, r."row"`
  );
}

const RUN_TYPES: Record<keyof RunRow, string> = {
  run: "VARCHAR",
  kind: "VARCHAR",
  system: "VARCHAR",
  seed: "VARCHAR",
  scope: "VARCHAR",
  status: "VARCHAR",
  reason: "VARCHAR",
  accuracy: "DOUBLE",
  steps: "BIGINT",
  tokens: "BIGINT",
  wall_seconds: "DOUBLE",
  train_seconds: "DOUBLE",
  score_seconds: "DOUBLE",
  tokens_per_second: "DOUBLE",
  peak_memory_bytes: "BIGINT",
  parameters: "BIGINT",
  resumed: "INTEGER",
  started: "DOUBLE",
  device: "VARCHAR",
  threads: "INTEGER",
  libraries: "VARCHAR",
  trainer_version: "VARCHAR",
  flops_utilisation: "DOUBLE",
  encoded_tokens_per_second: "DOUBLE",
  peak_device_memory_bytes: "BIGINT",
  trainable_parameters: "BIGINT",
  execution: "VARCHAR"
};

export async function loadRuns(db: Database, runs: RunRow[]): Promise<void> {
  await db.createTable("runs", RUN_TYPES, runs);
}
