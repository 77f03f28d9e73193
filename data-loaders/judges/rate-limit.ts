/** Limits of requests and tokens a minute, kept to from the first call on. */
import type {Clock} from "./clock.js";

const MINUTE = 60_000;
/** No more than a tenth of a minute's worth within a tenth of a minute: services punish bursts, too. */
const BURSTS = 10;

/** A call that was let through; `correct` puts what it really used in place of what was estimated. */
export interface Admission {
  correct(tokens: number): void;
}

interface Entry {
  at: number;
  amount: number;
  /** Longer ago than the span. */
  gone: boolean;
}

/**
 * At most `limit` within any `span` milliseconds, wherever it begins. What exceeds the limit all by itself is let
 * through once nothing else is within the span, as it could never be sent otherwise.
 */
export class SlidingWindow {
  readonly #limit: number;
  readonly #span: number;
  #entries: Entry[] = [];
  #first = 0;
  #used = 0;

  constructor(limit: number, span: number) {
    this.#limit = limit;
    this.#span = span;
  }

  /** Milliseconds until `amount` fits. */
  wait(amount: number, now: number): number {
    this.#forget(now);
    let excess = this.#used + amount - this.#limit;
    for (let i = this.#first; excess > 0 && i < this.#entries.length; i++) {
      const {at, amount: freed} = this.#entries[i]!;
      excess -= freed;
      if (excess <= 0 || i === this.#entries.length - 1) return at + this.#span - now;
    }
    return 0;
  }

  /** Counts `amount` from now on; returns what replaces it by what it turned out to be. */
  take(amount: number, now: number): (actual: number) => void {
    const entry: Entry = {at: now, amount, gone: false};
    this.#entries.push(entry);
    this.#used += amount;
    return (actual) => {
      if (!entry.gone) this.#used += actual - entry.amount;
      entry.amount = actual;
    };
  }

  #forget(now: number): void {
    for (let entry; (entry = this.#entries[this.#first]) && entry.at + this.#span <= now; this.#first++) {
      this.#used -= entry.amount;
      entry.gone = true;
    }
    if (this.#first > 1000) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }
}

/** The limits of one judge. Calls are let through in the order they came. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #requests: SlidingWindow[];
  readonly #tokens: SlidingWindow[];
  #turn: Promise<unknown> = Promise.resolve();
  #pausedUntil = 0;

  constructor(limits: {requests?: number; tokens?: number}, clock: Clock) {
    this.#clock = clock;
    this.#requests = windows(limits.requests);
    this.#tokens = windows(limits.tokens);
  }

  /** When calls go on; in the past where none are held back. Milliseconds since 1970. */
  get pausedUntil(): number {
    return this.#pausedUntil;
  }

  /** Holds every call of the judge back until then. */
  pauseUntil(time: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, time);
  }

  /** Waits until a call of about so many tokens can be sent; null when `signal` aborted before. */
  admit(tokens: number, signal?: AbortSignal): Promise<Admission | null> {
    const turn = this.#turn.then(() => this.#admit(tokens, signal));
    this.#turn = turn;
    return turn;
  }

  async #admit(tokens: number, signal?: AbortSignal): Promise<Admission | null> {
    for (;;) {
      if (signal?.aborted) return null;
      const now = this.#clock.now();
      const wait = Math.max(
        this.#pausedUntil - now,
        ...this.#requests.map((window) => window.wait(1, now)),
        ...this.#tokens.map((window) => window.wait(tokens, now)),
        0
      );
      if (wait === 0) break;
      await this.#clock.sleep(wait, signal);
    }
    const now = this.#clock.now();
    for (const window of this.#requests) window.take(1, now);
    const corrections = this.#tokens.map((window) => window.take(tokens, now));
    return {correct: (actual) => corrections.forEach((correct) => correct(actual))};
  }
}

function windows(limit: number | undefined): SlidingWindow[] {
  if (limit === undefined) return [];
  return [
    new SlidingWindow(limit, MINUTE),
    new SlidingWindow(Math.max(1, Math.ceil(limit / BURSTS)), MINUTE / BURSTS)
  ];
}
