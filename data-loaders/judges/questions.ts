/** Which questions there are, and what the log already says to each. */
import {setImmediate as breathe} from "node:timers/promises";
import type {VoteRequest, VoteStatus} from "../../src/core/judging/votes.js";
import type {JudgeConfig} from "../../src/core/study.js";
import type {Spend} from "./budget.js";
import {costOf} from "./budget.js";
import {addVote, createProgress} from "./progress.js";
import type {JudgeProgress} from "./progress.js";
import {voteKey} from "./vote-log.js";
import type {VoteLog} from "./vote-log.js";

/** Questions after which timers have their turn: the log's lock shows signs of life by one. */
const BREATH = 500;

interface Question {
  judge: string;
  /** Replies so far; what `failed` got no reply and is none. */
  attempts: number;
  status: VoteStatus | null;
}

/** A question that has to be asked. */
export interface OpenQuestion {
  key: string;
  request: VoteRequest;
}

export class Questions {
  readonly progress: Record<string, JudgeProgress> = {};
  readonly #requests: Iterable<VoteRequest>;
  readonly #judges: Record<string, JudgeConfig>;
  readonly #attempts: number;
  readonly #known = new Map<string, Question>();
  /** Sent in a batch that is not collected yet. */
  readonly #away = new Set<string>();

  private constructor(
    requests: Iterable<VoteRequest>,
    judges: Record<string, JudgeConfig>,
    attempts: number
  ) {
    this.#requests = requests;
    this.#judges = judges;
    this.#attempts = attempts;
  }

  /**
   * Numbers the questions and reads what the log says to them. Keeps no text: `requests` is gone through once here and
   * once for each judge, so that it can be a generator's object that makes them anew.
   *
   * @param attempts how often a question is asked when its reply is no score
   */
  static async read(
    requests: Iterable<VoteRequest>,
    judges: Record<string, JudgeConfig>,
    attempts: number,
    log: VoteLog | null
  ): Promise<Questions> {
    const questions = new Questions(requests, judges, attempts);
    let seen = 0;
    for (const request of requests) {
      if (++seen % BREATH === 0) await breathe();
      questions.#add(request);
    }
    for await (const vote of log?.attempts(questions.#known) ?? []) {
      const {judge} = questions.#known.get(vote.key)!;
      const cost = vote.cost ?? costOf(judges[judge]!, vote);
      questions.note(vote, cost);
    }
    return questions;
  }

  /** Judges that are asked, in the study's order. */
  get judges(): string[] {
    return Object.keys(this.#judges).filter((id) => id in this.progress);
  }

  get size(): number {
    return this.#known.size;
  }

  /** What all logged replies to these questions have cost. */
  get spent(): Spend {
    const all = Object.values(this.progress);
    return {
      tokens: all.reduce((sum, {input_tokens, output_tokens}) => sum + input_tokens + output_tokens, 0),
      money: all.reduce((sum, {cost}) => sum + (cost ?? 0), 0)
    };
  }

  /** Questions of a judge that are to be asked and not on their way, each once, as they come. */
  async *open(judge: string): AsyncGenerator<OpenQuestion> {
    const given = new Set<string>();
    let seen = 0;
    for (const request of this.#requests) {
      if (++seen % BREATH === 0) await breathe();
      if (request.judge !== judge) continue;
      const key = voteKey(this.#judges[judge]!, request);
      if (given.has(key) || this.#known.get(key)!.judge !== judge || !this.isOpen(key)) continue;
      if (this.#away.has(key)) continue;
      given.add(key);
      yield {key, request};
    }
  }

  isOpen(key: string): boolean {
    const {status, attempts} = this.#known.get(key)!;
    return status !== "scored" && attempts < this.#attempts;
  }

  /** Number of the next attempt, from 1. */
  nextAttempt(key: string): number {
    return this.#known.get(key)!.attempts + 1;
  }

  /** A batch takes a question along, or brings it back. */
  setAway(key: string, away: boolean): void {
    const judge = this.#known.get(key)?.judge;
    if (judge && away !== this.#away.has(key)) this.progress[judge]!.away += away ? 1 : -1;
    if (away) this.#away.add(key);
    else this.#away.delete(key);
  }

  has(key: string): boolean {
    return this.#known.has(key);
  }

  /** Takes note of a logged attempt. After a scored one, nothing changes what became of a question. */
  note(vote: Parameters<typeof addVote>[1], cost: number | null): void {
    const question = this.#known.get(vote.key);
    if (!question) return;
    const progress = this.progress[question.judge]!;
    const wasOpen = this.isOpen(vote.key);
    addVote(progress, vote, cost, question.status);
    if (question.status === "scored") {
      progress.statuses[vote.status] -= 1;
      progress.statuses.scored += 1;
    } else question.status = vote.status;
    if (vote.status !== "failed") question.attempts += 1;
    if (wasOpen && !this.isOpen(vote.key)) progress.settled += 1;
  }

  #add(request: VoteRequest): void {
    const judge = this.#judges[request.judge];
    if (!judge) throw new RangeError(`no judge ${request.judge}`);
    const key = voteKey(judge, request);
    if (this.#known.has(key)) return;
    this.#known.set(key, {judge: request.judge, attempts: 0, status: null});
    const title = judge.title ?? request.judge;
    const progress = (this.progress[request.judge] ??= createProgress(
      request.judge,
      title,
      judge.price !== undefined
    ));
    progress.questions += 1;
  }
}
