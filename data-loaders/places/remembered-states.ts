/** What places last said of runs, as a pipeline that followed them wrote it down. */
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import type {Store} from "../stages/store.js";
import type {RunState} from "../trainers/trainer.js";

export interface RememberedState extends RunState {
  place: string;
  /** When the place was last heard of, UNIX time in seconds. */
  heard: number;
}

interface Remembered {
  place: string;
  heard: number;
  runs: Record<string, RunState>;
}

/** Where `place` is remembered. */
export const rememberedFile = (store: {root: string}, place: string): string =>
  join(store.root, "places", `${place}.json`);

/** Run → what was last heard of it, from whichever place spoke last. */
export async function rememberedStates(store: Store): Promise<Map<string, RememberedState>> {
  const names = await readdir(store.path("places")).catch(() => []);
  const places: Remembered[] = [];
  for (const name of names.filter((each) => each.endsWith(".json"))) {
    const text = await readFile(store.path("places", name), "utf8").catch(() => "null");
    const remembered = JSON.parse(text) as Remembered | null;
    if (remembered) places.push(remembered);
  }
  places.sort((a, b) => a.heard - b.heard);
  return new Map(
    places.flatMap(({place, heard, runs}) =>
      Object.entries(runs).map(([run, state]) => [run, {...state, place, heard}] as const)
    )
  );
}
