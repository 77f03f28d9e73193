/** Every question to every judge: drawn examples × axes × prompts × judges. */
import type {Axis, Example} from "../../src/core/conversation.js";
import {maskPrivate} from "../../src/core/judging/private-text.js";
import type {JudgePrompt} from "../../src/core/judging/prompts.js";
import type {VoteRequest} from "../../src/core/judging/votes.js";
import type {Judging} from "../../src/core/study.js";
import {axesJudged} from "../study/corpus-axes.js";
import type {StudyFile} from "../study/read-study.js";
import {readPrompts} from "./read-prompts.js";

/** Examples of a corpus that judges are asked about: those of its training and test side. */
export interface DrawnCorpus {
  id: string;
  examples: Example[];
}

/** What was found of private text. */
export interface MaskedCounts {
  emails: number;
  telephones: number;
  /** Examples with either. */
  examples: number;
}

export interface VoteRequests {
  /** Messages are rendered when they are read: a study can have half a million requests. */
  requests: VoteRequest[];
  masked: MaskedCounts;
  /** Examples left out because of private text, where the study says `private_text: drop`. */
  dropped: {corpus: string; example_id: string}[];
}

/**
 * The questions of a study, in an order that depends on nothing but study and examples. Corpora take turns, an
 * example's questions stand together and judges alternate: wherever judging stops, all judges have been asked equally,
 * and all examples but one have all their votes. Corpora that are not judged give none.
 */
export async function voteRequests(
  file: Pick<StudyFile, "file" | "study" | "axes">,
  drawn: DrawnCorpus[]
): Promise<VoteRequests> {
  const prompts = await readPrompts(file);
  const {study} = file;
  const masked: MaskedCounts = {emails: 0, telephones: 0, examples: 0};
  const dropped: VoteRequests["dropped"] = [];
  const requests: VoteRequest[] = [];
  for (const {corpus, example} of inTurns(drawn)) {
    const axes = axesOf(file, corpus);
    if (axes.length === 0) continue;
    const shown = sendable(example, study.judging, masked);
    if (shown)
      requests.push(...questionsOf(corpus, shown, {axes, prompts, judges: Object.keys(study.judges)}));
    else dropped.push({corpus, example_id: example.example_id});
  }
  return {requests, masked, dropped};
}

function axesOf({study, axes}: Pick<StudyFile, "study" | "axes">, corpus: string): Axis[] {
  const asked = axesJudged(study.corpora[corpus]!, study);
  return axes.filter(({id}) => asked.includes(id));
}

/** Examples of all corpora, each corpus' evenly over the whole, as a budget may end before all are asked about. */
function inTurns(drawn: DrawnCorpus[]): {corpus: string; example: Example}[] {
  return drawn
    .flatMap(({id, examples}, rank) =>
      examples.map((example, i) => ({corpus: id, example, rank, at: (i + 0.5) / examples.length}))
    )
    .sort((a, b) => a.at - b.at || a.rank - b.rank);
}

/** The example as it may be sent; null where it may not. Counts what was found in it. */
function sendable(example: Example, {private_text}: Judging, masked: MaskedCounts): Example | null {
  if (private_text === "send") return example;
  const [response, ...turns] = [example.response, ...example.turns.map(({text}) => text)].map(maskPrivate);
  const found = [response!, ...turns];
  const emails = found.reduce((sum, part) => sum + part.emails, 0);
  const telephones = found.reduce((sum, part) => sum + part.telephones, 0);
  if (emails + telephones === 0) return example;
  masked.emails += emails;
  masked.telephones += telephones;
  masked.examples += 1;
  if (private_text === "drop") return null;
  return {
    ...example,
    turns: example.turns.map(({role}, i) => ({role, text: turns[i]!.text})),
    response: response!.text
  };
}

function questionsOf(
  corpus: string,
  example: Example,
  {axes, prompts, judges}: {axes: Axis[]; prompts: JudgePrompt[]; judges: string[]}
): VoteRequest[] {
  return axes.flatMap((axis) =>
    prompts.flatMap((prompt) =>
      judges.map((judge) => ({
        corpus,
        example_id: example.example_id,
        axis: axis.id,
        judge,
        prompt: prompt.id,
        scale: prompt.scale,
        get messages() {
          return prompt.render(example, axis);
        }
      }))
    )
  );
}
