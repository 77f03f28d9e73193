/** Rows of made run logs, as DuckDB SQL: what a run would predict, and what its layers would hold. */
import {ESTIMATORS, PREDICTION_COLUMNS} from "../../src/core/contract.js";
import {literal, type Database} from "../../data-loaders/tables/database.js";
import type {TablesInput} from "../../data-loaders/tables/tables-input.js";
import type {MadeParameters} from "./make-runs.js";

/** Standard deviations: of logits by dialogue, by row and by run, and of a seed's skill. */
export interface Errors {
  dialogue: number;
  row: number;
  run: number;
  seed: number;
}

/** Keys of different draws must not meet: runs are this far apart, and what all runs share comes before the first. */
const RUN_STRIDE = 2 ** 40;
const LABELS = [0, 1, 2, 3, 4];

/**
 * A standard normal draw that is a function of its integer key: four 16-bit uniforms from one hash, added up
 * (Irwin–Hall), which has normal tails out to about three standard deviations and costs a tenth of Box–Muller.
 */
const STANDARD_NORMAL = `CREATE MACRO standard_normal(key) AS
  (((hash(key) & 65535)::DOUBLE + ((hash(key) >> 16) & 65535) + ((hash(key) >> 32) & 65535) + (hash(key) >> 48))
   / 65536 - 2) * sqrt(3.0)`;

/** Creates `rows`: test rows in the order of `test.parquet` (example by example), with the errors that runs share. */
export async function createRows(
  db: Database,
  {test, annotations}: TablesInput,
  {plan, errors}: MadeParameters
): Promise<void> {
  const axes = plan.axes.length;
  const made = annotations.slice(annotations.length - test.length * axes).map((annotation, i) => {
    const {corpus, example_id, dialogue_id} = test[Math.floor(i / axes)]!;
    const gold = plan.axes[i % axes]!.labels.indexOf(annotation.label);
    return {
      i,
      corpus,
      example_id,
      dialogue_id,
      axis: annotation.axis,
      gold_index: gold,
      gold: annotation.label
    };
  });
  const text = {corpus: "VARCHAR", example_id: "VARCHAR", dialogue_id: "VARCHAR", axis: "VARCHAR"};
  await db.createTable("plain", {i: "BIGINT", ...text, gold_index: "INTEGER", gold: "VARCHAR"}, made);
  await db.run(STANDARD_NORMAL);
  const shared = LABELS.map(
    (k) =>
      `${errors.dialogue} * standard_normal(-1 - (i // ${axes} // ${plan.examplesPerDialogue}) * 8 - ${k}) +
       ${errors.row} * standard_normal(i * 8 + ${k}) AS shared_${k},
       CASE WHEN gold_index = ${k} THEN 1 ELSE -abs(gold_index - ${k}) / 4 END AS fit_${k}`
  );
  await db.run(`CREATE TABLE rows AS SELECT *, ${shared.join(", ")} FROM plain ORDER BY i`);
}

/** One run's logits of every row. */
function logits(index: number, skill: number, error: number): string {
  return LABELS.map((k) => {
    const key = `${(index + 1) * RUN_STRIDE} + i * 8 + ${k}`;
    return `shared_${k} + ${skill} * fit_${k} + ${error} * standard_normal(${key}) AS logit_${k}`;
  }).join(", ");
}

const TOP = `greatest(${LABELS.map((k) => `logit_${k}`).join(", ")})`;

/** Writes `predictions.parquet` of the run with this number; leaves its rows in the table `scored`. */
export async function writePredictions(
  db: Database,
  path: string,
  {index, skill, errors}: {index: number; skill: number; errors: Errors}
): Promise<void> {
  const predicted = LABELS.map((k) => `WHEN logit_${k} = top THEN '${k + 1}'`).join(" ");
  const sum = LABELS.map((k) => `exp(logit_${k})`).join(" + ");
  await db.run(
    `CREATE OR REPLACE TABLE scored AS
     SELECT *, ${TOP} AS top, 0.01 + 0.04 * (hash(i + ${index}) & 65535) / 65536.0 AS off_label_mass
     FROM (SELECT i, example_id, dialogue_id, corpus, axis, gold, ${logits(index, skill, errors.run)} FROM rows)`
  );
  const made: Partial<Record<string, string>> = {
    predicted: `CASE ${predicted} END`,
    label_logits: `[${LABELS.map((k) => `logit_${k}`).join(", ")}]`,
    log_sum_exp: `ln(${sum}) - ln(1 - off_label_mass)`,
    truncated: "false",
    prompt_tokens: "(20 + hash(i) % 100)::INTEGER",
    generated: "NULL::VARCHAR",
    generated_tokens: "NULL::INTEGER"
  };
  const columns = Object.keys(PREDICTION_COLUMNS).map((name) => `${made[name] ?? name} AS ${name}`);
  await db.run(
    `COPY (SELECT ${columns.join(", ")} FROM scored ORDER BY i) TO ${literal(path)} (FORMAT parquet)`
  );
}

/** Writes `layers.parquet` of the run in `scored`: rows × `layers`, the embedding first. */
export async function writeLayers(
  db: Database,
  path: string,
  {index, skill, layers}: {index: number; skill: number; layers: number}
): Promise<void> {
  const certainty = `(top - (${LABELS.map((k) => `logit_${k}`).join(" + ")}) / ${LABELS.length})`;
  const columns = ESTIMATORS.map((name, e) => {
    const key = `${(index + 1) * RUN_STRIDE} + ((i * 64 + layer) * 16 + ${e}) * 8 + 7`;
    const value = `${6 - e / 2} - layer * (0.02 * certainty + ${0.01 * skill}) + 0.2 * standard_normal(-7 - i // 9 * 8)
      + 0.3 * standard_normal(${key})`;
    return `${name === "attention" ? `CASE WHEN layer > 0 THEN ${value} END` : value} AS ${name}`;
  });
  await db.run(
    `COPY (SELECT example_id, corpus, axis, layer::INTEGER AS layer, ${columns.join(", ")}
       FROM (SELECT i, example_id, corpus, axis, ${certainty} AS certainty, unnest(range(${layers})) AS layer FROM scored))
     TO ${literal(path)} (FORMAT parquet)`
  );
}
