/**
 * The contract between pipeline and trainer: what a job holds and what a run log must hold. Written here once;
 * its JSON Schema is exported to the trainer, and both sides check against it.
 */
import {z} from "zod";
import {MODES, ORDERS, REDUCTIONS, TOKEN_BUDGET} from "./arms.js";

/** Raised when a reader of either side would misread the other's files. */
export const CONTRACT_VERSION = 1;

/**
 * Activation-entropy estimators at the decision position, one column each in `layers.parquet`. In nats, but
 * `logit_lens_kl` (nats, a divergence) and none other.
 *
 * - `softmax`: entropy of softmax over the layer's units; not scale-invariant.
 * - `energy`: entropy of squared units over their sum; scale-invariant.
 * - `energy_trimmed`: the same without the `top_units` largest squares.
 * - `logit_lens`: entropy over the vocabulary of the unembedded, normed hidden state.
 * - `logit_lens_kl`: divergence of the final layer's distribution from that of the logit lens, KL(final ‖ lens).
 * - `matrix`: von Neumann entropy of the prompt's token rows (centred, normalised Gram matrix).
 * - `renyi`: the same of order 2, without eigenvalues.
 * - `attention`: entropy of the decision position's attention, mean over heads; absent at layer 0.
 * - `histogram`: entropy of the histogram of units.
 */
export const ESTIMATORS = [
  "softmax",
  "energy",
  "energy_trimmed",
  "logit_lens",
  "logit_lens_kl",
  "matrix",
  "renyi",
  "attention",
  "histogram"
] as const;
export type Estimator = (typeof ESTIMATORS)[number];

/** Classifiers that see only a shortcut; scored like models, on the same rows. */
export const BASELINES = ["majority", "length", "bag-of-words"] as const;
export type Baseline = (typeof BASELINES)[number];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const runId = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .describe("First 16 hex digits of a SHA-256");

/** A Parquet file beside `job.json`; `content` hashes its rows, not its bytes. */
const DataFile = z.strictObject({file: z.string(), rows: z.int().nonnegative(), content: sha256});

/** The fixed words around label and explanation. Label-first: prompt + label_prefix + label [+ because + explanation] + end. */
const CompletionText = z.strictObject({
  label_prefix: z.string().describe("Between prompt and label"),
  because: z.string().describe("Before the explanation"),
  therefore: z.string().describe("Between explanation and label, when the explanation comes first")
});

const ModelSource = z.union([
  z.strictObject({
    scratch: z.strictObject({hidden: z.int(), layers: z.int(), heads: z.int(), feed_forward: z.int()}),
    context: z.int().describe("Longest sequence in tokens")
  }),
  z.strictObject({
    folder: z.string(),
    content: sha256.optional().describe("Over names and bytes of its configuration, tokenizer and weights")
  }),
  z.strictObject({hub: z.string(), revision: z.string().describe("Commit, 40 hex digits")})
]);

/** What of the model is trained: all of it, or low-rank adapters beside a frozen base of so many bits a weight. */
const AdapterOptions = z.union([
  z.strictObject({kind: z.literal("none")}),
  z.strictObject({
    kind: z.literal("lora"),
    bits: z.union([z.literal(4), z.literal(8), z.literal(16)]),
    rank: z.int().positive(),
    alpha: z.number(),
    dropout: z.number(),
    targets: z.array(z.string()),
    rank_stabilised: z.boolean().describe("Scale alpha/√rank in place of alpha/rank"),
    dora: z.boolean().describe("Weight-decomposed adapters")
  })
]);

