/**
 * Stage noise: what repetitions of a job amount to, in a folder named by the hash of their run logs. An index of the study
 * says which planned runs were repeated, so that tables find it; runs that are planned no more are passed over.
 */
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import type {Manifest, TrainJob} from "../../src/core/contract.js";
import type {NoiseRow} from "../../src/core/cubes.js";
import type {PlannedRun} from "../jobs/plan-jobs.js";
import {runTitle} from "../jobs/plan-study.js";
import {writeAtomically} from "../stages/atomic-files.js";
import {codeVersion, hashValue} from "../stages/content-hash.js";
import type {Context} from "../stages/context.js";
import {PROJECT} from "../stages/store.js";
import {measureNoise, type DoneRun} from "./measure-noise.js";

const NOISE_CODE = ["data-loaders/noise", "src/core/statistics/repetition-noise.ts"];
const FILE = "noise.json";

/** Measures the noise of a planned run from itself and its repetitions, all done, and notes it for the tables. */
export async function makeNoise(
  context: Context,
  {run, job}: PlannedRun<TrainJob>,
  runs: DoneRun[]
): Promise<NoiseRow[]> {
  const {file, store} = context;
  const spec = {
    stage: "noise",
    key: runTitle(job),
    inputs: {
      runs: hashValue(runs.map(({manifest}) => identityOf(manifest))),
      code: await codeVersion(PROJECT, NOISE_CODE)
    }
  };
  const {folder, made} = await store.ensure(file.id, spec, async (partial) => {
    const rows = await measureNoise(job, runs);
    await writeAtomically(join(partial, FILE), `${JSON.stringify(rows, null, 2)}\n`);
  });
  context.report.stage("noise", spec.key, made);
  const index = {...(await readIndex(context)), [run]: store.folderOf(spec).slice(store.root.length + 1)};
  await writeAtomically(indexFile(context), `${JSON.stringify(index, null, 2)}\n`);
  return readRows(folder);
}

/** What was measured of these runs; of others nothing is returned. */
export async function readNoise(context: Context, runs: PlannedRun[]): Promise<NoiseRow[]> {
  const index = await readIndex(context);
  const folders = runs.flatMap(({run}) => (index[run] ? [context.store.path(index[run])] : []));
  return (await Promise.all(folders.map(readRows))).flat();
}

/** Results, files and device: not when and how fast. */
function identityOf({run, files, device, determinism = {}}: Manifest): object {
  return {run, files, device, determinism};
}

async function readRows(folder: string): Promise<NoiseRow[]> {
  const text = await readFile(join(folder, FILE), "utf8").catch(() => "[]"); // removed: measured no more
  return JSON.parse(text) as NoiseRow[];
}

function indexFile({store, file}: Context): string {
  return store.path("studies", file.id, FILE);
}

async function readIndex(context: Context): Promise<Record<string, string>> {
  const text = await readFile(indexFile(context), "utf8").catch(() => "{}");
  return JSON.parse(text) as Record<string, string>;
}
