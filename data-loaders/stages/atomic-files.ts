/** Files that appear whole or not at all: written beside their target, flushed, and renamed into place. */
import {mkdir, open, readdir, rename, rm, stat} from "node:fs/promises";
import {hostname} from "node:os";
import {dirname, join} from "node:path";
import {isAlive} from "./process-alive.js";

/** Writes a file so that a reader sees the old content or the new, never half of it. */
export async function writeAtomically(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), {recursive: true});
  const partial = `${file}.partial-${HOST}-${process.pid}`;
  const handle = await open(partial, "w");
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
}

/** Stands in the name of a half-made folder: a store can lie on a disk that several machines share. */
const HOST = hostname().replace(/[^\w]/g, "");

/**
 * Lets `fill` write into a new folder beside `folder`, then renames it into place, replacing what was there. Halves
 * that killed processes left beside it are removed.
 */
export async function fillFolderAtomically(
  folder: string,
  fill: (partial: string) => Promise<void>
): Promise<void> {
  const partial = `${folder}.partial-${HOST}-${process.pid}`;
  await removeAbandoned(dirname(folder));
  await rm(partial, {recursive: true, force: true});
  await mkdir(partial, {recursive: true});
  try {
    await fill(partial);
    await rm(folder, {recursive: true, force: true});
    await rename(partial, folder);
  } finally {
    await rm(partial, {recursive: true, force: true});
  }
}

const searched = new Set<string>();

/** Removes what killed processes left half made in a folder; looks once, since only a later process can find more. */
async function removeAbandoned(parent: string): Promise<void> {
  if (searched.has(parent)) return;
  searched.add(parent);
  for (const name of await readdir(parent).catch(() => [])) {
    const [, host, pid] = /\.partial-(\w*)-(\d+)$/.exec(name) ?? [];
    if (host === HOST && !isAlive(Number(pid))) await rm(join(parent, name), {recursive: true, force: true});
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false
  );
}
