/** Tries again what failed for a passing reason, with growing pauses, or as long as the service asks for. */
import {setTimeout as wait} from "node:timers/promises";

/** Something that another try may mend: a dropped connection, a busy or broken service, silence. */
export class PassingTrouble extends Error {
  override name = "PassingTrouble";

  constructor(
    message: string,
    /** Milliseconds that the service asked to wait; null where it did not say. */
    readonly asked: number | null = null
  ) {
    super(message);
  }
}

/** How often and after how long. */
export interface Patience {
  /** Tries without any progress after which it is given up. */
  tries: number;
  /** Milliseconds before the second try; doubled for each further one. */
  first: number;
  /** Longest pause, in milliseconds. */
  longest: number;
}

export const PATIENCE: Patience = {tries: 6, first: 1_000, longest: 60_000};

interface PatientOptions {
  patience: Patience;
  /** Whether the try that failed brought something, so that counting starts anew. */
  gained?: () => boolean;
  /** Called before each pause, in milliseconds. */
  pausing?: (trouble: PassingTrouble, pause: number) => void;
  signal?: AbortSignal;
}

/**
 * @throws PassingTrouble the last one, when all tries failed, or when the service asks for a longer pause than the longest
 * @throws what `work` throws besides, at once
 */
export async function patiently<T>(
  work: () => Promise<T>,
  {patience, gained = () => false, pausing, signal}: PatientOptions
): Promise<T> {
  for (let failed = 0; ;) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof PassingTrouble)) throw error;
      failed = gained() ? 1 : failed + 1;
      const pause = pauseAfter(failed, error.asked, patience);
      if (failed >= patience.tries || pause > patience.longest) throw error;
      pausing?.(error, pause);
      await wait(pause, undefined, {signal}).catch(() => signal?.throwIfAborted());
    }
  }
}

/** Up to a quarter more than asked or doubled, so that several do not come back at the same moment. */
function pauseAfter(failed: number, asked: number | null, {first, longest}: Patience): number {
  if (asked !== null) return asked;
  return Math.min(longest, first * 2 ** (failed - 1) * (1 + Math.random() / 4));
}

/** Milliseconds that `Retry-After` (seconds or a date) or else `RateLimit` (`"api";r=0;t=55`) asks for. */
export function askedPause(headers: Headers, now = Date.now()): number | null {
  const after = headers.get("retry-after")?.trim();
  if (after) {
    const pause = /^\d+(\.\d+)?$/.test(after) ? Number(after) * 1000 : Date.parse(after) - now;
    if (Number.isFinite(pause)) return Math.max(0, pause);
  }
  const [, remaining, seconds] = /;\s*r=(\d+)\s*;\s*t=(\d+)/.exec(headers.get("ratelimit") ?? "") ?? [];
  return remaining === "0" ? Number(seconds) * 1000 : null;
}
