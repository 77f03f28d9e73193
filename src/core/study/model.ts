/** Keys of the study file about the model that is trained. */
import {z} from "zod";
import {count} from "./names.js";

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
      .regex(/^[\w.-]+\/[\w.-]+$/)
      .describe("A model on the Hugging Face hub, `owner/name`"),
    revision: z
      .string()
      .regex(/^[0-9a-f]{40}$/)
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
        .describe("Modules that get an adapter, by the end of their name")
    })
  ])
  .prefault({kind: "none"})
  .describe("What of the model is trained");
