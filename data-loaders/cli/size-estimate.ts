/** What a large model takes: memory of a process, and operations of the study, from its `config.json` where that is here. */
import {formatBytes, formatCount, formatDuration, formatNumber} from "../../src/core/format.js";
import {trainingMemory, trainingOperations} from "../../src/core/training-memory.js";
import type {TrainingMemory} from "../../src/core/training-memory.js";
import {readShape} from "../jobs/model-problems.js";
import type {Context} from "../stages/context.js";

export interface SizeEstimate {
  memory: TrainingMemory;
  /** Floating-point operations of all training steps; what axes share counted once for each. */
  operations: number;
}

/** Operations a second: 40 % of the dense bf16 peak of an H100 or H200 (989 TFLOP/s by NVIDIA's data sheet). */
const OPERATIONS_PER_SECOND = 0.4 * 989e12;

/** Operations under which such a machine is done within a minute: not worth a line. */
const LEAST_OPERATIONS = 60 * OPERATIONS_PER_SECOND;

/** Null for a model from scratch, and where its configuration is not here or not of a kind that is known. */
export async function estimateSize(context: Context, tokens: number): Promise<SizeEstimate | null> {
  const shape = await readShape(context);
  if (!shape) return null;
  const {study} = context.file;
  return {memory: trainingMemory(shape, study), operations: tokens * trainingOperations(shape, study)};
}

/** Lines for a person. */
export function describeSize({memory, operations}: SizeEstimate): string[] {
  const {parameters, trained, weights, optimiser, activations, total} = memory;
  return [
    `${countOf(parameters)} parameters, ${trained === parameters ? "all" : countOf(trained)} of them trained`,
    `memory of a process, at most: ${formatBytes(total)} (frozen weights ${formatBytes(weights)}, trained weights with optimiser ` +
      `${formatBytes(optimiser)}, activations ${formatBytes(activations)})`,
    ...(operations < LEAST_OPERATIONS ? [] : [largeRun(operations)])
  ];
}

/** Under ten millions to the last one: a small model has no round number of them. */
function countOf(weights: number): string {
  return weights < 1e7
    ? formatCount(Math.round(weights))
    : `${formatCount(Math.round(weights / 1e6))} million`;
}

function largeRun(operations: number): string {
  return (
    `${formatNumber(operations / 1e15, 0)} PFLOP in all: about ${formatDuration(operations / OPERATIONS_PER_SECOND)} on one H100 or H200 at 40 % of its peak, ` +
    "less where axes share their dialogue (an estimate from the model's shape; docs/training.md)"
  );
}
