/** From run logs to all cubes: summaries of every run first, then system by system, then what needs all of them. */
import {createHash} from "node:crypto";
import {armId, LABEL_ONLY, parseArm} from "../../src/core/arms.js";
import type {CubeName, RunRow, StudyFacts} from "../../src/core/cubes.js";
import {declaredHypotheses} from "../../src/core/hypotheses/declared.js";
import {judgeHypotheses} from "../../src/core/hypotheses.js";
import {readAlong} from "./along-rows.js";
import {encode, toColumns} from "./column-lists.js";
import {readCurves, runRows} from "./curves-and-runs.js";
import type {Database} from "./database.js";
import {collectEvidence} from "./evidence.js";
import {examplesDocument, type ShownRows} from "./examples-document.js";
import type {Executor} from "./executors.js";
import {jointDocument} from "./joint-document.js";
import {judgingDocuments} from "./judging-documents.js";
import type {LayerValues} from "./read-layers.js";
import type {Memory} from "./memory.js";
import type {RunLog} from "./run-logs.js";
import {studyFacts} from "./study-facts.js";
import {summariseRuns, type Summarised} from "./summarise-runs.js";
import {SYSTEM_TABLES, type SystemCubes} from "./system-cubes.js";
import type {Member, Restrict, System} from "./systems.js";
import type {TablesInput} from "./tables-input.js";
import type {TestRows} from "./test-rows.js";

const BASE = armId(LABEL_ONLY);

/** What the cubes are made with. */
export interface Making {
  input: TablesInput;
  test: TestRows;
  shown: ShownRows;
  /** Holds `test_rows`. */
  db: Database;
  executor: Executor;
  memory: Memory;
  restrict: Restrict;
}

export interface MadeCubes {
  /** Cubes as JSON text. */
  documents: Partial<Record<CubeName, string>>;
  runs: RunRow[];
}

/** All cubes. `loadDatabase` is called as soon as it is known which runs count, and waited for. */
export async function makeCubes(
  making: Making,
  logs: RunLog[],
  loadDatabase: (logs: RunLog[], predictions: number) => Promise<StudyFacts["database"]>
): Promise<MadeCubes> {
  const {input, test, shown} = making;
  const labelOnly = readBaseLayers(making, logs);
  const summarised = await summariseRuns(making, logs);
  const {systems, predictions} = summarised;
  const loading = loadDatabase(summarised.logs, predictions);
  const baseLayers = await labelOnly;
  const [database, ...made] = await Promise.all([
    loading,
    ...systems.map((system) => makeSystem(making, system, summarised, baseLayers))
  ]);
  const finished = sayUnreadable(summarised.logs, [...made, {unreadable: baseLayers.unreadable}]);
  const runs = runRows(finished, summarised.accuracy);
  const documents: Partial<Record<CubeName, string>> = {
    ...Object.fromEntries(
      SYSTEM_TABLES.map((name) => [name, encode(...made.map(({tables}) => tables[name]))])
    ),
    confusions: JSON.stringify({cells: made.flatMap(({confusions}) => confusions)}),
    joint: JSON.stringify(
      jointDocument(
        systems.flatMap(({system, kind}, i) =>
          kind === "arm" ? [{arm: system, joint: made[i]!.joint}] : []
        ),
        test.layout
      )
    ),
    noise: encode(toColumns(input.noise ?? [])),
    curves: encode(toColumns(await readCurves(logs))),
    along: encode(toColumns(await readAlong(making.db, finished))),
    examples: JSON.stringify(examplesDocument(input, shown, systems, test.layout)),
    verdicts: encode(toColumns(await judge(making, systems))),
    ...judgingDocuments(input, shown)
  };
  const layers = Math.max(0, ...made.map((one) => one.layers - 1));
  const found = {layers, predictions, version: contentHash(documents), database};
  return {
    documents: {
      ...documents,
      runs: encode(toColumns(runs, ["started", "wall_seconds"])),
      study: JSON.stringify(studyFacts(input, test, finished, found))
    },
    runs
  };
}

interface BaseLayers {
  bySeed: Record<string, LayerValues>;
  unreadable: SystemCubes["unreadable"];
}

/** Entropies of label-only, which those of every arm are compared with; in no hurry where all comparisons are remembered. */
async function readBaseLayers({executor, memory}: Making, logs: RunLog[]): Promise<BaseLayers> {
  const bySeed: Record<string, LayerValues> = {};
  const unreadable: SystemCubes["unreadable"] = [];
  const units = memory.unitsOf(logs).filter(({system}) => system === BASE);
  await Promise.all(
    units.map(async (unit) => {
      const {values, problem} = await executor.run({kind: "layers", unit});
      if (values) bySeed[unit.seed] = values;
      if (problem !== null) for (const {run} of unit.runs) unreadable.push({run, reason: problem});
    })
  );
  return {bySeed, unreadable};
}

function makeSystem(
  {executor, memory}: Making,
  system: System,
  {systems, keys}: Summarised,
  {bySeed}: BaseLayers
): Promise<SystemCubes> {
  const membersOf = (id: string | null): Member[] =>
    systems.find((other) => other.system === id && other.system !== system.system)?.members ?? [];
  const base = system.kind === "arm" ? membersOf(BASE) : [];
  const rival = system.kind === "arm" ? membersOf(explanationBeside(system.system)) : [];
  const depends = [system.members, base, rival].map((members) => members.map((member) => keys.get(member)!));
  const baseLayers = system.kind === "arm" ? bySeed : {};
  const task = {system, base, rival, baseLayers};
  return executor.run({kind: "system", task, remember: memory.place("system", [system.system, depends])});
}

/** The arm that differs only in that its explanation is the real one; null for that arm itself. */
function explanationBeside(system: string): string | null {
  const arm = parseArm(system);
  return arm.mode === "explanation" || arm.mode === "label-only"
    ? null
    : armId({...arm, mode: "explanation"});
}

function sayUnreadable(logs: RunLog[], made: Pick<SystemCubes, "unreadable">[]): RunLog[] {
  const reasons = new Map(made.flatMap(({unreadable}) => unreadable.map(({run, reason}) => [run, reason])));
  return logs.map((log) =>
    reasons.has(log.run) ? {...log, reason: `${log.reason}; ${reasons.get(log.run)!}`} : log
  );
}

async function judge({input, test, restrict}: Making, systems: System[]): Promise<object[]> {
  const declaration = declaredHypotheses(input.study);
  const evidence = [];
  for (const hypothesis of declaration.hypotheses)
    evidence.push(await collectEvidence(hypothesis, systems, test.layout, restrict));
  return judgeHypotheses(declaration, evidence);
}

/** First 16 hex digits of a SHA-256 over the cubes, by name. */
function contentHash(cubes: Partial<Record<string, string>>): string {
  const hash = createHash("sha256");
  for (const name of Object.keys(cubes).sort()) hash.update(`${name}\0${cubes[name]}\0`);
  return hash.digest("hex").slice(0, 16);
}
