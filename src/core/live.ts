/** Runs that are being trained, as a preview of the notebook follows them. */

/** How a run is getting on, as far as the place where it trains says. */
export const RUN_STATUSES = ["unknown", "queued", "running", "done", "failed", "cancelled"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Whether nothing more comes of a run by itself. */
export function isSettled(status: RunStatus): boolean {
  return status === "done" || status === "failed" || status === "cancelled";
}

/** What is known of one run. */
export interface LiveRun {
  run: string;
  title: string;
  status: RunStatus;
  /** Why it waits, failed, or where it is; the last line of its log where there is nothing else to say. */
  word: string;
  step: number | null;
  /** 0 for what has no steps. */
  steps: number;
  tokens_per_second: number | null;
  /** Loss along the training, in nats a token: thinned, and the last is the latest. */
  losses: LossPoint[];
}

export interface LossPoint {
  step: number;
  loss: number;
  /** UNIX time in seconds. */
  time: number;
}

/** A study's runs as one pipeline last saw them. */
export interface LiveStudy {
  /** Of the study in its store. */
  id: string;
  title: string;
  /** What is being done: `training`, or what comes before it. */
  stage: string;
  place: string;
  /** When it was written, UNIX time in seconds. */
  at: number;
  /** Whether the pipeline has ended; runs of other places may go on. */
  ended: boolean;
  runs: LiveRun[];
}

/** Points of a curve that are kept: more than a line of some centimetres can show. */
export const MOST_POINTS = 120;

/**
 * Adds a point. Where there are too many, every second one goes, the ends excepted. A step that comes again, after a run
 * went back to its checkpoint, takes the place of what was there.
 */
export function addLoss(losses: readonly LossPoint[], point: LossPoint): LossPoint[] {
  const before = losses.filter(({step}) => step < point.step);
  const added = [...before, point];
  if (added.length <= MOST_POINTS) return added;
  return added.filter((_, i) => i % 2 === 0 || i === added.length - 1);
}

/** Seconds until a run is through its steps, at its pace so far; null where that cannot be said. */
export function secondsLeft({status, step, steps, losses}: LiveRun): number | null {
  const [first, last] = [losses[0], losses.at(-1)];
  if (status !== "running" || step === null || !first || !last) return null;
  const [done, seconds] = [last.step - first.step, last.time - first.time];
  return done > 0 && seconds > 0 ? (Math.max(0, steps - step) * seconds) / done : null;
}

/** `3 running · 12 queued · 5 of 20 done · 1 failed · 2 cancelled`. */
export function countsOf(runs: readonly LiveRun[]): string {
  const count = (status: RunStatus): number => runs.filter((run) => run.status === status).length;
  const ends = (["failed", "cancelled"] as const).filter((status) => count(status) > 0);
  return [
    `${count("running")} running`,
    `${count("queued") + count("unknown")} queued`,
    `${count("done")} of ${runs.length} done`,
    ...ends.map((status) => `${count(status)} ${status}`)
  ].join(" · ");
}

const ORDER: readonly RunStatus[] = ["running", "failed", "cancelled", "queued", "unknown", "done"];

/** What is going on first, what is done last; otherwise as planned. */
export function inOrder(runs: readonly LiveRun[]): LiveRun[] {
  return [...runs].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
}
