/**
 * The embedded trainer: child processes on this machine, each of which trains one run, or one group of runs, after
 * another (a process that is kept saves some four seconds of imports a run).
 */
import {spawn} from "node:child_process";
import type {ChildProcessWithoutNullStreams} from "node:child_process";
import {appendFile, mkdir} from "node:fs/promises";
import {join} from "node:path";
import {createInterface} from "node:readline";
import type {WorkerEnvironment} from "./devices.js";
import {followFile} from "./follow-file.js";
import {lastProgress, tailOf, verifyRun} from "./run-state.js";
import type {RunState, Trainer} from "./trainer.js";

export interface LocalOptions {
  python: string;
  /** Folder that holds the package `because_trainer`. */
  package: string;
  jobs: string;
  runs: string;
  /** One a worker: the GPUs that it may use, where there are any. */
  workers: WorkerEnvironment[];
}

/** A process that ends unasked is replaced and its runs go on from their checkpoints, each by itself, this many times. */
const RETRIES = 2;
/** Seconds that a process may take to reach a checkpoint when asked to stop. */
const GRACE_SECONDS = 20;

interface Worker {
  process: ChildProcessWithoutNullStreams;
  environment: WorkerEnvironment;
  /** What it was asked for and has not ended. */
  runs: Set<string>;
  ended: Promise<void>;
}

export class LocalTrainer implements Trainer {
  readonly pollSeconds = 0.3;
  readonly #options: LocalOptions;
  readonly #states = new Map<string, RunState>();
  readonly #tries = new Map<string, number>();
  readonly #workers = new Set<Worker>();
  readonly #free: WorkerEnvironment[];
  #queue: string[][] = [];
  #stopped = false;

  constructor(options: LocalOptions) {
    this.#options = options;
    this.#free = [...options.workers];
  }

