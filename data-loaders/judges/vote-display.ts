/** Progress of judges in a terminal, and as plain lines where there is none. */
import {MultiBar, Presets} from "cli-progress";
import type {SingleBar} from "cli-progress";
import {formatCount, formatCounted, formatDuration} from "../../src/core/format.js";
import type {JudgeProgress} from "./progress.js";

/** Shows how judges are getting on. Reads their progress as it changes. */
export interface VoteDisplay {
  begin(judges: JudgeProgress[]): void;
  end(): void;
}

export const SILENT_DISPLAY: VoteDisplay = {begin: () => undefined, end: () => undefined};

const BAR_MILLISECONDS = 250;
const LINE_MILLISECONDS = 15_000;

/** Bars in a terminal, a line now and then elsewhere. Writes to standard error, so that output stays for results. */
export function createVoteDisplay(
  currency: string,
  terminal: boolean = process.stderr.isTTY ?? false
): VoteDisplay {
  return terminal ? new VoteBars(currency) : new VoteLines(currency);
}

class VoteBars implements VoteDisplay {
  readonly #currency: string;
  #bars: MultiBar | null = null;
  #rows: {bar: SingleBar; pace: VotePace}[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(currency: string) {
    this.#currency = currency;
  }

  begin(judges: JudgeProgress[]): void {
    const format = {
      format: "{bar} {text}",
      hideCursor: true,
      barsize: 24,
      stream: process.stderr,
      gracefulExit: false
    };
    this.#bars = new MultiBar(format, Presets.shades_classic);
    this.#rows = judges.map((judge) => ({
      bar: this.#bars!.create(Math.max(1, judge.questions), 0, {text: judge.title}),
      pace: new VotePace(judge)
    }));
    this.#timer = setInterval(() => this.#update(), BAR_MILLISECONDS);
    this.#update();
  }

  end(): void {
    clearInterval(this.#timer!);
    this.#update();
    this.#bars!.stop();
  }

  #update(): void {
    for (const {bar, pace} of this.#rows)
      bar.update(pace.judge.settled, {text: describeJudge(pace, this.#currency)});
  }
}

class VoteLines implements VoteDisplay {
  readonly #currency: string;
  #paces: VotePace[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(currency: string) {
    this.#currency = currency;
  }

  begin(judges: JudgeProgress[]): void {
    this.#paces = judges.map((judge) => new VotePace(judge));
    this.#timer = setInterval(() => this.#say(), LINE_MILLISECONDS);
    this.#say();
  }

  end(): void {
    clearInterval(this.#timer!);
    this.#say();
  }

  #say(): void {
    for (const pace of this.#paces) process.stderr.write(`${describeJudge(pace, this.#currency)}\n`);
  }
}

/** What a judge has done since the display began, for the time left. */
export class VotePace {
  readonly judge: JudgeProgress;
  readonly #began: number;
  readonly #settledBefore: number;

  constructor(judge: JudgeProgress, now = Date.now()) {
    this.judge = judge;
    this.#began = now;
    this.#settledBefore = judge.settled;
  }

  /** Seconds; null before anything was done, and when nothing is left to do. */
  left(now = Date.now()): number | null {
    const {settled, questions} = this.judge;
    const done = settled - this.#settledBefore;
    if (done === 0 || settled === questions) return null;
    return (((now - this.#began) / 1000) * (questions - settled)) / done;
  }
}

/** `Judge A: 340 of 2,000 votes · 1.23 USD · 120,000 tokens · 3 refused · about 4 min left`. */
export function describeJudge(pace: VotePace, currency: string, now = Date.now()): string {
  const {judge} = pace;
  const {statuses, cost, input_tokens, output_tokens} = judge;
  const left = pace.left(now);
  const calls = Object.values(judge.failures).reduce((sum, count) => sum + count, 0);
  const wait = Math.ceil((judge.paused_until - now) / 1000);
  return [
    `${judge.title}: ${formatCount(statuses.scored)} of ${formatCounted(judge.questions, "vote")}`,
    ...(cost === null ? [] : [`${cost.toFixed(2)} ${currency}`]),
    formatCounted(input_tokens + output_tokens, "token"),
    ...Object.entries(statuses).flatMap(([status, count]) =>
      status === "scored" || count === 0 ? [] : [`${formatCount(count)} ${status}`]
    ),
    ...(judge.away > 0 ? [`${formatCount(judge.away)} in batches`] : []),
    ...(calls > 0 ? [formatCounted(calls, "failed call")] : []),
    ...(judge.refused ? ["not asked any more"] : []),
    ...(wait > 0 ? [`held back for ${wait} s`] : []),
    ...(left === null || judge.refused ? [] : [`about ${formatDuration(Math.ceil(left))} left`])
  ].join(" · ");
}
