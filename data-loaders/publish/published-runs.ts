/**
 * Run logs as they are published. A model that writes its explanation before the label may write what it was trained
 * on, so its texts on a corpus that may not be passed on are taken out of `predictions.parquet`. The manifest then
 * names the file's new hash, and the list of altered files the one that it had.
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
      const was = await takeTextsOut(db, run, withheld, join(into, run.run));
      published.push(was === null ? run : {...run, folder: join(into, run.run)});
      const why = `what it wrote on ${withheld.map(({id}) => id).join(", ")} is left out`;
      if (was !== null) altered.push({run: run.run, file: PREDICTIONS, was, why});
    }
  } finally {
    db.discard();
  }
  return {runs: published, altered};
}

const PREDICTIONS = "predictions.parquet";

/** Copies a run log without such texts; returns the hash that its predictions had, null where it has none of them. */
async function takeTextsOut(
  db: Database,
  {folder}: RunInput,
  withheld: readonly WithheldCorpus[],
  to: string
): Promise<string | null> {
  const file = join(folder, PREDICTIONS);
  if (!(await exists(file))) return null;
  const theirs = `corpus IN (${withheld.map(({id}) => literal(id)).join(", ")}) AND generated IS NOT NULL`;
  const from = `read_parquet(${literal(file)})`;
  const columns = (await db.rows(`DESCRIBE FROM ${from}`)).map(({column_name}) => column_name);
  if (!columns.includes("generated")) return null;
  const [found] = await db.rows(`SELECT count(*)::INTEGER AS rows FROM ${from} WHERE ${theirs}`);
  if (found!.rows === 0) return null;
  await mkdir(to, {recursive: true});
  for (const name of LOG_FILES)
    if (await exists(join(folder, name))) await copyFile(join(folder, name), join(to, name));
  await db.run(
    `COPY (SELECT * REPLACE (CASE WHEN ${theirs} THEN NULL ELSE generated END AS generated) FROM ${from})
     TO ${literal(join(to, PREDICTIONS))} (FORMAT parquet)`
  );
  const manifest = JSON.parse(await readFile(join(to, "manifest.json"), "utf8")) as Manifest;
  const listed = manifest.files[PREDICTIONS];
  if (!listed) return null;
  const {sha256: was} = listed;
  listed.sha256 = await hashFile(join(to, PREDICTIONS));
  listed.bytes = (await stat(join(to, PREDICTIONS))).size;
  await writeFile(join(to, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return was;
}
