/**
 * Runs at a place that is reached by a link: asked for once whoever asks, watched by one question a round, and brought as
 * they finish. The place goes on without this process, which may leave and come back, here or on another machine.
 */
import {join} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import {Manifest} from "../../src/core/contract.js";
import type {Job} from "../../src/core/contract.js";
import {standingOf} from "../../src/core/run-standing.js";
import type {RunLook} from "../../src/core/run-standing.js";
import {isSettled} from "../../src/core/live.js";
import {verifyRun} from "../trainers/run-state.js";
import {NO_CONTACT} from "../trainers/trainer.js";
import type {RunState, Trainer} from "../trainers/trainer.js";
import {collectRuns} from "./collect-runs.js";
import type {Launcher} from "./launcher.js";
import {lookAt, neededRuns, readJob, sendJobs, type Folders} from "./send-jobs.js";
import {forgetStates, rememberStates} from "./remembered-states.js";
import {askFleet, moduleCommand, type Site} from "./site.js";
import {LinkLost} from "./transport.js";

/** Milliseconds that a question about runs may take. */
const LOOK_TIMEOUT = 30_000;
/** How often this process asks for a lost run again; the place keeps its own bound besides. */
const ASK_AGAIN = 3;

export interface RemoteOptions {
  site: Site;
  launcher: Launcher;
  /** The store: jobs, runs, and a root for what is kept besides. */
  store: Folders & {root: string};
}

export class RemoteRuns implements Trainer {
  readonly pollSeconds: number;
  readonly #site: Site;
  readonly #launcher: Launcher;
  readonly #store: Folders & {root: string};
  readonly #states = new Map<string, RunState>();
  readonly #groups = new Map<string, string[]>();
  readonly #asked = new Map<string, number>();
  /** Finished there, and not here yet. */
  readonly #finished = new Map<string, Manifest>();
  #collecting: Promise<void> | null = null;
  #problem: unknown = null;
  /** When the place was last heard of, in milliseconds. */
  #heard = Date.now();

  constructor({site, launcher, store}: RemoteOptions) {
    this.#site = site;
    this.#launcher = launcher;
    this.#store = store;
    this.pollSeconds = launcher.pollSeconds;
  }

