/** How far judges are, for whoever shows it and for the summary. */
import type {Vote, VoteStatus} from "../../src/core/judging/votes.js";
import {VOTE_STATUSES} from "../../src/core/judging/votes.js";
import type {BadInput} from "../../src/core/bad-input.js";
import type {FailureKind} from "./call-failure.js";

/** Of one judge, in this study: all starts together, except where it says otherwise. */
export interface JudgeProgress {
  id: string;
  title: string;
  /** Different questions; those whose model, parameters and messages are the same are asked once. */
  questions: number;
  /** Questions that are not asked any more: scored, or out of attempts. */
  settled: number;
  /** Questions in batches that are not collected yet. */
  away: number;
  /** Questions by what became of their last attempt. */
  statuses: Record<VoteStatus, number>;
  /** Replies that were logged since this start, and those of all starts. */
  asked: number;
  replies: number;
  input_tokens: number;
  output_tokens: number;
  /** In the study's currency; null without a price. */
  cost: number | null;
  /** Replies since this start whose tokens the service did not say. */
  estimated: number;
  /** Calls since this start that failed and were tried again or given up, by kind. */
  failures: Partial<Record<FailureKind, number>>;
  /** Most tokens that calls without a whole reply may have used at the service, since this start; not in the log. */
  unconfirmed_tokens: number;
  /** When calls go on that the service holds back, in milliseconds since 1970. */
  paused_until: number;
  /** Why this judge is not asked any more. */
  refused: BadInput | null;
}

export function createProgress(id: string, title: string, priced: boolean): JudgeProgress {
  return {
    id,
    title,
    questions: 0,
    settled: 0,
    away: 0,
    statuses: Object.fromEntries(VOTE_STATUSES.map((status) => [status, 0])) as Record<VoteStatus, number>,
    asked: 0,
    replies: 0,
    input_tokens: 0,
    output_tokens: 0,
    cost: priced ? 0 : null,
    estimated: 0,
    failures: {},
    unconfirmed_tokens: 0,
    paused_until: 0,
    refused: null
  };
}

/** Adds a logged attempt. `before` is what the question's last attempt was. */
export function addVote(
  progress: JudgeProgress,
  vote: Vote,
  cost: number | null,
  before: VoteStatus | null
): void {
  if (before) progress.statuses[before] -= 1;
  progress.statuses[vote.status] += 1;
  progress.replies += 1;
  progress.input_tokens += vote.input_tokens;
  progress.output_tokens += vote.output_tokens;
  if (cost !== null) progress.cost = (progress.cost ?? 0) + cost;
}
