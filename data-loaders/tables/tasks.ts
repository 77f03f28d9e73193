/** What threads are asked to do. Each task is a function of its inputs alone, so that nobody can tell who did it. */
import {join} from "node:path";
import {LAYER_KEYS, PREDICTION_COLUMNS} from "../../src/core/contract.js";
import {literal} from "./database.js";
import {hashContent} from "../stages/file-hashes.js";
import {keep, recall, remembered, type Remembering} from "./remembered.js";
import {allocateShared, readLayers, type LayerValues} from "./read-layers.js";
import {
  emptyScores,
  readPredictions,
  type PredictionCounts,
  type Reading,
  type RowScores
} from "./read-predictions.js";
import {entropyCubes, type EntropyCubes, type EntropyTask} from "./entropy-cubes.js";
import {outputCubes, type OutputCubes, type OutputTask} from "./output-cubes.js";
import {shownScores, type ShownScores} from "./shown-scores.js";
import {summarise, type Summary} from "./summary.js";
import type {Restrict, Unit} from "./systems.js";

/** What became of a run when it was read. */
export interface RunFinding {
  run: string;
  /** Null where the file can't be read. */
  counts: PredictionCounts | null;
  /** Why it can't be read. */
  problem: string | null;
}

/** What everybody needs of a unit. */
export interface UnitFinding {
  findings: RunFinding[];
  shown: ShownScores;
}

export interface UnitSummary extends UnitFinding {
  /** Null where it is remembered and wasn't asked for. */
  summary: Summary | null;
}

/** Where both parts of a unit's summary lie: a small one that is always read, and a large one. */
export interface SummaryPlaces {
  finding: Remembering;
  summary: Remembering;
}

export type Task =
  | {kind: "hash"; path: string}
  | {kind: "summary"; unit: Unit; remember: SummaryPlaces | null; whole: boolean}
  | {kind: "layers"; unit: Unit}
  | {kind: "outputs"; task: OutputTask | null; remember: Remembering | null}
  | {kind: "entropies"; task: EntropyTask | null; remember: Remembering | null};

export interface Results {
  hash: string | null;
  summary: UnitSummary;
  layers: {values: LayerValues | null; problem: string | null};
  /** Null where there was no task, and nothing is remembered. */
  outputs: OutputCubes | null;
  entropies: EntropyCubes | null;
}

export type ResultOf<T extends Task> = Results[T["kind"]];

export async function perform<T extends Task>(task: T, reading: Reading): Promise<ResultOf<T>> {
  return (await resultOf(task, reading)) as ResultOf<T>;
}

function resultOf(task: Task, reading: Reading): Promise<Results[Task["kind"]]> {
  if (task.kind === "hash") return hashContent(task.path);
  if (task.kind === "summary") return summaryOf(task, reading);
  if (task.kind === "layers") return layersOf(task.unit, reading);
  if (!task.task) return recall<OutputCubes & EntropyCubes>(task.remember);
  const {remember} = task;
  if (task.kind === "outputs") {
    const {task: outputs} = task;
    return remembered(remember, () => outputCubes(outputs, reading.layout, restrictTo(reading)));
  }
  const {task: entropies} = task;
  return remembered(remember, () => entropyCubes(entropies, reading));
}

async function summaryOf(
  {unit, remember, whole}: Extract<Task, {kind: "summary"}>,
  reading: Reading
): Promise<UnitSummary> {
  const finding = remember && (await recall<UnitFinding>(remember.finding));
  const summary = finding && whole ? await recall<Summary>(remember.summary) : null;
  if (finding && (summary || !whole)) return {...finding, summary};
  const made = await summariseUnit(unit, reading);
  if (remember) {
    await keep(remember.summary, made.summary);
    await keep(remember.finding, {findings: made.findings, shown: made.shown});
  }
  return made;
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
  const summary = summarise(scores ?? emptyScores(reading), reading.layout);
  return {summary, findings, shown: shownScores(summary, reading)};
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
