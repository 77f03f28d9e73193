/** Asking for votes on behalf of a study. */
import {BadInput} from "../../src/core/bad-input.js";
import type {VoteRequest} from "../../src/core/judging/votes.js";
import {gatherVotes, type GatherOptions, type GatherSummary} from "../judges/gather-votes.js";
import type {Context} from "../stages/context.js";
import {Interrupted} from "../stages/interrupted.js";

/** Asks judges what the log lacks. */
export type Asker = (requests: Iterable<VoteRequest>) => Promise<GatherSummary>;

/** The asker that pays: services, limits and budget as the study says, votes into the log of the store. */
export function askerOf(
  {file: {study}, store, report}: Context,
  options: Pick<GatherOptions, "display" | "signal" | "env">
): Asker {
  return (requests) =>
    gatherVotes(requests, study.judges, {
      ...options,
      judging: study.judging,
      log: store.path("votes"),
      note: report.note
    });
}

/** Throws where asking ended before it was done. What was logged is kept, and the same command goes on from there. */
export function requireAsked({stopped, questions, unasked, judges}: GatherSummary): void {
  if (stopped === "interrupted")
    throw new Interrupted(
      "Stopped while judges were asked. Every answer is kept; the same command goes on from there."
    );
  if (stopped === "budget")
    throw new BadInput({
      where: "judging.budget",
      expected: `room for ${questions} votes`,
      found: `a budget that ended with ${openVotes(unasked, judges)}`,
      mend: "Raise it, or ask for fewer (`split`, `judges`, `prompts`); what was answered is kept and not paid again."
    });
}

/** What is left: votes that were never asked for, and those whose reply was no score and that have attempts left. */
function openVotes(unasked: number, judges: GatherSummary["judges"]): string {
  const again = judges.reduce((sum, {questions, settled}) => sum + questions - settled, 0) - unasked;
  const parts = [
    ...(unasked > 0 || again <= 0 ? [`${unasked} not asked for yet`] : []),
    ...(again > 0 ? [`${again} to be asked for again, since the reply was no score`] : [])
  ];
  return parts.join(" and ");
}
