/**
 * Run logs with known effects, made from a seed: what the trainer would leave, without a trainer. A latent quality of
 * each test row decides its gold label; an arm's `skill` is how much of it reaches the logits.
 */
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {armId, compareArms} from "../../src/core/arms.js";
import {Database} from "../../data-loaders/tables/database.js";
import type {RunInput, SplitExample, TablesInput} from "../../data-loaders/tables/tables-input.js";
import {jobsOf, type PlannedRun} from "./synthetic-jobs.js";
import {writeManifest, writeParquet} from "./synthetic-logs.js";
import {SMALL, type SyntheticPlan} from "./synthetic-plan.js";
import {layersOf, layerTypes, predict, PREDICTION_TYPES, progressOf} from "./synthetic-predictions.js";
import {annotate, describeStudy, makeExamples} from "./synthetic-study.js";

export {part, SMALL, type SyntheticPlan} from "./synthetic-plan.js";

/** Writes the run logs of a plan under `folder` and returns the stage's input. */
export async function writeSyntheticRuns(
  folder: string,
  change: Partial<SyntheticPlan> = {}
): Promise<TablesInput> {
  const plan = {...SMALL, ...change};
  plan.arms = [...plan.arms].sort((a, b) => compareArms(a.arm, b.arm));
  const examples = makeExamples(plan, "test", plan.dialogues);
  const training = makeExamples(plan, "train", 4);
  const annotations = [...training, ...examples].flatMap((example) =>
    plan.axes.map((axis) => annotate(example, axis))
  );
  const input = describeStudy(plan, training, examples, annotations);
  const db = await Database.create(":memory:");
  try {
    for (const run of jobsOf(plan)) input.runs.push(await writeRun(db, folder, run, plan, examples));
  } finally {
    db.discard();
  }
  return input;
}

async function writeRun(
  db: Database,
  root: string,
  {run, job, skill}: PlannedRun,
  plan: SyntheticPlan,
  examples: SplitExample[]
): Promise<RunInput> {
  const folder = join(root, run);
  await mkdir(folder, {recursive: true});
  const scope = job.kind === "train" ? job.scope : null;
  const rows = plan.axes
    .flatMap((axis) => examples.map((example) => ({example, axis})))
    .filter(({example, axis}) => !scope || (scope.corpus === example.corpus && scope.axis === axis.id));
  const identity =
    job.kind === "train" ? `${armId(job.arm)} ${job.seed}` : (job as {baseline: string}).baseline;
  const predictions = rows.map(({example, axis}) => predict(example, axis, skill, identity));
  await writeParquet(db, join(folder, "predictions.parquet"), PREDICTION_TYPES, predictions);
  if (job.kind === "train") {
    const layers = predictions.flatMap((row) => layersOf(row, plan));
    await writeParquet(db, join(folder, "layers.parquet"), layerTypes(plan), layers);
    await writeFile(join(folder, "progress.jsonl"), progressOf(job.optimisation.steps));
  }
  await writeManifest({run, job, folder});
  return {run, job, folder};
}
