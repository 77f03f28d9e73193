/** Keys of the study file about the model that is trained. */
import {z} from "zod";
import {count} from "./names.js";

/** What a message says of a revision, since branches and tags move. */
const COMMIT = "a commit, 40 hex digits; on the model's page under Files, History";

export const SCRATCH_SIZES = ["tiny", "small", "medium"] as const;
export const Model = z.union([
  z.strictObject({
    scratch: z.enum(SCRATCH_SIZES).describe("A Llama of this size, trained from scratch"),
    vocabulary: z
      .int()
      .min(300)
      .default(2048)
      .describe("Size of the byte-level BPE trained on the study's own training text")
  }),
  z.strictObject({
    folder: z
      .string()
      .describe("A folder that transformers can load: config.json, weights and tokenizer.json")
  }),
  z.strictObject({
    hub: z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+$/, "a model's owner and name, with a slash between them")
      .describe("A model on the Hugging Face hub, `owner/name`"),
    revision: z
      .string(COMMIT)
      .regex(/^[0-9a-f]{40}$/, COMMIT)
      .describe("Commit, 40 hex digits, so that everybody trains the same weights")
  })
]);

/** What of the model is trained. */
export const Adapter = z
  .discriminatedUnion("kind", [
    z.strictObject({kind: z.literal("none").describe("All weights are trained")}),
    z.strictObject({
      kind: z.literal("lora").describe("Low-rank adapters beside frozen weights"),
      bits: z
        .union([z.literal(4), z.literal(8), z.literal(16)])
        .default(16)
        .describe("Bits of a frozen weight"),
      rank: count.default(16).describe("Rank of the adapters"),
      alpha: z.number().positive().default(32).describe("Scale of the adapters, divided by their rank"),
      dropout: z.number().min(0).lt(1).default(0).describe("Dropout before the adapters"),
      targets: z
        .array(z.string().min(1))
        .min(1)
        .default(["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"])
        .describe("Modules that get an adapter, by the end of their name"),
      rank_stabilised: z.boolean().default(false).describe("Scale by alpha/√rank in place of alpha/rank"),
      dora: z.boolean().default(false).describe("Train direction and magnitude of the weights apart (DoRA)")
    })
  ])
  .prefault({kind: "none"})
  .describe("What of the model is trained");

const promptFile = z
  .string()
  .min(1)
  .optional()
  .describe(
    "Text file with the prompt's wording, relative to the study file, with {{dialogue}}, {{response}}, {{axis}}, {{question}}, {{definition}}, {{labels}}; default: dialogue, response and axis, one a line"
  );

/** How the prompt is put before the model. */
export const Template = z
  .union([
    z.strictObject({
      kind: z.literal("plain").default("plain").describe("The prompt as it stands"),
      file: promptFile
    }),
    z.strictObject({
      kind: z.literal("chat").describe("The prompt as the user's turn in the model's own chat template"),
      file: promptFile,
      system: z
        .string()
        .nullable()
        .default(null)
        .describe("What the system turn says, where the template has one")
    })
  ])
  .prefault({kind: "plain"})
  .describe("How the prompt is put before the model");

/** How runs are carried out. */
export const Execution = z
  .strictObject({
    precision: z
      .enum(["fp32", "bf16"])
      .default("fp32")
      .describe("Of the model's arithmetic; weights that are trained stay in fp32"),
    attention: z
      .enum(["auto", "eager", "sdpa", "flex"])
      .default("auto")
      .describe("Which implementation of attention; `auto`: the fastest that the device has"),
    share_dialogues: z
      .boolean()
      .default(true)
      .describe("Read what a dialogue's axes share once, in training and in scoring"),
    row_tokens: count
      .nullable()
      .default(null)
      .describe(
        "Pack dialogues into rows of so many tokens, without their seeing each other; null: one a row"
      ),
    micro_batch: count
      .nullable()
      .default(null)
      .describe("Examples in the model at a time; gradients add up to the batch. Null: the whole batch"),
    gradient_checkpointing: z
      .boolean()
      .default(false)
      .describe("Compute activations anew in the backward pass: less memory, more time"),
    compile: z.boolean().default(false).describe("Whether torch.compile is used"),
    processes: count.default(1).describe("Processes, one a GPU, that share each training step"),
    parallel: z
      .enum(["ddp", "fsdp"])
      .default("ddp")
      .describe("Whether each process holds the whole model or a shard of it")
  })
  .prefault({})
  .describe("How runs are carried out: time and memory, not what is learned");
