/** Progress of downloads in a terminal, and as plain lines where there is none. Writes to standard error. */
import {Presets, SingleBar} from "cli-progress";
import {formatBytes, formatDuration} from "../../src/core/format.js";
import {bytesLeft} from "../fetch/fetch-dataset.js";
import type {FetchPlan, FetchReport} from "../fetch/fetch-dataset.js";

/** Seconds between lines where output is no terminal. */
const LINE_SECONDS = 15;
/** Milliseconds between two drawings of a bar. */
const REDRAWN = 100;
/** Wide enough to leave nothing of the line before it. */
const CLEAR_LINE = "\u001b[2K\r";

/** Bytes of a download so far, and the time left at the pace so far. */
export class DownloadPace {
  readonly total: number;
  #have: number;
  #gained = 0;
  readonly #began: number;
  readonly #now: () => number;

  constructor(total: number, have: number, now: () => number = Date.now) {
    this.total = total;
    this.#have = have;
    this.#now = now;
    this.#began = now();
  }

  advance(bytes: number): void {
    this.#have += bytes;
    this.#gained += Math.max(0, bytes);
  }

  get have(): number {
    return this.#have;
  }

  /** `12.0 MB of 41.6 MB · 3.1 MB/s · about 9 s left`. */
  describe(): string {
    const seconds = (this.#now() - this.#began) / 1000;
    const pace = seconds > 0 ? this.#gained / seconds : 0;
    const left = pace > 0 ? (this.total - this.#have) / pace : null;
    return [
      `${formatBytes(this.#have)} of ${formatBytes(this.total)}`,
      ...(pace > 0 ? [`${formatBytes(pace)}/s`] : []),
      ...(left !== null && left > 0 ? [`about ${formatDuration(left)} left`] : [])
    ].join(" · ");
  }
}

/** A bar in a terminal, a line now and then elsewhere. */
export class FetchDisplay implements FetchReport {
  readonly #terminal: boolean;
  #pace: DownloadPace | null = null;
  #bar: SingleBar | null = null;
  #title = "";
  #said = 0;

  constructor(terminal: boolean = process.stderr.isTTY ?? false) {
    this.#terminal = terminal;
  }

  begin(plan: FetchPlan): void {
    const total = plan.missing.reduce((sum, {bytes}) => sum + bytes, 0);
    this.#pace = new DownloadPace(total, plan.bytesHere);
    this.#title = plan.hub.dataset;
    this.#said = Date.now();
    if (!this.#terminal) {
      if (plan.missing.length > 0) this.note(`${this.#title}: downloading ${formatBytes(bytesLeft(plan))}`);
      return;
    }
    this.#bar = new SingleBar(
      {format: "{bar} {text}", hideCursor: true, barsize: 24, stream: process.stderr, gracefulExit: false},
      Presets.shades_classic
    );
    this.#bar.start(total, plan.bytesHere, {text: this.#text()});
  }

  advance(bytes: number): void {
    this.#pace?.advance(bytes);
    const every = this.#bar ? REDRAWN : LINE_SECONDS * 1000;
    if (Date.now() - this.#said < every) return;
    this.#said = Date.now();
    if (this.#bar) this.#bar.update(this.#pace?.have ?? 0, {text: this.#text()});
    else this.note(this.#text());
  }

  end(): void {
    this.#bar?.update(this.#pace?.have ?? 0, {text: this.#text()});
    this.#bar?.stop();
    this.#bar = null;
  }

  /** A line of its own, above the bar. */
  note(text: string): void {
    process.stderr.write(`${this.#bar ? CLEAR_LINE : ""}${text}\n`);
  }

  #text(): string {
    return `${this.#title}: ${this.#pace?.describe() ?? ""}`;
  }
}
