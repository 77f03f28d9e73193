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
  let members: Record<string, Uint8Array>;
  try {
    members = unzipSync(await readFile(path));
  } catch (error) {
    throw notPublished(path, `no whole .zip archive (${(error as Error).message})`);
  }
  for (const [name, bytes] of Object.entries(members)) {
    const file = resolve(folder, name);
    if (!file.startsWith(folder + sep) || name.includes("\\"))
      throw notPublished(path, `a path that leads out: ${name}`);
    if (name.endsWith("/")) continue;
    await mkdir(dirname(file), {recursive: true});
    await writeFile(file, bytes);
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
