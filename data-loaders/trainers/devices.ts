/** What this machine trains on, and which part of it each worker gets. */
import {execFile} from "node:child_process";
import {availableParallelism} from "node:os";
import {promisify} from "node:util";
import {BadInput} from "../../src/core/bad-input.js";
import type {Study} from "../../src/core/study.js";
import {trainerEnvironment} from "./trainer-package.js";

/** What `because_trainer devices` prints. */
export interface Devices {
  /** GPUs in the order of their numbers; none where torch sees none. */
  cuda: {name: string; memory_bytes: number}[];
  /** The package that frozen weights of 8 and 4 bits need: as pinned, and the installed version or null. */
  bitsandbytes: {pinned: string; installed: string | null};
}

/** Asks the trainer, once: it has to load torch for the answer. */
export async function findDevices(python: string): Promise<Devices> {
  const {stdout} = await promisify(execFile)(python, ["-m", "because_trainer", "devices"], {
    env: trainerEnvironment()
  });
  return JSON.parse(stdout) as Devices;
}

/** What a worker's environment has beside this process' own. */
export type WorkerEnvironment = Record<string, string>;

type Wanted = Pick<Study, "trainer" | "execution">;

/**
 * One environment a worker. Each run takes as many GPUs, or cores where there are none, as it has processes; `auto` is
 * as many workers as that allows. A number of workers that is named is taken at its word: they may share GPUs. Where
 * `BECAUSE_DEVICE` says `cpu`, GPUs are left alone; where `CUDA_VISIBLE_DEVICES` names some, the others are.
 *
 * @throws BadInput where a run has more processes than there are GPUs
 */
export function workerEnvironments(
  {cuda}: Pick<Devices, "cuda">,
  {trainer, execution: {processes}}: Wanted,
  env: NodeJS.ProcessEnv = process.env,
  cores: number = availableParallelism()
): WorkerEnvironment[] {
  const gpus = env.BECAUSE_DEVICE === "cpu" ? [] : numbersOf(cuda.length, env);
  if (gpus.length > 0 && processes > gpus.length) throw tooMany(processes, gpus.length);
  const fitting = Math.max(1, Math.floor((gpus.length || cores) / processes));
  const count = trainer.processes === "auto" ? fitting : trainer.processes;
  return Array.from({length: count}, (_, worker): WorkerEnvironment => {
    if (gpus.length === 0) return {BECAUSE_DEVICE: env.BECAUSE_DEVICE || "cpu"};
    const own = Array.from({length: processes}, (_, i) => gpus[(worker * processes + i) % gpus.length]!);
    return {BECAUSE_DEVICE: "cuda", CUDA_VISIBLE_DEVICES: own.join(",")};
  });
}

/** Numbers or names by which the GPUs that torch sees are called. */
function numbersOf(count: number, {CUDA_VISIBLE_DEVICES}: NodeJS.ProcessEnv): string[] {
  const named = CUDA_VISIBLE_DEVICES?.split(",").map((each) => each.trim());
  return Array.from({length: count}, (_, i) => named?.[i] ?? String(i));
}

/** Throws BadInput before anything is paid or trained that the machine lacks a package for. */
export function requirePackages(
  {file, study: {adapter}}: {file: string; study: Pick<Study, "adapter">},
  {bitsandbytes}: Pick<Devices, "bitsandbytes">,
  python: string
): void {
  if (adapter.kind === "none" || adapter.bits === 16 || bitsandbytes.installed !== null) return;
  throw new BadInput({
    where: `${file}, key adapter.bits`,
    expected: `the Python package ${bitsandbytes.pinned}, which frozen weights of ${adapter.bits} bits need`,
    found: "it is not installed",
    mend: `Install it (${python} -m pip install ${bitsandbytes.pinned}), or say \`bits: 16\`.`
  });
}

function tooMany(processes: number, gpus: number): BadInput {
  return new BadInput({
    where: "execution.processes",
    expected: `at most as many processes as there are GPUs (${gpus}), since each takes one`,
    found: `${processes}`,
    mend: "Lower it, or set BECAUSE_DEVICE=cpu to train on the processor."
  });
}
