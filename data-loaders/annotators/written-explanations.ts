/** Explanations that a judge writes from those of all votes, where the study names one. */
import type {Example} from "../../src/core/conversation.js";
import {mergeRequest} from "../../src/core/judging/merge-explanations.js";
import {maskPrivate} from "../../src/core/judging/private-text.js";
import type {RuleLabels} from "../../src/core/judging/rated-set.js";
import type {VoteRequest} from "../../src/core/judging/votes.js";
import type {DrawnCorpus} from "../corpora/draw-corpora.js";
import {labelsFrom} from "../study/corpus-axes.js";
import type {StudyFile} from "../study/read-study.js";
import type {RatedVotes} from "./rated-votes.js";
import type {VoteTable} from "./vote-table.js";

/** What there is to write from. */
export interface ToWrite {
  drawn: readonly DrawnCorpus[];
  rated: RatedVotes;
  table: VoteTable;
  chosen: RuleLabels;
}

/** What was written. */
export interface Written {
  /** Item → question about it. */
  questions: Map<number, number>;
  table: VoteTable;
}

/**
 * The questions to the judge that writes, for each item that is annotated by judges and has an explanation. They depend on
 * the votes and on how these were merged.
 */
export async function writingRequests(
  {study, axes}: Pick<StudyFile, "study" | "axes">,
  {drawn, rated: {set, questions}, table, chosen}: ToWrite,
  judge: string
): Promise<{requests: VoteRequest[]; questions: Map<number, number>}> {
  const wanted = drawn.filter(({config}) => labelsFrom(config, study) === "judges").map(({id}) => id);
  const items = set.items.flatMap(({corpus}, item) =>
    chosen.places[item]! >= 0 && wanted.includes(corpus) ? [item] : []
  );
  const columns = set.raters.length;
  const asked = (item: number) =>
    Array.from(questions.subarray(item * columns, (item + 1) * columns)).filter(
      (question) => question >= 0 && table.explained[question] === 1
    );
  const texts = await table.explanations(items.flatMap(asked));
  const examples = new Map(
    drawn.flatMap(({id, train, test}) =>
      [...train, ...test].map((example) => [JSON.stringify([id, example.example_id]), example])
    )
  );
  const requests: VoteRequest[] = [];
  const places = new Map<number, number>();
  for (const item of items) {
    const {corpus, example_id, axis: id} = set.items[item]!;
    const explanations = asked(item).map((question) => texts.get(question)!);
    if (explanations.length === 0) continue;
    const axis = axes.find((one) => one.id === id)!;
    const label = axis.labels[chosen.places[item]!]!;
    const example = sendable(
      examples.get(JSON.stringify([corpus, example_id]))!,
      study.judging.private_text === "send"
    );
    places.set(item, requests.length);
    requests.push(mergeRequest(judge, {corpus, example, axis, label, explanations}));
  }
  return {requests, questions: places};
}

/** The example as judges saw it. */
function sendable(example: Example, asItIs: boolean): Example {
  if (asItIs) return example;
  const turns = example.turns.map(({role, text}) => ({role, text: maskPrivate(text).text}));
  return {...example, turns, response: maskPrivate(example.response).text};
}
