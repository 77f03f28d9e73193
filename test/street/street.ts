/** What the end-to-end tests share: a small study, a store of its own, and the command as a user runs it. */
import {spawn} from "node:child_process";
import type {ChildProcess} from "node:child_process";
import {mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {CUBES} from "../../src/core/cubes.js";
import {ensurePython} from "../../data-loaders/setup/python-environment.js";
import {PROJECT, Store} from "../../data-loaders/stages/store.js";

/** Two corpora, two axes, three modes in five arms and one seed: seconds of training. */
export const SMALL_STUDY = `because: 1
title: Small
corpora:
  assistant: {reader: embedded, kind: assistant, dialogues: 40}
  film: {reader: embedded, kind: film, dialogues: 40}
axes:
  naturalness: {question: How natural is the response?, labels: [1, 2, 3, 4, 5]}
  on-topic: {question: Does the response stay on topic?, labels: [1, 2, 3, 4, 5]}
split: {train: 20, test: 10}
arms:
  modes: [label-only, explanation, shuffled]
  reductions: [token-mean, part-mean]
seeds: [1]
model: {scratch: tiny, vocabulary: 600}
warm_up: {steps: 20}
training: {steps: 40, checkpoint_every: 5}
`;

export interface Street {
  folder: string;
  store: Store;
  /** Writes the study file (under a name of its own if asked) and returns its path. */
  writeStudy(text: string, name?: string): Promise<string>;
  remove(): Promise<void>;
}

/** A temporary folder with a store that borrows the project's Python environment, so that nothing is installed twice. */
export async function createStreet(): Promise<Street> {
  const {python} = await ensurePython({store: new Store(".because").root, log: () => undefined});
  const folder = await mkdtemp(join(tmpdir(), "because-street-"));
  const store = new Store(join(folder, "store"));
  await mkdir(store.root, {recursive: true});
  await symlink(join(python, "..", ".."), store.path("python"));
  const writeStudy = async (text: string, name = "small.yaml"): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, `${text}store: ${store.root}\n`);
    return file;
  };
  return {folder, store, writeStudy, remove: () => rm(folder, {recursive: true, force: true})};
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Starts `because …` as a process group of its own. */
export function startBecause(args: string[]): {child: ChildProcess; ended: Promise<Ended>} {
  const child = spawn(process.execPath, [join(PROJECT, "data-loaders", "because.mjs"), ...args], {
    cwd: PROJECT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"]
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve) =>
    child.once("close", (code, signal) => resolve({code, signal, stdout, stderr}))
  );
  return {child, ended};
}

export function because(...args: string[]): Promise<Ended> {
  return startBecause(args).ended;
}

/** Ids of a study's runs with what `because run --json` says of them. */
export interface RunReport {
  run: string;
  title: string;
  status: string;
  reason: string;
}

/** Everything of a tables folder that must not depend on how often a study was interrupted: all but wall times. */
export async function tableBytes(folder: string): Promise<Map<string, string>> {
  const names = CUBES.filter((cube) => cube !== "runs").map((cube) => `${cube}.json`);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const))
  );
}

/** Bytes of every run's predictions and layers. */
export async function runBytes(store: Store): Promise<Map<string, string>> {
  const bytes = new Map<string, string>();
  for (const run of (await readdir(store.runs)).sort())
    for (const name of ["predictions.parquet", "layers.parquet"]) {
      const found = await readFile(join(store.runs, run, name)).catch(() => null);
      if (found) bytes.set(`${run}/${name}`, found.toString("base64"));
    }
  return bytes;
}