/** How a run is carried out: nothing here is meant to change more than time, memory and the last digits. */
const Execution = z.strictObject({
  precision: z.enum(["fp32", "bf16"]).describe("Of the model's arithmetic; trained weights stay in fp32"),
  attention: z.enum(["auto", "eager", "sdpa", "flex"]),
  share_dialogues: z.boolean().describe("Encode what a dialogue's axes share once"),
  row_tokens: z
    .int()
    .positive()
    .nullable()
    .describe("Dialogues are packed into rows of so many tokens; null: one a row"),
  micro_batch: z
    .int()
    .positive()
    .nullable()
    .describe("Examples that are in the model at a time; null: the batch"),
  gradient_checkpointing: z.boolean(),
  compile: z.boolean(),
  processes: z.int().positive().describe("Processes, one a GPU, that share each step"),
  parallel: z.enum(["ddp", "fsdp"]).describe("Whether each process holds the whole model or a shard of it")
});

/** How a prompt is put before the model: as it stands, or as the user's turn in the model's own chat template. */
const Template = z.union([
  z.strictObject({kind: z.literal("plain")}),
  z.strictObject({kind: z.literal("chat"), system: z.string().nullable()})
]);

const Optimisation = z.strictObject({
  steps: z.int().nonnegative(),
  batch: z.int().positive(),
  learning_rate: z.number(),
  betas: z.tuple([z.number(), z.number()]),
  weight_decay: z.number(),
  warmup_fraction: z.number(),
  clip: z.number(),
  max_tokens: z.int().positive(),
  checkpoint_every: z.int().positive()
});

const base = {contract: z.literal(CONTRACT_VERSION)};

/** Train a byte-level BPE on the prompts and explanations of `train.parquet`. Leaves `tokenizer.json`. */
export const TokenizerJob = z.strictObject({
  ...base,
  kind: z.literal("tokenizer"),
  vocabulary: z.int(),
  text: CompletionText,
  labels: z.record(z.string(), z.array(z.string())),
  data: z.strictObject({train: DataFile})
});

/** Language-model warm-up on the prompts of `train.parquet`. Leaves `model/`. */
export const WarmUpJob = z.strictObject({
  ...base,
  kind: z.literal("warm-up"),
  seed: z.int(),
  model: ModelSource,
  tokenizer_run: runId.nullable(),
  optimisation: Optimisation,
  execution: Execution,
  data: z.strictObject({train: DataFile})
});

/** Fine-tune one arm with one seed, then score every row of `test.parquet`. */
export const TrainJob = z.strictObject({
  ...base,
  kind: z.literal("train"),
  arm: z.strictObject({
    mode: z.enum(MODES),
    order: z.enum(ORDERS),
    reduction: z.enum(REDUCTIONS),
    tokens: z
      .string()
      .regex(TOKEN_BUDGET)
      .optional()
      .describe("Token budget where it is not the study's first; the rows already keep to it")
  }),
  seed: z.int(),
  scope: z
    .strictObject({corpus: z.string(), axis: z.string()})
    .nullable()
    .describe("One setting, or null for all"),
  labels: z.record(z.string(), z.array(z.string())).describe("Axis → labels, in the order of `label_logits`"),
  text: CompletionText,
  template: Template,
  model: ModelSource,
  adapter: AdapterOptions,
  tokenizer_run: runId.nullable(),
  base_run: runId.nullable().describe("Warm-up run whose model is the start"),
  optimisation: Optimisation,
  execution: Execution,
  keep_model: z.boolean().describe("Whether the run leaves its model (`model/`) or adapter (`adapter/`)"),
  repeat: z
    .int()
    .positive()
    .optional()
    .describe("Tells repetitions of the same job apart, from which the noise floor is measured"),
  label_weight: z.number(),
  prompt_room: z
    .int()
    .positive()
    .describe(
      "Tokens that a prompt keeps at most, in training and in scoring: the same in every arm of a study, so that arms " +
        "differ in what follows the prompt alone"
    ),
  capture: z.strictObject({
    estimators: z.array(z.enum(ESTIMATORS)),
    top_units: z.int(),
    bins: z.int(),
    generate_tokens: z.int(),
    samples: z
      .int()
      .nonnegative()
      .describe(
        "Explanations drawn by explanation-first arms, over which the label is averaged; 0: one, decoded greedily"
      ),
    temperature: z.number().positive().describe("Of the drawn explanations"),
    along: z
      .array(z.number().gt(0).lt(1))
      .describe("Parts of the training after which the test rows are scored, besides the end")
  }),
  data: z.strictObject({train: DataFile, test: DataFile})
});

