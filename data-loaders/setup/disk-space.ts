import {access, constants, mkdir} from "node:fs/promises";
import {existsSync} from "node:fs";
import {dirname, join, relative, resolve, sep} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import type {Machine} from "./environment.js";

const GB = 1e9;
/** Room for the environment with a CPU build of torch (1.4 GB), pip's working copies and a study's runs. */
export const NEEDED_BYTES = 3 * GB;
/** The default build for Linux brings CUDA's libraries along. */
export const NEEDED_BYTES_CUDA = 10 * GB;

/** `2.4 GB` */
export const gigabytes = (bytes: number): string => `${(bytes / GB).toFixed(1)} GB`;

/** The folder itself, or the nearest one above it that exists. */
export function existingFolder(folder: string): string {
  let nearest = resolve(folder);
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  return nearest;
}

/**
 * Makes the store and checks that it can be written.
 *
 * @throws BadInput where it cannot
 */
export async function writableStore(store: string): Promise<void> {
  try {
    await makeFirst(store);
    await mkdir(store, {recursive: true});
    await access(store, constants.W_OK);
  } catch (error) {
    throw new BadInput({
      where: store,
      expected: "a folder that can be written",
      found: error instanceof Error ? error.message : String(error),
      mend: "Give it write permission, or name another folder with `store:` in the study file."
    });
  }
}

/**
 * Makes the outermost folder that is missing. Below a folder that takes none, as /proc, Node.js would try for ever to
 * make several at once.
 */
async function makeFirst(folder: string): Promise<void> {
  const nearest = existingFolder(folder);
  const [first] = relative(nearest, resolve(folder)).split(sep);
  if (!first) return;
  await mkdir(join(nearest, first)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error; // by another process, meanwhile
  });
}

/**
 * Checks that the disk of the store has room.
 *
 * @throws BadInput where it has not
 */
export async function roomFor(store: string, needed: number, what: string, machine: Machine): Promise<void> {
  const free = await machine.freeBytes(existingFolder(store));
  if (free >= needed) return;
  throw new BadInput({
    where: `The disk of ${store}`,
    expected: `${gigabytes(needed)} free for ${what}`,
    found: `${gigabytes(free)} free`,
    mend: "Free some space, or name a folder on another disk with `store:` in the study file, and start again."
  });
}
