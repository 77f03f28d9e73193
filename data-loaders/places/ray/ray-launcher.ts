/**
 * Begins runs on a Ray cluster. A Ray job is a worker: it claims what was asked for, one group after another, until
 * nothing is left, so that a study of a thousand runs is a handful of jobs. As many are kept at Ray as the place has
 * `workers`; more would only wait, and Ray calls a job failed that waits for a quarter of an hour.
 */
import {BadInput} from "../../../src/core/bad-input.js";
import {couldNotBegin, hintOf, isLive, nextTurn, waitedTooLong} from "../../../src/core/places/ray-jobs.js";
import type {RayPlace} from "../../../src/core/places/ray-place.js";
import type {Hint, RunLook} from "../../../src/core/run-standing.js";
import {shortHash} from "../../stages/content-hash.js";
import type {StudyFile} from "../../study/read-study.js";
import type {Launcher} from "../launcher.js";
import {quoteCommand} from "../shell-quote.js";
import {askFleet, moduleCommand, type Site} from "../site.js";
import {LinkLost} from "../transport.js";
import {fitOn} from "./fitting.js";
import {LaneTable, laneOf} from "./lane-table.js";
import {RayClient, type JobRequest, type NodeResources} from "./ray-client.js";

/** Seconds that Ray gives a job to save its checkpoint when it stops one; its own default is 3. */
const STOP_SECONDS = 90;
/** Jobs begun for one run before it is left to those that go on. */
const TURNS = 3;
/** Jobs in a row that cannot even begin, after which no more are submitted. */
const BROKEN = 3;
/** Ended jobs that are left in Ray's table for whoever wants to see what they said. */
const KEPT = 200;

export interface RayLauncherOptions {
  site: Site;
  config: RayPlace;
  client: RayClient;
  workers: number;
  pollSeconds?: number;
  /** Milliseconds that Ray may forget a job before it counts as gone. */
  patience?: number;
}

export class RayLauncher implements Launcher {
  readonly workers: number;
  readonly gpus: number;
  readonly pollSeconds: number;
  readonly #site: Site;
  readonly #config: RayPlace;
  readonly #client: RayClient;
  /** Tells jobs of this folder from those of others. */
  readonly #place: string;
  readonly #lanes: LaneTable;
  readonly #submitted = new Set<string>();
  readonly #broken = new Set<string>();

  constructor({site, config, client, workers, pollSeconds = 5, patience = 60_000}: RayLauncherOptions) {
    this.#site = site;
    this.#config = config;
    this.#client = client;
    this.workers = workers;
    this.gpus = config.gpus;
    this.pollSeconds = pollSeconds;
    this.#place = shortHash(site.root).slice(0, 8);
    this.#lanes = new LaneTable(client, this.#place, patience);
  }

  async launch(groups: string[][]): Promise<void> {
    await this.#lanes.readTable(true);
    await this.#topUp(groups, true);
  }

  async tend(looks: RunLook[]): Promise<Map<string, Hint>> {
    try {
      await this.#lanes.read(looks);
      this.#refuseBroken();
      await this.#topUp(this.#waiting(looks), false);
      await this.#tidy(looks);
    } catch (error) {
      if (error instanceof LinkLost) return new Map(); // unknown
      throw error;
    }
    return new Map(
      looks.flatMap((look): [string, Hint][] => {
        const hint = this.#hint(look);
        return hint ? [[look.run, hint]] : [];
      })
    );
  }

