/** `because clean`: removes what can be made again. */
import {readdir, rm, stat} from "node:fs/promises";
import {join} from "node:path";
import {confirm, isCancel} from "@clack/prompts";
import type {StudyOptions} from "../cli.js";
import {removeRun} from "../jobs/write-jobs.js";
import type {Context} from "../stages/context.js";
import {openStudy} from "./open-study.js";
import type {Outcome} from "./outcome.js";
import {rememberedRuns} from "./study-runs.js";

interface CleanOptions extends StudyOptions {
  runs?: boolean;
  votes?: boolean;
  all?: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

/** Stages that are made again in seconds. */
const CHEAP = ["tables", "summaries", "site", "figures"];
/** What judges answered: paid for, and shared by all studies of a store. */
const VOTES = "votes";

export async function clean(options: CleanOptions): Promise<Outcome> {
  const context = await openStudy(options);
  const runs = options.all || options.runs ? await rememberedRuns(context) : [];
  const folders = [
    ...(options.all ? await everything(context) : CHEAP.map((stage) => context.store.path(stage))),
    ...(options.votes ? [context.store.path(VOTES)] : [])
  ];
  const doomed = [...folders, ...(options.all ? [] : runs.map((run) => join(context.store.runs, run)))];
  const sizes = await Promise.all(doomed.map(async (path) => ({path, bytes: await sizeOf(path)})));
  const found = sizes.filter(({bytes}) => bytes > 0);
  process.stdout.write(
    found.map(({path, bytes}) => `${(bytes / 1e6).toFixed(1).padStart(9)} MB  ${path}\n`).join("")
  );
  if (found.length === 0) process.stdout.write("Nothing to remove.\n");
  if (found.length === 0 || options.dryRun) return 0;
  if (!options.yes && !(await agreed())) return 1;
  for (const folder of folders) await rm(folder, {recursive: true, force: true});
  if (!options.all) for (const run of runs) await removeRun(run, context.store);
  return 0;
}

async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stderr.write("Nothing removed. Add --yes to remove without being asked.\n");
    return false;
  }
  const answer = await confirm({message: "Remove these?"});
  return !isCancel(answer) && answer;
}

/** All of the store but the Python environment, which takes minutes to install, and votes, which cost money. */
async function everything({store}: Context): Promise<string[]> {
  const entries = await readdir(store.root).catch(() => []);
  return entries.filter((entry) => entry !== "python" && entry !== VOTES).map((entry) => store.path(entry));
}

/** Bytes below a path; 0 where there is nothing. */
async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (!found) return 0;
  if (!found.isDirectory()) return found.size;
  const below = await readdir(path);
  return (await Promise.all(below.map((entry) => sizeOf(join(path, entry))))).reduce(
    (sum, bytes) => sum + bytes,
    0
  );
}
