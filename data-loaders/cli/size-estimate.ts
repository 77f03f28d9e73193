/** What a large model takes: memory of a process, and operations of the study, from its `config.json` where that is here. */
import {readFile} from "node:fs/promises";
import {formatBytes, formatCount, formatDuration, formatNumber} from "../../src/core/format.js";
import {missingTargets, modelShape} from "../../src/core/model-shape.js";
import type {ModelShape} from "../../src/core/model-shape.js";
import {trainingMemory, trainingOperations} from "../../src/core/training-memory.js";
import type {TrainingMemory} from "../../src/core/training-memory.js";
import {modelFile} from "../fetch/model-files.js";
import type {Context} from "../stages/context.js";

export interface SizeEstimate {
  memory: TrainingMemory;
  /** Floating-point operations of all training steps; what axes share counted once for each. */
  operations: number;
}

/** Operations a second: 40 % of the dense bf16 peak of an H100 or H200 (989 TFLOP/s by NVIDIA's data sheet). */
const OPERATIONS_PER_SECOND = 0.4 * 989e12;

/** Null for a model from scratch, and where its configuration is not here or not of a kind that is known. */
export async function estimateSize(context: Context, tokens: number): Promise<SizeEstimate | null> {
  const shape = await shapeOf(context);
  if (!shape) return null;
  const {study} = context.file;
  return {memory: trainingMemory(shape, study), operations: tokens * trainingOperations(shape, study)};
}

/** Lines for a person. */
export function describeSize({memory, operations}: SizeEstimate): string[] {
  const {parameters, trained, weights, optimiser, activations, total} = memory;
  return [
    `${formatCount(Math.round(parameters / 1e6))} million parameters, ${formatNumber(trained / 1e6, trained < 1e7 ? 1 : 0)} million of them trained`,
    `memory of a process, at most: ${formatBytes(total)} (frozen weights ${formatBytes(weights)}, trained weights with optimiser ` +
      `${formatBytes(optimiser)}, activations ${formatBytes(activations)})`,
    `${formatNumber(operations / 1e15, 0)} PFLOP in all: about ${formatDuration(operations / OPERATIONS_PER_SECOND)} on one H100 or H200 at 40 % of its peak, ` +
      "less where axes share their dialogue (an estimate from the model's shape; docs/training.md)"
  ];
}

/** Adapter targets that the model has no module for, as notes. */
export async function targetNotes(context: Context): Promise<string[]> {
  const {adapter} = context.file.study;
  const shape = adapter.kind === "none" ? null : await shapeOf(context);
  const wrong = shape && adapter.kind !== "none" ? missingTargets(shape.type, adapter.targets) : null;
  if (!shape || !wrong) return [];
  return [
    `adapter.targets: a ${shape.type} has no ${wrong.missing.join(", ")}; its modules are called ${wrong.known.join(", ")}.`
  ];
}

async function shapeOf({file: {study}, store}: Context): Promise<ModelShape | null> {
  const file = modelFile(study.model, "config.json", store);
  const text = file === null ? "" : await readFile(file, "utf8").catch(() => "");
  try {
    return modelShape(JSON.parse(text));
  } catch {
    return null;
  }
}
