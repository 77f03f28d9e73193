/**
 * Run logs as they are published. A model that writes its explanation before the label may write what it was trained
 * on, so its texts on a corpus that may not be passed on are taken out of its predictions, those along the training among
 * them. The manifest then names the files' new hashes, and the list of altered files the ones that they had.
 */
import {copyFile, mkdir, readFile, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import type {WithheldCorpus} from "../../src/core/licences.js";
import type {Manifest} from "../../src/core/contract.js";
import {exists} from "../stages/atomic-files.js";
import {hashFile} from "../stages/content-hash.js";
import {Database, literal} from "../tables/database.js";
import type {RunInput} from "../tables/tables-input.js";

/** A file that is not published as the trainer left it. */
export interface AlteredFile {
  run: string;
  file: string;
  /** SHA-256 of what the trainer left. */
  was: string;
  why: string;
}

/** Files of a run log from which tables are made; models and checkpoints are not among them. */
export const LOG_FILES = [
  "manifest.json",
  "progress.jsonl",
  "predictions.parquet",
  "layers.parquet",
  "along.parquet",
  "along_layers.parquet"
];

/** The same runs, those that wrote texts of withheld corpora in folders below `into`. */
export async function publishedRuns(
  runs: readonly RunInput[],
  withheld: readonly WithheldCorpus[],
  into: string
): Promise<{runs: RunInput[]; altered: AlteredFile[]}> {
  if (withheld.length === 0) return {runs: [...runs], altered: []};
  const published: RunInput[] = [];
  const altered: AlteredFile[] = [];
  const db = await Database.create(":memory:");
  try {
    for (const run of runs) {
      const taken = await takeTextsOut(db, run, withheld, join(into, run.run));
      published.push(taken.length === 0 ? run : {...run, folder: join(into, run.run)});
      const why = `what it wrote on ${withheld.map(({id}) => id).join(", ")} is left out`;
      altered.push(...taken.map((each) => ({run: run.run, ...each, why})));
    }
  } finally {
    db.discard();
  }
  return {runs: published, altered};
}

/** Files with a column of what the model wrote. */
const WRITTEN = ["predictions.parquet", "along.parquet"];

/** Copies a run log without such texts; returns the hashes that files with them had, none where there are none. */
async function takeTextsOut(
  db: Database,
  {folder}: RunInput,
  withheld: readonly WithheldCorpus[],
  to: string
): Promise<Pick<AlteredFile, "file" | "was">[]> {
  const theirs = `corpus IN (${withheld.map(({id}) => literal(id)).join(", ")}) AND generated IS NOT NULL`;
  const files: string[] = [];
  for (const file of WRITTEN) if (await holds(db, join(folder, file), theirs)) files.push(file);
  if (files.length === 0) return [];
  await mkdir(to, {recursive: true});
  for (const name of LOG_FILES)
    if (await exists(join(folder, name))) await copyFile(join(folder, name), join(to, name));
  const manifest = JSON.parse(await readFile(join(to, "manifest.json"), "utf8")) as Manifest;
  const altered: Pick<AlteredFile, "file" | "was">[] = [];
  for (const file of files) {
    await db.run(
      `COPY (SELECT * REPLACE (CASE WHEN ${theirs} THEN NULL ELSE generated END AS generated)
       FROM read_parquet(${literal(join(folder, file))})) TO ${literal(join(to, file))} (FORMAT parquet)`
    );
    const listed = manifest.files[file];
    altered.push({file, was: listed?.sha256 ?? (await hashFile(join(folder, file)))});
    if (!listed) continue;
    listed.sha256 = await hashFile(join(to, file));
    listed.bytes = (await stat(join(to, file))).size;
  }
  await writeFile(join(to, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return altered;
}

async function holds(db: Database, file: string, theirs: string): Promise<boolean> {
  if (!(await exists(file))) return false;
  const from = `read_parquet(${literal(file)})`;
  const columns = (await db.rows(`DESCRIBE FROM ${from}`)).map(({column_name}) => column_name);
  if (!columns.includes("generated")) return false;
  const [found] = await db.rows(`SELECT count(*)::INTEGER AS rows FROM ${from} WHERE ${theirs}`);
  return found!.rows !== 0;
}
