/** Keys of the study file about corpora: where conversations come from, and what of them is read. */
import {z} from "zod";
import {count, name} from "./names.js";

/** How rater scores become a label: which scales are averaged, what range they have, how a mean maps on labels. */
export const ScoreMap = z.strictObject({
  from: z
    .union([z.string(), z.array(z.string()).min(1)])
    .describe("Rater scale, or column(s) of one's own file, whose scores are averaged"),
  scale: z.tuple([z.number(), z.number()]).describe("Lowest and highest score that a rater can give"),
  cuts: z
    .array(z.number())
    .optional()
    .describe(
      "Thresholds between neighbouring labels, ascending, one fewer than labels; a mean at a threshold gets the higher " +
        "label. Default: the scale is stretched linearly over the labels and the nearest is taken"
    )
});

export const SplitConfig = z.strictObject({
  train: count.describe("Examples to train on, each on every axis it is judged on"),
  test: count.describe("Examples to test on")
});

/** What all corpora may say, whatever their reader. */
const corpusBase = {
  title: z.string().optional().describe("How figures call it; default: its key"),
  limit: count
    .optional()
    .describe("Read at most so many examples, drawn by whole dialogues with the study's seed"),
  split: SplitConfig.optional().describe("Overrides the study's split for this corpus"),
  licence: z.string().optional().describe("Licence of the data, shown in the notebook"),
  publish_texts: z
    .union([z.literal(false), z.string().min(1)])
    .optional()
    .describe(
      "Why its texts may be published though its licence isn't known to allow it, in a sentence; or `false`: never. Default: its licence decides"
    )
};
const scores = z.record(name, ScoreMap).describe("Axis → how rater scores become its label");
const explanationsFrom = z
  .union([
    z.literal("raters").describe("Templated from the raters' other scales, and named as such"),
    z.record(name, z.string()).describe("Axis → column that holds the explanation")
  ])
  .optional()
  .describe("Axis → column that holds its explanation; or `raters`: templated from the raters' other scales");
const path = z.string().min(1).describe("File, relative to `--data`, else to the study file");

const history = z
  .int()
  .nonnegative()
  .optional()
  .describe(
    "Keep at most so many turns before the response, the latest ones, besides a passage (first turns of role `context`); default: all"
  );
const words = z
  .strictObject({
    min: count.optional().describe("Fewest words of a response"),
    max: count.optional().describe("Most words of a response")
  })
  .optional()
  .describe("Leave out responses that are shorter or longer");
const judged = z
  .boolean()
  .optional()
  .describe(
    "Whether the judges rate it; default: where it has no labels and no scores of its own, and the study has judges"
  );
const labelsFrom = z
  .enum(["own", "judges"])
  .optional()
  .describe(
    "Whose labels and explanations are trained on; default: its own (labels, people's scores) where it has any"
  );

const labelsBy = z
  .enum(["people", "other"])
  .optional()
  .describe(
    "Who gave the labels and scores that it brings: only what `people` gave is a golden set, against which judges are measured. Default: people where it brings scores alone; has to be said where it brings `labels` and judges rate it too"
  );

/** Generated conversations with planted defects: synthetic, and said to be so on every page. */
export const EMBEDDED_KINDS = ["assistant", "support", "reading", "product", "film", "small-talk"] as const;
const EmbeddedCorpus = z.strictObject({
  ...corpusBase,
  reader: z.literal("embedded"),
  kind: z.enum(EMBEDDED_KINDS).describe("Which of the six generated kinds of conversation"),
  dialogues: count.default(200).describe("How many dialogues to generate")
});
/** Published human-rated sets, in their publishers' own formats. */
const RatedCorpus = z.strictObject({
  ...corpusBase,
  reader: z
    .enum(["usr", "fed", "uss"])
    .describe("USR (Topical-Chat, PersonaChat), FED turns, USS (MultiWOZ, SGD, CCPE, ReDial)"),
  path,
  scores,
  explanations: explanationsFrom,
  history,
  words,
  judged,
  labels_from: labelsFrom,
  labels_by: labelsBy
});
/** One's own file, through a column map. */
const OwnCorpus = z.strictObject({
  ...corpusBase,
  reader: z.enum(["jsonl", "csv", "parquet"]),
  path,
  columns: z
    .strictObject({
      id: z.string().optional().describe("Unique id; default: the row number"),
      dialogue: z
        .string()
        .optional()
        .describe("Id of the dialogue; rows that share it stay on one side of the split; default: the id"),
      turns: z
        .string()
        .optional()
        .describe(
          "Earlier turns: a list of {role, text}, or text with one turn a line, `role: text` (without roles, all of it is one turn of role `context`)"
        ),
      response: z.string().describe("The response to be judged")
    })
    .describe("Which column holds what; a dotted path reaches into nested values"),
  labels: z.record(name, z.string()).optional().describe("Axis → column that holds its label"),
  scores: scores.optional(),
  explanations: explanationsFrom,
  history,
  words,
  judged,
  labels_from: labelsFrom,
  labels_by: labelsBy
});

