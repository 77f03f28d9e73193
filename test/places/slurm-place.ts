/** Opens a fake place whose runs Slurm schedules, as the pipeline does. */
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {parsePlaces} from "../../data-loaders/places/places-file.js";
import {reachSite} from "../../data-loaders/places/reach-site.js";
import {RemoteRuns} from "../../data-loaders/places/remote-runs.js";
import {SlurmLauncher, type SlurmPauses} from "../../data-loaders/places/slurm/slurm-launcher.js";
import {transportOf} from "../../data-loaders/places/transport-of.js";
import type {SlurmPlace} from "../../src/core/places/slurm-place.js";
import type {RunState} from "../../data-loaders/trainers/trainer.js";
import {watchRuns} from "../../data-loaders/trainers/watch-runs.js";
import type {FakePlace} from "./fake-place.js";

/** Short, since tests can't wait as long as a cluster may. */
export const SHORT: SlurmPauses = {again: 500, silence: 1500, files: 500, answer: 10_000};

/** @param keys of the places file, in YAML's flow style, such as `partition: main, time: 1` */
export async function openSlurm(place: FakePlace, keys = "", pauses = SHORT): Promise<RemoteRuns> {
  const {site, config} = await reachSlurm(place, keys);
  const launcher = new SlurmLauncher(site, config, pauses);
  return new RemoteRuns({site, launcher, store: place.store});
}

export async function reachSlurm(place: FakePlace, keys = "") {
  const config = slurmPlace(place, keys);
  const transport = transportOf(config);
  const site = await reachSite({name: "cluster", config, transport, log: () => undefined});
  return {site, config};
}

export function slurmPlace({root, environment}: Pick<FakePlace, "root" | "environment">, keys = "") {
  const short = ["poll: 1", "file_lag: 1"].filter((key) => !keys.includes(key.split(" ")[0]!));
  const all = [`kind: slurm, root: ${root}, environment: ${environment}`, ...short, keys].filter(Boolean);
  const text = `because: 1\nplaces:\n  cluster: {${all.join(", ")}}\n`;
  return parsePlaces(text, "places.yaml").places.cluster as SlurmPlace;
}

/** Watches runs until all have ended, or until `until` says so. */
export async function settle(
  trainer: RemoteRuns,
  runs: string[],
  onStates: (states: ReadonlyMap<string, RunState>, stop: () => void) => void = () => undefined
): Promise<Map<string, RunState>> {
  const controller = new AbortController();
  const states = await watchRuns(
    trainer,
    runs,
    (now) => onStates(now, () => controller.abort()),
    controller.signal
  );
  return new Map(states);
}

export const statuses = (states: ReadonlyMap<string, RunState>, runs: readonly string[]) =>
  runs.map((run) => states.get(run)!.status);

/** How often some runs were trained, together. */
export async function timesTrained(place: FakePlace, runs: readonly string[]): Promise<number> {
  const trained = await place.trained();
  return runs.reduce((sum, run) => sum + (trained.get(run) ?? 0), 0);
}

/** Scripts of all arrays that were submitted from the place, the latest last. */
export async function arrayScripts({root}: Pick<FakePlace, "root">): Promise<string[]> {
  const folder = join(root, "arrays");
  const tokens = (await readdir(folder).catch(() => [])).filter((name) => /^[0-9a-f]{12}$/.test(name));
  const files = await Promise.all(
    tokens.map(async (token) => {
      const {at} = JSON.parse(await readFile(join(folder, token, "groups.json"), "utf8")) as {at: number};
      return {at, text: await readFile(join(folder, token, "task.sh"), "utf8")};
    })
  );
  return files.sort((a, b) => a.at - b.at).map(({text}) => text);
}