/** Fit a shortcut classifier per setting and score the same rows. */
export const BaselineJob = z.strictObject({
  ...base,
  kind: z.literal("baseline"),
  baseline: z.enum(BASELINES),
  labels: z.record(z.string(), z.array(z.string())),
  data: z.strictObject({train: DataFile, test: DataFile})
});

/** `job.json`. Immutable; the run id is the hash of it, of its data and of the trainer's version. */
export const Job = z.discriminatedUnion("kind", [TokenizerJob, WarmUpJob, TrainJob, BaselineJob]);
export type Job = z.infer<typeof Job>;
export type TrainJob = z.infer<typeof TrainJob>;
export type WarmUpJob = z.infer<typeof WarmUpJob>;
export type TokenizerJob = z.infer<typeof TokenizerJob>;
export type BaselineJob = z.infer<typeof BaselineJob>;
export type JobKind = Job["kind"];

/**
 * Columns of `train.parquet` and `test.parquet`, all VARCHAR. `explanation` is what the mode made; empty for none. `turns`
 * says where in `prompt` its turns begin (code points, ascending, separated by commas; the last is the judged response):
 * what stands before the first is never cut, and a prompt that is too long loses whole turns.
 */
export const DATA_COLUMNS = [
  "example_id",
  "dialogue_id",
  "corpus",
  "axis",
  "prompt",
  "label",
  "explanation",
  "gold",
  "turns"
] as const;
export type DataRow = Record<(typeof DATA_COLUMNS)[number], string>;

/** Columns of `predictions.parquet`, one row a test row, in the order of `test.parquet`. */
export const PREDICTION_COLUMNS = {
  example_id: "VARCHAR",
  dialogue_id: "VARCHAR",
  corpus: "VARCHAR",
  axis: "VARCHAR",
  gold: "VARCHAR",
  predicted: "VARCHAR",
  /** One raw logit a label, in the job's label order; label probabilities are their softmax. */
  label_logits: "DOUBLE[]",
  /** Over the whole vocabulary, in nats: exp(logit − log_sum_exp) is the model's own probability. */
  log_sum_exp: "DOUBLE",
  /**
   * 1 − probability of all labels together, given the tokens that all of them begin with, where there are any; null,
   * like `log_sum_exp`, where an imported run knows the labels' alone.
   */
  off_label_mass: "DOUBLE",
  /** Whether the prompt was cut from the front. */
  truncated: "BOOLEAN",
  prompt_tokens: "INTEGER",
  /** What an explanation-first arm wrote before its label; null for others. */
  generated: "VARCHAR",
  generated_tokens: "INTEGER"
} as const;

/** Key columns of `layers.parquet`, one row a test row × layer; estimator columns (DOUBLE, nullable) follow. Layer 0 is the embedding. */
export const LAYER_KEYS = {
  example_id: "VARCHAR",
  corpus: "VARCHAR",
  axis: "VARCHAR",
  layer: "INTEGER"
} as const;

/**
 * First column of `along.parquet` and `along_layers.parquet`, whose others are those of `predictions.parquet` and
 * `layers.parquet`: the step after which the rows were scored. There where `capture.along` names parts of the training.
 */
export const ALONG_KEYS = {step: "INTEGER"} as const;

/** One line of `progress.jsonl`. `time` is UNIX time in seconds; losses are in nats a token. */
export const ProgressLine = z.looseObject({
  event: z.enum(["start", "resume", "step", "score", "left", "done", "failed"]),
  time: z.number(),
  phase: z.enum(["train", "score"]).optional(),
  step: z.int().optional(),
  steps: z.int().optional(),
  examples: z.int().optional(),
  tokens: z.int().optional(),
  loss: z.number().optional(),
  loss_label: z.number().nullable().optional(),
  loss_explanation: z.number().nullable().optional(),
  learning_rate: z.number().optional(),
  gradient_norm: z.number().optional(),
  tokens_per_second: z.number().optional(),
  memory_bytes: z.int().optional(),
  reason: z.string().optional()
});
export type ProgressLine = z.infer<typeof ProgressLine>;

