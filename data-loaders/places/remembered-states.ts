/** What places last said of runs, as a pipeline that asked for or followed them wrote it down. */
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {isSettled} from "../../src/core/live.js";
import {writeAtomically} from "../stages/atomic-files.js";
import type {RunState} from "../trainers/trainer.js";

export interface RememberedState extends RunState {
  place: string;
  /** When the place was last heard of, UNIX time in seconds. */
  heard: number;
}

interface Remembered {
  place: string;
  heard: number;
  /** Those of other pipelines keep when they were heard of. */
  runs: Record<string, RunState & {heard?: number}>;
}

/** A store, as far as its folder. */
type Root = {root: string};

const folderIn = ({root}: Root): string => join(root, "places");
/** What is known of runs at one place. */
export const statesFile = (store: Root, place: string): string => join(folderIn(store), `${place}.json`);

/** Whether a run was asked for at its place and is still to be brought, as far as was heard. */
const isOpen = ({status}: RunState): boolean => !isSettled(status);

/** Run → what was last heard of it, from whichever place spoke last. */
export async function rememberedStates(store: Root): Promise<Map<string, RememberedState>> {
  const names = await readdir(folderIn(store)).catch(() => []);
  const files = names.filter((name) => name.endsWith(".json"));
  const places = await Promise.all(files.map((name) => read(join(folderIn(store), name))));
  const states = places.flatMap(({place, heard, runs}) =>
    Object.entries(runs).map(([run, state]) => [run, {heard, ...state, place}] as const)
  );
  return new Map(states.sort(([, one], [, other]) => one.heard - other.heard));
}

/** Runs that places go on with, or whose results lie there still. */
export async function openRuns(store: Root): Promise<Map<string, RememberedState>> {
  return new Map([...(await rememberedStates(store))].filter(([, state]) => isOpen(state)));
}

/** Writes down what is known of runs at a place. What others asked for there is kept until it is brought. */
export async function rememberStates(
  store: Root,
  place: string,
  {heard, states}: {heard: number; states: ReadonlyMap<string, RunState>}
): Promise<void> {
  const before = await read(statesFile(store, place));
  const others = Object.entries(before.runs).filter(([run, state]) => !states.has(run) && isOpen(state));
  const runs = {
    ...Object.fromEntries(others.map(([run, state]) => [run, {heard: before.heard, ...state}])),
    ...Object.fromEntries(states)
  };
  await writeAtomically(statesFile(store, place), `${JSON.stringify({place, heard, runs})}\n`);
}

/** Forgets runs that a place has no more, or is to end. */
export async function forgetStates(store: Root, place: string, gone: readonly string[]): Promise<void> {
  const before = await read(statesFile(store, place));
  if (!gone.some((run) => run in before.runs)) return;
  const runs = Object.fromEntries(Object.entries(before.runs).filter(([run]) => !gone.includes(run)));
  await writeAtomically(statesFile(store, place), `${JSON.stringify({...before, place, runs})}\n`);
}

async function read(file: string): Promise<Remembered> {
  const text = await readFile(file, "utf8").catch(() => "null");
  return (JSON.parse(text) as Remembered | null) ?? {place: "", heard: 0, runs: {}};
}
