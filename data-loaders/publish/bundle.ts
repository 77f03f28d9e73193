/** The offline bundle: the site with all that its numbers were made from, in one folder and then in one archive. */
import {closeSync, openSync, readFileSync, writeSync} from "node:fs";
import {copyFile, cp, mkdir, readdir, stat, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {Zip, ZipDeflate, ZipPassThrough} from "fflate";
import {BadInput} from "../../src/core/bad-input.js";
import {exists} from "../stages/atomic-files.js";
import {PROJECT} from "../stages/store.js";
import {pathsBelow} from "../stages/written-folder.js";
import type {TablesInput} from "../tables/tables-input.js";
import {LOG_FILES, type AlteredFile} from "./published-runs.js";

/** What the tables of a bundle are made from, but for the run logs, whose folders are `runs/<run>`. */
export const INPUT = "input.json";

export interface BundleParts {
  site: string;
  tables: string;
  figures: string;
  /** As published: without texts that may not be passed on. */
  input: TablesInput;
  altered: readonly AlteredFile[];
  /** The study file as its author wrote it. */
  study: {name: string; text: string};
  /** Manifests alone instead of whole run logs: they name the logs' hashes. */
  hashesOnly: boolean;
}

/** Fills an empty folder. */
export async function fillBundle(folder: string, parts: BundleParts): Promise<void> {
  const {site, tables, figures, input, altered, study, hashesOnly} = parts;
  await cp(site, join(folder, "site"), {recursive: true});
  await copyTables(tables, join(folder, "tables"));
  await cp(figures, join(folder, "figures"), {
    recursive: true,
    filter: (path) => !/\/stage\.json$/.test(path)
  });
  for (const {run, folder: log} of input.runs)
    await copyLog(log, join(folder, "runs", run), hashesOnly ? ["manifest.json"] : LOG_FILES);
  await writeText(join(folder, INPUT), JSON.stringify(withoutFolders(input)));
  await writeText(join(folder, "runs", "altered.json"), `${JSON.stringify(altered, null, 1)}\n`);
  await writeText(join(folder, "study", study.name), study.text);
  await writeText(join(folder, "study", "resolved.yaml"), input.resolved);
  await copyEnvironment(join(folder, "environment"));
}

function withoutFolders({runs, ...input}: TablesInput): TablesInput {
  return {...input, runs: runs.map(({run, job}) => ({run, job, folder: `runs/${run}`}))};
}

/** Cubes and database, without what the store notes beside them. */
export async function copyTables(from: string, to: string): Promise<void> {
  await mkdir(to, {recursive: true});
  for (const name of await readdir(from))
    if (/\.(?:json|duckdb)$/.test(name) && name !== "stage.json")
      await copyFile(join(from, name), join(to, name));
}

async function copyLog(from: string, to: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (!(await exists(join(from, name)))) continue;
    await mkdir(to, {recursive: true});
    await copyFile(join(from, name), join(to, name));
  }
}

/** Locked versions of everything that trains, counts and draws. */
async function copyEnvironment(to: string): Promise<void> {
  await mkdir(to, {recursive: true});
  for (const name of ["package.json", "package-lock.json"])
    await copyFile(join(PROJECT, name), join(to, name));
  const trainer = join(PROJECT, "remote-trainer");
  for (const name of await readdir(trainer))
    if (/^requirements[\w-]*\.txt$/.test(name)) await copyFile(join(trainer, name), join(to, name));
}

async function writeText(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), {recursive: true});
  await writeFile(file, text);
}

/** Times of all members, and the level: the same folder makes the same bytes, whoever packs it, whenever. */
const EPOCH = new Date(2000, 0, 1);
const PACKED = /\.(?:parquet|png|pdf|zip)$/;
/** What an archive may weigh at most: Node reads no larger file at once, and `verify` reads it so. */
const LARGEST = 2 ** 31 - 2 ** 20;

/** Packs a folder, its paths in order, below one folder of the name `root`. */
export async function packFolder(folder: string, file: string, root: string): Promise<void> {
  const paths = await pathsBelow(folder);
  let bytes = 0;
  for (const path of paths) bytes += (await stat(join(folder, path))).size;
  if (bytes > LARGEST) throw tooLarge(file, bytes);
  const handle = openSync(file, "w");
  try {
    const zip = new Zip((error, chunk) => {
      if (error) throw error;
      writeSync(handle, chunk);
    });
    for (const path of paths) {
      const name = `${root}/${path}`;
      const member = PACKED.test(path) ? new ZipPassThrough(name) : new ZipDeflate(name, {level: 6});
      member.mtime = EPOCH;
      zip.add(member);
      member.push(readFileSync(join(folder, path)), true);
    }
    zip.end();
  } finally {
    closeSync(handle);
  }
}

function tooLarge(file: string, bytes: number): BadInput {
  return new BadInput({
    where: `--bundle ${file}`,
    expected: "at most 2 GB in one archive",
    found: `${(bytes / 1e9).toFixed(1)} GB`,
    mend: "Add --hashes-only, which leaves the run logs out and names their hashes."
  });
}
