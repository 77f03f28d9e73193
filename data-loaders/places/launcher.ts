/** What differs between places: how runs that were asked for are begun, and what is heard of them there. */
import type {Hint, RunLook} from "../../src/core/run-standing.js";

export interface Launcher {
  /** Runs that the place can do at a time: how many groups arms of one base are cut into. */
  readonly workers: number;
  /** GPUs that a run takes, for what it costs; 0 where it takes none. */
  readonly gpus: number;
  /** Seconds between two questions about runs. */
  readonly pollSeconds: number;
  /**
   * Sees to it that groups of runs are begun. Their job folders are at the place and they are noted as asked for, each
   * once, whoever asks. May be called again for the same runs, and then does nothing twice.
   *
   * @param groups runs that one process trains side by side, in the order in which they are to be begun
   */
  launch(groups: string[][]): Promise<void>;
  /**
   * Looks after runs that are not settled: asks the scheduler about all of them in one query, keeps workers there.
   *
   * @returns what the scheduler said, run by run; nothing for a run that it said nothing about, which means unknown
   */
  tend(looks: RunLook[]): Promise<Map<string, Hint>>;
  /** Takes runs back, after they were withdrawn at the place: what runs is asked to stop there already. */
  cancel(runs: RunLook[]): Promise<void>;
}
