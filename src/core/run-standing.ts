/** How a run at a place stands, from what its folder says and, as a hint, what a scheduler says. */
import type {Manifest, ProgressLine} from "./contract.js";
import {describeEnding, endingCause, remedyFor} from "./run-endings.js";
import type {EndCause, Ending} from "./run-endings.js";

/** What the place's folder says of a run (`because_fleet look`). */
export interface RunLook {
  run: string;
  /** Whether its job folder is there. */
  job: boolean;
  manifest: Manifest | null;
  /** How its last process ended, where no manifest says it. */
  ending: Ending | null;
  /** What was asked for, with the scheduler's id of the job where there is one. */
  submitted: {at: number; job: string | null; group?: string[]} | null;
  /** The process that does it: whether it is there, and for how many seconds it has been silent. */
  claim: {
    host: string;
    job?: string | null;
    condition: "held" | "lost" | "free";
    silent: number;
    age: number;
  } | null;
  progress: ProgressLine | null;
  /** Lines that are kept of its tries. */
  attempts: number;
  /** The end of its log, where it failed. */
  said: string | null;
}

/**
 * A scheduler's word. `gone`: it was asked, could answer, and knows the job no more. A job that it says nothing about has
 * no hint at all, which is unknown and never failed.
 */
export interface Hint {
  state: "waiting" | "running" | "ended" | "gone";
  /** Why it ended or waits, where the scheduler says so. */
  cause?: EndCause;
  /** In the scheduler's own words, for people. */
  words: string;
}

export interface Standing {
  status: "unknown" | "queued" | "running" | "arriving" | "failed" | "cancelled";
  reason: string;
  /** Whether it has to be begun again by whoever asked for it: nobody does it, and nobody will. */
  lost: boolean;
}

/**
 * The rules, in order: the manifest is the truth; then what the last process left; then who holds the run; the
 * scheduler's word only says what a run waits for, or that nobody will come.
 */
export function standingOf(look: RunLook, hint: Hint | undefined): Standing {
  const {manifest, ending, submitted, claim} = look;
  if (manifest?.status === "done") return standing("arriving", "finished; its files are to be brought");
  const held = claim?.condition === "held";
  if (!submitted && !held) return ended(look, hint);
  if (held) return standing("running", claim.host ? `at ${claim.host}` : "");
  if (hint?.state === "waiting") return standing("queued", hint.words);
  if (hint?.state === "running") return standing("queued", `${hint.words}; not begun`);
  const why = endingCause({manifest, ending, hint, lost: claim?.condition === "lost"});
  const over = hint?.state === "ended" || hint?.state === "gone" || claim?.condition === "lost";
  if (over && remedyFor(why, {manifest}) === "none") return endedBy(why, hint?.words ?? ending?.reason ?? "");
  if (over)
    return {
      ...standing("queued", `${describeEnding(why, hint?.words ?? "its process is gone")}`),
      lost: true
    };
  return standing("queued", ending?.status === "left" ? ending.reason : "waits");
}

function ended(look: RunLook, hint: Hint | undefined): Standing {
  const {manifest, ending, said} = look;
  if (!manifest && !ending) {
    if (hint?.state === "waiting") return standing("queued", hint.words);
    return {...standing("unknown", "not asked for there"), lost: true};
  }
  const cause = endingCause({manifest, ending, hint, lost: false});
  const reason = manifest?.reason ?? ending?.reason ?? "";
  return endedBy(cause, reason, lastWords(said));
}

/** Somebody's wish is no failure. */
function endedBy(cause: EndCause, reason: string, last = ""): Standing {
  const told = describeEnding(cause, reason, cause === "cancelled" ? "" : last);
  return standing(cause === "cancelled" ? "cancelled" : "failed", told);
}

/** The last line of a log that says something. */
function lastWords(said: string | null): string {
  const lines = (said ?? "").split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "").at(-1) ?? "";
}

function standing(status: Standing["status"], reason: string): Standing {
  return {status, reason, lost: false};
}
