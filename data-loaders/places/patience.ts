/** Tries again what a broken link kept from getting through, with growing pauses. */
import pRetry, {AbortError} from "p-retry";
import {LinkLost} from "./transport.js";

export interface Patience {
  /** Tries after the first. */
  retries: number;
  /** Milliseconds of the first pause, which doubles, and of the longest. */
  first: number;
  longest: number;
}

/** About four minutes in all. */
export const PATIENT: Patience = {retries: 12, first: 500, longest: 30_000};

/** Does `attempt` until it ends with anything but LinkLost, or patience does. */
export function patiently<T>(
  attempt: () => Promise<T>,
  {retries, first, longest}: Patience,
  signal?: AbortSignal
): Promise<T> {
  return pRetry(
    async () => {
      try {
        return await attempt();
      } catch (error) {
        throw error instanceof LinkLost ? error : new AbortError(error as Error);
      }
    },
    {retries, minTimeout: first, maxTimeout: longest, factor: 2, randomize: true, signal}
  );
}
