/** Sends job folders, and what runs build on, to a place: nothing that is there already. */
import {randomBytes} from "node:crypto";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {Job} from "../../src/core/contract.js";
import type {RunLook} from "../../src/core/run-standing.js";
import {exists} from "../stages/atomic-files.js";
import {verifyRun} from "../trainers/run-state.js";
import {askFleet, type Site} from "./site.js";

export interface Folders {
  jobs: string;
  runs: string;
}

/** Looks at runs, in one question. Answers about other runs are passed over. */
export async function lookAt(
  site: Site,
  runs: readonly string[],
  options: {again?: boolean; timeout?: number; signal?: AbortSignal} = {}
): Promise<Map<string, RunLook>> {
  if (runs.length === 0) return new Map();
  const asked = new Set(runs);
  const looks = await askFleet<RunLook>(site, ["look"], runs, options);
  return new Map(looks.filter(({run}) => asked.has(run)).map((look) => [look.run, look]));
}

/** Reads the job of a run from the store. */
export async function readJob(run: string, {jobs}: Folders): Promise<Job> {
  return Job.parse(JSON.parse(await readFile(join(jobs, run, "job.json"), "utf8")));
}

/** Runs that a job starts from. */
export function neededRuns(job: Job): string[] {
  const {tokenizer_run, base_run} = job as {tokenizer_run?: string | null; base_run?: string | null};
  return [tokenizer_run, base_run].flatMap((run) => run ?? []);
}

/**
 * Sends what is missing there of some runs: their job folders, models in folders, and the runs that they build on as far
 * as these are done here. Jobs lie apart until all have arrived.
 *
 * @returns the sender's name, under which `because_fleet submit` puts the jobs in place
 */
export async function sendJobs(
  site: Site,
  folders: Folders,
  looks: ReadonlyMap<string, RunLook>,
  jobs: ReadonlyMap<string, Job>,
  signal?: AbortSignal
): Promise<string> {
  const sender = randomBytes(8).toString("hex");
  await sendNeeded(site, folders, jobs, signal);
  for (const model of new Map([...jobs.values()].flatMap(modelFolder)).entries())
    await sendModel(site, model, signal);
  const missing = [...jobs.keys()].filter((run) => !looks.get(run)?.job);
  if (missing.length > 0)
    await site.transport.send(folders.jobs, `${site.root}/incoming/${sender}`, {paths: missing, signal});
  return sender;
}

/** Runs that others build on and that were done elsewhere: their files first, the manifest last. */
async function sendNeeded(
  site: Site,
  folders: Folders,
  jobs: ReadonlyMap<string, Job>,
  signal?: AbortSignal
): Promise<void> {
  const needed = [...new Set([...jobs.values()].flatMap(neededRuns))].filter((run) => !jobs.has(run));
  const looks = await lookAt(site, needed, {signal});
  for (const run of needed) {
    if (looks.get(run)?.manifest?.status === "done") continue;
    const {status, manifest} = await verifyRun(join(folders.runs, run));
    if (status !== "done") continue; // whoever builds on it says so
    const target = `${site.root}/runs/${run}`;
    const paths = Object.keys(manifest!.files);
    await site.transport.send(join(folders.runs, run), target, {paths, signal});
    await site.transport.send(join(folders.runs, run), target, {paths: ["manifest.json"], signal});
  }
}

/** A model in a folder of this machine, by the hash of its content. */
function modelFolder(job: Job): [content: string, folder: string][] {
  if (!("model" in job) || !("folder" in job.model) || !job.model.content) return [];
  return [[job.model.content, job.model.folder]];
}

/** Sends a model's folder once; the trainer there finds it by its content. */
async function sendModel(
  {transport, root}: Site,
  [content, folder]: [string, string],
  signal?: AbortSignal
): Promise<void> {
  const target = `${root}/models/${content}`;
  if ((await transport.run(["test", "-d", target], {signal})).code === 0) return;
  if (!(await exists(folder))) return; // it may be there under its own path
  await transport.send(folder, `${target}.partial`, {signal});
  await transport.run(["mv", "--", `${target}.partial`, target], {signal, again: false});
}
