/** What judging a study will take, whether or not its corpora are there yet. */
import type {Example} from "../../src/core/conversation.js";
import {formatCount} from "../../src/core/format.js";
import {BadInput} from "../../src/core/bad-input.js";
import {drawCorpora} from "../corpora/draw-corpora.js";
import {sourcesOf} from "../corpora/sources.js";
import {estimateVotes, sumOfCalls, sumOfEstimates} from "../judges/estimate-votes.js";
import type {Calls, VoteEstimate} from "../judges/estimate-votes.js";
import {estimateWriting} from "../judges/estimate-writing.js";
import {voteRequests} from "../judges/requests.js";
import type {MaskedCounts} from "../judges/requests.js";
import {VoteLog} from "../judges/vote-log.js";
import type {Context} from "../stages/context.js";
import {axesJudged} from "../study/corpus-axes.js";

export interface JudgingEstimate extends VoteEstimate {
  /** Examples that judges are asked about. */
  examples: number;
  currency: string;
  /** Private text found in them; null where the corpora are not there to be looked into. */
  masked: MaskedCounts | null;
  /** Examples that are left out because of it. */
  dropped: number;
  /**
   * Calls in which a judge writes one explanation from all votes on an example and axis, at most; they are not among the
   * above. Null where none are written.
   */
  writing: Calls | null;
  /** Where the sizes come from. */
  basis: string;
}

/** Words of an example, dialogue and response together, where there is none to count yet. */
const ASSUMED_WORDS = 250;

/** Corpora whose files are not there, with why. */
export async function absentCorpora({file, store}: Context): Promise<{id: string; problem: BadInput}[]> {
  const absent: {id: string; problem: BadInput}[] = [];
  for (const [id, config] of Object.entries(file.study.corpora))
    try {
      await sourcesOf(id, config, {folder: file.folder, store});
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      absent.push({id, problem: error});
    }
  return absent;
}

/** Null where no corpus is judged. From the corpora where all are there, else from the split's sizes. */
export async function estimateJudging(context: Context): Promise<JudgingEstimate | null> {
  const judged = judgedCorpora(context);
  if (judged.length === 0) return null;
  const absent = await absentCorpora(context);
  return absent.length === 0
    ? fromCorpora(context, judged)
    : fromSplit(context, judged, "not all corpora are here");
}

/** Without looking into the corpora, so that nothing is written. Null where no corpus is judged. */
export async function estimateJudgingFromSplit(context: Context): Promise<JudgingEstimate | null> {
  const judged = judgedCorpora(context);
  return judged.length === 0 ? null : fromSplit(context, judged, "nothing is drawn yet");
}

function judgedCorpora({file: {study}}: Context): string[] {
  return Object.keys(study.corpora).filter((id) => axesJudged(study.corpora[id]!, study).length > 0);
}

async function fromCorpora(context: Context, judged: string[]): Promise<JudgingEstimate> {
  const {file, store} = context;
  const {judges, judging} = file.study;
  const drawn = (await drawCorpora(context))
    .filter(({id}) => judged.includes(id))
    .map(({id, train, test}) => ({id, examples: [...train, ...test]}));
  const {requests, masked, dropped} = await voteRequests(file, drawn);
  const log = new VoteLog(store.path("votes"));
  const examples = drawn.reduce((sum, corpus) => sum + corpus.examples.length, 0);
  return {
    ...(await estimateVotes(requests, judges, {log, judging})),
    examples,
    currency: judging.currency,
    masked,
    dropped: dropped.length,
    writing: await estimateWriting(file, drawn),
    basis: "tokens are a quarter of the prompts' bytes; replies are taken to have 60"
  };
}

async function fromSplit(context: Context, judged: string[], why: string): Promise<JudgingEstimate> {
  const {file} = context;
  const {study} = file;
  const sizes = Object.fromEntries(judged.map((id) => [id, splitSize(file.study, id)]));
  const parts = await Promise.all(
    judged.map(async (id) => {
      const {requests} = await voteRequests(file, [{id, examples: [STAND_IN]}]);
      return {times: sizes[id]!, estimate: await estimateVotes(requests, study.judges, study)};
    })
  );
  const writing = await Promise.all(
    judged.map(async (id) => ({
      times: sizes[id]!,
      calls: await estimateWriting(file, [{id, examples: [STAND_IN]}])
    }))
  );
  return {
    ...sumOfEstimates(parts),
    examples: Object.values(sizes).reduce((sum, size) => sum + size, 0),
    currency: study.judging.currency,
    masked: null,
    dropped: 0,
    writing: sumOfCalls(writing),
    basis: `${why}, so sizes are the split's and an example is taken to have ${ASSUMED_WORDS} words`
  };
}

function splitSize({corpora, split}: Context["file"]["study"], id: string): number {
  const {train, test} = corpora[id]!.split ?? split;
  return train + test;
}

const STAND_IN: Example = {
  example_id: "1",
  dialogue_id: "1",
  turns: [{role: "user", text: "words ".repeat(ASSUMED_WORDS / 2).trim()}],
  response: "words ".repeat(ASSUMED_WORDS / 2).trim()
};

/** Lines for a person. */
export function describeJudging(estimate: JudgingEstimate): string[] {
  const {judges, all, left, examples, masked, dropped, writing, currency, basis} = estimate;
  return [
    `judging: ${formatCount(all.calls)} calls about ${formatCount(examples)} examples, ${formatCount(all.calls - left.calls)} of them logged`,
    ...judges.map((each) => `  ${each.title}: ${inWords(each.left, currency)} to ask`),
    ...(judges.length > 1 ? [`  in all: ${inWords(left, currency)} to ask`] : []),
    ...(writing
      ? [
          `  besides, to write one explanation from all, at most: ${inWords(writing, currency)}`,
          `  with these: ${inWords(sumOfCalls([left, writing].map((calls) => ({times: 1, calls})))!, currency)}`
        ]
      : []),
    ...(masked
      ? [
          `  private text: ${formatCount(masked.emails)} e-mail addresses and ${formatCount(masked.telephones)} telephone numbers in ${formatCount(masked.examples)} examples, ` +
            (dropped > 0 ? "which are left out" : "masked")
        ]
      : []),
    `  (${basis})`
  ];
}

function inWords({calls, input_tokens, output_tokens, cost}: Calls, currency: string): string {
  const money = cost === null ? "no price given" : `about ${cost.toFixed(2)} ${currency}`;
  return `${formatCount(calls)} calls, about ${formatCount(input_tokens)} prompt and ${formatCount(output_tokens)} reply tokens, ${money}`;
}
