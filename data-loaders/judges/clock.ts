/** Time as the machine that asks sees it, so that tests can let an hour pass at once. */
import {setTimeout as pause} from "node:timers/promises";

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Comes back after so many milliseconds, or as soon as `signal` aborts; never throws. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Longest that a timer of Node can wait. */
const LONGEST = 2 ** 31 - 1;

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    pause(Math.min(LONGEST, Math.max(0, milliseconds)), undefined, {signal}).catch(() => undefined)
};
