/** Progress of runs in a terminal, and as plain lines where there is none. */
import {MultiBar, Presets} from "cli-progress";
import type {SingleBar} from "cli-progress";
import type {RunState} from "../trainers/trainer.js";
import type {RunDisplay, WatchedRun} from "../trainers/watch-runs.js";
import {formatDuration} from "../../src/core/format.js";

/** Seconds between lines where output is no terminal. */
const LINE_SECONDS = 15;

/** Bars in a terminal, a line now and then elsewhere. Writes to standard error, so that output stays for results. */
export function createDisplay(terminal: boolean = process.stderr.isTTY ?? false): RunDisplay {
  return terminal ? new BarDisplay() : new LineDisplay();
}

/** Share of all work that is done, counting each run's steps and one step's worth for each run's scoring. */
export class Pace {
  readonly #runs: WatchedRun[];
  readonly #began = Date.now();
  #atStart: number | null = null;

  constructor(runs: WatchedRun[]) {
    this.#runs = runs;
  }

  /** Seconds left, from the pace so far; null before anything was done. */
  measure(states: Map<string, RunState>): {share: number; done: number; failed: number; eta: number | null} {
    const count = (status: RunState["status"]) =>
      this.#runs.filter(({run}) => states.get(run)?.status === status).length;
    const share =
      this.#runs.reduce((sum, watched) => sum + shareOf(watched, states.get(watched.run)), 0) /
      this.#runs.length;
    this.#atStart ??= share;
    const gained = share - this.#atStart;
    const seconds = (Date.now() - this.#began) / 1000;
    return {
      share,
      done: count("done"),
      failed: count("failed"),
      eta: gained > 0 ? (seconds * (1 - share)) / gained : null
    };
  }
}

/** Scoring is taken as a tenth of a run. */
const SCORING = 0.1;

function shareOf({steps}: WatchedRun, state: RunState | undefined): number {
  if (!state) return 0;
  if (state.status === "done" || state.status === "failed") return 1;
  const {progress} = state;
  if (!progress || steps === 0) return 0;
  return (
    (progress.phase === "score" || progress.event === "score"
      ? 1
      : Math.min(1, (progress.step ?? 0) / steps)) *
    (1 - SCORING)
  );
}

/** `step 340 of 800 · loss 1.23`, or what a run does instead. */
export function describeProgress({progress, status}: RunState): string {
  if (status !== "running" || !progress) return status === "running" ? "starting" : status;
  if (progress.event === "left")
    return `stopped as asked${progress.step ? `, at step ${progress.step}` : ""}`;
  if (progress.event === "score" || progress.phase === "score") return "scoring";
  const loss = progress.loss === undefined ? "" : ` · loss ${progress.loss.toFixed(3)}`;
  return progress.step === undefined
    ? "starting"
    : `step ${progress.step} of ${progress.steps ?? "?"}${loss}`;
}

class BarDisplay implements RunDisplay {
  #bars: MultiBar | null = null;
  #total: SingleBar | null = null;
  #lines: SingleBar[] = [];
  #runs: WatchedRun[] = [];
  #pace: Pace | null = null;

  begin(title: string, runs: WatchedRun[]): void {
    this.#runs = runs;
    this.#pace = new Pace(runs);
    this.#bars = new MultiBar(
      {
        format: "{bar} {text}",
        hideCursor: true,
        barsize: 24,
        clearOnComplete: false,
        stream: process.stderr,
        gracefulExit: false
      },
      Presets.shades_classic
    );
    this.#total = this.#bars.create(1000, 0, {text: title});
    this.#lines = [];
  }

  update(states: Map<string, RunState>): void {
    const {share, done, failed, eta} = this.#pace!.measure(states);
    this.#total!.update(Math.round(share * 1000), {text: summary(this.#runs.length, done, failed, eta)});
    const running = this.#runs.filter(({run}) => states.get(run)?.status === "running");
    while (this.#lines.length < running.length) this.#lines.push(this.#bars!.create(1000, 0, {text: ""}));
    this.#lines.forEach((line, i) => {
      const watched = running[i];
      const state = watched && states.get(watched.run);
      line.update(state ? Math.round((shareOf(watched, state) / (1 - SCORING)) * 1000) : 0, {
        text: state ? `${watched.title} · ${describeProgress(state)}` : "idle"
      });
    });
  }

  end(states: Map<string, RunState>): void {
    this.update(states);
    this.#bars!.stop();
  }
}

class LineDisplay implements RunDisplay {
  #runs: WatchedRun[] = [];
  #pace: Pace | null = null;
  #said = 0;
  #title = "";

  begin(title: string, runs: WatchedRun[]): void {
    this.#runs = runs;
    this.#title = title;
    this.#pace = new Pace(runs);
    this.#said = Date.now();
    process.stderr.write(`${title}: ${runs.length} ${runs.length === 1 ? "run" : "runs"} to train\n`);
  }

  update(states: Map<string, RunState>): void {
    if (Date.now() - this.#said < LINE_SECONDS * 1000) return;
    this.#said = Date.now();
    const {done, failed, eta} = this.#pace!.measure(states);
    const running = this.#runs
      .filter(({run}) => states.get(run)?.status === "running")
      .map(({run, title}) => `${title} (${describeProgress(states.get(run)!)})`);
    process.stderr.write(
      `${this.#title}: ${summary(this.#runs.length, done, failed, eta)} · ${running.join("; ")}\n`
    );
  }

  end(states: Map<string, RunState>): void {
    const {done, failed} = this.#pace!.measure(states);
    process.stderr.write(`${this.#title}: ${summary(this.#runs.length, done, failed, null)}\n`);
  }
}

function summary(runs: number, done: number, failed: number, eta: number | null): string {
  const left = eta === null ? "" : ` · about ${formatDuration(eta)} left`;
  return `${done} of ${runs} runs done${failed > 0 ? `, ${failed} failed` : ""}${left}`;
}
