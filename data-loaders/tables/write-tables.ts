/**
 * The tables stage: run logs in, cubes and `study.duckdb` out. The same input gives the same bytes, whoever makes them
 * and on however many threads, but for `runs.json`, which alone holds wall times, and `study.duckdb`.
 */
import {mkdir, rename, rm, writeFile} from "node:fs/promises";
import {availableParallelism} from "node:os";
import {join} from "node:path";
import {CUBES} from "../../src/core/cubes.js";
import {EMPTY_DOCUMENTS} from "../../src/core/cubes-reader.js";
import {shortHash} from "../stages/content-hash.js";
import {Database} from "./database.js";
import {refuseTooManyLabels, shownRows, type ShownRows} from "./examples-document.js";
import {inlineExecutor, openReading, workerExecutor, type Executor, type ReadingPlan} from "./executors.js";
import {FileHashes} from "../stages/file-hashes.js";
import {makeCubes, type MadeCubes} from "./make-cubes.js";
import {Memory, type MemoryFolder} from "./memory.js";
import {hashTestRows} from "./row-keys.js";
import {readRunLogs, type RunLog} from "./run-logs.js";
import {sharedArray} from "./thread-memory.js";
import {loadConversations, loadPredictions, loadRuns, type KeptRows} from "./study-database.js";
import type {TablesInput} from "./tables-input.js";
import {restrictTo} from "./tasks.js";
import {layOutTestRows, type TestRows} from "./test-rows.js";

const DATABASE = "study.duckdb";
/** Predictions from which on it pays to start threads. */
const MANY_PREDICTIONS = 250_000;
/** Rows that `study.duckdb` holds at most; with more it holds the examples that pages show, and `study.json` says so. */
export const DATABASE_LIMITS = {predictions: 2_000_000, layers: 5_000_000};

export interface TablesOptions {
  /** Where results are remembered from time to time; without, everything is made anew. */
  memory?: MemoryFolder;
  /** Threads beside this one; without, as many as there are cores, and none for a small study. */
  threads?: number;
}

/**
 * Writes all cubes ({@link CubeName}, `<name>.json`) and `study.duckdb` into `folder`, each file beside its target and
 * renamed into place. Runs that failed, are missing or don't fit the study are named in `runs.json` with the reason
 * and left out of the numbers. Throws BadInput where annotations or axes can't be laid out.
 */
export async function writeTables(
  input: TablesInput,
  folder: string,
  options: TablesOptions = {}
): Promise<void> {
  await mkdir(folder, {recursive: true});
  const part = join(folder, `.${DATABASE}.${process.pid}.part`);
  await rm(part, {force: true});
  const db = await Database.create(part);
  try {
    const {documents, runs} = await make(db, input, options);
    await loadRuns(db, runs);
    await db.close();
    await rename(part, join(folder, DATABASE));
    for (const name of CUBES)
      await writeWhole(
        join(folder, `${name}.json`),
        documents[name] ?? JSON.stringify(EMPTY_DOCUMENTS[name] ?? {rows: 0, columns: {}})
      );
  } finally {
    db.discard();
    await rm(part, {force: true});
    await rm(`${part}.wal`, {force: true});
  }
}

async function make(db: Database, input: TablesInput, {memory, threads}: TablesOptions): Promise<MadeCubes> {
  refuseTooManyLabels(input);
  const test = layOutTestRows(input);
  const shown = shownRows(input, test);
  await loadConversations(db, input, test.rows);
  const plan = await planReading(db, test, shown);
  const many = test.layout.rows * input.runs.length >= MANY_PREDICTIONS;
  const count = threads ?? (many ? availableParallelism() : 0);
  const executor = count > 0 ? workerExecutor(plan, count) : await inlineExecutor(plan);
  const reading = await openReading(plan);
  try {
    const logs = await readLogs(input, memory, executor);
    const known = new Memory(memory ?? null, memory ? hashOfRows(test, shown) : "");
    const making = {...{input, test, shown, db, executor}, memory: known, restrict: restrictTo(reading)};
    const kept = {
      rows: shown.rows,
      extract: (run: string, file: string) => known.file("shown", [run, file], "parquet")
    };
    return await makeCubes(making, logs, (good, predictions) => fillDatabase(db, good, predictions, kept));
  } finally {
    await executor.close();
    reading.db.discard();
  }
}

/** All threads check the files' hashes. */
async function readLogs(
  {runs}: TablesInput,
  memory: MemoryFolder | undefined,
  executor: Executor
): Promise<RunLog[]> {
  const hashes = await FileHashes.open(memory ? join(memory.folder, "verified.json") : null, (path) =>
    executor.run({kind: "hash", path})
  );
  const logs = await readRunLogs(runs, hashes);
  await hashes.save();
  return logs;
}

async function planReading(db: Database, {layout}: TestRows, {rows, place}: ShownRows): Promise<ReadingPlan> {
  return {
    layout,
    keys: await hashTestRows(db, layout.rows),
    shownPlace: sharedArray(Int32Array, place),
    shown: rows.length
  };
}

/** Changes with any test row, its label, its dialogue, and with which rows are shown. */
function hashOfRows({rows}: TestRows, shown: ShownRows): string {
  return shortHash(JSON.stringify([rows, shown.rows.map(({row}) => row)]));
}

async function fillDatabase(
  db: Database,
  logs: RunLog[],
  predictions: number,
  kept: KeptRows
): Promise<"all" | "shown"> {
  const layers = logs.reduce((sum, {manifest}) => sum + (manifest?.files["layers.parquet"]?.rows ?? 0), 0);
  const whole = predictions <= DATABASE_LIMITS.predictions && layers <= DATABASE_LIMITS.layers;
  await loadPredictions(db, logs, whole ? undefined : kept);
  return whole ? "all" : "shown";
}

async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, text);
  await rename(part, path);
}
