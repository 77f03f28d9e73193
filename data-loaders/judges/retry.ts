/** How long to wait before a call that failed is sent again. */

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 60_000;

/**
 * Milliseconds before the next try, where the service says nothing: doubled after each failure, half of it by chance,
 * so that calls which failed together do not come back together.
 *
 * @param failures how many tries have failed, from 1
 * @param random uniform in [0, 1)
 */
export function backoff(failures: number, random: () => number): number {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1)) * (0.5 + random() / 2);
}

/**
 * Milliseconds that a service asks to wait: `retry-after-ms`, or `Retry-After` in seconds or as an HTTP date
 * (RFC 9110, 10.2.3); null where it says nothing that can be read.
 */
export function retryAfter(headers: Headers | undefined, now: number): number | null {
  const milliseconds = numberIn(headers?.get("retry-after-ms"));
  if (milliseconds !== null) return milliseconds;
  const text = headers?.get("retry-after");
  const seconds = numberIn(text);
  if (seconds !== null) return seconds * 1000;
  const date = text ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

function numberIn(text: string | null | undefined): number | null {
  return text && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null;
}
