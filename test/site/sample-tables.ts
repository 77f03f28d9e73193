/** A folder of tables small enough to read: one corpus, one axis, two arms. Numbers are written here, not measured. */
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {DuckDBInstance} from "@duckdb/node-api";
import {encodeColumns, type Row} from "../../src/core/columns.js";
import {EMPTY_DOCUMENTS} from "../../src/core/cubes-reader.js";
import {CUBES, type CubeName, type ExamplesDocument, type StudyFacts} from "../../src/core/cubes.js";

export const STUDY: StudyFacts = {
  id: "sample",
  title: "A <small> sample",
  authors: ["A. Author"],
  note: "Written for a test.",
  synthetic: true,
  seeds: ["1"],
  regime: "one-model",
  arms: [
    {id: "label-only", mode: "label-only", order: "label-first", reduction: "token-mean"},
    {
      id: "explanation.label-first.token-mean",
      mode: "explanation",
      order: "label-first",
      reduction: "token-mean"
    }
  ],
  baselines: ["majority"],
  axes: [
    {
      id: "naturalness",
      title: "Naturalness",
      question: "How natural?",
      kind: "ordinal",
      labels: ["1", "2", "3"]
    }
  ],
  corpora: [
    {
      id: "film",
      title: "Film & television",
      reader: "embedded",
      synthetic: true,
      licence: null,
      rows_read: 10,
      rows_kept: 10,
      dropped: [],
      dialogues: 5,
      label_source: "planted",
      explanation_source: "planted",
      content: "0"
    }
  ],
  settings: [
    {corpus: "film", axis: "naturalness", train: 6, test: 4, test_dialogues: 2, majority_share: 0.5}
  ],
  measures: ["accuracy"],
  estimators: ["energy"],
  layers: 1,
  lengths: [],
  tokens_budget: "matched",
  warm_up_shared: true,
  parameters: 1000,
  counts: {runs: 2, runs_failed: 0, predictions: 8, train_examples: 6, test_examples: 4},
  resolved: "because: 1\n",
  version: "0123456789abcdef0123456789abcdef"
};

const EXAMPLES: ExamplesDocument = {runs: [], arms: [], examples: [], items: [], training: []};

/** Writes all cubes and a `study.duckdb` of one table into `folder`. `facts` overrides parts of {@link STUDY}. */
export async function writeSampleTables(folder: string, facts: Partial<StudyFacts> = {}): Promise<string> {
  await mkdir(folder, {recursive: true});
  const documents: Partial<Record<CubeName, unknown>> = {study: {...STUDY, ...facts}, examples: EXAMPLES};
  for (const cube of CUBES) {
    const content =
      documents[cube] ?? EMPTY_DOCUMENTS[cube] ?? encodeColumns(cube === "levels" ? LEVELS : []);
    await writeFile(join(folder, `${cube}.json`), JSON.stringify(content));
  }
  await writeDatabase(join(folder, "study.duckdb"));
  return folder;
}

const LEVELS: Row[] = ["label-only", "explanation.label-first.token-mean"].map((system, i) => ({
  system,
  kind: "arm",
  seed: "all",
  corpus: "all",
  axis: "all",
  measure: "accuracy",
  value: 0.5 + i / 4,
  low: 0.4,
  high: 0.9,
  n: 4,
  dialogues: 2
}));

async function writeDatabase(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(
    "CREATE TABLE predictions AS SELECT range AS example, range % 3 AS label FROM range(12)"
  );
  await connection.run("CHECKPOINT");
  connection.closeSync();
  instance.closeSync();
}
