/**
 * The study file: one YAML document that says everything that can change a number. Its schema is written here
 * once; `because check` validates with it and `because schema` exports it as JSON Schema for editors.
 *
 * Keys are snake_case, as in the run contract and as ML configuration usually is.
 */
import {z} from "zod";
import {MODES, ORDERS, REDUCTIONS} from "./arms.js";
import {ESTIMATORS} from "./contract.js";
import {MEASURES} from "./measures.js";
import {LOCAL} from "./places.js";
import {GoldenConfig, JudgeConfig, Judging, Merge, PromptConfig} from "./study/judging.js";
import {CorpusConfig, SplitConfig} from "./study/corpora.js";
import {Adapter, Execution, Model, Template} from "./study/model.js";
import {count, name} from "./study/names.js";
export type * from "./study/judging.js";
export * from "./study/corpora.js";
export {SCRATCH_SIZES} from "./study/model.js";

const label = z.union([z.string().min(1), z.number()]).transform(String);

const AxisConfig = z.strictObject({
  title: z.string().optional().describe("How figures call it; default: its key"),
  question: z.string().describe("What a rater is asked"),
  definition: z
    .string()
    .optional()
    .describe("What the question means, at more length: shown to judges and on the Rate page"),
  kind: z.enum(["ordinal", "nominal"]).default("ordinal").describe("Whether the labels have an order"),
  labels: z.array(label).min(2).describe("The labels, ascending where ordinal")
});

const mode = z.enum(MODES).describe("What stands in the explanation's place when training");
const order = z.enum(ORDERS).describe("Whether label or explanation comes first");
const reduction = z
  .enum(REDUCTIONS)
  .describe(
    "Loss over all completion tokens alike, over each example's tokens and then over examples, or label part and explanation part averaged apart"
  );
const tokens = z.union([z.enum(["free", "matched"]), z.int().nonnegative()]);
const ArmConfig = z.strictObject({
  mode,
  order,
  reduction,
  tokens: tokens.optional().describe("Its token budget; default: the first of `arms.tokens`")
});

const Arms = z.strictObject({
  modes: z
    .array(mode)
    .min(1)
    .default(["label-only", "explanation", "shuffled", "bag-of-words"])
    .describe("Modes to cross with orders and reductions; label-only is always trained, once"),
  orders: z.array(order).min(1).default(["label-first"]).describe("Orders to cross"),
  reductions: z.array(reduction).min(1).default(["token-mean"]).describe("Loss reductions to cross"),
  also: z.array(ArmConfig).default([]).describe("Single arms besides the crossing"),
  tokens: z
    .union([tokens, z.array(tokens).min(1)])
    .default("matched")
    .describe(
      "Explanation length in the tokenizer's tokens: `free` (as the mode makes it), `matched` (as long as the real explanation), " +
        "or a number of tokens (the explanation's beginning, nearest to that, and other modes as long as it). A list crosses " +
        "budgets with modes, such as `[matched, 4, 8, 16]`: pages show the first unless asked; 0 is label-only. Numbers lie " +
        "below `training.max_tokens`"
    )
});

const WarmUp = z
  .strictObject({
    steps: z
      .int()
      .nonnegative()
      .default(0)
      .describe("Language-model steps on the training dialogues before any arm; 0 for none"),
    batch: count.default(8).describe("Sequences a step"),
    learning_rate: z.number().positive().default(2e-3).describe("Peak learning rate of AdamW")
  })
  .prefault({})
  .describe("Shared by all arms and seeds: seeds then differ in data order only");

