/** Files that appear whole or not at all: written beside their target, flushed, and renamed into place. */
import {mkdir, open, rename, rm, stat} from "node:fs/promises";
import {dirname} from "node:path";

/** Writes a file so that a reader sees the old content or the new, never half of it. */
export async function writeAtomically(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), {recursive: true});
  const partial = `${file}.partial-${process.pid}`;
  const handle = await open(partial, "w");
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
}

/** Lets `fill` write into a new folder beside `folder`, then renames it into place, replacing what was there. */
export async function fillFolderAtomically(
  folder: string,
  fill: (partial: string) => Promise<void>
): Promise<void> {
  const partial = `${folder}.partial-${process.pid}`;
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

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false
  );
}
