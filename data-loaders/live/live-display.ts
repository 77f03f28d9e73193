/** Notes what a display is shown, beside showing it: the preview's Live page reads it from the store. */
import {join} from "node:path";
import {addLoss, type LiveRun, type LossPoint} from "../../src/core/live.js";
import {writeAtomically} from "../stages/atomic-files.js";
import type {Context} from "../stages/context.js";
import {tailOf} from "../trainers/run-state.js";
import type {RunState} from "../trainers/trainer.js";
import type {RunDisplay, RunStates, WatchedRun} from "../trainers/watch-runs.js";
import {liveFile, readLive} from "./live-file.js";

/** Milliseconds between two notes. */
const PAUSE = 1000;
/** Bytes of a log's end, of which the last line is shown. */
const TAIL = 2048;
/** Characters of it. */
const LONGEST = 200;

/**
 * A display that also notes runs in the store.
 *
 * @param place where they are trained
 */
export class LiveDisplay implements RunDisplay {
  readonly #display: RunDisplay;
  readonly #context: Context;
  readonly #place: string;
  readonly #losses = new Map<string, LossPoint[]>();
  #stage = "";
  #runs: WatchedRun[] = [];
  #noted = 0;
  /** Notes are written one after another. */
  #writing: Promise<void> = Promise.resolve();

  constructor(display: RunDisplay, context: Context, place: string) {
    this.#display = display;
    this.#context = context;
    this.#place = place;
    this.#writing = this.#recall();
  }

  begin(stage: string, runs: WatchedRun[]): void {
    this.#display.begin(stage, runs);
    [this.#stage, this.#runs, this.#noted] = [stage, runs, 0];
    this.#note(new Map(), false);
  }

  update(states: RunStates): void {
    this.#display.update(states);
    for (const [run, {progress}] of states) {
      if (progress?.loss === undefined || progress.step === undefined) continue;
      const {step, loss, time} = progress;
      const known = this.#losses.get(run) ?? [];
      if (known.at(-1)?.step !== step) this.#losses.set(run, addLoss(known, {step, loss, time}));
    }
    if (Date.now() - this.#noted < PAUSE) return;
    this.#noted = Date.now();
    this.#note(states, false);
  }

  end(states: RunStates): void {
    this.#display.end(states);
    this.#note(states, true);
  }

  /** Curves of a pipeline before this one: who follows runs again goes on with them. */
  async #recall(): Promise<void> {
    const before = await readLive(this.#file());
    for (const {run, losses} of before?.runs ?? []) if (!this.#losses.has(run)) this.#losses.set(run, losses);
  }

  #file(): string {
    return liveFile(this.#context.store, this.#context.file.id);
  }

  #note(states: RunStates, ended: boolean): void {
    const [stage, watched] = [this.#stage, this.#runs];
    const seen = new Map(states);
    this.#writing = this.#writing
      .then(async () => {
        const runs = await Promise.all(watched.map((run) => this.#describe(run, seen.get(run.run))));
        const {title} = this.#context.file.study;
        const note = {title, stage, place: this.#place, at: Date.now() / 1000, ended, runs};
        await writeAtomically(this.#file(), `${JSON.stringify(note)}\n`);
      })
      .catch(() => undefined); // a note is worth less than the runs
  }

  async #describe({run, title, steps}: WatchedRun, state: RunState | undefined): Promise<LiveRun> {
    const {status = "queued", reason = "", progress = null} = state ?? {};
    return {
      run,
      title,
      status,
      word: status === "running" ? reason || (await this.#lastLine(run)) : reason,
      step: progress?.step ?? null,
      steps: progress?.steps ?? steps,
      tokens_per_second: (status === "running" && progress?.tokens_per_second) || null,
      losses: this.#losses.get(run) ?? []
    };
  }

  async #lastLine(run: string): Promise<string> {
    const text = await tailOf(join(this.#context.store.runs, run, "trainer.log"), TAIL);
    const lines = text.split("\n").map((line) => line.trim());
    return (lines.filter(Boolean).at(-1) ?? "").slice(-LONGEST);
  }
}