  async submit(groups: string[][], signal?: AbortSignal): Promise<void> {
    const jobs = new Map<string, Job>();
    for (const run of groups.flat()) {
      const known = this.#states.get(run)?.status;
      if (known && (known === "done" || !isSettled(known))) continue;
      const verdict = await verifyRun(join(this.#store.runs, run));
      this.#set(run, verdict.status === "done" ? "done" : "queued", verdict.reason);
      if (verdict.status !== "done") jobs.set(run, await readJob(run, this.#store));
    }
    const wanted = groups
      .map((group) => group.filter((run) => jobs.has(run)))
      .filter(({length}) => length > 0);
    for (const group of wanted) for (const run of group) this.#groups.set(run, group);
    await this.#remember(); // before anything is asked for, since nobody may come back to say so
    if (wanted.length === 0) return;
    const lacking = await this.#request(wanted, jobs, signal);
    try {
      await this.#launcher.launch(lacking);
    } catch (error) {
      if (error instanceof BadInput) await this.#forget(wanted.flat());
      throw error;
    }
  }

  /** What a place refused does not wait there. */
  async #forget(runs: string[]): Promise<void> {
    for (const run of runs) this.#states.delete(run);
    await forgetStates(this.#store, this.#site.name, runs);
  }

  /**
   * Sends what is missing and notes runs as asked for; returns the groups of those that nobody asked for before, or that
   * were asked for and never handed over: whoever did was refused, or ended in between.
   */
  async #request(groups: string[][], jobs: Map<string, Job>, signal?: AbortSignal): Promise<string[][]> {
    const looks = await lookAt(this.#site, groups.flat(), {signal});
    const sender = await sendJobs(this.#site, this.#store, looks, jobs, signal);
    const order = Date.now();
    const records = groups.flatMap((group, place) =>
      group.map((run) => ({
        run,
        group,
        order: order + place,
        needs: neededRuns(jobs.get(run)!),
        retries: this.#site.config.retries,
        python: this.#site.python,
        package: this.#site.package,
        environment: {...this.#site.config.variables, BECAUSE_MODELS: `${this.#site.root}/models`}
      }))
    );
    const [answers = {}] = await askFleet<Record<string, string>>(
      this.#site,
      ["submit", "--sender", sender],
      records,
      {signal}
    );
    const lacking = groups.flat().filter((run) => answers[run] === "no job");
    if (lacking.length > 0)
      throw new Error(`Place ${this.#site.name}: jobs did not arrive (${lacking.join(", ")}).`);
    const open = groups.map((group) =>
      group.filter((run) => answers[run] === "new" || (answers[run] === "known" && isUnsent(looks.get(run))))
    );
    return open.filter(({length}) => length > 0);
  }

  async poll(): Promise<Map<string, RunState>> {
    if (this.#problem !== null) throw this.#problem;
    try {
      await this.#look();
      this.#heard = Date.now();
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error;
      const seconds = Math.round((Date.now() - this.#heard) / 1000);
      for (const run of this.#open())
        this.#set(run, this.#states.get(run)!.status, `${NO_CONTACT} ${this.#site.name} for ${seconds} s`);
    }
    this.#collect();
    await this.#remember();
    return new Map(this.#states);
  }

  /** Runs that are still to be brought. */
  #open(): string[] {
    return [...this.#states].filter(([, {status}]) => !isSettled(status)).map(([run]) => run);
  }

  async #look(): Promise<void> {
    const open = this.#open().filter((run) => !this.#finished.has(run));
    const looks = await lookAt(this.#site, open, {again: false, timeout: LOOK_TIMEOUT});
    const unsettled = [...looks.values()].filter(({manifest}) => manifest?.status !== "done");
    const hints = await this.#launcher.tend(unsettled);
    const lost: string[] = [];
    for (const run of open) {
      const look = looks.get(run);
      if (!look) continue;
      const {status, reason, lost: gone} = standingOf(look, hints.get(run));
      if (status === "arriving") this.#arrive(run, look);
      else {
        this.#set(run, status, reason, look);
        if (isSettled(status) && look.submitted) await this.#withdraw(run, reason);
      }
      if (gone) lost.push(run);
    }
    if (lost.length > 0) await this.#askAgain(lost);
  }

  #arrive(run: string, {manifest}: RunLook): void {
    const parsed = Manifest.safeParse(manifest);
    if (parsed.success) this.#finished.set(run, parsed.data);
    this.#set(
      run,
      parsed.success ? "running" : "failed",
      parsed.success ? "finished; its files are on their way" : "its manifest cannot be read"
    );
  }

  /** What nobody does any more is asked for again, each run by itself, within a bound. */
  async #askAgain(lost: string[]): Promise<void> {
    const again: string[] = [];
    for (const run of lost) {
      const times = (this.#asked.get(run) ?? 0) + 1;
      this.#asked.set(run, times);
      if (times <= ASK_AGAIN) again.push(run);
      else {
        this.#set(run, "failed", `it was lost ${times} times: ${this.#states.get(run)!.reason}`);
        await this.#withdraw(run, this.#states.get(run)!.reason);
      }
    }
    const jobs = new Map<string, Job>();
    for (const run of again) jobs.set(run, await readJob(run, this.#store));
    if (again.length === 0) return;
    const groups = again.map((run) => [run]);
    await this.#request(groups, jobs);
    await this.#launcher.launch(groups);
  }

  /** Notes at the place that a run has ended, so that whoever asks for it next asks anew. */
  async #withdraw(run: string, reason: string): Promise<void> {
    await askFleet(this.#site, ["cancel", "--reason", reason], [run]);
  }

  /** Brings what is finished, while the rest is watched on. */
  #collect(): void {
    if (this.#collecting || this.#finished.size === 0) return;
    const batch = new Map(this.#finished);
    this.#collecting = this.#bring(batch)
      .catch((error: unknown) => {
        if (!(error instanceof LinkLost)) this.#problem = error;
      })
      .finally(() => (this.#collecting = null));
  }

  async #bring(batch: Map<string, Manifest>): Promise<void> {
    const verdicts = await collectRuns(batch, {
      site: this.#site,
      runs: this.#store.runs,
      staging: join(this.#store.root, "arriving", this.#site.name)
    });
    for (const [run, problem] of verdicts) {
      this.#finished.delete(run);
      this.#set(run, problem === null ? "done" : "failed", problem ?? "finished");
    }
  }

  async logs(run: string): Promise<string> {
    const answer = await this.#site.transport.run(this.#logCommand(run, []));
    return answer.stdout;
  }

  async follow(run: string, onText: (text: string) => void, signal?: AbortSignal): Promise<void> {
    await this.#site.transport.follow(this.#logCommand(run, ["--follow"]), onText, {signal});
  }

  #logCommand(run: string, more: string[]): string[] {
    return moduleCommand(this.#site, "because_fleet", ["--root", this.#site.root, "logs", run, ...more]);
  }

  async cancel(runs: string[] = this.#open()): Promise<void> {
    const looks = await lookAt(this.#site, runs);
    await askFleet(this.#site, ["cancel"], runs);
    await this.#launcher.cancel([...looks.values()]);
  }

  /** Runs go on at the place. */
  leave(): Promise<string> {
    const {name} = this.#site;
    const finished = this.#finished.size;
    const going = this.#open().length - finished;
    const there =
      finished === 0
        ? ""
        : ` ${runsThat(finished, "has ended", "have ended")} and ${finished === 1 ? "is" : "are"} still to be brought.`;
    return Promise.resolve(
      going === 0
        ? `Nothing goes on at ${name}.${there} The same command takes it up from here.`
        : `${runsThat(going, "goes", "go")} on at ${name}.${there} The same command follows them again, from here or elsewhere; \`because cancel --on ${name}\` ends them.`
    );
  }

  async collect(run: string): Promise<string> {
    const look = (await lookAt(this.#site, [run])).get(run);
    if (look) this.#arrive(run, look);
    while (this.#finished.has(run)) {
      this.#collect();
      await this.#collecting;
      if (this.#problem !== null) throw this.#problem;
    }
    return join(this.#store.runs, run);
  }

  /** Waits for what is on its way, and gives the link back. */
  async close(): Promise<void> {
    await this.#collecting;
    await this.#site.transport.close();
  }

  #set(run: string, status: RunState["status"], reason: string, look?: RunLook): void {
    const before = this.#states.get(run);
    this.#states.set(run, {
      status,
      reason,
      progress: look?.progress ?? before?.progress ?? null,
      seconds: this.#finished.get(run)?.wall_seconds ?? look?.claim?.age ?? before?.seconds
    });
  }

  /** What the last look said, for whoever looks at the store: the notebook, `because status` and `because clean`. */
  #remember(): Promise<void> {
    return rememberStates(this.#store, this.#site.name, {heard: this.#heard / 1000, states: this.#states});
  }
}

/** Whether a run was asked for and nobody does it, nor is to do it. */
function isUnsent(look: RunLook | undefined): boolean {
  return look?.submitted?.job === null && look.claim?.condition !== "held";
}

/** `3 runs go`. */
function runsThat(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? `run ${one}` : `runs ${many}`}`;
}