  /** What holds a run sees for itself that it is to stop; a job that has not begun is taken back. */
  async cancel(looks: RunLook[]): Promise<void> {
    await this.#lanes.readTable(true);
    const named = new Set(looks.flatMap(({submitted}) => submitted?.job || []));
    for (const {submission_id, status} of this.#lanes.jobs)
      if (status === "PENDING" && named.has(submission_id)) await this.#client.stop(submission_id);
  }

  /** Groups that nobody does, and for which a job may be begun. */
  #waiting(looks: readonly RunLook[]): string[][] {
    const groups = new Map<string, string[]>();
    for (const {run, submitted, claim, ...rest} of looks) {
      if (!submitted || claim?.condition === "held" || this.#lanes.turns(run) >= TURNS) continue;
      const lane = laneOf({run, submitted, claim, ...rest});
      const word = lane ? this.#lanes.word(lane) : null;
      if (word?.state === "missing" || (word?.state === "known" && isLive(word.job))) continue;
      const [first = run] = submitted.group ?? [];
      groups.set(first, [...(groups.get(first) ?? []), run]);
    }
    return [...groups.values()];
  }

  #hint(look: RunLook): Hint | undefined {
    if (!look.submitted || look.claim?.condition === "held") return undefined;
    const lane = laneOf(look);
    const word = lane ? this.#lanes.word(lane) : null;
    if (word?.state === "missing") return undefined;
    if (word?.state === "known" && (isLive(word.job) || waitedTooLong(word.job))) return hintOf(word.job);
    const live = this.#lanes.live();
    if (live > 0 && this.#lanes.turns(look.run) < TURNS)
      return {state: "waiting", words: `waits for one of ${live} ${live === 1 ? "job" : "jobs"} at Ray`};
    if (word?.state === "known") return hintOf(word.job);
    return word?.state === "gone"
      ? {state: "gone", words: "Ray does not know its job any more"}
      : {state: "waiting", words: "waits to be submitted"};
  }

  /** Submits jobs for groups, as long as there is room for more. */
  async #topUp(groups: string[][], patient: boolean): Promise<void> {
    let room = this.workers - this.#lanes.live();
    for (const group of groups) {
      if (room <= 0) return;
      const {id, live} = nextTurn(this.#lanes.jobs, this.#place, group[0]!);
      if (!live) {
        await this.#client.submit(this.#request(id, group[0]!), {patient});
        this.#submitted.add(id);
        this.#lanes.note(id);
        room--;
      }
      await askFleet(this.#site, ["confirm", "--job", id], group);
    }
  }

  #request(id: string, run: string): JobRequest {
    const {gpus, cpus, memory_gb, resources} = this.#config;
    const [program = "", ...args] = moduleCommand(this.#site, "because_fleet", [
      ...["--root", this.#site.root],
      ...["lane", "--job", id]
    ]);
    const device = `BECAUSE_DEVICE=${gpus > 0 ? "cuda" : "cpu"}`;
    return {
      submission_id: id,
      // `exec`: signals are to reach the worker, and not a shell around it
      entrypoint: `exec ${quoteCommand([program, device, ...args])}`,
      entrypoint_num_cpus: cpus,
      entrypoint_num_gpus: gpus,
      ...(memory_gb && {entrypoint_memory: Math.round(memory_gb * 1e9)}),
      ...(Object.keys(resources).length > 0 && {entrypoint_resources: resources}),
      runtime_env: {env_vars: {RAY_JOB_STOP_WAIT_TIME_S: String(STOP_SECONDS)}},
      metadata: {because: run}
    };
  }

  /** Jobs that end before they begin would do so for every run. */
  #refuseBroken(): void {
    for (const job of this.#lanes.jobs) {
      if (!this.#submitted.has(job.submission_id)) continue;
      if (couldNotBegin(job)) this.#broken.add(job.submission_id);
      else if (job.status === "RUNNING" || job.status === "SUCCEEDED") this.#broken.clear();
      if (this.#broken.size < BROKEN) continue;
      throw new BadInput({
        where: `place ${this.#site.name}`,
        expected: `nodes that see ${this.#site.root} and run ${this.#site.python}`,
        found: hintOf(job).words,
        mend: "`root` and `environment` must lie on a disk that every node of the cluster has under the same path (docs/places.md). Then start again: nothing is lost."
      });
    }
  }

  /** Keeps Ray's table short, since every question brings all of it. */
  async #tidy(looks: readonly RunLook[]): Promise<void> {
    const ended = this.#lanes.jobs.filter(({status}) => status === "SUCCEEDED");
    const needed = new Set(looks.map(laneOf));
    const old = ended.map(({submission_id}) => submission_id).filter((id) => !needed.has(id));
    for (const id of old.slice(0, Math.max(0, Math.min(20, ended.length - KEPT))))
      await this.#client.remove(id);
  }
}

/**
 * The launcher of a place.
 *
 * @param file the study whose runs are to be begun, for which Ray must answer; null to look after what is there
 */
export async function rayLauncher(
  site: Site,
  file: Pick<StudyFile, "file" | "study"> | null,
  {client, pollSeconds}: {client?: RayClient; pollSeconds?: number} = {}
): Promise<RayLauncher> {
  if (site.config.kind !== "ray") throw new Error(`place ${site.name} is not one of Ray`);
  const {config, name} = site;
  const ray = client ?? new RayClient({name, config});
  if (!file) return new RayLauncher({site, config, client: ray, workers: 0, pollSeconds});
  requireGpus(config, file.study.execution.processes, `${file.file}, key execution.processes`);
  await ray.jobs({patient: true}); // says at once what is wrong with address or token
  // at least one, since clusters grow when something waits
  const workers = config.workers === "auto" ? Math.max(1, fitOn(await nodesOf(ray), config)) : config.workers;
  return new RayLauncher({site, config, client: ray, workers, pollSeconds});
}

function requireGpus({gpus}: RayPlace, processes: number, where: string): void {
  if (gpus === 0 || gpus >= processes) return;
  throw new BadInput({
    where,
    expected: `at most as many processes as a job of the place has GPUs (${gpus})`,
    found: String(processes),
    mend: "Lower it, or raise `gpus` of the place in the places file."
  });
}

/** Nodes that Ray tells of; none where it does not, as older ones do. */
async function nodesOf(client: RayClient): Promise<NodeResources[]> {
  return client.nodes().catch((error: unknown) => {
    if (error instanceof LinkLost || error instanceof BadInput) return [];
    throw error;
  });
}