const Training = z
  .strictObject({
    steps: count.default(800).describe("Optimiser steps of each run"),
    batch: count
      .default(8)
      .describe("Rows (example × axis) a step; the axes of one example stand in one step"),
    learning_rate: z
      .number()
      .positive()
      .default(1.5e-3)
      .describe("Peak learning rate of AdamW; cosine decay to zero"),
    betas: z.tuple([z.number(), z.number()]).default([0.9, 0.98]).describe("AdamW's betas"),
    weight_decay: z.number().nonnegative().default(0.01).describe("AdamW's weight decay"),
    warmup_fraction: z
      .number()
      .min(0)
      .max(1)
      .default(0.06)
      .describe("Part of the steps over which the learning rate rises"),
    clip: z.number().positive().default(1).describe("Largest gradient norm"),
    label_weight: z.number().positive().default(1).describe("Factor on the loss of the label part"),
    max_tokens: count
      .default(256)
      .describe("Longest sequence; older text is cut from the front, and the row says so"),
    checkpoint_every: count.default(200).describe("Steps between checkpoints"),
    keep_model: z
      .boolean()
      .default(false)
      .describe("Whether each run leaves its trained model, or its adapter in the format of `peft`")
  })
  .prefault({})
  .describe("How each arm is trained; the same for all");

const Capture = z
  .strictObject({
    estimators: z
      .array(z.enum(ESTIMATORS))
      .min(1)
      .default([...ESTIMATORS])
      .describe("Activation-entropy estimators, at every layer"),
    top_units: count.default(1).describe("How many of the largest units `energy_trimmed` leaves out"),
    bins: count
      .default(32)
      .describe("Bins of the `histogram` estimator, between the smallest and the largest unit"),
    generate_tokens: count.default(48).describe("Longest explanation decoded by explanation-first arms"),
    samples: z
      .int()
      .nonnegative()
      .default(0)
      .describe(
        "Explanations that explanation-first arms draw for each test row, over which the label's probability is averaged; 0: one, decoded greedily"
      ),
    temperature: z.number().positive().default(1).describe("Temperature of the drawn explanations"),
    along: z
      .array(z.number().gt(0).lt(1))
      .default([])
      .describe("Parts of the training after which the test rows are scored too, such as [0.25, 0.5]")
  })
  .prefault({})
  .describe("What is measured inside the model while it is scored");

const Trainer = z
  .strictObject({
    place: name
      .default(LOCAL)
      .describe(
        "Where to train: `local`, processes on this machine, or the name of a place in your own places file, which alone says where that is; `--on` names another"
      ),
    processes: z
      .union([z.literal("auto"), count])
      .default("auto")
      .describe(
        "Runs at a time; `auto`: as many as the machine has GPUs, or cores where it has none, for the processes of each"
      ),
    together: z
      .union([z.literal("auto"), count])
      .default(1)
      .describe(
        "Runs that one process trains side by side, with adapters of their own beside one frozen base; `auto`: all arms and seeds of a base, as far as memory allows"
      )
  })
  .prefault({})
  .describe("Where to train");

const HypothesisConfig = z.strictObject({
  id: name.describe("Names the hypothesis in figures and links"),
  title: z.string().min(1).optional().describe("The hypothesis in words; default: made from the other keys"),
  arm: z
    .string()
    .min(1)
    .describe(
      "The arm it speaks of: an arm's whole id, or a mode, where only one arm of the study's first token budget has it " +
        "(other budgets are named by whole ids)"
    ),
  against: z
    .string()
    .min(1)
    .default("label-only")
    .describe("The arm that it is compared with, named the same way"),
  measure: z
    .enum(MEASURES.map(({id}) => id))
    .default("accuracy")
    .describe(
      "By what they are compared; `mae`, `within_one` and `qwk` need ordinal axes, `macro_f1` and `qwk` axes of the same labels"
    ),
  direction: z
    .enum(["better", "worse", "different", "equivalent"])
    .describe(
      "What is expected of `arm`; for measures where lower is better, `better` is lower; where zero is best (`overconfidence`), " +
        "only `different` and `equivalent`: no further away than `smallest`"
    ),
  corpus: name.default("all").describe("A corpus, or `all`"),
  axis: name.default("all").describe("An axis, or `all`"),
  test: z
    .enum(["interval", "permutation", "mcnemar", "sign", "wilcoxon"])
    .default("interval")
    .describe(
      "`interval`: Student t on the paired effect; `permutation`: exact sign flips of dialogues or seeds; `mcnemar`: rows that " +
        "only one arm got right; `sign`, `wilcoxon`: over the settings' effects"
    ),
  over: z
    .enum(["trainings", "dialogues"])
    .optional()
    .describe(
      "What the result is to hold for: other trainings too (needs two seeds), or these trained models on other dialogues; " +
        "for `interval` and `permutation`. Default: trainings where there are two seeds"
    ),
  smallest: z
    .number()
    .positive()
    .optional()
    .describe(
      "Smallest effect of interest, in the measure's unit (0.02: two points of accuracy), below the largest difference " +
        "there can be; needed for `equivalent`"
    )
});
export type HypothesisConfig = z.infer<typeof HypothesisConfig>;

