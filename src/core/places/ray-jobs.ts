/** What Ray says of its jobs, and what that means: a hint, never the truth. */
import type {EndCause} from "../run-endings.js";
import type {Hint} from "../run-standing.js";

/** A job in Ray's table, as far as it is read here. */
export interface RayJob {
  submission_id: string;
  status: string;
  message: string;
  error_type: string | null;
  driver_exit_code: number | null;
}

/**
 * The id under which a job is submitted for a run: the same from wherever it is asked for, so that Ray itself refuses
 * the second. `turn` counts the jobs that have ended without it being done.
 */
export function submissionId(place: string, run: string, turn: number): string {
  return `because-${place}-${run}-${turn}`;
}

/** What an id of ours says; null for jobs of others. */
export function parseSubmissionId(id: string, place: string): {run: string; turn: number} | null {
  const found = /^because-([0-9a-f]+)-([0-9a-f]{16})-(\d{1,9})$/.exec(id);
  return found?.[1] === place ? {run: found[2]!, turn: Number(found[3])} : null;
}

/** Jobs of this place, from a table that holds those of others too. */
export function ownJobs(jobs: readonly RayJob[], place: string): RayJob[] {
  return jobs.filter(({submission_id}) => parseSubmissionId(submission_id, place) !== null);
}

/** Whether Ray takes a job for one that goes on, or will. */
export function isLive({status}: RayJob): boolean {
  return status === "PENDING" || status === "RUNNING";
}

/** The job to be there for a run: the one that goes on, or the next turn. */
export function nextTurn(jobs: readonly RayJob[], place: string, run: string): {id: string; live: boolean} {
  const turns = jobs
    .map((job) => ({job, parsed: parseSubmissionId(job.submission_id, place)}))
    .filter(({parsed}) => parsed?.run === run);
  const going = turns.find(({job}) => isLive(job));
  if (going) return {id: going.job.submission_id, live: true};
  const last = Math.max(0, ...turns.map(({parsed}) => parsed!.turn));
  return {id: submissionId(place, run, last + 1), live: false};
}

/**
 * Whether a job waited longer for resources than Ray lets one wait (15 minutes unless the cluster says otherwise), after
 * which Ray calls it failed. Nothing was wrong with it.
 */
export function waitedTooLong({status, error_type}: RayJob): boolean {
  return status === "FAILED" && error_type === "JOB_SUPERVISOR_ACTOR_START_TIMEOUT";
}

/** Exit codes of a worker that was asked to leave or killed, rather than one that could not begin. */
const ENDED_FROM_OUTSIDE = new Set([0, 129, 130, 137, 138, 140, 143]);

/** Whether a job could not even begin: no such Python, no such folder, an environment that Ray could not make. */
export function couldNotBegin({status, error_type, driver_exit_code}: RayJob): boolean {
  if (status !== "FAILED") return false;
  if (error_type === "RUNTIME_ENV_SETUP_FAILURE" || error_type === "JOB_ENTRYPOINT_COMMAND_START_ERROR")
    return true;
  return driver_exit_code !== null && driver_exit_code > 0 && !ENDED_FROM_OUTSIDE.has(driver_exit_code);
}

/** What Ray's word means for a run that a job was submitted for, or that one holds. */
export function hintOf(job: RayJob): Hint {
  const {status, message} = job;
  if (status === "PENDING") return {state: "waiting", words: "waits at Ray for resources"};
  if (status === "RUNNING") return {state: "running", words: "Ray runs its job"};
  if (waitedTooLong(job)) return {state: "waiting", words: "no resources at Ray so far; asked for again"};
  if (status === "SUCCEEDED") return {state: "ended", words: "its Ray job ended before it was done"};
  if (status === "STOPPED") return {state: "ended", words: "its Ray job was stopped"};
  const cause = causeOf(job);
  return {state: "ended", ...(cause && {cause}), words: `its Ray job failed${said(message)}`};
}

function causeOf({error_type, message}: RayJob): EndCause | undefined {
  if (/OutOfMemory|out of memory|OOM|memory pressure/i.test(message)) return "out-of-memory";
  if (
    /node (?:\S+ )?(?:has )?(?:died|is dead|was terminated|was marked dead)|node (?:failure|death)/i.test(
      message
    )
  )
    return "node-lost";
  if (/preempt/i.test(message)) return "preempted";
  return error_type === "JOB_SUPERVISOR_ACTOR_DIED" ? "node-lost" : undefined;
}

/** The last line of what Ray says, since it puts the log's end there; short. */
function said(message: string): string {
  const lines = message.split("\n").map((line) => line.trim());
  const last = lines.filter((line) => line !== "").at(-1) ?? "";
  return last ? `: ${last.slice(0, 300)}` : "";
}
