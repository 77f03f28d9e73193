/** Run logs of repetitions of one job, as columns whose rows stand in the same order. */
import {join} from "node:path";
import {ESTIMATORS} from "../../src/core/contract.js";
import type {Estimator, TrainJob} from "../../src/core/contract.js";
import type {Repetition} from "../../src/core/statistics/repetition-noise.js";
import {Database, literal} from "../tables/database.js";
import {recordedColumns} from "../tables/read-layers.js";

export interface ReadRepetitions {
  /** Corpus and axis of each test row. */
  settings: {corpus: string; axis: string}[];
  repetitions: Repetition[];
  /** Estimator → its value for every test row and layer, one column a repetition. */
  entropies: Map<Estimator, Float64Array[]>;
}

/** Reads the logs in `folders`. Throws where their test rows are not the same. */
export async function readRepetitions(job: TrainJob, folders: string[]): Promise<ReadRepetitions> {
  const db = await Database.create(":memory:");
  try {
    const read = [];
    for (const folder of folders) read.push(await readPredictions(db, job, folder));
    const [first] = read;
    const odd = read.findIndex(({rows}) => rows.join("\n") !== first!.rows.join("\n"));
    if (odd > 0) throw new Error(`${folders[odd]} holds other test rows than ${folders[0]}.`);
    return {
      settings: first!.settings,
      repetitions: read.map(({repetition}) => repetition),
      entropies: await readEntropies(db, folders)
    };
  } finally {
    db.discard();
  }
}

async function readPredictions(
  db: Database,
  job: TrainJob,
  folder: string
): Promise<ReadRepetitions & {rows: string[]; repetition: Repetition}> {
  const found = await db.columns(
    `SELECT corpus, axis, example_id, gold, predicted, label_logits
     FROM read_parquet(${literal(join(folder, "predictions.parquet"))}) ORDER BY corpus, axis, example_id`
  );
  const text = (name: string) => found[name] as string[];
  const [corpus, axis, example, gold, predicted] = ["corpus", "axis", "example_id", "gold", "predicted"].map(
    text
  ) as [string[], string[], string[], string[], string[]];
  const probabilities = (found.label_logits as number[][]).map(softmax);
  const indexOf = (label: string, row: number) => job.labels[axis[row]!]!.indexOf(label);
  return {
    settings: corpus.map((id, row) => ({corpus: id, axis: axis[row]!})),
    repetitions: [],
    entropies: new Map(),
    rows: corpus.map((id, row) => `${id} ${axis[row]} ${example[row]} ${gold[row]}`),
    repetition: {
      right: gold.map((label, row) => (label === predicted[row] ? 1 : 0)),
      nll: gold.map((label, row) => -Math.log(probabilities[row]![indexOf(label, row)]!)),
      predicted: predicted.map(indexOf),
      probabilities: probabilities.flat()
    }
  };
}

function softmax(logits: number[]): number[] {
  const top = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - top));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Estimators that every repetition recorded. */
async function readEntropies(db: Database, folders: string[]): Promise<Map<Estimator, Float64Array[]>> {
  const sources = folders.map((folder) => `read_parquet(${literal(join(folder, "layers.parquet"))})`);
  const recorded = await Promise.all(sources.map((source) => recordedColumns({db}, source)));
  const entropies = new Map<Estimator, Float64Array[]>();
  for (const name of ESTIMATORS.filter((estimator) => recorded.every((columns) => columns.has(estimator)))) {
    const columns: Float64Array[] = [];
    for (const source of sources) {
      const {value} = await db.columns(
        `SELECT coalesce(${name}::DOUBLE, 'NaN'::DOUBLE) AS value FROM ${source} ORDER BY corpus, axis, example_id, layer`
      );
      columns.push(Float64Array.from((value ?? []) as number[]));
    }
    entropies.set(name, columns);
  }
  return entropies;
}