const ReportConfig = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Markdown file of the report, relative to the study file; default: the report that comes with Because"
      ),
    bibliography: z
      .string()
      .min(1)
      .optional()
      .describe("BibTeX file of the works that it cites, relative to the study file")
  })
  .describe("The report: prose whose numbers are claims on the study's results");

/** The whole file. Parsing fills every default. */
export const StudySchema = z
  .strictObject({
    because: z.literal(1).describe("Version of this format"),
    title: z.string().min(1).describe("Title of the study, shown on every page"),
    note: z.string().optional().describe("A sentence shown on every page"),
    authors: z.array(z.string()).default([]).describe("Who to cite"),
    licence: z
      .string()
      .min(1)
      .optional()
      .describe("Licence of what the study publishes: numbers, figures and pages, such as `CC-BY-4.0`"),
    citation: z
      .strictObject({
        doi: z
          .string()
          .regex(/^10\.\d{4,}\/\S+$/, "a DOI that begins with 10.")
          .optional()
          .describe("Its DOI"),
        url: z
          .url({protocol: /^https?$/})
          .optional()
          .describe("Where it is published"),
        date: z.iso.date().optional().describe("When; default: the day on which the last run ended")
      })
      .optional()
      .describe("What `CITATION.cff` says besides title and authors"),
    seed: z.int().default(1).describe("Decides splits, draws and pseudo-explanations"),
    store: z
      .string()
      .default(".because")
      .describe("Folder for everything that is made; relative to the project"),
    corpora: z.record(name, CorpusConfig).describe("Name → where its conversations come from"),
    axes: z.record(name, AxisConfig).describe("Name → what is judged, and with which labels"),
    judges: z
      .record(name, JudgeConfig)
      .default({})
      .describe(
        "Name → a language model that rates and explains, at any service that speaks the OpenAI protocol"
      ),
    prompts: z
      .record(name, PromptConfig)
      .default({})
      .describe(
        "Name → how judges are asked; every judge is asked with each. Default: the paper's four, where there are judges"
      ),
    judging: Judging,
    merge: Merge,
    golden: z
      .array(GoldenConfig)
      .default([])
      .describe(
        "People's ratings that merge rules and judges are measured by, besides the corpora that people rated"
      ),
    split: SplitConfig.describe(
      "Examples of each corpus to train on and to test on; whole dialogues go to one side"
    ),
    arms: Arms.prefault({}).describe("What is compared: mode × order × loss reduction"),
    seeds: z.array(z.int()).min(1).default([1, 2, 3]).describe("Training seeds"),
    regime: z
      .enum(["one-model", "per-setting"])
      .default("one-model")
      .describe("One model for all settings, or one a setting"),
    model: Model.prefault({scratch: "small"}).describe("What is fine-tuned"),
    adapter: Adapter,
    template: Template,
    warm_up: WarmUp,
    training: Training,
    execution: Execution,
    capture: Capture,
    trainer: Trainer,
    hypotheses: z
      .array(HypothesisConfig)
      .default([])
      .describe("What is expected, declared before there are results, and judged in the notebook"),
    correction: z
      .enum(["holm", "benjamini-hochberg", "none"])
      .default("holm")
      .describe(
        "How p-values are corrected over all hypotheses: `holm` bounds the chance of any false one, `benjamini-hochberg` the expected share of false ones"
      ),
    alpha: z
      .number()
      .gt(0)
      .lt(0.5)
      .default(0.05)
      .describe("Level at which hypotheses are judged; their intervals hold 1 − alpha"),
    report: ReportConfig.optional()
  })
  .describe("A study of Because");

/** A study with every default filled in. */
export type Study = z.infer<typeof StudySchema>;
