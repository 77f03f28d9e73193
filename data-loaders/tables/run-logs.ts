/** Run logs as the tables see them: done, failed or missing, and which system they belong to. */
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {armId, compareArms} from "../../src/core/arms.js";
import {BASELINES, Manifest, type Job} from "../../src/core/contract.js";
import type {RunRow} from "../../src/core/cubes.js";
import {describeFailure} from "../../src/core/run-failures.js";
import {alongFiles} from "./along-rows.js";
import type {FileHashes} from "../stages/file-hashes.js";
import type {RunInput} from "./tables-input.js";

/** A run of the study with what its log says. */
export interface RunLog extends RunInput {
  kind: Job["kind"];
  /** Arm id or baseline id; empty for preparations. */
  system: string;
  /** Training seed as text; empty where a job has none. */
  seed: string;
  /** `corpus × axis`, or `all` for a run over all settings. */
  scope: string;
  status: RunRow["status"];
  reason: string;
  manifest: Manifest | null;
}

/** Reads all manifests. Sorted by kind, system in figure order, seed, scope, run: never by how the input was sorted. */
export async function readRunLogs(runs: RunInput[], hashes: FileHashes): Promise<RunLog[]> {
  const logs: RunLog[] = [];
  await Promise.all(
    Array.from({length: FILES_AT_ONCE}, async (_, first) => {
      for (let i = first; i < runs.length; i += FILES_AT_ONCE) logs.push(await readRunLog(runs[i]!, hashes));
    })
  );
  return logs.sort(compareLogs);
}

/** Runs whose files are hashed at a time: more would only wait for the disk. */
const FILES_AT_ONCE = 4;

async function readRunLog(input: RunInput, hashes: FileHashes): Promise<RunLog> {
  return {...input, ...identityOf(input.job), ...(await readState(input, hashes))};
}

function identityOf(job: Job): Pick<RunLog, "kind" | "system" | "seed" | "scope"> {
  const {kind} = job;
  if (kind === "train")
    return {
      kind,
      system: armId(job.arm),
      seed: String(job.seed),
      scope: job.scope ? `${job.scope.corpus} × ${job.scope.axis}` : "all"
    };
  if (kind === "baseline") return {kind, system: job.baseline, seed: "", scope: "all"};
  return {kind, system: "", seed: kind === "warm-up" ? String(job.seed) : "", scope: "all"};
}

async function readState(
  {run, job, folder}: RunInput,
  hashes: FileHashes
): Promise<Pick<RunLog, "status" | "reason" | "manifest">> {
  const text = await readFile(join(folder, "manifest.json"), "utf8").catch(() => null);
  if (text === null)
    return {
      status: "missing",
      reason: "It left no manifest: it hasn't run, or hasn't ended.",
      manifest: null
    };
  const parsed = Manifest.safeParse(parseJson(text));
  if (!parsed.success) return failed("Its manifest doesn't follow the contract.");
  const manifest = parsed.data;
  if (manifest.run !== run) return failed(`Its manifest is that of run ${manifest.run}.`);
  if (manifest.status === "failed") return {status: "failed", reason: describeFailure(manifest), manifest};
  for (const file of filesOf(job, manifest)) {
    const listed = manifest.files[file];
    if (!listed) return {...failed(`Its manifest doesn't list ${file}.`), manifest};
    if ((await hashes.of(join(folder, file))) !== listed.sha256)
      return {...failed(`${file} isn't what the manifest says it is: its hash differs.`), manifest};
  }
  return {status: "done", reason: manifest.reason, manifest};
}

function failed(reason: string): Pick<RunLog, "status" | "reason" | "manifest"> {
  return {status: "failed", reason, manifest: null};
}

/** Files whose numbers go into the tables. */
function filesOf(job: Job, manifest: Manifest): string[] {
  if (job.kind === "train")
    return ["predictions.parquet", "layers.parquet", ...alongFiles(job, manifest.device.kind)];
  return job.kind === "baseline" ? ["predictions.parquet"] : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const KINDS: Job["kind"][] = ["tokenizer", "warm-up", "baseline", "train"];

function compareLogs(a: RunLog, b: RunLog): number {
  return (
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    compareSystems(a.job, b.job) ||
    Number(a.seed) - Number(b.seed) ||
    compareText(a.scope, b.scope) ||
    compareText(a.run, b.run)
  );
}

function compareSystems(a: Job, b: Job): number {
  if (a.kind === "train" && b.kind === "train") return compareArms(a.arm, b.arm);
  if (a.kind === "baseline" && b.kind === "baseline")
    return BASELINES.indexOf(a.baseline) - BASELINES.indexOf(b.baseline);
  return 0;
}

/** By code units: the same in every locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
