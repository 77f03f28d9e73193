/** Builds the notebook for one folder of tables, offline, and lets nobody see it before it is whole. */
import {existsSync} from "node:fs";
import {chmod, mkdir, mkdtemp, readdir, rename, rm} from "node:fs/promises";
import {basename, dirname, join, resolve} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import type {ReportFiles} from "../report/read-report.js";
import {siteProblems} from "./check-site.js";
import {finishPages} from "./finish-pages.js";
import {runFramework, stubStandardLibrary} from "./framework.js";
import {dropStaleOutputs} from "./loader-cache.js";
import {withLock} from "./lock.js";
import {PROJECT} from "../stages/store.js";
import {notebookIn, type Notebook} from "./project.js";
import {writeStudyFiles} from "./study-archive.js";
import {cubeFile} from "./study-tables.js";

export interface SiteBuild {
  /** Folder of cubes and `study.duckdb`. */
  tables: string;
  /** Folder of the site; an earlier site there is replaced when the new one is whole. */
  output: string;
  /** Files of the study's report; without, its page says that there is none. */
  report?: ReportFiles | undefined;
  /** Receives each line that Framework prints. */
  log?: (line: string) => void;
  /** Checkout to build from; the project itself by default. */
  project?: string;
  /** Ends the build; the earlier site then stays as it was. */
  signal?: AbortSignal;
}

/**
 * Builds the site. Throws BadInput when the tables are not there, and an Error that lists every problem when a page
 * does not parse, a link or an asset is missing, or Framework fails; the earlier site then stays as it was.
 */
export async function buildSite({
  tables,
  output,
  report,
  log = () => {},
  project = PROJECT,
  signal
}: SiteBuild): Promise<void> {
  const notebook = notebookIn(project);
  requireTables(tables);
  const build = {notebook, tables: resolve(tables), output: resolve(output), report, log, signal};
  await withLock(lockOf(notebook), () => buildLocked(build), {
    onWait: (holder) => log(`waiting for another build of the notebook (process ${holder})`)
  });
}

interface LockedBuild extends Required<Pick<SiteBuild, "tables" | "output" | "log">> {
  notebook: Notebook;
  report: ReportFiles | undefined;
  signal: AbortSignal | undefined;
}

/** Throws BadInput unless `tables` holds a study. */
export function requireTables(tables: string): void {
  if (existsSync(cubeFile(tables, "study"))) return;
  throw new BadInput({
    where: cubeFile(tables, "study"),
    expected: "tables of a study",
    found: "no such file",
    mend: "Run the study first: npm start."
  });
}

/** The lock of a notebook's cache. */
export function lockOf({cache}: Notebook): string {
  return join(cache, "build.lock");
}

async function buildLocked(build: LockedBuild) {
  const {notebook, tables, output, log, signal} = build;
  signal?.throwIfAborted();
  await prepareCache(notebook, tables, log);
  await removeRests(output);
  const staging = await mkdtemp(`${output}.building-`);
  await chmod(staging, 0o755);
  try {
    await renderPages(build, staging);
    await writeStudyFiles(tables, staging);
    await finishPages(staging);
    await refuseProblems(staging);
    signal?.throwIfAborted();
    await replace(staging, output);
  } finally {
    await rm(staging, {recursive: true, force: true});
  }
}

/** Makes the cache fit for an offline run of Framework on `tables`. */
export async function prepareCache(
  notebook: Notebook,
  tables: string,
  log: (line: string) => void
): Promise<void> {
  await stubStandardLibrary(notebook);
  const dropped = await dropStaleOutputs(notebook, tables);
  if (dropped.length > 0) log(`loaders to run: ${dropped.join(", ")}`);
}

/** Half-built sites of builds that were killed. */
async function removeRests(output: string): Promise<void> {
  const parent = dirname(output);
  await mkdir(parent, {recursive: true});
  const rests = (await readdir(parent)).filter((name) => name.startsWith(`${basename(output)}.building-`));
  await Promise.all(rests.map((name) => rm(join(parent, name), {recursive: true, force: true})));
}

async function renderPages(
  {notebook, tables, report, log, signal}: LockedBuild,
  output: string
): Promise<void> {
  const run = runFramework(notebook, ["build"], {tables, output, report}, log);
  signal?.addEventListener("abort", run.stop, {once: true});
  const {code, tail} = await run.ended;
  signal?.removeEventListener("abort", run.stop);
  signal?.throwIfAborted();
  if (code === null) throw new Error("The build of the notebook was ended before it was done.");
  if (code !== 0) throw new Error(`Observable Framework could not build the notebook:\n${tail.join("\n")}`);
}

async function refuseProblems(site: string): Promise<void> {
  const problems = await siteProblems(site);
  if (problems.length > 0) throw new Error(`The notebook was built with mistakes:\n${problems.join("\n")}`);
}

/** Puts a whole folder in the place of another. */
async function replace(staging: string, output: string): Promise<void> {
  const earlier = `${output}.building-earlier`;
  if (existsSync(output)) await rename(output, earlier);
  await rename(staging, output);
  await rm(earlier, {recursive: true, force: true});
}
