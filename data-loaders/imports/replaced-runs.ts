/** Runs that were trained here, and whose place imports take. */
import {join} from "node:path";
import type {TrainJob} from "../../src/core/contract.js";
import {prepareStudy} from "../corpora/prepare-corpora.js";
import {modelContent} from "../jobs/model-content.js";
import type {PlannedRun} from "../jobs/plan-jobs.js";
import {planStudy} from "../jobs/plan-study.js";
import {studyTokenizer} from "../jobs/study-tokenizer.js";
import {exists} from "../stages/atomic-files.js";
import type {Context} from "../stages/context.js";
import {verifyRun} from "../trainers/run-state.js";
import type {ImportRecord} from "./import-index.js";

/** Of these imports, the planned runs that are done here all the same; none before the study has a tokenizer. */
export async function replacedRuns(
  context: Context,
  imports: ImportRecord[]
): Promise<PlannedRun<TrainJob>[]> {
  const {file, store} = context;
  const {corpora} = await prepareStudy(context);
  const {planned, file: tokenizerJson, version} = await studyTokenizer(context, corpora);
  if (!(await exists(tokenizerJson))) return [];
  const {training} = await planStudy(file, corpora, {
    tokenizer: planned?.run ?? null,
    tokenizerJson,
    trainerVersion: version,
    content: await modelContent(file.study.model, store),
    imports
  });
  const done = await Promise.all(training.map((run) => isReplaced(store.runs, run)));
  return training.filter((_, i) => done[i]);
}

/** Whether an import stands for a run that is done here. */
export async function isReplaced(runs: string, {replaced}: PlannedRun): Promise<boolean> {
  return replaced !== undefined && (await verifyRun(join(runs, replaced))).status === "done";
}
