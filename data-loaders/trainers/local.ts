/**
 * The embedded trainer: child processes on this machine, each of which trains one run after another (a process
 * that is kept saves some four seconds of imports a run).
 */
import {spawn} from "node:child_process";
import type {ChildProcessWithoutNullStreams} from "node:child_process";
import {appendFile, mkdir} from "node:fs/promises";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {lastProgress, tailOf, verifyRun} from "./run-state.js";
import type {RunState, Trainer} from "./trainer.js";

export interface LocalOptions {
  python: string;
  /** Folder that holds the package `because_trainer`. */
  package: string;
  jobs: string;
  runs: string;
  processes: number;
}

/** A process that ends unasked is replaced and its run goes on from its checkpoint, this many times. */
const RETRIES = 2;
/** Seconds that a process may take to reach a checkpoint when asked to stop. */
const GRACE_SECONDS = 20;

interface Worker {
  process: ChildProcessWithoutNullStreams;
  run: string | null;
  ended: Promise<void>;
}

export class LocalTrainer implements Trainer {
  readonly #options: LocalOptions;
  readonly #states = new Map<string, RunState>();
  readonly #tries = new Map<string, number>();
  readonly #workers = new Set<Worker>();
  #queue: string[] = [];
  #stopped = false;

  constructor(options: LocalOptions) {
    this.#options = options;
  }

  async submit(runs: string[]): Promise<void> {
    for (const run of runs) {
      const known = this.#states.get(run)?.status;
      if (known === "queued" || known === "running" || known === "done") continue;
      const {status, reason} = await verifyRun(join(this.#options.runs, run));
      if (status === "done") this.#set(run, "done", reason);
      else {
        this.#set(run, "queued", "waits for a free process");
        this.#queue.push(run);
      }
    }
    while (this.#workers.size < Math.min(this.#options.processes, this.#unfinished())) this.#start();
    for (const worker of this.#workers) if (!worker.run) await this.#next(worker);
  }

  async poll(): Promise<Map<string, RunState>> {
    for (const [run, state] of this.#states)
      if (state.status === "running")
        state.progress = (await lastProgress(join(this.#options.runs, run))) ?? state.progress;
    return new Map(this.#states);
  }

  logs(run: string): Promise<string> {
    return tailOf(this.#log(run), 8192);
  }

  async cancel(): Promise<void> {
    this.#stopped = true;
    this.#queue = [];
    const workers = [...this.#workers];
    for (const {process} of workers) process.kill("SIGTERM");
    const timer = setTimeout(
      () => workers.forEach(({process}) => process.kill("SIGKILL")),
      GRACE_SECONDS * 1000
    );
    await Promise.all(workers.map(({ended}) => ended));
    clearTimeout(timer);
  }

  collect(run: string): Promise<string> {
    return Promise.resolve(join(this.#options.runs, run));
  }

  /** Lets idle processes end. */
  close(): void {
    for (const worker of this.#workers) worker.process.stdin.end();
  }

  #unfinished(): number {
    return [...this.#states.values()].filter(({status}) => status === "queued" || status === "running")
      .length;
  }

  #set(run: string, status: RunState["status"], reason: string): void {
    this.#states.set(run, {status, reason, progress: this.#states.get(run)?.progress ?? null});
  }

  #log(run: string): string {
    return join(this.#options.runs, run, "trainer.log");
  }

  #start(): void {
    const {python, jobs, runs} = this.#options;
    const child = spawn(python, ["-m", "because_trainer", "worker", "--jobs", jobs, "--runs", runs], {
      env: {
        ...process.env,
        PYTHONPATH: this.#options.package,
        OMP_NUM_THREADS: "1",
        MKL_NUM_THREADS: "1",
        TOKENIZERS_PARALLELISM: "false"
      },
      // a group of its own: Ctrl-C reaches it through `cancel` alone, once
      detached: true,
      stdio: "pipe"
    });
    const worker: Worker = {process: child, run: null, ended: Promise.resolve()};
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-2000);
      if (worker.run) void this.#keep(worker.run, text);
    });
    child.stdin.on("error", () => undefined); // the process is gone; its `close` says so
    createInterface({input: child.stdout}).on("line", (line) => void this.#finished(worker, line));
    worker.ended = new Promise((resolve) => {
      const end = (how: string) => {
        this.#workers.delete(worker);
        void this.#lost(worker, how, said).then(resolve);
      };
      child.once("error", (error) => end(error.message));
      child.once("close", (code, signal) => end(signal ? `signal ${signal}` : `exit code ${code}`));
    });
    this.#workers.add(worker);
  }

  async #next(worker: Worker): Promise<void> {
    const run = this.#queue.shift();
    worker.run = run ?? null;
    if (!run) return;
    this.#tries.set(run, (this.#tries.get(run) ?? 0) + 1);
    this.#set(run, "running", "");
    await mkdir(join(this.#options.runs, run), {recursive: true});
    worker.process.stdin.write(`${run}\n`);
  }

  async #finished(worker: Worker, line: string): Promise<void> {
    const run = worker.run;
    const said = parseVerdict(line);
    if (!run || said?.run !== run) return;
    const {status, reason} = await verifyRun(join(this.#options.runs, run));
    this.#set(run, status === "done" ? "done" : "failed", status === "missing" ? said.reason : reason);
    await this.#next(worker);
  }

  /** A process ended. Its run, if it had one, is asked for again, within a bound. */
  async #lost(worker: Worker, how: string, said: string): Promise<void> {
    const {run} = worker;
    if (!run || this.#stopped) return;
    worker.run = null;
    const {status} = await verifyRun(join(this.#options.runs, run));
    if (status === "done") this.#set(run, "done", "finished");
    else if (this.#tries.get(run)! > RETRIES) {
      const last = said.trim().split("\n").at(-1) ?? "";
      this.#set(run, "failed", `its process ended ${RETRIES + 1} times (${how})${last ? `: ${last}` : ""}`);
    } else {
      this.#set(run, "queued", `its process ended (${how}); goes on from its checkpoint`);
      this.#queue.unshift(run);
    }
    if (this.#queue.length > 0 && this.#workers.size < this.#options.processes) {
      this.#start();
      for (const idle of this.#workers) if (!idle.run) await this.#next(idle);
    }
  }

  async #keep(run: string, text: string): Promise<void> {
    await appendFile(this.#log(run), text).catch(() => undefined); // a log is worth less than the run
  }
}

function parseVerdict(line: string): {run: string; reason: string} | null {
  try {
    return JSON.parse(line) as {run: string; reason: string};
  } catch {
    return null;
  }
}
