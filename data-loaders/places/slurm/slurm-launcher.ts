/**
 * Begins runs as array jobs of Slurm, one task a group. Which task does which runs is kept at the place, under a token
 * that is part of the job's name: by it a job is found again whose submission nobody heard the end of.
 */
import {BadInput} from "../../../src/core/bad-input.js";
import {gpusOf} from "../../../src/core/places/slurm-place.js";
import type {SlurmPlace} from "../../../src/core/places/slurm-place.js";
import type {EndCause} from "../../../src/core/run-endings.js";
import type {Hint, RunLook} from "../../../src/core/run-standing.js";
import {explainHint, slurmHint} from "../../../src/core/slurm-states.js";
import type {SlurmTask} from "../../../src/core/slurm-states.js";
import type {StudyFile} from "../../study/read-study.js";
import {atHome} from "../home.js";
import type {Launcher} from "../launcher.js";
import {askFleet, type Site} from "../site.js";
import {askSacct, askSqueue, scancel, type Heard, type WayToSlurm} from "./ask-slurm.js";
import {sbatchOptions} from "./sbatch-options.js";
import {taskScript} from "./task-script.js";

/** Runs of one base are cut into as many groups as this, unless the place says how many tasks run at a time. */
const TASKS = 16;
/** Milliseconds that a submission may take: several arrays, and a busy controller. */
const SUBMIT_TIMEOUT = 300_000;

export interface SlurmPauses {
  /** Milliseconds until what Slurm would not take is offered again. */
  again: number;
  /** Milliseconds of silence about a task after which Slurm's controller is asked whether it knows the job at all. */
  silence: number;
  /** Milliseconds that a failed task's files may be on their way. */
  files: number;
  /** Milliseconds that Slurm may take to answer; a controller that hangs must not hold up what run folders say. */
  answer: number;
}
const PAUSES: SlurmPauses = {again: 30_000, silence: 60_000, files: 15_000, answer: 30_000};

/** What submitting an array gave. */
interface Submitted {
  runs?: string[][];
  refused?: string;
  waits?: string;
}

/** What the controller says of an array that squeue is silent about. */
interface Probed {
  array: string;
  gone: boolean;
  tasks: Record<string, [state: string, reason: string]>;
}

export class SlurmLauncher implements Launcher {
  readonly workers: number;
  readonly gpus: number;
  readonly pollSeconds: number;
  readonly #site: Site;
  readonly #place: SlurmPlace;
  readonly #pauses: SlurmPauses;
  readonly #way: WayToSlurm;
  /** Run → the task that was to do it and does so no more. */
  readonly #lost = new Map<string, {job: string; cause?: EndCause}>();
  /** Task (or run) → when it was first heard that it ended, and when Slurm fell silent about it, in milliseconds. */
  readonly #ended = new Map<string, number>();
  readonly #silent = new Map<string, number>();
  #accounting = true;
  #offered = -Infinity;
  #waits = "to be submitted";

  constructor(site: Site, place: SlurmPlace, pauses: SlurmPauses = PAUSES) {
    this.#site = site;
    this.#place = place;
    this.#pauses = pauses;
    const {transport} = site;
    this.#way = {transport, commands: place.commands ?? null, timeout: pauses.answer};
    this.workers = place.max_running ?? TASKS;
    this.gpus = gpusOf(place);
    this.pollSeconds = place.poll;
  }

