/** What judging a study will take, whether or not its corpora are there yet. */
import type {Example} from "../../src/core/conversation.js";
import {formatCount} from "../../src/core/format.js";
import {BadInput} from "../../src/core/bad-input.js";
import {countWords} from "../../src/core/modes.js";
import type {Judging} from "../../src/core/study.js";
import {drawCorpora} from "../corpora/draw-corpora.js";
import {readSplit} from "../corpora/read-split.js";
import type {DrawnSplit} from "../corpora/read-split.js";
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
  budget: Judging["budget"];
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

/**
 * Null where no corpus is judged. Corpora that are here are counted as they are; of the others, sizes are the split's and
 * an example is taken to be as long as those of the corpora that are here.
 *
 * @param read what was read of the corpora already; without, those that are here are drawn
 */
export async function estimateJudging(
  context: Context,
  read?: readonly DrawnSplit[]
): Promise<JudgingEstimate | null> {
  const judged = judgedCorpora(context);
  if (judged.length === 0) return null;
  const drawn = (read ?? (await readHere(context))).filter(({id}) => judged.includes(id));
  const examples = drawn.map(({id, train, test}) => ({id, examples: [...train, ...test]}));
  const absent = judged.filter((id) => !drawn.some((corpus) => corpus.id === id));
  const counted = examples.length > 0 ? await fromExamples(context, examples) : null;
  if (absent.length === 0) return counted;
  const words = meanWords(examples.flatMap((corpus) => corpus.examples)) ?? ASSUMED_WORDS;
  const assumed = await fromSplit(context, absent, words);
  return counted ? together(counted, assumed) : assumed;
}

function judgedCorpora({file: {study}}: Context): string[] {
  return Object.keys(study.corpora).filter((id) => axesJudged(study.corpora[id]!, study).length > 0);
}

/** Training and test examples of the corpora that are here. */
export async function readHere(context: Context): Promise<DrawnSplit[]> {
  const absent = (await absentCorpora(context)).map(({id}) => id);
  if (absent.length === 0) return drawCorpora(context);
  const here = Object.keys(context.file.study.corpora).filter((id) => !absent.includes(id));
  return Promise.all(here.map(async (id) => (await readSplit(context, id)).split));
}

async function fromExamples(
  context: Context,
  drawn: {id: string; examples: Example[]}[]
): Promise<JudgingEstimate> {
  const {file, store} = context;
  const {judges, judging} = file.study;
  const {requests, masked, dropped} = await voteRequests(file, drawn);
  const log = new VoteLog(store.path("votes"));
  return {
    ...(await estimateVotes(requests, judges, {log, judging})),
    examples: drawn.reduce((sum, corpus) => sum + corpus.examples.length, 0),
    currency: judging.currency,
    budget: judging.budget,
    masked,
    dropped: dropped.length,
    writing: await estimateWriting(file, drawn),
    basis: "tokens are a quarter of the prompts' bytes; replies are taken to have 60"
  };
}

async function fromSplit({file}: Context, corpora: string[], words: number): Promise<JudgingEstimate> {
  const {study} = file;
  const sizes = new Map(corpora.map((id) => [id, splitSize(study, id)]));
  const example = standIn(words);
  const parts = await Promise.all(
    corpora.map(async (id) => {
      const {requests} = await voteRequests(file, [{id, examples: [example]}]);
      return {times: sizes.get(id)!, estimate: await estimateVotes(requests, study.judges, study)};
    })
  );
  const writing = await Promise.all(
    corpora.map(async (id) => ({
      times: sizes.get(id)!,
      calls: await estimateWriting(file, [{id, examples: [example]}])
    }))
  );
  const {currency, budget} = study.judging;
  return {
    ...sumOfEstimates(parts),
    examples: [...sizes.values()].reduce((sum, size) => sum + size, 0),
    currency,
    budget,
    masked: null,
    dropped: 0,
    writing: sumOfCalls(writing),
    basis:
      `not all corpora are here (${corpora.join(", ")}), so their sizes are the split's and an example is taken to have ` +
      `${words} words${words === ASSUMED_WORDS ? "" : ", as those of the corpora that are here"}`
  };
}

