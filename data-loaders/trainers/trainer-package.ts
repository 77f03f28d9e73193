/** The Python package behind the embedded trainer: where it lies and which version it is. */
import {createHash} from "node:crypto";
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {PROJECT} from "../stages/store.js";
import {TORCH_FILE, TRAINER_FILE} from "../setup/requirements.js";

export const TRAINER_PACKAGE = join(PROJECT, "remote-trainer");

/** Environment in which Python finds the package. */
export function trainerEnvironment(): NodeJS.ProcessEnv {
  return {...process.env, PYTHONPATH: TRAINER_PACKAGE, PYTHONDONTWRITEBYTECODE: "1"};
}

/**
 * Hash over the trainer's sources and pinned packages, which is part of every run id. The same as `python -m
 * because_trainer version` says of itself (`version.py`), so that ids are known where no Python is.
 */
export async function trainerVersion(): Promise<string> {
  const folder = join(TRAINER_PACKAGE, "because_trainer");
  const sources = (await readdir(folder)).filter((name) => name.endsWith(".py")).sort();
  const files = [
    ...[...sources, "contract.schema.json"].map((name) => [name, join(folder, name)] as const),
    ...[TORCH_FILE, TRAINER_FILE].map((name) => [name, join(TRAINER_PACKAGE, name)] as const)
  ];
  const hash = createHash("sha256");
  for (const [name, path] of files) {
    const content = await readFile(path);
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}
