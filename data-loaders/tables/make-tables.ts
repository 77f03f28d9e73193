/** Stage tables: skipped when no run, no fact and no code that matters has changed. */
import type {StudyRuns} from "../jobs/run-study.js";
import {readNoise} from "../noise/noise-stage.js";
import {codeVersion, hashValue} from "../stages/content-hash.js";
import type {Context} from "../stages/context.js";
import {PROJECT} from "../stages/store.js";
import type {StageSpec} from "../stages/store.js";
import {collectInput} from "./collect-input.js";
import type {TablesInput} from "./tables-input.js";
import {writeTables} from "./write-tables.js";

const TABLES_CODE = ["data-loaders/tables", "src/core"];
/** The part of it that decides what is remembered of single runs: not sentences, not selections. */
const MEMORY_CODE = [
  "data-loaders/tables",
  "src/core/statistics",
  "src/core/measures.ts",
  "src/core/contract.ts"
];

/** Makes the cubes of a study; returns their folder. */
export async function makeTables(context: Context, runs: StudyRuns): Promise<string> {
  const input = await inputOf(context, runs);
  const spec = await tablesSpec(input, runs);
  const memory = {folder: context.store.path("summaries"), version: await codeVersion(PROJECT, MEMORY_CODE)};
  const {folder, made} = await context.store.ensure(context.file.id, spec, (partial) =>
    writeTables(input, partial, {memory})
  );
  context.report.stage("tables", context.file.id, made);
  return folder;
}

/** What the tables depend on: run logs, facts of the study, and the code that makes them. */
export async function tablesSpecOf(context: Context, runs: StudyRuns): Promise<StageSpec> {
  return tablesSpec(await inputOf(context, runs), runs);
}

/** What the tables of a study are made from. */
export async function inputOf(context: Context, runs: StudyRuns): Promise<TablesInput> {
  const noise = await readNoise(context, runs.plan.training);
  return {...collectInput(context, runs), ...(noise.length > 0 ? {noise} : {})};
}

async function tablesSpec({runs: _, ...facts}: TablesInput, {runs, verdicts}: StudyRuns): Promise<StageSpec> {
  return {
    stage: "tables",
    key: "all",
    inputs: {
      runs: hashValue(runs.map(({run}) => [run, verdicts.get(run)?.manifest ?? null])),
      study: hashValue(facts),
      code: await codeVersion(PROJECT, TABLES_CODE)
    }
  };
}
