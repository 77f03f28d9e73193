/** Follows submitted runs until none is left to wait for. */
import {setTimeout as sleep} from "node:timers/promises";
import {isSettled} from "../../src/core/live.js";
import type {RunState, Trainer} from "./trainer.js";

/** Run → how it is getting on. */
export type RunStates = Map<string, RunState>;

/** Shows how runs are getting on. */
export interface RunDisplay {
  begin(title: string, runs: WatchedRun[]): void;
  update(states: Map<string, RunState>): void;
  end(states: Map<string, RunState>): void;
}

/** A run as a display needs it. */
export interface WatchedRun {
  run: string;
  title: string;
  steps: number;
}

/** Polls until nothing more comes of any run, or `signal` asks to stop. Returns the last states. */
export async function watchRuns(
  trainer: Trainer,
  runs: string[],
  update: (states: Map<string, RunState>) => void,
  signal: AbortSignal
): Promise<Map<string, RunState>> {
  for (;;) {
    const states = await trainer.poll();
    update(states);
    const settled = runs.every((run) => isSettled(states.get(run)?.status ?? "unknown"));
    if (settled || signal.aborted) return states;
    await sleep(trainer.pollSeconds * 1000, undefined, {signal}).catch(() => undefined);
  }
}
