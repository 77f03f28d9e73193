/** What threads are asked to do. Each task is a function of its inputs alone, so that nobody can tell who did it. */
import {join} from "node:path";
import {LAYER_KEYS, PREDICTION_COLUMNS} from "../../src/core/contract.js";
import {literal} from "./database.js";
import {hashContent} from "../stages/file-hashes.js";
import {remembered, type Remembering} from "./remembered.js";
import {allocateShared, readLayers, type LayerValues} from "./read-layers.js";
import {
  emptyScores,
  readPredictions,
  type PredictionCounts,
  type Reading,
  type RowScores
} from "./read-predictions.js";
import {summarise, type Summary} from "./summary.js";
import {makeSystemCubes, type SystemCubes, type SystemTask} from "./system-cubes.js";
import type {Restrict, Unit} from "./systems.js";

/** What became of a run when it was read. */
export interface RunFinding {
  run: string;
  /** Null where the file can't be read. */
  counts: PredictionCounts | null;
  /** Why it can't be read. */
  problem: string | null;
}

export interface UnitSummary {
  summary: Summary;
  findings: RunFinding[];
}

export type Task =
  | {kind: "hash"; path: string}
  | {kind: "summary"; unit: Unit; remember: Remembering | null}
  | {kind: "layers"; unit: Unit}
  | {kind: "system"; task: SystemTask; remember: Remembering | null};

export interface Results {
  hash: string | null;
  summary: UnitSummary;
  layers: {values: LayerValues | null; problem: string | null};
  system: SystemCubes;
}

export type ResultOf<T extends Task> = Results[T["kind"]];

export async function perform<T extends Task>(task: T, reading: Reading): Promise<ResultOf<T>> {
  if (task.kind === "hash") return (await hashContent(task.path)) as ResultOf<T>;
  if (task.kind === "summary")
    return (await remembered(task.remember, () => summariseUnit(task.unit, reading))) as ResultOf<T>;
  if (task.kind === "layers") return (await layersOf(task.unit, reading)) as ResultOf<T>;
  return (await remembered(task.remember, () =>
    makeSystemCubes(task.task, reading, restrictTo(reading))
  )) as ResultOf<T>;
}

/** Reads a unit again, for pairs that didn't score the same rows. */
export function restrictTo(reading: Reading): Restrict {
  return async (unit, mask) => {
    const scores = emptyScores(reading);
    for (const {folder} of unit.runs) await readPredictions(reading, folder, scores);
    return summarise(scores, reading.layout, mask);
  };
}

async function summariseUnit({runs, kind}: Unit, reading: Reading): Promise<UnitSummary> {
  let scores: RowScores | null = null;
  const findings: RunFinding[] = [];
  for (const {run, folder} of runs) {
    // Read apart, so that a run that doesn't fit leaves nothing behind.
    const own = emptyScores(reading);
    try {
      await requireColumns(reading, folder, "predictions.parquet", Object.keys(PREDICTION_COLUMNS));
      if (kind === "arm") await requireColumns(reading, folder, "layers.parquet", Object.keys(LAYER_KEYS));
      const counts = await readPredictions(reading, folder, own);
      if (!counts.mismatch) scores = scores ? addScores(scores, own) : own;
      findings.push({run, counts, problem: null});
    } catch (error) {
      findings.push({run, counts: null, problem: String((error as Error).message).split("\n")[0]!});
    }
  }
  return {summary: summarise(scores ?? emptyScores(reading), reading.layout), findings};
}

/** Throws where a file is no Parquet, or lacks a column of the contract. */
async function requireColumns({db}: Reading, folder: string, file: string, names: string[]): Promise<void> {
  await db.run(`SELECT ${names.join(", ")} FROM read_parquet(${literal(join(folder, file))}) LIMIT 0`);
}

/** Adds the rows that a run scored. */
function addScores(into: RowScores, from: RowScores): RowScores {
  for (let row = 0; row < from.scored.length; ++row) {
    if (!from.scored[row]) continue;
    into.scored[row] = 1;
    into.predicted[row] = from.predicted[row]!;
    into.nll[row] = from.nll[row]!;
    into.brier[row] = from.brier[row]!;
    into.confidence[row] = from.confidence[row]!;
    into.label_entropy[row] = from.label_entropy[row]!;
    into.margin[row] = from.margin[row]!;
    into.off_label_mass[row] = from.off_label_mass[row]!;
  }
  for (let i = 0; i < from.shownProbabilities.length; ++i)
    if (from.shownProbabilities[i]) into.shownProbabilities[i] = from.shownProbabilities[i]!;
  return into;
}

async function layersOf(unit: Unit, reading: Reading): Promise<Results["layers"]> {
  try {
    return {values: await readLayers(reading, unit, allocateShared), problem: null};
  } catch (error) {
    return {values: null, problem: String((error as Error).message).split("\n")[0]!};
  }
}
