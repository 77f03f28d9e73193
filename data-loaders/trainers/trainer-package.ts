/** The Python package behind the embedded trainer: where it lies and which version it is. */
import {execFile} from "node:child_process";
import {join} from "node:path";
import {promisify} from "node:util";
import {PROJECT} from "../stages/store.js";

export const TRAINER_PACKAGE = join(PROJECT, "remote-trainer");

/** Environment in which Python finds the package. */
export function trainerEnvironment(): NodeJS.ProcessEnv {
  return {...process.env, PYTHONPATH: TRAINER_PACKAGE, PYTHONDONTWRITEBYTECODE: "1"};
}

/** Hash over the trainer's sources and pinned packages. Part of every run id. */
export async function trainerVersion(python: string): Promise<string> {
  const {stdout} = await promisify(execFile)(python, ["-m", "because_trainer", "version"], {
    env: trainerEnvironment()
  });
  return stdout.trim();
}
