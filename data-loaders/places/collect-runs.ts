/**
 * Brings finished runs from a place. What arrives lies apart, in a folder of the store, until all of it is there and is
 * what the manifest says; then it is renamed into place. Nothing that a place sends decides where a file lies.
 */
import {lstat, mkdir, readdir, rename, rm, statfs} from "node:fs/promises";
import {join} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import type {Manifest} from "../../src/core/contract.js";
import {gigabytes} from "../setup/disk-space.js";
import {verifyRun} from "../trainers/run-state.js";
import type {Site} from "./site.js";

/** Files of a run's folder that no manifest names, and that are worth having. */
const BESIDE = ["manifest.json", "attempts.jsonl", "trainer.log"];
/** What a manifest may call a file: no step up, no hidden name, nothing that a program takes for an option. */
const NAME = /^(?!.*(?:^|\/)\.)[\w][\w.+@=,-]*(?:\/[\w][\w.+@=,-]*)*$/;
/** Left free on the disk of the store, in bytes. */
const SPARE = 50e6;

export interface CollectOptions {
  site: Site;
  /** Folder of run folders in the store. */
  runs: string;
  /** Folder of the store in which runs arrive; on the same disk. */
  staging: string;
  signal?: AbortSignal;
}

/**
 * Brings runs whose manifests say that they are done.
 *
 * @returns run → why it is not taken, or null where it is in place
 * @throws BadInput where the disk has no room, LinkLost where the link does not come back; what arrived is kept for the
 * next time
 */
export async function collectRuns(
  manifests: ReadonlyMap<string, Manifest>,
  {site, runs, staging, signal}: CollectOptions
): Promise<Map<string, string | null>> {
  const verdicts = new Map<string, string | null>();
  const wanted = new Map<string, string[]>();
  for (const [run, manifest] of manifests) {
    const odd =
      manifest.run !== run ? manifest.run : Object.keys(manifest.files).find((name) => !NAME.test(name));
    if (odd === undefined) wanted.set(run, Object.keys(manifest.files));
    else verdicts.set(run, `its manifest names ${JSON.stringify(odd)}, which is refused`);
  }
  if (wanted.size === 0) return verdicts;
  await mkdir(staging, {recursive: true});
  await requireRoom(
    [...wanted.keys()].map((run) => manifests.get(run)!),
    staging
  );
  const paths = [...wanted].flatMap(([run, names]) => [...names, ...BESIDE].map((name) => `${run}/${name}`));
  await site.transport.fetch(`${site.root}/runs`, staging, {paths, signal});
  for (const [run, names] of wanted)
    verdicts.set(run, await takeIn(join(staging, run), join(runs, run), names));
  return verdicts;
}

/** Looks through what arrived and renames it into place. */
async function takeIn(arrived: string, target: string, names: string[]): Promise<string | null> {
  const odd = await oddEntry(arrived, new Set([...names, ...BESIDE]));
  if (odd !== null) {
    await rm(arrived, {recursive: true, force: true});
    return odd;
  }
  const {status, reason} = await verifyRun(arrived);
  if (status !== "done") return `what arrived is not whole: ${reason}`;
  await rm(target, {recursive: true, force: true});
  await mkdir(join(target, ".."), {recursive: true});
  await rename(arrived, target);
  return null;
}

/** Something in a folder that is neither a folder nor a plain file that was asked for; null where there is nothing. */
async function oddEntry(folder: string, names: ReadonlySet<string>, below = ""): Promise<string | null> {
  const found = await lstat(folder).catch(() => null);
  if (!found?.isDirectory()) return "it did not arrive as a folder";
  for (const entry of await readdir(folder, {withFileTypes: true})) {
    const path = below + entry.name;
    if (entry.isDirectory()) {
      const odd = await oddEntry(join(folder, entry.name), names, `${path}/`);
      if (odd !== null) return odd;
    } else if (!entry.isFile())
      return `${JSON.stringify(path)} arrived as a link or device, which is refused`;
    else if (!names.has(path)) return `${JSON.stringify(path)} arrived, which no manifest names`;
  }
  return null;
}

async function requireRoom(manifests: Manifest[], folder: string): Promise<void> {
  let bytes = 0;
  for (const {run, files} of manifests)
    for (const [name, file] of Object.entries(files)) {
      const arrived = await lstat(join(folder, run, name)).catch(() => ({size: 0}));
      bytes += Math.max(0, file.bytes - arrived.size);
    }
  const {bavail, bsize} = await statfs(folder);
  if (bavail * bsize >= bytes + SPARE) return;
  throw new BadInput({
    where: `the disk of ${folder}`,
    expected: `${gigabytes(bytes + SPARE)} free for the runs that are finished`,
    found: `${gigabytes(bavail * bsize)} free`,
    mend: "Free some space, or name a folder on another disk with `store:` in the study file, and start again: the runs stay where they are until then."
  });
}
