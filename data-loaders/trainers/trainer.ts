/** The one interface behind which runs are trained, wherever that is. */
import type {ProgressLine} from "../../src/core/contract.js";
import type {RunStatus} from "../../src/core/live.js";

export interface RunState {
  /** What the place where it trains last said; a hint. Only a verified manifest makes a run done. */
  status: RunStatus;
  reason: string;
  progress: ProgressLine | null;
  /** For how long processes have done it, in seconds, where the place says so. */
  seconds?: number;
}

/** What a state's reason begins with while its place does not answer. */
export const NO_CONTACT = "no contact with";

export interface Trainer {
  /** Seconds between two questions about runs. */
  readonly pollSeconds: number;
  /**
   * Asks for runs whose job folders lie in the store. Those of a group are trained side by side in one process, and each
   * ends by itself. Asking twice does nothing twice.
   */
  submit(groups: string[][], signal?: AbortSignal): Promise<void>;
  /** States of all runs asked for, in one query. */
  poll(): Promise<Map<string, RunState>>;
  /** The end of what a run's process said. */
  logs(run: string): Promise<string>;
  /** The same as it comes, until the run ends. */
  follow(run: string, onText: (text: string) => void, signal?: AbortSignal): Promise<void>;
  /** Stops what is running, at its next checkpoint, and drops what is queued: these runs, or all that were asked for. */
  cancel(runs?: string[]): Promise<void>;
  /** Parts with what is not done: runs of this machine stop at their checkpoints, others go on. Returns what to tell. */
  leave(): Promise<string>;
  /** Brings a finished run's folder to this machine and returns its path. */
  collect(run: string): Promise<string>;
  /** Lets go of whatever is held, once nothing more is asked for. */
  close(): Promise<void>;
}
