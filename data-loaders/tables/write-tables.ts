/**
 * The tables stage: run logs in, cubes and `study.duckdb` out. The same input gives the same bytes, but for
 * `runs.json`, which alone holds wall times, and `study.duckdb`.
 */
import {createHash} from "node:crypto";
import {mkdir, rename, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {encodeColumns, type Row} from "../../src/core/columns.js";
import {CUBES, type CubeName, type RunRow} from "../../src/core/cubes.js";
import {EMPTY_DOCUMENTS} from "../../src/core/cubes-reader.js";
import {readCurves, runRows} from "./curves-and-runs.js";
import {Database} from "./database.js";
import {relateEntropies} from "./entropy-cubes.js";
import {recordedLayers} from "./entropy-series.js";
import {examplesDocument} from "./examples-document.js";
import {measureLevelsAndEffects} from "./levels-and-effects.js";
import {loadConversations, loadRunLogs} from "./load-runs.js";
import {readRunLogs} from "./run-logs.js";
import {readScores} from "./scores.js";
import {studyFacts} from "./study-facts.js";
import type {TablesInput} from "./tables-input.js";
import {layOutTestRows} from "./test-rows.js";

const DATABASE = "study.duckdb";
/** Significant digits of numbers that are only drawn, and of those that others recompute. */
const DRAWN = 5;
const EXACT = 12;

/**
 * Writes all cubes ({@link CubeName}, `<name>.json`) and `study.duckdb` into `folder`, each file beside its target and
 * renamed into place. Runs that failed, are missing or don't fit the study are named in `runs.json` with the reason
 * and left out of the numbers. Throws BadInput where annotations or axes can't be laid out.
 */
export async function writeTables(input: TablesInput, folder: string): Promise<void> {
  await mkdir(folder, {recursive: true});
  const part = join(folder, `.${DATABASE}.${process.pid}.part`);
  await rm(part, {force: true});
  const db = await Database.create(part);
  try {
    const documents = await makeCubes(db, input);
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

/** All cubes as JSON text. */
async function makeCubes(db: Database, input: TablesInput): Promise<Partial<Record<CubeName, string>>> {
  const test = layOutTestRows(input);
  await loadConversations(db, input, test.rows);
  const logs = await loadRunLogs(db, await readRunLogs(input.runs));
  const runs = runRows(logs, await accuracies(db));
  await loadRuns(db, runs);
  const scores = await readScores(db, logs, test);
  const {levels, effects} = measureLevelsAndEffects(scores, test);
  const {layers, relations, quintiles} = await relateEntropies(db, scores, test);
  const cubes = {
    levels: table(levels, ["value"]),
    effects: table(effects),
    layers: table(layers),
    relations: table(relations),
    quintiles: table(quintiles),
    curves: table(await readCurves(logs)),
    examples: JSON.stringify(examplesDocument(input, test, scores))
  };
  const found = {layers: (await recordedLayers(db)).at(-1) ?? 0, predictions: await countPredictions(db)};
  const facts = studyFacts(input, test, logs, {...found, version: contentHash(cubes)});
  return {...cubes, runs: table(runs, ["started", "wall_seconds"]), study: JSON.stringify(facts)};
}

/** A cube as text; columns in `exact` keep more digits than a figure needs. */
function table(rows: object[], exact: string[] = []): string {
  const drawn = (rows as Row[]).map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, cell]) => [
        name,
        typeof cell === "number" && !Number.isInteger(cell) && !exact.includes(name)
          ? Number(cell.toPrecision(DRAWN))
          : cell
      ])
    )
  );
  return JSON.stringify(encodeColumns(drawn, EXACT));
}

/** First 16 hex digits of a SHA-256 over the cubes, by name. */
function contentHash(cubes: Record<string, string>): string {
  const hash = createHash("sha256");
  for (const name of Object.keys(cubes).sort()) hash.update(`${name}\0${cubes[name]}\0`);
  return hash.digest("hex").slice(0, 16);
}

async function accuracies(db: Database): Promise<Map<string, number>> {
  const rows = await db.rows(
    "SELECT run, avg(correct::INTEGER) AS accuracy FROM predictions WHERE scored GROUP BY run ORDER BY run"
  );
  return new Map(rows.map(({run, accuracy}) => [run as string, accuracy as number]));
}

async function countPredictions(db: Database): Promise<number> {
  const [row] = await db.rows("SELECT count(*) AS n FROM predictions");
  return Number(row!.n);
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
  trainer_version: "VARCHAR"
};

async function loadRuns(db: Database, runs: RunRow[]): Promise<void> {
  await db.createTable("runs", RUN_TYPES, runs);
}

async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, text);
  await rename(part, path);
}
