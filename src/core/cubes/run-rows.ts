/** Runs, their training, and single examples. */
import type {Estimator} from "../contract.js";
import type {Turn} from "../conversation.js";

/** `curves.json`: training loss, at most 60 points a run, in nats a token. */
export interface CurveRow {
  run: string;
  step: number;
  loss: number;
  loss_label: number | null;
  loss_explanation: number | null;
}

/** `along.json`: means over a run's test rows after some of its steps, the last of which is its end. */
export interface AlongRow {
  run: string;
  step: number;
  /** Share of labels that are right, nats of the right label, or nats of an entropy estimator. */
  measure: "accuracy" | "nll" | Estimator;
  /** Of an estimator; null otherwise. */
  layer: number | null;
  value: number;
  /** Test rows in the mean. */
  rows: number;
}

/** `runs.json`: one row a run; the only cube that holds wall times. */
export interface RunRow {
  run: string;
  kind: "tokenizer" | "warm-up" | "train" | "baseline";
  /** Arm id or baseline id; empty for preparations. */
  system: string;
  seed: string;
  scope: string;
  status: "done" | "failed" | "missing";
  reason: string;
  accuracy: number | null;
  steps: number;
  tokens: number;
  wall_seconds: number;
  train_seconds: number;
  score_seconds: number;
  tokens_per_second: number | null;
  peak_memory_bytes: number;
  parameters: number;
  resumed: number;
  started: number;
  device: string;
  threads: number;
  libraries: string;
  trainer_version: string;
  /** Of the model's floating-point operations, the part of the device's peak; null where that is not known. */
  flops_utilisation: number | null;
  /** Tokens that went through the model in training a second: those that axes share once; null where it is not known. */
  encoded_tokens_per_second: number | null;
  /** Of the GPU that held most; null without one. */
  peak_device_memory_bytes: number | null;
  trainable_parameters: number;
  /** How it was carried out and how far it can be repeated bit for bit: attention, micro-batch, processes, settings. */
  execution: string;
}

/** `examples.json`, a plain document: test examples with what each run said of them, and training texts. */
export interface ExamplesDocument {
  /** Train runs in the order of the digits in {@link TestItem.predicted}. */
  runs: {run: string; arm: string; seed: string}[];
  /** Arms in the order of {@link TestItem.probabilities}. */
  arms: string[];
  examples: ShownExample[];
  items: TestItem[];
  training: TrainingText[];
}

export interface ShownExample {
  corpus: string;
  example_id: string;
  dialogue_id: string;
  turns: Turn[];
  response: string;
}

/** One test row: example × axis. */
export interface TestItem {
  corpus: string;
  example_id: string;
  axis: string;
  gold: string;
  explanation: string;
  explanation_source: string;
  /** Predicted label's index, one base-36 digit a run; `-` where a run has none. */
  predicted: string;
  /** Arm → label probabilities, mean over seeds, in thousandths; null where an arm has none. */
  probabilities: (number[] | null)[];
}

/** The exact text that a model was trained on, under each arm's mode and order. */
export interface TrainingText {
  corpus: string;
  example_id: string;
  axis: string;
  prompt: string;
  label: string;
  /** `mode` → completion as trained in label-first order. */
  completions: Record<string, string>;
}
