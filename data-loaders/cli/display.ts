/** Progress of runs in a terminal, and as plain lines where there is none. */
import {MultiBar, Presets} from "cli-progress";
import type {SingleBar} from "cli-progress";
import {NO_CONTACT} from "../trainers/trainer.js";
import type {RunState} from "../trainers/trainer.js";
import type {RunDisplay, RunStates, WatchedRun} from "../trainers/watch-runs.js";
import {isSettled, type RunStatus} from "../../src/core/live.js";
import {formatCount, formatDuration} from "../../src/core/format.js";
import type {PlaceCost} from "../places/open-place.js";

/** Seconds between lines where output is no terminal. */
const LINE_SECONDS = 15;

/**
 * Bars in a terminal, a line now and then elsewhere. Writes to standard error, so that output stays for results.
 *
 * @param cost of a run at a place that is not this machine
 */
export function createDisplay(
  cost: PlaceCost | null = null,
  terminal: boolean = process.stderr.isTTY ?? false
): RunDisplay {
  return terminal ? new BarDisplay(cost) : new LineDisplay(cost);
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
  measure(states: RunStates): {share: number; ends: string; eta: number | null} {
    const share =
      this.#runs.reduce((sum, watched) => sum + shareOf(watched, states.get(watched.run)), 0) /
      this.#runs.length;
    this.#atStart ??= share;
    const gained = share - this.#atStart;
    const seconds = (Date.now() - this.#began) / 1000;
    return {
      share,
      ends: endsOf(this.#runs, states),
      eta: gained > 0 && share < 1 ? (seconds * (1 - share)) / gained : null
    };
  }
}

/** Scoring is taken as a tenth of a run. */
const SCORING = 0.1;

function shareOf({steps}: WatchedRun, state: RunState | undefined): number {
  if (!state) return 0;
  if (isSettled(state.status)) return 1;
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

/** `2 running, 5 queued · 12.3k tokens/s · 1.3 GPU-hours, 2.47 EUR`: what bars of single runs do not show. */
export function describeFleet(states: RunStates, cost: PlaceCost | null): string {
  if (!cost) return "";
  const all = [...states.values()];
  const running = all.filter(({status}) => status === "running");
  const queued = all.filter(({status}) => status === "queued" || status === "unknown").length;
  const speed = running.reduce((sum, {progress}) => sum + (progress?.tokens_per_second ?? 0), 0);
  const hours = (all.reduce((sum, {seconds = 0}) => sum + seconds, 0) * cost.gpus) / 3600;
  const money = cost.price === null ? "" : `, ${(hours * cost.price).toFixed(2)} ${cost.currency}`;
  const silent = all.find(({reason}) => reason.startsWith(NO_CONTACT))?.reason ?? "";
  return [
    `${running.length} running, ${queued} queued`,
    speed > 0 ? `${formatCount(Math.round(speed))} tokens/s` : "",
    cost.gpus > 0 ? `${hours.toFixed(1)} GPU-hours${money}` : "",
    silent
  ]
    .filter(Boolean)
    .join(" · ");
}

class BarDisplay implements RunDisplay {
  readonly #cost: PlaceCost | null;
  #bars: MultiBar | null = null;
  #total: SingleBar | null = null;
  #lines: SingleBar[] = [];
  #runs: WatchedRun[] = [];
  #pace: Pace | null = null;

  constructor(cost: PlaceCost | null) {
    this.#cost = cost;
  }

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
    const {share, ends, eta} = this.#pace!.measure(states);
    this.#total!.update(Math.round(share * 1000), {
      text: summary(ends, eta, describeFleet(states, this.#cost))
    });
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
  readonly #cost: PlaceCost | null;
  #runs: WatchedRun[] = [];
  #pace: Pace | null = null;
  #said = 0;
  #title = "";

  constructor(cost: PlaceCost | null) {
    this.#cost = cost;
  }

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
    const {ends, eta} = this.#pace!.measure(states);
    const running = this.#runs
      .filter(({run}) => states.get(run)?.status === "running")
      .map(({run, title}) => `${title} (${describeProgress(states.get(run)!)})`);
    process.stderr.write(
      `${this.#title}: ${summary(ends, eta, describeFleet(states, this.#cost))} · ${running.join("; ")}\n`
    );
  }

  end(states: Map<string, RunState>): void {
    const {ends} = this.#pace!.measure(states);
    process.stderr.write(`${this.#title}: ${summary(ends, null)}\n`);
  }
}

/** `12 of 20 runs done, 1 failed, 2 cancelled`. */
function endsOf(runs: readonly WatchedRun[], states: RunStates): string {
  const count = (status: RunStatus) => runs.filter(({run}) => states.get(run)?.status === status).length;
  const others = (["failed", "cancelled"] as const).filter((status) => count(status) > 0);
  return [
    `${count("done")} of ${runs.length} runs done`,
    ...others.map((status) => `${count(status)} ${status}`)
  ].join(", ");
}

function summary(ends: string, eta: number | null, fleet = ""): string {
  const left = eta === null ? "" : ` · about ${formatDuration(eta)} left`;
  const more = fleet === "" ? "" : ` · ${fleet}`;
  return `${ends}${more}${left}`;
}