  async launch(groups: string[][]): Promise<void> {
    if (groups.length === 0) return;
    this.#offered = Date.now();
    const lost = Object.fromEntries(groups.flat().flatMap((run) => lostEntry(run, this.#lost.get(run))));
    const {max_array, max_running} = this.#place;
    const request = {
      groups,
      lost,
      options: sbatchOptions(this.#place),
      script: taskScript(this.#site, this.#place),
      max_array,
      max_running
    };
    const answers = await this.#ask<Submitted>("arrays", request, SUBMIT_TIMEOUT);
    for (const {runs = [], waits, refused} of answers) {
      for (const run of runs.flat()) this.#lost.delete(run);
      if (waits) this.#waits = `not taken by Slurm yet: ${waits}`;
      if (refused !== undefined) throw this.#refusal(refused);
    }
  }

  #ask<T>(command: "arrays" | "probe" | "said", input: unknown, timeout: number): Promise<T[]> {
    const {commands} = this.#way;
    const where = commands && command !== "said" ? ["--bin", commands] : [];
    return askFleet<T>(this.#site, [command, ...where], input, {timeout});
  }

  #refusal(words: string): BadInput {
    return new BadInput({
      where: `place ${this.#site.name}`,
      expected: "keys that Slurm takes",
      found: words || "a refusal without a word",
      mend: "Mend partition, account, qos, time, gpus, memory or options in the places file and start again; jobs that were sent are kept."
    });
  }

  async tend(looks: RunLook[]): Promise<Map<string, Hint>> {
    const open = looks.filter(({submitted, claim}) => submitted && claim?.condition !== "held");
    const unsent = open.filter(({submitted}) => submitted!.job === null);
    if (unsent.length > 0 && Date.now() - this.#offered >= this.#pauses.again)
      await this.launch(groupsOf(unsent));
    const hints = this.#vanished(looks);
    for (const {run} of unsent) hints.set(run, waiting(this.#waits));
    const watched = open.filter(({submitted}) => submitted!.job !== null);
    if (watched.length === 0) return hints;
    const {tasks, gone} = await this.#hear(watched);
    for (const {run, submitted} of watched)
      hints.set(run, this.#hint(submitted!.job!, tasks.get(submitted!.job!), gone));
    await this.#explain(watched, hints);
    await this.#drop(watched, hints);
    return hints;
  }

  /** Runs that nobody asks for any more, though nothing says how they ended: what a node wrote may be seen late. */
  #vanished(looks: RunLook[]): Map<string, Hint> {
    const hints = new Map<string, Hint>();
    for (const {run, submitted, claim, manifest, ending} of looks) {
      if (submitted || claim?.condition === "held" || manifest || ending) {
        this.#ended.delete(run);
        continue;
      }
      if (!this.#passed(run, this.#place.file_lag * 1000)) hints.set(run, waiting(UNSEEN));
    }
    return hints;
  }

  /** Whether so many milliseconds have passed since this was first asked of a task or run, which takes two rounds. */
  #passed(what: string, pause: number): boolean {
    const first = this.#ended.get(what);
    if (first === undefined) this.#ended.set(what, Date.now());
    return first !== undefined && Date.now() - first >= pause;
  }

  /** What Slurm only calls failed is told apart by the last words in the task's log, which are Slurm's own. */
  async #explain(looks: RunLook[], hints: Map<string, Hint>): Promise<void> {
    const failed = looks.filter(({run}) => hints.get(run)!.state === "ended" && !hints.get(run)!.cause);
    if (failed.length === 0) return;
    const names = [...new Set(failed.map(({submitted}) => submitted!.job!))];
    const answers = await this.#ask<{task: string; said: string}>("said", names, SUBMIT_TIMEOUT);
    const said = new Map(answers.map(({task, said}) => [task, said]));
    for (const {run, submitted} of failed)
      hints.set(run, explainHint(hints.get(run)!, said.get(submitted!.job!) ?? ""));
  }

  /** Notes what is lost, and lets go of what somebody cancelled by Slurm's own means: the next look says so. */
  async #drop(looks: RunLook[], hints: Map<string, Hint>): Promise<void> {
    const cancelled: string[] = [];
    for (const {run, submitted} of looks) {
      const {state, cause, words} = hints.get(run)!;
      if (state !== "ended" && state !== "gone") continue;
      this.#lost.set(run, {job: submitted!.job!, cause});
      if (cause !== "cancelled") continue;
      cancelled.push(run);
      hints.set(run, waiting(words));
    }
    if (cancelled.length > 0) await askFleet(this.#site, ["cancel"], cancelled);
  }

  /** What is heard of tasks: squeue first; what it is silent about is asked elsewhere. */
  async #hear(looks: RunLook[]): Promise<{tasks: Map<string, SlurmTask>; gone: Set<string>}> {
    const names = looks.map(({submitted}) => submitted!.job!);
    const {tasks} = await askSqueue(tokensOf(names), this.#way);
    const missing = (): string[] => names.filter((task) => !tasks.has(task));
    if (missing().length > 0 && this.#accounting) {
      const since = Math.min(...looks.map(({submitted}) => submitted!.at));
      add(tasks, await this.#account(missing(), since));
    }
    const gone = new Set<string>();
    for (const task of names) if (tasks.has(task)) this.#silent.delete(task);
    for (const {array, gone: unknown, tasks: found} of await this.#probe(missing())) {
      if (unknown) gone.add(array);
      for (const [index, [state, reason]] of Object.entries(found))
        tasks.set(`${array}_${index}`, {state, reason});
    }
    return {tasks, gone};
  }

  async #account(tasks: string[], since: number): Promise<Heard | null> {
    const heard = await askSacct(tokensOf(tasks), since, this.#way);
    if (heard === null) this.#accounting = false;
    return heard;
  }

  /** Asks the controller itself about tasks that nothing was heard of for a while, seldom. */
  async #probe(tasks: string[]): Promise<Probed[]> {
    const now = Date.now();
    for (const task of tasks) if (!this.#silent.has(task)) this.#silent.set(task, now);
    const due = tasks.filter((task) => now - this.#silent.get(task)! >= this.#pauses.silence);
    if (due.length === 0) return [];
    for (const task of due) this.#silent.set(task, now);
    return this.#ask<Probed>("probe", tokensOf(due), SUBMIT_TIMEOUT);
  }

  #hint(task: string, heard: SlurmTask | undefined, gone: ReadonlySet<string>): Hint {
    if (gone.has(tokenOf(task))) return {state: "gone", words: "Slurm knows its job no more"};
    const hint = heard ? slurmHint(heard) : null;
    if (hint === null) return waiting("Slurm says nothing about it");
    if (hint.state !== "ended") {
      this.#ended.delete(task);
      return hint;
    }
    const lag = this.#place.file_lag * 1000;
    const pause = heard!.state.startsWith("COMPLETED") ? lag : Math.min(lag, this.#pauses.files);
    return this.#passed(task, pause) ? hint : waiting(`${hint.words}; ${UNSEEN}`);
  }

  /** Tasks of which nothing is left to do; of others, runs are asked to stop at the place. */
  async cancel(looks: RunLook[]): Promise<void> {
    const runs = new Set(looks.map(({run}) => run));
    const whole = looks.filter(
      ({submitted}) => submitted?.job && (submitted.group ?? []).every((run) => runs.has(run))
    );
    const tasks = [...new Set(whole.map(({submitted}) => submitted!.job!))];
    if (tasks.length === 0) return;
    const {jobs} = await askSqueue(tokensOf(tasks), this.#way);
    const known = tasks.flatMap((task) => {
      const job = jobs.get(tokenOf(task));
      return job ? [{job, index: Number(task.split("_")[1])}] : [];
    });
    await scancel(known, this.#way);
  }
}

/** Opens a cluster. What a study wants has to fit a task of it; without one, it is only to look after what is there. */
export async function slurmLauncher(
  site: Site,
  place: SlurmPlace,
  file: Pick<StudyFile, "file" | "study"> | null
): Promise<SlurmLauncher> {
  const processes = file?.study.execution.processes ?? 1;
  const gpus = gpusOf(place);
  if (gpus > 0 && processes > gpus)
    throw new BadInput({
      where: `${file!.file}, key execution.processes`,
      expected: `at most as many processes as a task has GPUs at ${site.name} (${gpus}), since each takes one`,
      found: `${processes}`,
      mend: "Lower it, or raise `gpus` in the places file."
    });
  const commands = place.commands ? await atHome(site.transport, place.commands) : undefined;
  return new SlurmLauncher(site, {...place, commands});
}

/** What is said meanwhile. */
const UNSEEN = "its files are not seen yet";

const waiting = (words: string): Hint => ({state: "waiting", words});

const tokenOf = (task: string): string => task.split("_")[0]!;

const tokensOf = (tasks: readonly string[]): string[] => [...new Set(tasks.map(tokenOf))];

/** Runs as they were grouped when they were asked for. */
function groupsOf(looks: RunLook[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const {run, submitted} of looks) {
    const key = (submitted!.group ?? [run]).join(" ");
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}

function lostEntry<T>(run: string, lost: T | undefined): [string, T][] {
  return lost === undefined ? [] : [[run, lost]];
}

function add(tasks: Map<string, SlurmTask>, heard: Heard | null): void {
  for (const [task, word] of heard?.tasks ?? []) if (!tasks.has(task)) tasks.set(task, word);
}
