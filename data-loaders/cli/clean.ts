/** `because clean`: removes what can be made again. */
import {readdir, rm, stat} from "node:fs/promises";
import {join} from "node:path";
import {confirm, isCancel} from "@clack/prompts";
import type {StudyOptions} from "../cli.js";
import {removeRun} from "../jobs/write-jobs.js";
import type {Context} from "../stages/context.js";
import {placesFile, readPlaces} from "../places/places-file.js";
import {openRuns, statesFile} from "../places/remembered-states.js";
import {verifyRun} from "../trainers/run-state.js";
import {openStudy} from "./open-study.js";
import type {Outcome} from "./outcome.js";
import {rememberedRuns} from "../jobs/study-runs.js";

interface CleanOptions extends StudyOptions {
  runs?: boolean;
  votes?: boolean;
  all?: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

/** Stages that are made again in seconds. */
const CHEAP = ["tables", "summaries", "site", "figures", "paper-tables", "report"];
/** What judges answered: paid for, and shared by all studies of a store. */
const VOTES = "votes";

export async function clean(options: CleanOptions): Promise<Outcome> {
  const context = await openStudy(options);
  const kept = await elsewhere(context);
  const known = options.runs ? await rememberedRuns(context) : [];
  const runs = known.filter((run) => !kept.has(run));
  const folders = [
    ...(options.all ? await everything(context, kept) : CHEAP.map((stage) => context.store.path(stage))),
    ...(options.votes ? [context.store.path(VOTES)] : [])
  ];
  const doomed = [
    ...folders,
    ...(options.all
      ? []
      : runs.flatMap((run) => [join(context.store.runs, run), join(context.store.jobs, run)]))
  ];
  await sayKept(
    context,
    [...kept].flatMap(([run, place]) => (options.all || known.includes(run) ? [place] : []))
  );
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

/** Runs that were asked for at a place and are not here yet: run → place. */
async function elsewhere({store}: Context): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const [run, {place}] of await openRuns(store))
    if ((await verifyRun(join(store.runs, run))).status !== "done") found.set(run, place);
  return found;
}

/** @param places of each run that is kept */
async function sayKept({store}: Context, places: readonly string[]): Promise<void> {
  const described = await readPlaces();
  for (const place of new Set(places)) {
    const count = places.filter((each) => each === place).length;
    process.stdout.write(
      `Kept: ${count} ${count === 1 ? "run" : "runs"} asked for at ${place} and not brought yet. ` +
        (Object.hasOwn(described, place)
          ? `\`because run --on ${place}\` brings them, \`because cancel --on ${place}\` ends them.\n`
          : `${placesFile()} describes no such place; delete ${statesFile(store, place)} to forget them.\n`)
    );
  }
}

/**
 * All of the store but the Python environment, which takes minutes to install, votes, which cost money, and what is known
 * of runs that places go on with.
 */
async function everything({store}: Context, kept: ReadonlyMap<string, string>): Promise<string[]> {
  const spared = ["python", VOTES, ...(kept.size > 0 ? ["places", "studies"] : [])];
  const entries = (await readdir(store.root).catch(() => [])).filter((entry) => !spared.includes(entry));
  const split: string[] =
    kept.size > 0 ? entries.filter((entry) => entry === "jobs" || entry === "runs") : [];
  const below = await Promise.all(
    split.map(async (entry) =>
      (await readdir(store.path(entry))).filter((run) => !kept.has(run)).map((run) => store.path(entry, run))
    )
  );
  return [
    ...entries.filter((entry) => !split.includes(entry)).map((entry) => store.path(entry)),
    ...below.flat()
  ];
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