/** `manifest.json`, renamed into place last. A run is done when it says so and its hashes hold. */
export const Manifest = z.strictObject({
  contract: z.literal(CONTRACT_VERSION),
  run: runId,
  kind: z.enum(["tokenizer", "warm-up", "train", "baseline"]),
  status: z.enum(["done", "failed"]),
  reason: z.string().describe("`finished`, or why it failed, in one sentence"),
  cause: z
    .enum(["out-of-memory", "diverged", "bad-input", "error"])
    .optional()
    .describe("What kind of failure it was"),
  job_sha256: sha256.describe("Of the bytes of job.json"),
  trainer_version: z.string(),
  files: z.record(z.string(), z.strictObject({sha256, bytes: z.int(), rows: z.int().nullable()})),
  libraries: z.record(z.string(), z.string()),
  device: z.strictObject({kind: z.string(), name: z.string(), threads: z.int(), instruction_set: z.string()}),
  started: z.number().describe("UNIX time in seconds"),
  finished: z.number(),
  wall_seconds: z.number().describe("Sum over all tries, as far as they reached a checkpoint"),
  train_seconds: z.number(),
  score_seconds: z.number(),
  peak_memory_bytes: z.int(),
  parameters: z.int().describe("0 for what has none"),
  steps: z.int(),
  examples: z.int(),
  tokens: z.int().describe("Tokens trained on, padding excluded"),
  label_tokens: z.int(),
  explanation_tokens: z.int(),
  truncated_rows: z.int().describe("Training and test rows whose prompt was cut"),
  shortened_explanations: z.int().optional().describe("Training rows whose explanation was cut"),
  resumed: z.int().describe("How often it went on from a checkpoint"),
  trainable_parameters: z.int().optional(),
  encoded_tokens: z
    .int()
    .optional()
    .describe("Tokens that went through the model in training: shared ones once, padding excluded"),
  examples_per_second: z.number().nullable().optional().describe("In training, this try alone"),
  tokens_per_second: z
    .number()
    .nullable()
    .optional()
    .describe("`tokens` a second in training, this try alone"),
  flops_per_second: z
    .number()
    .nullable()
    .optional()
    .describe("Floating-point operations of the model in training"),
  flops_utilisation: z
    .number()
    .nullable()
    .optional()
    .describe("Part of the device's peak in that precision; null where the peak is not known"),
  peak_device_memory_bytes: z.int().nullable().optional().describe("Of the GPU that held most"),
  micro_batch: z.int().optional().describe("Examples in the model at a time, after any halving"),
  processes: z.int().optional(),
  attention: z.string().optional().describe("Which implementation ran"),
  shared_dialogues: z.boolean().optional().describe("Whether what axes share was encoded once"),
  determinism: z
    .record(z.string(), z.union([z.string(), z.boolean()]))
    .optional()
    .describe("Settings that decide whether the same job gives the same bits")
});
export type Manifest = z.infer<typeof Manifest>;

/** The contract's JSON Schema (draft 2020-12), as shipped with the trainer. */
export function contractSchema(): Record<string, unknown> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Because run contract",
    version: CONTRACT_VERSION,
    $defs: {
      job: withoutSchema(z.toJSONSchema(Job)),
      progress: withoutSchema(z.toJSONSchema(ProgressLine)),
      manifest: withoutSchema(z.toJSONSchema(Manifest))
    },
    data_columns: DATA_COLUMNS,
    prediction_columns: PREDICTION_COLUMNS,
    layer_keys: LAYER_KEYS,
    along_keys: ALONG_KEYS,
    estimators: ESTIMATORS
  };
}

function withoutSchema({$schema: _, ...schema}: Record<string, unknown>): Record<string, unknown> {
  return schema;
}
