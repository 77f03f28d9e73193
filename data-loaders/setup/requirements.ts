import {createHash} from "node:crypto";
import {readFileSync} from "node:fs";
import {join} from "node:path";

/** The files that pin the trainer's packages, in the order they are installed. */
export const TORCH_FILE = "requirements-torch.txt";
export const TRAINER_FILE = "requirements.txt";
/** Linters, type checker and test runner: `npm test` only. */
export const DEV_FILE = "requirements-dev.txt";

/**
 * SHA-256 of some requirement files, one after the other.
 *
 * @param folder where they lie: `remote-trainer/`
 */
export function requirementsHash(folder: string, files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(folder, file)));
  return hash.digest("hex");
}

/** SHA-256 of a text. */
export const textHash = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The pinned version of torch, such as `2.13.0`. */
export function torchVersion(folder: string): string {
  const text = readFileSync(join(folder, TORCH_FILE), "utf8");
  const version = /^torch==([\d.]+)/m.exec(text)?.[1];
  if (!version) throw new Error(`${TORCH_FILE} has no line torch==<version>`);
  return version;
}
