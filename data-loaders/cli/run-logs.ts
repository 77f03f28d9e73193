/** `because logs` and `because cancel`: what a run says, and ending what goes on at a place. */
import {readdir} from "node:fs/promises";
import {join} from "node:path";
import type {StudyOptions} from "../cli.js";
import {BadInput} from "../../src/core/bad-input.js";
import {LOCAL} from "../../src/core/places.js";
import type {RunLook} from "../../src/core/run-standing.js";
import {launcherFor, openSite, placeName} from "../places/open-place.js";
import {findPlace} from "../places/places-file.js";
import {forgetStates} from "../places/remembered-states.js";
import {RemoteRuns} from "../places/remote-runs.js";
import {lookAt} from "../places/send-jobs.js";
import type {Site} from "../places/site.js";
import type {Context} from "../stages/context.js";
import {followFile} from "../trainers/follow-file.js";
import {tailOf, verifyRun} from "../trainers/run-state.js";
import {openStudy, stopSignal} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";

export interface LogOptions extends StudyOptions {
  on?: string;
  follow?: boolean;
}

const TAIL_BYTES = 16_384;

export async function logs({run, follow, ...options}: LogOptions & {run: string}): Promise<Outcome> {
  const context = await openStudy(options);
  const id = await wholeId(run, context);
  const print = (text: string): void => void process.stdout.write(text);
  const signal = stopSignal(placeName(context, options.on).name);
  const site = await siteOf(context, options.on);
  if (site === null) return printOwnLog(context, id, follow ?? false, signal, print);
  const trainer = await lookingAt(context, site);
  try {
    if (follow) await trainer.follow(id, print, signal);
    else printOr(await trainer.logs(id), `${id} has said nothing at ${site.name} yet`);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await trainer.close();
  }
}

/** A log, or where it is empty a word about it for whoever waits. */
function printOr(log: string, empty: string): void {
  if (log.trim() === "") process.stderr.write(`${empty}. \`because status\` says how far runs are.\n`);
  else process.stdout.write(log);
}

async function printOwnLog(
  {store}: Context,
  run: string,
  follow: boolean,
  signal: AbortSignal,
  print: (text: string) => void
): Promise<void> {
  const folder = join(store.runs, run);
  const file = join(folder, "trainer.log");
  if (!follow)
    return printOr(
      await tailOf(file, TAIL_BYTES),
      `${run} has said nothing on this machine; at a place, add --on`
    );
  await followFile(file, print, async () => signal.aborted || (await verifyRun(folder)).status !== "missing");
}

export async function cancel({runs, ...options}: LogOptions & {runs: string[]}): Promise<Outcome> {
  const context = await openStudy(options);
  const site = await siteOf(context, options.on);
  if (site === null)
    throw new BadInput({
      where: `because cancel${options.on ? ` --on ${options.on}` : ""}`,
      expected: "a place that goes on by itself",
      found: `${LOCAL}, this machine`,
      mend: "Press Ctrl-C where the study is trained, or name the place with --on."
    });
  const trainer = await lookingAt(context, site);
  try {
    const named = await Promise.all(runs.map((run) => wholeId(run, context)));
    const asked = named.length > 0 ? named : await knownRuns(context);
    const looks = await lookAt(site, asked);
    const going = goingOn(looks);
    if (going.length > 0) await trainer.cancel(going);
    const done = (run: string): boolean => looks.get(run)?.manifest?.status === "done";
    await forgetStates(
      context.store,
      site.name,
      asked.filter((run) => !done(run))
    );
    if (options.json) printJson(going);
    else
      process.stdout.write(
        `${going.length} ${going.length === 1 ? "run is" : "runs are"} cancelled at ${site.name}.\n`
      );
  } finally {
    await trainer.close();
  }
}

/** Which of some runs are asked for or done at a place now. */
function goingOn(looks: ReadonlyMap<string, RunLook>): string[] {
  return [...looks.values()]
    .filter(({submitted, claim}) => submitted || claim?.condition === "held")
    .map(({run}) => run);
}

/** The study's place; null for this machine. */
async function siteOf(context: Context, on?: string): Promise<Site | null> {
  const {name, asked} = placeName(context, on);
  const config = await findPlace(name, asked);
  return config && openSite({name, config, log: context.report.note});
}

async function lookingAt({store}: Context, site: Site): Promise<RemoteRuns> {
  return new RemoteRuns({site, launcher: await launcherFor(site, null), store});
}

/** Runs whose jobs the store has. */
async function knownRuns({store}: Context): Promise<string[]> {
  return (await readdir(store.jobs).catch(() => [])).filter((name) => /^[0-9a-f]{16}$/.test(name));
}

/** A run that is named by its id or the beginning of it. */
async function wholeId(given: string, context: Context): Promise<string> {
  const fitting = (await knownRuns(context)).filter((run) => run.startsWith(given));
  if (fitting.length === 1) return fitting[0]!;
  throw new BadInput({
    where: given,
    expected: "the id of a run of this store, or the beginning of one",
    found: fitting.length === 0 ? "none that begins so" : `${fitting.length} that begin so`,
    mend: "`because status` lists runs with their ids."
  });
}
