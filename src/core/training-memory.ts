/**
 * What training a model takes in memory and operations, estimated from its shape before there is a GPU to measure on.
 * docs/training.md gives the formula in words. The trainer's own check of the longest batch is what decides.
 */
import {layerWeights, moduleSizes, vocabularyWeights} from "./model-shape.js";
import type {ModelShape} from "./model-shape.js";
import type {Study} from "./study.js";

/** Bytes, by what they are for. */
export interface TrainingMemory {
  parameters: number;
  trained: number;
  weights: number;
  /** Trained weights in fp32, their gradients, and AdamW's two moments. */
  optimiser: number;
  /** What the backward pass needs of the tokens that are in the model at a time. */
  activations: number;
  total: number;
}

type Choices = Pick<Study, "adapter" | "execution" | "training">;

/** A weight in fp32, its gradient, and AdamW's two moments. */
const BYTES_OF_A_TRAINED_WEIGHT = 16;
/**
 * Bytes of a frozen weight of the layers. Of 8 and 4 bits with what is kept to scale them: one fp32 a row, and one byte
 * for 64 weights and one fp32 for 256 of these (Dettmers et al. 2023, QLoRA, section 3).
 */
const FROZEN_BYTES = {8: 1 + 4 / 4096, 4: 0.5 + 1 / 64 + 4 / (64 * 256)} as const;
/** Target tokens of a sequence, whose logits over the vocabulary are kept: label and explanation. */
const TARGETS = 32;

/** The memory of one process that holds the whole model, at the longest sequences that the study allows. */
export function trainingMemory(shape: ModelShape, {adapter, execution, training}: Choices): TrainingMemory {
  const bytes = execution.precision === "bf16" ? 2 : 4;
  const layers = layerWeights(shape);
  const vocabulary = vocabularyWeights(shape);
  const adapters = adapterWeights(shape, adapter);
  const trained = adapter.kind === "none" ? layers + vocabulary : adapters;
  const weights =
    adapter.kind === "none"
      ? 0
      : layers * (adapter.bits === 16 ? bytes : FROZEN_BYTES[adapter.bits]) + vocabulary * bytes;
  const optimiser = trained * BYTES_OF_A_TRAINED_WEIGHT;
  const examples = execution.micro_batch ?? training.batch;
  const tokens = examples * training.max_tokens;
  const logits = examples * Math.min(TARGETS, training.max_tokens) * shape.vocabulary * 4 * 2;
  const activations = tokens * tokenBytes(shape, execution.gradient_checkpointing, bytes) + logits;
  return {
    parameters: layers + vocabulary,
    trained,
    weights,
    optimiser,
    activations,
    total: weights + optimiser + activations
  };
}

/**
 * Activations of one token in bytes. A layer keeps its input, two normed copies, queries, keys, values, the attention's
 * result and what follows the attention, and each matrix' input of the feed-forward part; attention itself keeps no
 * square of the tokens. With checkpoints, every layer keeps its input alone, and one layer at a time all of it.
 */
function tokenBytes(
  {layers, hidden, queries, keys, feedForward, matrices}: ModelShape,
  checkpoints: boolean,
  bytes: number
): number {
  const layer = 4 * hidden + 2 * queries + 2 * keys + (matrices + 1) * feedForward;
  return bytes * (checkpoints ? layers * hidden + layer : layers * layer);
}

/** Weights of all adapters: rank × (inputs + outputs) of each module that has one. */
export function adapterWeights(shape: ModelShape, adapter: Study["adapter"]): number {
  if (adapter.kind === "none") return 0;
  const sizes = moduleSizes(shape);
  return (
    shape.layers *
    adapter.targets.reduce((sum, target) => {
      const [inputs, outputs] = sizes[target] ?? [0, 0];
      return sum + adapter.rank * (inputs + outputs) + (adapter.dora ? outputs : 0);
    }, 0)
  );
}

/**
 * Floating-point operations of training on a token: two for each weight forwards, two more backwards to what came before
 * it, two to the weight itself where it is trained, and the forward pass again with checkpoints (Kaplan et al. 2020,
 * section 2.1). The output projection is counted for every token, attention over earlier tokens for none.
 */
export function trainingOperations(
  shape: ModelShape,
  {adapter, execution}: Omit<Choices, "training">
): number {
  const weights = layerWeights(shape) + shape.vocabulary * shape.hidden;
  const passes = 4 + (adapter.kind === "none" ? 2 : 0) + (execution.gradient_checkpointing ? 2 : 0);
  return passes * weights;
}
