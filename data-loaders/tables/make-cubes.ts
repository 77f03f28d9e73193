/** From run logs to all cubes: summaries of every run first, then system by system, then what needs all of them. */
import {createHash} from "node:crypto";
import type {CubeName, RunRow, StudyFacts} from "../../src/core/cubes.js";
import {declaredHypotheses} from "../../src/core/hypotheses/declared.js";
import {judgeHypotheses} from "../../src/core/hypotheses.js";
import {readAlong} from "./along-rows.js";
import {encode, toColumns, type ColumnLists} from "./column-lists.js";
import {readCurves, runRows} from "./curves-and-runs.js";
import type {Database} from "./database.js";
import {collectEvidence} from "./evidence.js";
import {ENTROPY_TABLES} from "./entropy-cubes.js";
import {examplesDocument, type ShownRows} from "./examples-document.js";
import type {Executor} from "./executors.js";
import {jointDocument, type JointSeed} from "./joint-document.js";
import {judgingDocuments} from "./judging-documents.js";
import type {Memory} from "./memory.js";
import type {RunLog} from "./run-logs.js";
import {OUTPUT_TABLES} from "./output-cubes.js";
import {studyFacts} from "./study-facts.js";
import {summariseRuns, type Summarised} from "./summarise-runs.js";
import {makeSystems, type SystemCubes} from "./system-cubes.js";
import type {Restrict} from "./systems.js";
import type {TablesInput} from "./tables-input.js";
import type {TestRows} from "./test-rows.js";

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
  const summarised = await summariseRuns(making, logs);
  const {systems, predictions} = summarised;
  const loading = loadDatabase(summarised.logs, predictions);
  const [database, made] = await Promise.all([loading, makeSystems(making, summarised)]);
  const finished = sayUnreadable(summarised.logs, made);
  const runs = runRows(finished, summarised.accuracy);
  const documents: Partial<Record<CubeName, string>> = {
    ...tableDocuments(made),
    confusions: JSON.stringify({cells: made.flatMap(({outputs}) => outputs.confusions)}),
    joint: JSON.stringify(
      jointDocument(
        systems.flatMap(({system, kind, members}, i) =>
          kind === "arm" ? [{arm: system, joint: jointOf(made[i]!, members)}] : []
        ),
        test.layout
      )
    ),
    noise: encode(toColumns(input.noise ?? [])),
    curves: encode(toColumns(await readCurves(logs))),
    along: encode(toColumns(await readAlong(making.db, finished))),
    examples: JSON.stringify(examplesDocument(input, shown, systems, test.layout)),
    verdicts: encode(toColumns(await judge(making, summarised))),
    ...judgingDocuments(input, shown)
  };
  const layers = Math.max(0, ...made.map(({entropies}) => (entropies?.layers ?? 0) - 1));
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

/** Tables that are made system by system; of those that both parts fill, what predictions say comes first. */
function tableDocuments(made: SystemCubes[]): Partial<Record<CubeName, string>> {
  const partsOf = (name: string) =>
    made.flatMap(({outputs, entropies}) =>
      [outputs, entropies].flatMap((part) => {
        const own = (part?.tables as Partial<Record<string, ColumnLists>> | undefined)?.[name];
        return own ? [own] : [];
      })
    );
  const names = new Set([...OUTPUT_TABLES, ...ENTROPY_TABLES]);
  return Object.fromEntries([...names].map((name) => [name, encode(...partsOf(name))]));
}

function jointOf({outputs, entropies}: SystemCubes, members: {seed: string}[]): JointSeed[] {
  return outputs.joint.map(({place, columns}, s) => ({
    place,
    columns: [...columns, ...(entropies?.joint[members[s]!.seed] ?? [])]
  }));
}

function sayUnreadable(logs: RunLog[], made: SystemCubes[]): RunLog[] {
  const found = made.flatMap(({entropies}) => entropies?.unreadable ?? []);
  const reasons = new Map(found.map(({run, reason}) => [run, reason]));
  return logs.map((log) =>
    reasons.has(log.run) ? {...log, reason: `${log.reason}; ${reasons.get(log.run)!}`} : log
  );
}

async function judge(
  {input, test, restrict}: Making,
  {systems, withSummaries}: Summarised
): Promise<object[]> {
  const declaration = declaredHypotheses(input.study);
  const named = new Set(declaration.hypotheses.flatMap(({arm, against}) => [arm, against]));
  const known = await Promise.all(
    systems.filter(({system}) => named.has(system)).map((system) => withSummaries(system))
  );
  const evidence = [];
  for (const hypothesis of declaration.hypotheses)
    evidence.push(await collectEvidence(hypothesis, known, test.layout, restrict));
  return judgeHypotheses(declaration, evidence);
}

/** First 16 hex digits of a SHA-256 over the cubes, by name. */
function contentHash(cubes: Partial<Record<string, string>>): string {
  const hash = createHash("sha256");
  for (const name of Object.keys(cubes).sort()) hash.update(`${name}\0${cubes[name]}\0`);
  return hash.digest("hex").slice(0, 16);
}