/** Of the corpora that were counted, and of those that were not. */
function together(counted: JudgingEstimate, assumed: JudgingEstimate): JudgingEstimate {
  return {
    ...counted,
    ...sumOfEstimates([counted, assumed].map((estimate) => ({times: 1, estimate}))),
    examples: counted.examples + assumed.examples,
    writing: sumOfCalls([counted, assumed].map(({writing}) => ({times: 1, calls: writing}))),
    basis: `${counted.basis}; ${assumed.basis}`
  };
}

/** Words of an example in the mean, dialogue and response together; null where there is none. */
function meanWords(examples: readonly Example[]): number | null {
  if (examples.length === 0) return null;
  const words = examples.reduce(
    (sum, {turns, response}) =>
      sum + countWords(response) + turns.reduce((all, {text}) => all + countWords(text), 0),
    0
  );
  return Math.round(words / examples.length);
}

function splitSize({corpora, split}: Context["file"]["study"], id: string): number {
  const {train, test} = corpora[id]!.split ?? split;
  return train + test;
}

/** An example of so many words, in a turn and a response. */
function standIn(words: number): Example {
  const half = "words ".repeat(Math.ceil(words / 2)).trim();
  return {example_id: "1", dialogue_id: "1", turns: [{role: "user", text: half}], response: half};
}

/** Lines for a person. */
export function describeJudging(estimate: JudgingEstimate): string[] {
  const {judges, all, left, examples, masked, dropped, writing, currency, basis} = estimate;
  const both = sumOfCalls([left, writing].map((calls) => ({times: 1, calls})))!;
  return [
    `judging: ${formatCount(all.calls)} calls about ${formatCount(examples)} examples, ${formatCount(all.calls - left.calls)} of them logged`,
    ...judges.map((each) => `  ${each.title}: ${inWords(each.left, currency)} to ask`),
    ...(judges.length > 1 ? [`  in all: ${inWords(left, currency)} to ask`] : []),
    ...(writing
      ? [
          `  besides, to write one explanation from all, at most: ${inWords(writing, currency)}`,
          `  with these: ${inWords(both, currency)}`
        ]
      : []),
    ...(masked
      ? [
          `  private text: ${formatCount(masked.emails)} e-mail addresses and ${formatCount(masked.telephones)} telephone numbers in ${formatCount(masked.examples)} examples, ` +
            (dropped > 0 ? "which are left out" : "masked")
        ]
      : []),
    ...budgetLines(estimate),
    `  (${basis})`
  ];
}

/** Where the budget is expected to end judging early: what is there and what it takes. */
function budgetLines({all, writing, currency, budget}: JudgingEstimate): string[] {
  const needed = sumOfCalls([all, writing].map((calls) => ({times: 1, calls})))!;
  const tokens = needed.input_tokens + needed.output_tokens;
  const lines: string[] = [];
  if (budget.money !== undefined && needed.cost !== null && needed.cost > budget.money)
    lines.push(
      `  too small: judging.budget.money is ${budget.money.toFixed(2)} ${currency}, and all calls are expected to cost ` +
        `about ${needed.cost.toFixed(2)} ${currency} (at most ${needed.most_cost!.toFixed(2)}); judging stops before it is passed`
    );
  if (budget.tokens !== undefined && tokens > budget.tokens)
    lines.push(
      `  too small: judging.budget.tokens is ${formatCount(budget.tokens)}, and all calls are expected to use about ` +
        `${formatCount(tokens)} (at most ${formatCount(needed.input_tokens + needed.most_output_tokens)}); judging stops before it is passed`
    );
  return lines;
}

function inWords({calls, input_tokens, output_tokens, cost}: Calls, currency: string): string {
  const money = cost === null ? "no price given" : `about ${cost.toFixed(2)} ${currency}`;
  return `${formatCount(calls)} calls, about ${formatCount(input_tokens)} prompt and ${formatCount(output_tokens)} reply tokens, ${money}`;
}
