/** What Slurm's word about a task means. */
import type {EndCause} from "./run-endings.js";
import type {Hint} from "./run-standing.js";

/** A task, as squeue, sacct or scontrol tell of it. */
export interface SlurmTask {
  /** `COMPLETED`, `CANCELLED by 1000`, …; its first word counts. */
  state: string;
  /** Why it waits, or why it ended. */
  reason: string;
}

const RUNNING = new Set([
  "RUNNING",
  "COMPLETING",
  "CONFIGURING",
  "RESIZING",
  "SIGNALING",
  "STAGE_OUT",
  "STOPPED",
  "SUSPENDED"
]);

/** States in which a task is over. No cause: Slurm doesn't say why. */
const ENDED: Record<string, EndCause | undefined> = {
  COMPLETED: undefined,
  FAILED: undefined,
  BOOT_FAIL: "node-lost",
  NODE_FAIL: "node-lost",
  LAUNCH_FAILED: "node-lost",
  RECONFIG_FAIL: "node-lost",
  CANCELLED: "cancelled",
  DEADLINE: "timeout",
  TIMEOUT: "timeout",
  OUT_OF_MEMORY: "out-of-memory",
  PREEMPTED: "preempted",
  REVOKED: "preempted"
};

/** Reasons that say no more than the state does. */
const SILENT = new Set(["", "None", "(null)"]);

/** Slurm's word as a hint. A state that is none (garbage, or a newer Slurm's) gives null: unknown. */
export function slurmHint({state, reason}: SlurmTask): Hint | null {
  const [name = ""] = state.trim().split(/[\s+]/);
  const words = SILENT.has(reason) ? name : `${name} (${reason})`;
  if (RUNNING.has(name)) return {state: "running", words};
  if (Object.hasOwn(ENDED, name)) {
    const cause = ENDED[name];
    return cause ? {state: "ended", cause, words} : {state: "ended", words};
  }
  // Queued again after it ran: REQUEUED, REQUEUE_HOLD, REQUEUE_FED, SPECIAL_EXIT.
  return /^(?:PENDING|REQUEUE\w*|SPECIAL_EXIT)$/.test(name) ? {state: "waiting", words} : null;
}

/** How Slurm and the system say in a task's log that memory did not suffice, and that time did not. */
const SAID: [EndCause, RegExp][] = [
  ["out-of-memory", /exceeded (?:job|step)?\s*memory limit|oom[-_ ]?kill|out of memory/i],
  ["timeout", /CANCELLED AT .* DUE TO TIME LIMIT/],
  ["preempted", /CANCELLED AT .* DUE TO PREEMPTION/],
  ["node-lost", /CANCELLED AT .* DUE TO NODE FAILURE/]
];

/** A hint that names no cause, with the cause and the words that the end of the task's log gives. */
export function explainHint(hint: Hint, said: string): Hint {
  const lines = said.trim().split("\n").reverse();
  const last = lines[0]?.trim() ?? "";
  const cause = lines.flatMap((line) => SAID.filter(([, words]) => words.test(line)))[0]?.[0];
  const words = last === "" ? hint.words : `${hint.words}: ${last}`;
  return cause ? {...hint, cause, words} : {...hint, words};
}