  async submit(groups: string[][]): Promise<void> {
    for (const group of groups) {
      const missing: string[] = [];
      for (const run of group) if (await this.#enqueue(run)) missing.push(run);
      if (missing.length > 0) this.#queue.push(missing);
    }
    await this.#employ();
  }

  /** Whether a run is still to be done, and was not asked for before. */
  async #enqueue(run: string): Promise<boolean> {
    const known = this.#states.get(run)?.status;
    if (known === "queued" || known === "running" || known === "done") return false;
    const {status, reason} = await verifyRun(join(this.#options.runs, run));
    if (status === "done") this.#set(run, "done", reason);
    else this.#set(run, "queued", "waits for a free process");
    return status !== "done";
  }

  /** Gives what waits to idle processes, and to new ones as long as there may be more. */
  async #employ(): Promise<void> {
    for (const worker of this.#workers) if (worker.runs.size === 0) await this.#next(worker);
    while (this.#queue.length > 0 && this.#free.length > 0) await this.#next(this.#start());
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

  async follow(run: string, onText: (text: string) => void, signal?: AbortSignal): Promise<void> {
    await followFile(this.#log(run), onText, async () => {
      if (signal?.aborted) return true;
      const {status} = await verifyRun(join(this.#options.runs, run));
      return status !== "missing" || this.#states.get(run)?.status === "failed";
    });
  }

  /** Runs of one process stop together, so that of some all are. */
  async cancel(): Promise<void> {
    this.#stopped = true;
    this.#queue = [];
    const workers = [...this.#workers];
    for (const {process} of workers) process.kill("SIGTERM");
    const timer = setTimeout(
      () => workers.forEach(({process: {pid}}) => pid && killGroup(pid)),
      GRACE_SECONDS * 1000
    );
    await Promise.all(workers.map(({ended}) => ended));
    clearTimeout(timer);
  }

  collect(run: string): Promise<string> {
    return Promise.resolve(join(this.#options.runs, run));
  }

  async leave(): Promise<string> {
    await this.cancel();
    return "Stopped. Everything that was finished is kept; the same command goes on from there.";
  }

  /** Lets idle processes end. */
  close(): Promise<void> {
    for (const worker of this.#workers) worker.process.stdin.end();
    return Promise.resolve();
  }

  #set(run: string, status: RunState["status"], reason: string): void {
    this.#states.set(run, {status, reason, progress: this.#states.get(run)?.progress ?? null});
  }

  #log(run: string): string {
    return join(this.#options.runs, run, "trainer.log");
  }

  #start(): Worker {
    const {python, jobs, runs} = this.#options;
    const environment = this.#free.shift()!;
    const child = spawn(python, ["-m", "because_trainer", "worker", "--jobs", jobs, "--runs", runs], {
      env: {
        ...process.env,
        ...environment,
        PYTHONPATH: this.#options.package,
        OMP_NUM_THREADS: "1",
        MKL_NUM_THREADS: "1",
        TOKENIZERS_PARALLELISM: "false"
      },
      // a group of its own: Ctrl-C reaches it through `cancel` alone, once
      detached: true,
      stdio: "pipe"
    });
    const worker: Worker = {process: child, environment, runs: new Set(), ended: Promise.resolve()};
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-2000);
      for (const run of worker.runs) void this.#keep(run, text);
    });
    child.stdin.on("error", () => undefined); // the process is gone; its `close` says so
    createInterface({input: child.stdout}).on("line", (line) => void this.#finished(worker, line));
    worker.ended = new Promise((resolve) => {
      const end = (how: string) => {
        if (!this.#workers.delete(worker)) return;
        this.#free.push(environment);
        void this.#lost(worker, how, said).then(resolve);
      };
      child.once("error", (error) => end(error.message));
      child.once("close", (code, signal) => end(signal ? `signal ${signal}` : `exit code ${code}`));
    });
    this.#workers.add(worker);
    return worker;
  }

  async #next(worker: Worker): Promise<void> {
    if (!this.#workers.has(worker)) return this.#employ(); // it ended meanwhile
    const group = this.#queue.shift() ?? [];
    worker.runs = new Set(group);
    for (const run of group) {
      this.#tries.set(run, (this.#tries.get(run) ?? 0) + 1);
      this.#set(run, "running", "");
      await mkdir(join(this.#options.runs, run), {recursive: true});
    }
    if (group.length > 0) worker.process.stdin.write(`${group.join(" ")}\n`);
  }

  async #finished(worker: Worker, line: string): Promise<void> {
    const said = parseVerdict(line);
    if (!said || !worker.runs.has(said.run)) return;
    const {run} = said;
    const {status, reason} = await verifyRun(join(this.#options.runs, run));
    this.#set(run, status === "done" ? "done" : "failed", status === "missing" ? said.reason : reason);
    worker.runs.delete(run);
    if (worker.runs.size === 0) await this.#next(worker);
  }

  /** A process ended. What it had not ended is asked for again, each run by itself, within a bound. */
  async #lost(worker: Worker, how: string, said: string): Promise<void> {
    if (this.#stopped) return;
    const runs = [...worker.runs];
    worker.runs.clear();
    for (const run of runs.reverse()) await this.#askAgain(run, how, said);
    await this.#employ();
  }

  async #askAgain(run: string, how: string, said: string): Promise<void> {
    const {status} = await verifyRun(join(this.#options.runs, run));
    if (status === "done") this.#set(run, "done", "finished");
    else if (this.#tries.get(run)! > RETRIES) {
      const last = said.trim().split("\n").at(-1) ?? "";
      this.#set(run, "failed", `its process ended ${RETRIES + 1} times (${how})${last ? `: ${last}` : ""}`);
    } else {
      this.#set(run, "queued", `its process ended (${how}); goes on from its checkpoint`);
      this.#queue.unshift([run]);
    }
  }

  async #keep(run: string, text: string): Promise<void> {
    await appendFile(this.#log(run), text).catch(() => undefined); // a log is worth less than the run
  }
}

/** A worker and the processes that it shares a run with. */
function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // all of them have ended
  }
}

function parseVerdict(line: string): {run: string; reason: string} | null {
  try {
    return JSON.parse(line) as {run: string; reason: string} | null;
  } catch {
    return null;
  }
}
