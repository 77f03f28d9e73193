/** Rows of `along.json`: how well a run did, and how spread its activations were, while it was trained. */
import {join} from "node:path";
import {ESTIMATORS, type Estimator, type TrainJob} from "../../src/core/contract.js";
import type {AlongRow} from "../../src/core/cubes.js";
import {literal, type Database} from "./database.js";
import type {RunLog} from "./run-logs.js";

/** Scores of every run that was scored along its training, and at its end, over all its test rows; none of the others. */
export async function readAlong(db: Database, logs: readonly RunLog[]): Promise<AlongRow[]> {
  const rows: AlongRow[] = [];
  for (const {run, folder, job, status, manifest} of logs) {
    if (status !== "done" || job.kind !== "train" || alongFiles(job, manifest!.device.kind).length === 0)
      continue;
    rows.push(...(await scoresOf(db, run, folder, job)), ...(await entropiesOf(db, run, folder, job)));
  }
  return rows;
}

/** Files that a run leaves besides, when it is scored along its training. `device` is its kind: imports know the end alone. */
export function alongFiles({capture}: TrainJob, device: string): string[] {
  return capture.along.length > 0 && device !== "imported" ? ["along.parquet", "along_layers.parquet"] : [];
}

async function scoresOf(db: Database, run: string, folder: string, job: TrainJob): Promise<AlongRow[]> {
  const columns = "axis, gold, predicted, label_logits::DOUBLE[] AS logits";
  const labels = Object.entries(job.labels).map(
    ([axis, own]) => `WHEN ${literal(axis)} THEN list_position([${own.map(literal).join(", ")}], gold)`
  );
  const scored = await db.rows(
    `SELECT step, count(*)::INTEGER AS rows, avg((predicted = gold)::INTEGER) AS accuracy,
       avg(most + ln(list_sum([exp(logit - most) for logit in logits])) - logits[place]) AS nll
     FROM (SELECT *, list_max(logits) AS most, CASE axis ${labels.join(" ")} END AS place
           FROM (${bothOf(folder, job, columns, ["along.parquet", "predictions.parquet"])}))
     WHERE isfinite(most) GROUP BY step ORDER BY step`
  );
  return scored.flatMap(({step, rows, accuracy, nll}) =>
    (["accuracy", "nll"] as const).map((measure) => ({
      run,
      step: Number(step),
      measure,
      layer: null,
      value: Number(measure === "accuracy" ? accuracy : nll),
      rows: Number(rows)
    }))
  );
}

async function entropiesOf(db: Database, run: string, folder: string, job: TrainJob): Promise<AlongRow[]> {
  const estimators = ESTIMATORS.filter((name) => job.capture.estimators.includes(name));
  const files = ["along_layers.parquet", "layers.parquet"];
  const means = await db.rows(
    `SELECT step, layer, ${estimators.flatMap((name) => [`avg(${name}) AS ${name}`, `count(${name})::INTEGER AS ${name}_rows`]).join(", ")}
     FROM (${bothOf(folder, job, ["layer", ...estimators].join(", "), files)})
     GROUP BY step, layer ORDER BY step, layer`
  );
  return means.flatMap((row) =>
    estimators.flatMap((measure: Estimator) => {
      const value = row[measure];
      if (typeof value !== "number" || !Number.isFinite(value)) return [];
      const rows = Number(row[`${measure}_rows`]);
      return [{run, step: Number(row.step), measure, layer: Number(row.layer), value, rows}];
    })
  );
}

/** What was scored on the way, and at the end: the last step is the job's. */
function bothOf(folder: string, job: TrainJob, columns: string, [along, end]: string[]): string {
  const from = (file: string) => `FROM read_parquet(${literal(join(folder, file))})`;
  return `SELECT step, ${columns} ${from(along!)} UNION ALL SELECT ${job.optimisation.steps}, ${columns} ${from(end!)}`;
}
