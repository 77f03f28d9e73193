/** Stage imports: predictions of other trainers, checked against the study's test rows and kept as run logs. */
import {basename, join} from "node:path";
import {armId, crossArms} from "../../src/core/arms.js";
import {BadInput} from "../../src/core/bad-input.js";
import {prepareStudy, type PreparedCorpus} from "../corpora/prepare-corpora.js";
import {streamObjects} from "../corpora/json-lines.js";
import type {Source} from "../corpora/source-file.js";
import {contentOf} from "../jobs/data-files.js";
import {scopesOf} from "../jobs/plan-jobs.js";
import {testRows} from "../jobs/rows.js";
import {studyTokenizer} from "../jobs/study-tokenizer.js";
import {exists} from "../stages/atomic-files.js";
import {hashFile} from "../stages/content-hash.js";
import type {Context} from "../stages/context.js";
import type {StudyFile} from "../study/read-study.js";
import {addImports, type ImportRecord} from "./import-index.js";
import {isSampleLog, readSampleLog} from "./lm-eval-samples.js";
import {tokenPieces, wordPieces, type LabelPieces} from "./longer-labels.js";
import {matchPredictions, type MatchedRow} from "./match-predictions.js";
import type {PredictedRow} from "./predicted-row.js";
import {emptyFile, predictionFile} from "./prediction-files.js";
import {readPredictionTable, type ColumnNames} from "./prediction-tables.js";
import {importRunId, namesOf, writeImportedRun} from "./write-imported-run.js";

export interface ImportRequest {
  files: string[];
  /** Id of the arm that was trained, or a mode that only one arm has. */
  arm: string;
  seed: number;
  columns: ColumnNames;
}

/** Imports files as one arm and seed; one run log a setting where the study has a model for each. */
export async function importPredictions(
  context: Context,
  {files, arm, seed, columns}: ImportRequest
): Promise<{records: ImportRecord[]; rows: MatchedRow[]}> {
  const {file, store} = context;
  const id = armIn(file, arm);
  requireSeed(file, seed);
  const sources = await Promise.all(files.map(predictionFile));
  const {corpora} = await prepareStudy(context);
  const test = testRows(file, corpora);
  const labels = Object.fromEntries(file.axes.map((axis) => [axis.id, axis.labels]));
  const pieces = await labelPieces(context, corpora);
  const rows = await matchPredictions(test, labels, readAll(sources, columns), pieces);
  const hashed = await Promise.all(
    sources.map(async (source) => ({name: basename(source.name), sha256: await hashFile(source.file)}))
  );
  const records: ImportRecord[] = [];
  for (const scope of scopesOf(file)) {
    const own = rows.filter(({row}) => !scope || (row.corpus === scope.corpus && row.axis === scope.axis));
    const identity = {arm: id, seed, scope, test: contentOf(own.map(({row}) => row)), files: hashed};
    const run = importRunId(identity);
    await writeImportedRun(join(store.runs, run), run, identity, own);
    records.push({run, arm: id, seed, scope, test: identity.test, from: namesOf(hashed)});
  }
  await addImports(context, records);
  return {records, rows};
}

async function* readAll(sources: Source[], columns: ColumnNames): AsyncGenerator<PredictedRow> {
  for (const source of sources) {
    let rows = 0;
    const all = (await holdsSamples(source)) ? readSampleLog(source) : readPredictionTable(source, columns);
    for await (const row of all) {
      rows++;
      yield row;
    }
    if (rows === 0) throw emptyFile(source.name);
  }
}

/** In the tokens of the study's model, where its tokenizer is there. */
async function labelPieces(context: Context, corpora: PreparedCorpus[]): Promise<LabelPieces> {
  const {file} = await studyTokenizer(context, corpora);
  return (await exists(file)) ? tokenPieces(file) : wordPieces;
}

/** Told by the first line, since the harness lets one name the folder but not the file. */
async function holdsSamples(source: Source): Promise<boolean> {
  if (!/\.jsonl?(\.gz)?$/i.test(source.name)) return false;
  for await (const {values} of streamObjects(source)) return isSampleLog(values);
  return false;
}

/** Id of the arm that `--as` names. Throws BadInput where the study has none such. */
export function armIn({study}: StudyFile, named: string): string {
  const arms = crossArms(study.arms);
  const ids = arms.map(armId);
  const ofMode = arms.filter(({mode}) => mode === named);
  if (ids.includes(named)) return named;
  if (ofMode.length === 1) return armId(ofMode[0]!);
  throw new BadInput({
    where: `--as ${named}`,
    expected: `an arm of the study: ${ids.join(", ")}`,
    found: ofMode.length > 1 ? `a mode of ${ofMode.length} arms` : `“${named}”`,
    mend: "Name the arm that was trained."
  });
}

function requireSeed({study: {seeds}}: StudyFile, seed: number): void {
  if (seeds.includes(seed)) return;
  throw new BadInput({
    where: `--seed ${seed}`,
    expected: `a seed of the study: ${seeds.join(", ")}`,
    found: String(seed),
    mend: "Name one of them, or add it to `seeds` in the study file."
  });
}
