/**
 * The jobs that were submitted to Ray for a place, as far as Ray tells of them. A table that lacks a job which was there
 * says nothing at first: a head that was restarted, or one that is slow, forgets. Only where Ray goes on to lack it, and
 * says so when asked for that job alone, is it gone.
 */
import {
  isLive,
  ownJobs,
  parseSubmissionId,
  waitedTooLong,
  type RayJob
} from "../../../src/core/places/ray-jobs.js";
import type {RunLook} from "../../../src/core/run-standing.js";
import {LinkLost} from "../transport.js";
import type {RayClient} from "./ray-client.js";

export type LaneWord = {state: "known"; job: RayJob} | {state: "missing"} | {state: "gone"};

export class LaneTable {
  readonly #client: RayClient;
  readonly #place: string;
  readonly #patience: number;
  /** Job → when it was first missing, in milliseconds. */
  readonly #missing = new Map<string, number>();
  #jobs: RayJob[] = [];
  readonly #gone = new Set<string>();
  /** Jobs that hold runs, whatever Ray says. */
  #holding = new Set<string>();

  /** @param patience milliseconds that a job may be missing before it is asked for alone */
  constructor(client: RayClient, place: string, patience: number) {
    this.#client = client;
    this.#place = place;
    this.#patience = patience;
  }

  /** Asks Ray for all jobs, and for those alone that it has lacked for long. */
  async read(looks: readonly RunLook[]): Promise<void> {
    await this.readTable(false);
    this.#holding = new Set(looks.flatMap(({claim}) => (claim?.condition === "held" && claim.job) || []));
    const there = new Set(this.#jobs.map(({submission_id}) => submission_id));
    for (const id of new Set(looks.map(laneOf)))
      if (id && !there.has(id) && parseSubmissionId(id, this.#place)) await this.#lacks(id);
  }

  /** Asks Ray for all jobs; `patient`: until it answers. */
  async readTable(patient: boolean): Promise<void> {
    this.#jobs = ownJobs(await this.#client.jobs({patient}), this.#place);
    for (const {submission_id} of this.#jobs) this.#forget(submission_id);
  }

  async #lacks(id: string): Promise<void> {
    const since = this.#missing.get(id) ?? Date.now();
    this.#missing.set(id, since);
    if (Date.now() - since < this.#patience || this.#gone.has(id)) return;
    try {
      const job = await this.#client.job(id);
      if (job) this.#jobs.push(job);
      else this.#gone.add(id);
    } catch (error) {
      if (!(error instanceof LinkLost)) throw error;
    }
  }

  #forget(id: string): void {
    this.#missing.delete(id);
    this.#gone.delete(id);
  }

  /** Notes a job that Ray has just taken, which its table may not show yet. */
  note(id: string): void {
    this.#forget(id);
    if (!this.#jobs.some(({submission_id}) => submission_id === id))
      this.#jobs.push({
        submission_id: id,
        status: "PENDING",
        message: "",
        error_type: null,
        driver_exit_code: null
      });
  }

  word(id: string): LaneWord {
    const job = this.#jobs.find(({submission_id}) => submission_id === id);
    if (job) return {state: "known", job};
    return {state: this.#gone.has(id) ? "gone" : "missing"};
  }

  get jobs(): readonly RayJob[] {
    return this.#jobs;
  }

  /** How many go on, or may: what holds a run, and what was there and is missing, are counted. */
  live(): number {
    const going = this.#jobs.filter(isLive).map(({submission_id}) => submission_id);
    const hidden = [...this.#missing.keys()].filter(
      (id) => !this.#gone.has(id) && this.word(id).state === "missing"
    );
    return new Set([...going, ...hidden, ...this.#holding]).size;
  }

  /** Jobs of a run that ended without it being done, but for those that only waited for resources. */
  turns(run: string): number {
    return this.#jobs.filter(
      (job) =>
        parseSubmissionId(job.submission_id, this.#place)?.run === run && !isLive(job) && !waitedTooLong(job)
    ).length;
  }
}

/** The job that holds or held a run, else the one that was submitted for it. */
export function laneOf({claim, submitted}: RunLook): string | null {
  return claim?.job || submitted?.job || null;
}
