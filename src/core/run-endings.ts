/** Why a run ended before it was done, told apart by everything that is known, and whether beginning it again helps. */
import type {Manifest} from "./contract.js";
import {FAILURES} from "./run-failures.js";

export const END_CAUSES = [
  "out-of-memory",
  "timeout",
  "preempted",
  "node-lost",
  "bad-data",
  "diverged",
  "code-error",
  "cancelled",
  "killed",
  "unknown"
] as const;
export type EndCause = (typeof END_CAUSES)[number];

/** What a place notes when a run's process ends and no manifest says how (`ending.json`). */
export interface Ending {
  /** `left`: it was asked to leave, and goes on from its checkpoint. */
  status: "failed" | "left" | "cancelled";
  reason: string;
  /** Exit code; negative for a signal. */
  code?: number;
  /** Whether the system killed processes there for want of memory meanwhile. */
  memory?: boolean;
  /** Whether its machine or process was lost each time. */
  lost?: boolean;
  /** What its process said last. */
  last?: string;
  /** Why it was asked to leave, where that is known. */
  cause?: EndCause;
}

export interface EndFacts {
  manifest: Pick<Manifest, "status" | "cause"> | null;
  ending: Ending | null;
  /** The scheduler's word, where it named a cause. */
  hint?: {cause?: EndCause};
  /** Whether the process that held the run is gone without a word. */
  lost: boolean;
}

const OF_MANIFEST: Record<NonNullable<Manifest["cause"]>, EndCause> = {
  "out-of-memory": "out-of-memory",
  diverged: "diverged",
  "bad-input": "bad-data",
  error: "code-error"
};

/** Lines by which libraries and systems say that memory did not suffice. */
const OUT_OF_MEMORY =
  /out of memory|oom[-_ ]?kill|cannot allocate memory|MemoryError|CUBLAS_STATUS_ALLOC_FAILED/i;
const BAD_DATA = /(?:ArrowInvalid|ParquetError|FileNotFoundError|UnicodeDecodeError):/;
const CODE_ERROR = /^(?:Traceback|\w*(?:Error|Exception)\b.*:)/m;

/** The manifest's word first, then what the process left, then the scheduler's; a signal alone tells little. */
export function endingCause({manifest, ending, hint, lost}: EndFacts): EndCause {
  if (manifest?.status === "failed") return OF_MANIFEST[manifest.cause ?? "error"];
  if (ending?.status === "cancelled") return "cancelled";
  if (hint?.cause) return hint.cause;
  if (ending?.memory || OUT_OF_MEMORY.test(ending?.last ?? "")) return "out-of-memory";
  if (ending?.status === "left") return ending.cause ?? "preempted";
  if (ending?.lost || (lost && !ending)) return "node-lost";
  if (ending?.code === undefined) return lost ? "node-lost" : "unknown";
  if (ending.code < 0 || ending.code > 128) return "killed";
  if (BAD_DATA.test(ending.last ?? "")) return "bad-data";
  return CODE_ERROR.test(ending.last ?? "") || ending.code > 0 ? "code-error" : "unknown";
}

/** What beginning a run again would do. */
export type Remedy = "resume" | "smaller" | "none";

/**
 * Whether it helps: `resume` from the checkpoint where something outside of the run ended it, with a `smaller`
 * micro-batch (and the same batch) where the machine's memory did not suffice, and `none` where it would end alike. A
 * trainer whose GPU's memory did not suffice has halved its micro-batch itself before it gave up.
 */
export function remedyFor(cause: EndCause, {manifest}: Pick<EndFacts, "manifest">): Remedy {
  switch (cause) {
    case "timeout":
    case "preempted":
    case "node-lost":
    case "killed":
    case "unknown":
      return "resume";
    case "out-of-memory":
      return manifest ? "none" : "smaller";
    default:
      return "none";
  }
}

const TITLES: Record<EndCause, {title: string; mend: string}> = {
  "out-of-memory": FAILURES["out-of-memory"],
  timeout: {
    title: "time limit reached",
    mend: "It goes on from its checkpoint; a longer limit spares the pauses."
  },
  preempted: {title: "preempted", mend: ""},
  "node-lost": {title: "node lost", mend: ""},
  "bad-data": FAILURES["bad-input"],
  diverged: FAILURES.diverged,
  "code-error": {title: "error", mend: ""},
  cancelled: {title: "cancelled", mend: ""},
  killed: {title: "killed", mend: ""},
  unknown: {title: "ended for an unknown reason", mend: ""}
};

/** `out of memory: reason (last words) mend`, for people. */
export function describeEnding(cause: EndCause, reason: string, last = ""): string {
  const {title, mend} = TITLES[cause];
  const told = reason === "" || reason === title ? title : `${title}: ${reason}`;
  return [told, last !== "" && !told.includes(last) ? `(${last})` : "", mend].filter(Boolean).join(" ");
}
