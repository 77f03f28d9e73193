/** How imported predictions enter a study's plan: in the place of the run of their arm, seed and setting. */
import {armId} from "../../src/core/arms.js";
import type {TrainJob} from "../../src/core/contract.js";
import type {PlannedRun} from "../jobs/plan-jobs.js";
import {placeOf} from "./import-index.js";
import type {ImportRecord} from "./import-index.js";

/** Sentence on a run that was trained here while an import stands for it. */
export function replacedSentence(job: TrainJob): string {
  return `takes the place of a run that was trained here; it is kept and counts again after \`because import --remove --as ${armId(job.arm)} --seed ${job.seed}\``;
}

/** The planned run, or what was imported for it: the same job in words, under the run id of the import. */
export function standIn(planned: PlannedRun<TrainJob>, imports: ImportRecord[]): PlannedRun<TrainJob> {
  const found = imports.find((record) => stands(record, planned) && record.test === testOf(planned));
  return found ? {...planned, run: found.run, imported: found.from, replaced: planned.run} : planned;
}

/** Imports for runs of the plan whose test rows have changed since: they count no longer. */
export function staleImports(training: PlannedRun<TrainJob>[], imports: ImportRecord[]): ImportRecord[] {
  return imports.filter((record) =>
    training.some((planned) => stands(record, planned) && record.test !== testOf(planned))
  );
}

function stands(record: ImportRecord, {job}: PlannedRun<TrainJob>): boolean {
  return placeOf(record) === placeOf({arm: armId(job.arm), seed: job.seed, scope: job.scope});
}

function testOf({job}: PlannedRun<TrainJob>): string {
  return job.data.test.content;
}