/** Corpora of the paper and their like, in their publishers' own formats. They bring no labels: judges give them. */
const hub = z
  .strictObject({
    dataset: z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+$/)
      .describe("Dataset on the Hugging Face hub, `owner/name`"),
    revision: z
      .string()
      .regex(/^[0-9a-f]{40}$/)
      .describe("Commit, 40 hex digits, so that everybody reads the same files"),
    files: z
      .array(z.string().min(1))
      .min(1)
      .describe("Files of the dataset, as paths in it; `*` stands for any name")
  })
  .optional()
  .describe("Where `because fetch` downloads it from; a `path` is then not needed");
const published = {
  ...corpusBase,
  path: path.optional(),
  hub,
  history,
  words,
  judged,
  labels_from: labelsFrom
};
const turn = z
  .enum(["first", "last", "all"])
  .describe(
    "Which responses of a dialogue are judged: the first, the last, or each with what came before it"
  );
const ChatbotArenaCorpus = z.strictObject({
  ...published,
  reader: z.literal("chatbot-arena").describe("Chatbot Arena Conversations (Parquet)"),
  turn: turn.default("last"),
  side: z.enum(["a", "b", "both", "winner"]).default("both").describe("Whose responses of a battle are read"),
  language: z.string().optional().describe("Keep conversations in this language only, such as `English`")
});
const HhRlhfCorpus = z.strictObject({
  ...published,
  reader: z.literal("hh-rlhf").describe("HH-RLHF (`jsonl.gz`)"),
  which: z.enum(["chosen", "rejected"]).describe("Which of each pair of dialogues"),
  turn: turn.default("last")
});
const AmazonQaCorpus = z.strictObject({
  ...published,
  reader: z
    .literal("amazonqa")
    .describe("AmazonQA: McAuley's `qa_*.json.gz` (Python literals, one a line) or the JSON Lines of 2019"),
  answers: z
    .enum(["first", "all"])
    .default("first")
    .describe("Which answers to a question are judged, where it has several")
});
const CoqaCorpus = z.strictObject({
  ...published,
  reader: z.literal("coqa").describe("CoQA (JSON): the passage is the first turn, of role `context`"),
  turn: turn.default("all")
});
const CornellCorpus = z.strictObject({
  ...published,
  reader: z
    .literal("cornell-movie")
    .describe(
      "Cornell Movie Dialogs: a folder or zip that holds `movie_lines.txt` and `movie_conversations.txt`"
    ),
  turn: turn.default("last")
});
const MtBenchCorpus = z.strictObject({
  ...published,
  reader: z
    .literal("mt-bench")
    .describe(
      "MT-bench: the folder with `question.jsonl` and `model_answer/`, or the human judgments (Parquet)"
    ),
  turn: turn.default("all")
});

export const CorpusConfig = z.discriminatedUnion("reader", [
  EmbeddedCorpus,
  RatedCorpus,
  OwnCorpus,
  ChatbotArenaCorpus,
  HhRlhfCorpus,
  AmazonQaCorpus,
  CoqaCorpus,
  CornellCorpus,
  MtBenchCorpus
]);
export type CorpusConfig = z.infer<typeof CorpusConfig>;
export type EmbeddedCorpusConfig = z.infer<typeof EmbeddedCorpus>;
export type RatedCorpusConfig = z.infer<typeof RatedCorpus>;
export type OwnCorpusConfig = z.infer<typeof OwnCorpus>;
export type ChatbotArenaConfig = z.infer<typeof ChatbotArenaCorpus>;
export type HhRlhfConfig = z.infer<typeof HhRlhfCorpus>;
export type AmazonQaConfig = z.infer<typeof AmazonQaCorpus>;
export type CoqaConfig = z.infer<typeof CoqaCorpus>;
export type CornellConfig = z.infer<typeof CornellCorpus>;
export type MtBenchConfig = z.infer<typeof MtBenchCorpus>;
/** Corpora that bring conversations and no labels. */
export type PublishedCorpusConfig = Extract<CorpusConfig, {hub?: unknown}>;
export type ScoreMap = z.infer<typeof ScoreMap>;
