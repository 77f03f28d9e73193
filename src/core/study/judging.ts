/** Keys of the study file about judges: who is asked, how, for how much, and how votes become annotations. */
import {z} from "zod";

const count = z.int().positive();
const scale = z
  .tuple([z.int(), z.int()])
  .describe("Lowest and highest score that a judge can give, whole numbers");

/** One language model behind one service. */
export const JudgeConfig = z.strictObject({
  title: z.string().optional().describe("How figures call it; default: its key"),
  model: z.string().min(1).describe("The model's name at the service"),
  base_url: z
    .url()
    .describe("The service that conversations are sent to: any that speaks the OpenAI protocol"),
  key_from: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/)
    .default("OPENAI_API_KEY")
    .describe("Environment variable that holds the key; keys are never written into a study"),
  temperature: z.number().min(0).max(2).default(0).describe("Sampling temperature"),
  seed: z.int().optional().describe("Sampling seed, sent where it is given; services need not honour it"),
  max_tokens: count.default(256).describe("Longest reply, in tokens"),
  structured: z
    .enum(["auto", "schema", "object", "none"])
    .default("auto")
    .describe(
      "How replies are kept to form: by JSON Schema, as any JSON object, or by the prompt alone; `auto`: by schema until the service refuses it"
    ),
  concurrency: count.default(8).describe("Calls in flight at a time"),
  limits: z
    .strictObject({
      requests: count.optional().describe("Requests a minute"),
      tokens: count.optional().describe("Tokens a minute, prompt and reply together")
    })
    .prefault({})
    .describe("Rate limits of the service, kept to from the start"),
  price: z
    .strictObject({
      input: z.number().nonnegative().describe("A million prompt tokens"),
      output: z.number().nonnegative().describe("A million reply tokens")
    })
    .optional()
    .describe(
      "What it costs, in the currency of `judging.currency`; without, spending is counted in tokens alone"
    ),
  timeout: z
    .number()
    .positive()
    .max(300)
    .default(60)
    .describe(
      "Seconds after which a call is given up and tried again; 300 at most, since Node ends connections that say nothing for longer"
    ),
  retries: z
    .int()
    .nonnegative()
    .default(6)
    .describe(
      "How often a call that failed (429, 5xx, no answer) is tried again, with growing pauses or as the service says"
    ),
  batch: z.boolean().default(false).describe("Ask through the service's Batch API: cheaper, and within a day")
});
export type JudgeConfig = z.infer<typeof JudgeConfig>;

/** The paper's four ways to ask: scales 1–4 and 1–5, without and with worked examples. */
export const BUILT_IN_PROMPTS = ["scale-4", "scale-4-examples", "scale-5", "scale-5-examples"] as const;
export type BuiltInPrompt = (typeof BUILT_IN_PROMPTS)[number];

const mapped = z
  .array(z.number())
  .optional()
  .describe(
    "What each score of the scale counts on the axis' labels, numbered from 1; default: the scale is stretched linearly, so that 1–4 on five labels is 1, 2⅓, 3⅔, 5"
  );
export const PromptConfig = z.union([
  z.strictObject({
    built_in: z.enum(BUILT_IN_PROMPTS).describe("One of the prompts that come with Because"),
    map: mapped
  }),
  z.strictObject({
    template: z
      .string()
      .min(1)
      .describe(
        "Text file, relative to the study file, with {{axis}}, {{question}}, {{labels}}, {{dialogue}}, {{response}}"
      ),
    scale,
    map: mapped
  })
]);
export type PromptConfig = z.infer<typeof PromptConfig>;

export const Judging = z
  .strictObject({
    budget: z
      .strictObject({
        money: z.number().positive().optional().describe("In `currency`; needs the price of every judge"),
        tokens: count.optional().describe("Prompt and reply tokens together")
      })
      .prefault({})
      .describe("Judging stops cleanly before this is passed; what is in flight is finished and logged"),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .default("USD")
      .describe("Currency of prices and budget"),
    attempts: count
      .default(3)
      .describe(
        "How often a vote is asked for when the reply is refused, empty, cut off, unreadable or out of scale"
      ),
    private_text: z
      .enum(["send", "mask", "drop"])
      .default("mask")
      .describe(
        "E-mail addresses and telephone numbers in what is sent to judges: sent as they are, masked, or their examples left out"
      ),
    fewest: count
      .default(1)
      .describe("Fewest usable votes that an example needs on an axis to be annotated there")
  })
  .prefault({})
  .describe("How votes are gathered");
export type Judging = z.infer<typeof Judging>;

export const MERGE_RULES = ["mean", "median", "majority", "trimmed-mean", "severity", "dawid-skene"] as const;
export type MergeRule = (typeof MERGE_RULES)[number];

export const Merge = z
  .strictObject({
    scores: z
      .enum([...MERGE_RULES, "best"])
      .default("mean")
      .describe(
        "How an example's votes become one score: `severity` corrects each judge's own mean, `dawid-skene` weighs judges by their estimated reliability, `best` takes the rule nearest to the golden set"
      ),
    explanations: z
      .union([
        z.literal("nearest").describe("The explanation of the vote closest to the merged score"),
        z.strictObject({judge: z.string().min(1).describe("The judge that writes one explanation from all")})
      ])
      .default("nearest")
      .describe("How an example's explanations become one"),
    cuts: z
      .array(z.number())
      .optional()
      .describe(
        "Thresholds between labels for the merged score, on the axis' labels numbered from 1; default: the nearest label"
      )
  })
  .prefault({})
  .describe("How votes become annotations");
export type Merge = z.infer<typeof Merge>;

export const GoldenConfig = z.strictObject({
  path: z
    .string()
    .min(1)
    .describe(
      "Ratings as JSON Lines, as the notebook's Rate page saves them; relative to `--data`, else to the study file"
    ),
  raters: z.string().optional().describe("Who rated, as the notebook names them")
});
export type GoldenConfig = z.infer<typeof GoldenConfig>;
