/** Runs, their training, and single examples. */
import type {Turn} from "../conversation.js";

/** `curves.json`: training loss, at most 60 points a run, in nats a token. */
export interface CurveRow {
  run: string;
  step: number;
  loss: number;
  loss_label: number | null;
  loss_explanation: number | null;
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
