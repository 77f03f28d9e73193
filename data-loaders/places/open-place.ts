/** Opens the place that a study is trained at, whatever its kind. */
import type {PlaceConfig} from "../../src/core/places.js";
import {LOCAL} from "../../src/core/places.js";
import {ensurePython} from "../setup/python-environment.js";
import type {Context} from "../stages/context.js";
import {findDevices, requirePackages, workerEnvironments} from "../trainers/devices.js";
import {LocalTrainer} from "../trainers/local.js";
import {TRAINER_PACKAGE, trainerVersion} from "../trainers/trainer-package.js";
import type {Trainer} from "../trainers/trainer.js";
import {findPlace} from "./places-file.js";
import {rayLauncher} from "./ray/ray-launcher.js";
import {reachSite, type ReachOptions} from "./reach-site.js";
import type {StudyFile} from "../study/read-study.js";
import type {Launcher} from "./launcher.js";
import {RemoteRuns} from "./remote-runs.js";
import type {Site} from "./site.js";
import {slurmLauncher} from "./slurm/slurm-launcher.js";
import {SshLauncher, sshLauncher} from "./ssh-launcher.js";
import {transportOf} from "./transport-of.js";

export interface OpenPlace {
  name: string;
  trainer: Trainer;
  /** Runs at a time, by which groups are cut. */
  workers: number;
  /** The trainer's version there, which is part of every run's id. */
  version: string;
  /** What a run takes and costs; null where that is not known. */
  cost: PlaceCost | null;
  close(): Promise<void>;
}

/** To show what runs cost. */
export interface PlaceCost {
  /** GPUs of a run. */
  gpus: number;
  /** Of a GPU for an hour; null where the places file gives none. */
  price: number | null;
  currency: string;
}

export interface OpenOptions {
  /** What `--on` names; default: the study's place. */
  on?: string;
  signal?: AbortSignal;
}

/** Name of the place that a study is trained at, and what named it. */
export function placeName({file}: Pick<Context, "file">, on?: string): {name: string; asked: string} {
  return on === undefined
    ? {name: file.study.trainer.place, asked: `${file.file}, key trainer.place`}
    : {name: on, asked: `--on ${on}`};
}

/**
 * Opens a study's place, setting it up where that is needed: here the Python environment of the store, elsewhere that of
 * the place.
 */
export async function openPlace(context: Context, {on, signal}: OpenOptions = {}): Promise<OpenPlace> {
  const {name, asked} = placeName(context, on);
  const config = await findPlace(name, asked);
  return config ? openRemote(context, name, config, signal) : openLocal(context, signal);
}

async function openLocal({file, store, report}: Context, signal?: AbortSignal): Promise<OpenPlace> {
  const {python} = await ensurePython({store: store.root, log: report.note, signal});
  const devices = await findDevices(python);
  requirePackages(file, devices, python);
  const workers = workerEnvironments(devices, file.study);
  const {jobs, runs} = store;
  const trainer = new LocalTrainer({python, package: TRAINER_PACKAGE, jobs, runs, workers});
  return {
    name: LOCAL,
    trainer,
    workers: workers.length,
    version: await trainerVersion(),
    cost: null,
    close: () => trainer.close()
  };
}

async function openRemote(
  {file, store, report}: Context,
  name: string,
  config: PlaceConfig,
  signal?: AbortSignal
): Promise<OpenPlace> {
  const site = await openSite({name, config, log: report.note, signal});
  try {
    const launcher = await launcherFor(site, file);
    const trainer = new RemoteRuns({site, launcher, store});
    return {
      name,
      trainer,
      workers: launcher.workers,
      version: site.version,
      cost: {gpus: launcher.gpus, price: config.price_per_gpu_hour ?? null, currency: config.currency},
      close: () => trainer.close()
    };
  } catch (error) {
    await site.transport.close();
    throw error;
  }
}

/** Reaches a place and sets it up. Whoever opens it closes its link. */
export async function openSite(options: Omit<ReachOptions, "transport">): Promise<Site> {
  const transport = transportOf(options.config);
  try {
    return await reachSite({...options, transport});
  } catch (error) {
    await transport.close();
    throw error;
  }
}

/** How runs of a study are begun at a place of each kind; without a study, only to look after what is there. */
export async function launcherFor(site: Site, file: StudyFile | null): Promise<Launcher> {
  switch (site.config.kind) {
    case "ssh":
      return file ? sshLauncher(site, file) : new SshLauncher(site, []);
    case "slurm":
      return slurmLauncher(site, site.config, file);
    case "ray":
      return rayLauncher(site, file);
  }
}
