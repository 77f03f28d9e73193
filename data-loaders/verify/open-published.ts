/** A published site or bundle as a folder: an archive is taken apart in a temporary one. */
import {mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join, resolve, sep} from "node:path";
import {unzipSync} from "fflate";
import {BadInput} from "../../src/core/bad-input.js";

export interface OpenedFolder {
  folder: string;
  close(): Promise<void>;
}

/** Opens it. Throws BadInput for what is neither, and for an archive with a path that leads out of it. */
export async function openPublished(path: string): Promise<OpenedFolder> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return {folder: resolve(path), close: async () => undefined};
  if (!found) throw notPublished(path, "no such file or folder");
  const folder = await mkdtemp(join(tmpdir(), "because-verify-"));
  const close = () => rm(folder, {recursive: true, force: true});
  try {
    await takeApart(path, folder);
    const [root, ...others] = await readdir(folder);
    if (root === undefined || others.length > 0) throw notPublished(path, "an archive with another layout");
    return {folder: join(folder, root), close};
  } catch (error) {
    await close();
    throw error;
  }
}

async function takeApart(path: string, folder: string): Promise<void> {
  for (const [name, bytes] of Object.entries(membersOf(path, await readFile(path)))) {
    const file = resolve(folder, name);
    if (!file.startsWith(folder + sep) || name.includes("\\"))
      throw notPublished(path, `a path that leads out: ${name}`);
    if (name.endsWith("/")) continue;
    await mkdir(dirname(file), {recursive: true});
    await writeFile(file, bytes);
  }
}

/**
 * All members. Where one cannot be unpacked, each is tried by itself, and a broken one is left empty: its hash then
 * doesn't hold, and it is named like any other file that was changed.
 */
function membersOf(path: string, archive: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(archive);
  } catch {
    return Object.fromEntries(namesIn(path, archive).map((name) => [name, unpacked(archive, name)]));
  }
}

function namesIn(path: string, archive: Uint8Array): string[] {
  const names: string[] = [];
  const note = ({name}: {name: string}): boolean => names.push(name) < 0;
  try {
    unzipSync(archive, {filter: note});
  } catch (error) {
    throw notPublished(path, `no whole .zip archive (${(error as Error).message})`);
  }
  return names;
}

function unpacked(archive: Uint8Array, name: string): Uint8Array {
  try {
    return unzipSync(archive, {filter: (member) => member.name === name})[name] ?? new Uint8Array();
  } catch {
    return new Uint8Array();
  }
}

function notPublished(path: string, found: string): BadInput {
  return new BadInput({
    where: path,
    expected: "a folder or .zip that `because publish` wrote",
    found,
    mend: "Name the site's folder, the bundle, or the folder that a bundle was unpacked into."
  });
}
