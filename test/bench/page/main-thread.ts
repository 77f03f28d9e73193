/** Processor time of the page's main thread while the stop-watch ran: what other work on the machine does not stretch. */
import type {Browser, Page} from "playwright-core";

interface TraceEvent {
  name: string;
  /** `X` whole, `b` and `e` begin and end. */
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds. */
  ts: number;
  /** Processor time in microseconds, of whole events. */
  tdur?: number;
}

const CATEGORIES = ["blink.user_timing", "devtools.timeline", "disabled-by-default-devtools.timeline"];

/** Runs `task` and returns its result with the processor time in milliseconds of each measured toggle within. */
export async function withMainThread<T>(
  browser: Browser,
  page: Page,
  task: () => Promise<T>
): Promise<{result: T; busy: number[]}> {
  await browser.startTracing(page, {categories: CATEGORIES});
  try {
    const result = await task();
    const {traceEvents} = JSON.parse((await browser.stopTracing()).toString()) as {traceEvents: TraceEvent[]};
    return {result, busy: busyTimes(traceEvents)};
  } catch (error) {
    await browser.stopTracing().catch(() => undefined);
    throw error;
  }
}

function busyTimes(events: TraceEvent[]): number[] {
  const marks = events.filter(({name}) => name === "toggle");
  const ends = marks.filter(({ph}) => ph === "e");
  return marks
    .filter(({ph}) => ph === "b")
    .map(({pid, tid, ts}) => {
      const until = ends.find((end) => end.pid === pid && end.ts >= ts)?.ts ?? ts;
      const tasks = events.filter(
        (event) =>
          event.name === "RunTask" &&
          event.pid === pid &&
          event.tid === tid &&
          event.ts >= ts &&
          event.ts < until
      );
      return tasks.reduce((sum, {tdur = 0}) => sum + tdur, 0) / 1000;
    });
}
