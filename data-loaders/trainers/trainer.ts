/** The one interface behind which runs are trained, wherever that is. */
import type {ProgressLine} from "../../src/core/contract.js";

export interface RunState {
  /** What the place where it trains last said; a hint. Only a verified manifest makes a run done. */
  status: "unknown" | "queued" | "running" | "done" | "failed";
  reason: string;
  progress: ProgressLine | null;
}

export interface Trainer {
  /**
   * Asks for runs whose job folders lie in the store. Those of a group are trained side by side in one process, and each
   * ends by itself. Asking twice does nothing twice.
   */
  submit(groups: string[][]): Promise<void>;
  /** States of all runs asked for, in one query. */
  poll(): Promise<Map<string, RunState>>;
  /** The end of what a run's process said. */
  logs(run: string): Promise<string>;
  /** Stops what is running, at its next checkpoint, and drops what is queued. Resolves when all have stopped. */
  cancel(): Promise<void>;
  /** Brings a finished run's folder to this machine and returns its path. */
  collect(run: string): Promise<string>;
}
