/** Rows of `curves.json` (training loss) and `runs.json` (one row a run, the only cube with wall times). */
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {type Manifest, ProgressLine} from "../../src/core/contract.js";
import type {CurveRow, RunRow} from "../../src/core/cubes.js";
import type {RunLog} from "./run-logs.js";

/** Points of a run's curve, at most. */
const POINTS = 60;

/** Loss curves of all train runs that left steps; at most 60 points a run, each the mean over its share of the steps. */
export async function readCurves(logs: RunLog[]): Promise<CurveRow[]> {
  const curves = await Promise.all(logs.filter(({kind}) => kind === "train").map(readCurve));
  return curves.flat();
}

async function readCurve({run, folder}: RunLog): Promise<CurveRow[]> {
  const text = await readFile(join(folder, "progress.jsonl"), "utf8").catch(() => "");
  const steps = lastOfEachStep(text);
  const total = Math.max(0, ...steps.keys());
  const stride = Math.ceil(total / POINTS);
  const bins = new Map<number, ProgressLine[]>();
  for (const [step, line] of [...steps].sort(([a], [b]) => a - b)) {
    const bin = Math.ceil(step / stride);
    bins.set(bin, [...(bins.get(bin) ?? []), line]);
  }
  return [...bins.values()].map((lines) => ({
    run,
    step: lines.at(-1)!.step!,
    loss: meanOf(lines, "loss")!,
    loss_label: meanOf(lines, "loss_label"),
    loss_explanation: meanOf(lines, "loss_explanation")
  }));
}

/**
 * A run that was killed went back to its checkpoint and logged some steps again: the last line counts. A line that was
 * cut off by the kill isn't JSON and is passed over.
 */
function lastOfEachStep(text: string): Map<number, ProgressLine> {
  const steps = new Map<number, ProgressLine>();
  for (const line of text.split("\n")) {
    const parsed = ProgressLine.safeParse(parseJson(line));
    if (!parsed.success) continue;
    const {event, step, loss} = parsed.data;
    if (event === "step" && step && loss !== undefined && Number.isFinite(loss)) steps.set(step, parsed.data);
  }
  return steps;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function meanOf(lines: ProgressLine[], key: "loss" | "loss_label" | "loss_explanation"): number | null {
  const values = lines.map((line) => line[key]).filter((value): value is number => typeof value === "number");
  return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

/** One row a run; zeros where there is no manifest to read. `accuracy` maps run → accuracy over its test rows. */
export function runRows(logs: RunLog[], accuracy: Map<string, number>): RunRow[] {
  return logs.map(({run, kind, system, seed, scope, status, reason, manifest}) => ({
    run,
    kind,
    system,
    seed,
    scope,
    status,
    reason,
    accuracy: accuracy.get(run) ?? null,
    steps: manifest?.steps ?? 0,
    tokens: manifest?.tokens ?? 0,
    wall_seconds: manifest?.wall_seconds ?? 0,
    train_seconds: manifest?.train_seconds ?? 0,
    score_seconds: manifest?.score_seconds ?? 0,
    tokens_per_second:
      manifest?.tokens_per_second ??
      (manifest && manifest.train_seconds > 0 ? manifest.tokens / manifest.train_seconds : null),
    peak_memory_bytes: manifest?.peak_memory_bytes ?? 0,
    parameters: manifest?.parameters ?? 0,
    resumed: manifest?.resumed ?? 0,
    started: manifest?.started ?? 0,
    device: manifest ? `${manifest.device.kind} ${manifest.device.name}`.trim() : "",
    threads: manifest?.device.threads ?? 0,
    libraries: Object.entries(manifest?.libraries ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
    trainer_version: manifest?.trainer_version ?? "",
    flops_utilisation: manifest?.flops_utilisation ?? null,
    encoded_tokens_per_second:
      manifest?.encoded_tokens && manifest.train_seconds > 0
        ? manifest.encoded_tokens / manifest.train_seconds
        : null,
    peak_device_memory_bytes: manifest?.peak_device_memory_bytes ?? null,
    trainable_parameters: manifest?.trainable_parameters ?? manifest?.parameters ?? 0,
    execution: manifest ? executionOf(manifest) : ""
  }));
}

/** How a run was carried out, in words; nothing where its manifest does not say. */
function executionOf(manifest: Manifest): string {
  const {attention, micro_batch, processes, shared_dialogues} = manifest;
  return [
    ...(attention === undefined ? [] : [`attention ${attention}`]),
    ...(micro_batch === undefined ? [] : [`${micro_batch} examples at a time`]),
    ...(processes === undefined || processes === 1 ? [] : [`${processes} processes`]),
    ...(shared_dialogues === undefined
      ? []
      : [shared_dialogues ? "dialogues read once" : "every axis reads its dialogue anew"]),
    ...determinismOf(manifest)
  ].join("; ");
}

/** Settings that say something of runs on a GPU alone. */
const OF_GPUS = /^(cudnn|cublas|tf32|sdpa|matmul)/;

/** Settings that decide whether bits repeat, on the device that the run ran on. */
function determinismOf({determinism = {}, device}: Manifest): string[] {
  return Object.entries(determinism)
    .filter(([name, value]) => value !== "" && (device.kind !== "cpu" || !OF_GPUS.test(name)))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => {
      const words = name.replaceAll("_", " ");
      if (name === "deterministic_algorithms") return value === true ? words : "algorithms not deterministic";
      return `${words} ${typeof value === "string" ? value : value ? "on" : "off"}`;
    });
}
