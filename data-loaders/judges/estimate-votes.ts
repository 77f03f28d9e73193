/** What votes will take, before any is asked for: calls, tokens and cost by judge, and how much of it is logged already. */
import type {VoteRequest} from "../../src/core/judging/votes.js";
import type {JudgeConfig, Judging} from "../../src/core/study.js";
import {costOf} from "./budget.js";
import type {Usage} from "./budget.js";
import {guessUsage, promptBytes} from "./token-bounds.js";
import {voteKey} from "./vote-log.js";
import type {VoteLog} from "./vote-log.js";

/** Calls and what they use, as expected; at most, with every reply as long as it may be. Costs are null without a price. */
export interface Calls extends Usage {
  calls: number;
  cost: number | null;
  most_output_tokens: number;
  most_cost: number | null;
}

export interface JudgeEstimate {
  judge: string;
  title: string;
  /** Different questions, the first attempt at each. */
  all: Calls;
  /** Those that the log has no vote for. */
  left: Calls;
}

export interface VoteEstimate {
  judges: JudgeEstimate[];
  all: Calls;
  left: Calls;
}

/** Tokens of a reply: a clause of some thirty words at most, and the JSON around it. */
const REPLY_TOKENS = 60;
/** Tokens that a chat template and a schema of replies add to a prompt. */
const PROMPT_EXTRA = 24;

/**
 * Estimates first attempts; replies without a usable score are asked again and cost again. Tokens are counted as a
 * quarter of the prompts' bytes, since the services' tokenizers are not known.
 */
export async function estimateVotes(
  requests: Iterable<VoteRequest>,
  judges: Record<string, JudgeConfig>,
  {log, judging}: {log?: VoteLog; judging: Pick<Judging, "attempts">}
): Promise<VoteEstimate> {
  const open = new Map<string, {judge: string; usage: Usage}>();
  const all = new Map<string, Calls>();
  for (const request of requests) {
    const judge = judges[request.judge]!;
    const key = voteKey(judge, request);
    if (open.has(key)) continue;
    const usage = usageOf(request, judge);
    open.set(key, {judge: request.judge, usage});
    all.set(request.judge, withCall(all.get(request.judge), judge, usage));
  }
  if (log)
    for await (const {key, status, attempt} of log.lastVotes([...open.keys()]))
      if (status === "scored" || (status !== "failed" && attempt >= judging.attempts)) open.delete(key);
  const left = new Map<string, Calls>();
  for (const {judge, usage} of open.values())
    left.set(judge, withCall(left.get(judge), judges[judge]!, usage));
  return totalled(
    Object.keys(judges)
      .filter((judge) => all.has(judge))
      .map((judge) => ({
        judge,
        title: judges[judge]!.title ?? judge,
        all: all.get(judge)!,
        left: left.get(judge) ?? none(judges[judge]!)
      }))
  );
}

/** The estimate of several sets of votes together; each counts as often as it says. */
export function sumOfEstimates(parts: {times: number; estimate: VoteEstimate}[]): VoteEstimate {
  const judges = new Map<string, JudgeEstimate>();
  for (const {times, estimate} of parts)
    for (const {judge, title, all, left} of estimate.judges) {
      const before = judges.get(judge);
      judges.set(judge, {
        judge,
        title,
        all: added(before?.all, all, times),
        left: added(before?.left, left, times)
      });
    }
  return totalled([...judges.values()]);
}

/** Calls of several kinds together; each counts as often as it says. Null without any. */
export function sumOfCalls(parts: {times: number; calls: Calls | null}[]): Calls | null {
  return parts.reduce<Calls | null>(
    (sum, {times, calls}) => (calls ? added(sum ?? undefined, calls, times) : sum),
    null
  );
}

function usageOf({messages}: VoteRequest, {max_tokens}: JudgeConfig): Usage {
  return {
    input_tokens: guessUsage(promptBytes(messages), "").input_tokens + PROMPT_EXTRA,
    output_tokens: Math.min(REPLY_TOKENS, max_tokens)
  };
}

function none({price}: JudgeConfig): Calls {
  const cost = price ? 0 : null;
  return {calls: 0, input_tokens: 0, output_tokens: 0, cost, most_output_tokens: 0, most_cost: cost};
}

function withCall(before: Calls | undefined, judge: JudgeConfig, usage: Usage): Calls {
  const most = {input_tokens: usage.input_tokens, output_tokens: judge.max_tokens};
  const call = {
    calls: 1,
    ...usage,
    cost: costOf(judge, usage),
    most_output_tokens: most.output_tokens,
    most_cost: costOf(judge, most)
  };
  return added(before, call, 1);
}

function added(before: Calls | undefined, more: Calls, times: number): Calls {
  const sum = (key: "calls" | "input_tokens" | "output_tokens" | "most_output_tokens") =>
    (before?.[key] ?? 0) + more[key] * times;
  const cost = (key: "cost" | "most_cost") =>
    more[key] === null || before?.[key] === null ? null : (before?.[key] ?? 0) + more[key] * times;
  return {
    calls: sum("calls"),
    input_tokens: sum("input_tokens"),
    output_tokens: sum("output_tokens"),
    cost: cost("cost"),
    most_output_tokens: sum("most_output_tokens"),
    most_cost: cost("most_cost")
  };
}

function totalled(judges: JudgeEstimate[]): VoteEstimate {
  const total = (key: "all" | "left") =>
    judges.reduce<Calls | undefined>((sum, each) => added(sum, each[key], 1), undefined) ?? {
      calls: 0,
      input_tokens: 0,
      output_tokens: 0,
      cost: 0,
      most_output_tokens: 0,
      most_cost: 0
    };
  return {judges, all: total("all"), left: total("left")};
}
