/** Begins runs on one machine: detached workers, one for each part of it, which outlive the link. */
import {availableParallelism} from "node:os";
import type {Hint, RunLook} from "../../src/core/run-standing.js";
import {
  requirePackages,
  workerEnvironments,
  type Devices,
  type WorkerEnvironment
} from "../trainers/devices.js";
import type {StudyFile} from "../study/read-study.js";
import type {Launcher} from "./launcher.js";
import {lastLine} from "./link-troubles.js";
import {askFleet, moduleCommand, type Site} from "./site.js";

/** Milliseconds after which workers are looked for again while runs wait. */
const LOOK_AGAIN = 15_000;
/** Loading torch for the first time on a slow disk takes its time. */
const DEVICES_TIMEOUT = 300_000;

export class SshLauncher implements Launcher {
  readonly pollSeconds: number;
  readonly gpus: number;
  readonly #site: Site;
  readonly #slots: WorkerEnvironment[];
  #started = 0;

  /** @param slots environment of each worker */
  constructor(site: Site, slots: WorkerEnvironment[], pollSeconds = 2) {
    this.pollSeconds = pollSeconds;
    this.#site = site;
    this.#slots = slots;
    this.gpus = slots[0]?.CUDA_VISIBLE_DEVICES?.split(",").length ?? 0;
  }

  get workers(): number {
    return this.#slots.length;
  }

  async launch(): Promise<void> {
    this.#started = Date.now();
    await askFleet(this.#site, ["start"], this.#slots);
  }

  async tend(looks: RunLook[]): Promise<Map<string, Hint>> {
    const waiting = looks.some(({submitted, claim}) => submitted && claim?.condition !== "held");
    if (waiting && Date.now() - this.#started > LOOK_AGAIN) await this.launch();
    return new Map();
  }

  /** Workers look for themselves. */
  cancel(): Promise<void> {
    return Promise.resolve();
  }
}

/** Divides the machine as a local one is divided. */
export async function sshLauncher(site: Site, file: Pick<StudyFile, "file" | "study">): Promise<SshLauncher> {
  const {config} = site;
  const processes = config.kind === "ssh" ? config.workers : "auto";
  const {devices, cores} = await devicesAt(site);
  requirePackages(file, devices, site.python);
  const wanted = {execution: file.study.execution, trainer: {...file.study.trainer, processes}};
  return new SshLauncher(site, workerEnvironments(devices, wanted, config.variables, cores));
}

/** What the machine can train on. */
export async function devicesAt(site: Site): Promise<{devices: Devices; cores: number}> {
  const answer = await site.transport.run(moduleCommand(site, "because_trainer", ["devices"]), {
    timeout: DEVICES_TIMEOUT
  });
  if (answer.code !== 0)
    throw new Error(`Place ${site.name}: what it trains on cannot be found: ${lastLine(answer.stderr)}`);
  const [facts] = await askFleet<{cores: number}>(site, ["facts"]);
  return {devices: JSON.parse(answer.stdout) as Devices, cores: facts?.cores ?? availableParallelism()};
}
