/** What it will take that a judge writes one explanation from all, before there are any. */
import type {Axis, Example} from "../../src/core/conversation.js";
import {mergeRequest} from "../../src/core/judging/merge-explanations.js";
import {promptConfigs} from "../../src/core/judging/prompts.js";
import type {VoteRequest} from "../../src/core/judging/votes.js";
import {axesJudged} from "../study/corpus-axes.js";
import type {StudyFile} from "../study/read-study.js";
import {estimateVotes} from "./estimate-votes.js";
import type {Calls} from "./estimate-votes.js";
import type {DrawnCorpus} from "./requests.js";

/** An explanation of the thirty words that are asked for. */
const EXPLANATION = "because ".repeat(30).trim();

/**
 * One call for each example and axis that judges rate, each with an explanation from every judge and prompt: that many at
 * most, since explanations are only written where there are usable votes. Null where none are written. Whether they are
 * logged is not known before the votes are merged, so all count as left.
 */
export async function estimateWriting(
  {study, axes}: Pick<StudyFile, "study" | "axes">,
  drawn: readonly DrawnCorpus[]
): Promise<Calls | null> {
  const {judges, merge, judging, prompts, corpora} = study;
  if (merge.explanations === "nearest") return null;
  const {judge} = merge.explanations;
  const votes = Object.keys(judges).length * promptConfigs(prompts).length;
  const explanations = Array.from({length: votes}, () => EXPLANATION);
  function* requests(): Generator<VoteRequest> {
    for (const {id, examples} of drawn)
      for (const axis of axes.filter((each) => axesJudged(corpora[id]!, study).includes(each.id)))
        for (const example of examples) yield requestOf(judge, id, {axis, example, explanations});
  }
  return (await estimateVotes(requests(), judges, {judging})).all;
}

function requestOf(
  judge: string,
  corpus: string,
  more: {axis: Axis; example: Example; explanations: string[]}
): VoteRequest {
  return mergeRequest(judge, {corpus, label: more.axis.labels[0]!, ...more});
}
