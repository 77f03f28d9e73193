/** One explanation from many: taken from the vote that says best what was decided, or written anew by a judge. */
import type {Axis, Example} from "../conversation.js";
import type {RatedSet} from "./rated-set.js";
import type {VoteRequest} from "./votes.js";

/**
 * Column of the vote whose explanation stands for an item: of those that have one, the one closest to the merged
 * position; of several as close, the first in the study's order of judges, then of prompts. −1 where there is none.
 *
 * @param explained - Items × raters: 1 where the vote is usable and says why.
 */
export function nearestVotes(
  {matrix: {items, raters, positions}}: Pick<RatedSet, "matrix">,
  merged: Float64Array,
  explained: Uint8Array
): Int16Array {
  return Int16Array.from({length: items}, (_, item) => {
    let [nearest, least] = [-1, Infinity];
    if (Number.isNaN(merged[item]!)) return nearest;
    for (let rater = 0; rater < raters; ++rater) {
      const at = item * raters + rater;
      if (!explained[at]) continue;
      const distance = Math.abs(positions[at]! - merged[item]!);
      if (distance < least - CLOSE) [nearest, least] = [rater, distance];
    }
    return nearest;
  });
}

/** Distances that differ by less are rounding. */
const CLOSE = 1e-9;

/** Names requests for merged explanations in the vote log. No prompt of a study can be called so. */
export const MERGING = "merged explanation";

/** What one explanation is to be written from. */
export interface ExplanationsToMerge {
  corpus: string;
  example: Pick<Example, "example_id" | "turns" | "response">;
  axis: Axis;
  /** The merged label. */
  label: string;
  /** In the study's order of judges and prompts. */
  explanations: string[];
}

/**
 * The question to the judge that writes merged explanations. It is asked and logged as votes are, so it is paid once, kept
 * to the budget and tried again like them; the score it must give is the merged one, and is not counted.
 */
export function mergeRequest(
  judge: string,
  {corpus, example, axis, label, explanations}: ExplanationsToMerge
): VoteRequest {
  const place = axis.labels.indexOf(label) + 1;
  const dialogue = example.turns.map(({role, text}) => `${role}: ${text}`).join("\n");
  const content = [
    `Several judges rated a response. Question: ${axis.question}`,
    `Their ratings were merged to ${place} on a scale from 1 (${axis.labels[0]!}) to ${axis.labels.length} (${axis.labels.at(-1)!}).`,
    ...(dialogue === "" ? [] : [`Dialogue:\n${dialogue}`]),
    `Response:\n${example.response}`,
    `The judges' explanations:\n${explanations.map((one) => `- ${one}`).join("\n")}`,
    "Write one explanation that a reader can follow the word “because” with: one sentence in lower case, which keeps " +
      "what most of the judges agree on and fits the merged rating, and names neither the judges nor the rating.",
    `Answer with JSON alone: {"explanation": "…", "score": ${place}}`
  ].join("\n\n");
  return {
    corpus,
    example_id: example.example_id,
    axis: axis.id,
    judge,
    prompt: MERGING,
    messages: [{role: "user", content}],
    scale: [1, axis.labels.length]
  };
}
