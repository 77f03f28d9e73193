/** What all judges of one gathering share: questions, budget, the log, and whether to go on. */
import type {BadInput} from "../../src/core/bad-input.js";
import type {Vote, VoteRequest} from "../../src/core/judging/votes.js";
import {costOf} from "./budget.js";
import type {Budget} from "./budget.js";
import {CallFailure} from "./call-failure.js";
import type {Clock} from "./clock.js";
import type {JudgeProgress} from "./progress.js";
import type {Questions} from "./questions.js";
import type {JudgeService, Reply} from "./service.js";
import type {VoteWriter} from "./vote-log.js";

export interface Answer {
  key: string;
  request: Omit<VoteRequest, "messages">;
  outcome: Reply | CallFailure;
  /** From 1; default: the question's next. */
  attempt?: number;
}

interface Shared {
  questions: Questions;
  budget: Budget;
  writer: VoteWriter;
  clock: Clock;
  random: () => number;
  note: (text: string) => void;
  signal?: AbortSignal;
}

export class Gathering {
  readonly questions: Questions;
  readonly budget: Budget;
  readonly writer: VoteWriter;
  readonly clock: Clock;
  readonly random: () => number;
  readonly note: (text: string) => void;
  readonly signal?: AbortSignal;
  #failure: {error: unknown} | null = null;

  constructor({questions, budget, writer, clock, random, note, signal}: Shared) {
    this.questions = questions;
    this.budget = budget;
    this.writer = writer;
    this.clock = clock;
    this.random = random;
    this.note = note;
    this.signal = signal;
  }

  /** Whether nothing new is to be sent. */
  get stopped(): boolean {
    return this.#failure !== null || this.budget.exhausted || (this.signal?.aborted ?? false);
  }

  /** Stops everything: the disk is full, or Because itself is at fault. */
  fail(error: unknown): void {
    this.#failure ??= {error};
  }

  throwIfFailed(): void {
    if (this.#failure) throw this.#failure.error;
  }

  /** Stops one judge. */
  refuse(progress: JudgeProgress, reason: BadInput): void {
    progress.refused = reason;
    this.note(`${progress.title} is not asked any more. ${reason.message}`);
  }

  /** Writes what became of a question, then counts it. */
  log(service: JudgeService, answer: Answer): void {
    const progress = this.questions.progress[service.id]!;
    const vote = this.#vote(service, answer);
    this.writer.append(service.config, vote);
    this.questions.note(vote, vote.cost);
    progress.asked += 1;
    if (!(answer.outcome instanceof CallFailure) && answer.outcome.estimated) progress.estimated += 1;
  }

  #vote({id, config}: JudgeService, {key, request, outcome, attempt}: Answer): Vote {
    const {corpus, example_id, axis, prompt, scale} = request;
    const failed = outcome instanceof CallFailure;
    const usage = failed ? {input_tokens: 0, output_tokens: 0} : outcome.usage;
    return {
      key,
      corpus,
      example_id,
      axis,
      judge: id,
      prompt,
      attempt: attempt ?? this.questions.nextAttempt(key),
      status: !failed ? outcome.status : outcome.kind === "declined" ? "refused" : "failed",
      score: failed ? null : outcome.score,
      scale,
      explanation: failed ? "" : outcome.explanation,
      raw: failed ? outcome.message : outcome.raw,
      ...usage,
      cost: costOf(config, usage),
      seconds: failed ? 0 : outcome.seconds,
      at: new Date(this.clock.now()).toISOString()
    };
  }
}
