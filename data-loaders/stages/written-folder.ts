/**
 * Folders outside the store that a command fills for somebody. Each holds a record of what was written, so that nothing
 * that somebody put there, or changed there, is lost when the command fills it again.
 */
import {lstat, readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import {writeAtomically} from "./atomic-files.js";
import {hashFile} from "./content-hash.js";

/** What is in a folder that is to be filled. */
export interface WrittenFolder {
  /** What the record says besides its files; null without one. */
  record: Record<string, unknown> | null;
  /** Paths that the record does not list. */
  foreign: string[];
  /** Paths whose content is not what was written. */
  changed: string[];
}

/**
 * Looks at a folder before it is filled. `option` is what named the folder, `mark` the name of the record, and `maker` what writes it.
 *
 * @throws BadInput where it is a file or a link: neither is ever replaced
 */
export async function examineWritten(
  folder: string,
  {option, mark, maker}: {option: string; mark: string; maker: string}
): Promise<WrittenFolder> {
  const kind = await kindOf(folder);
  if (kind === "nothing") return {record: null, foreign: [], changed: []};
  if (kind !== "a folder")
    throw new BadInput({
      where: option,
      expected: `a folder that is new, empty, or made by ${maker}`,
      found: kind,
      mend: "Name another folder; what is there is left as it is."
    });
  const {files, ...record} = await readRecord(join(folder, mark));
  const paths = (await pathsBelow(folder)).filter((path) => !files || path !== mark);
  const foreign = paths.filter((path) => !Object.hasOwn(files ?? {}, path));
  const changed: string[] = [];
  for (const path of paths)
    if (!foreign.includes(path) && (await hashFile(join(folder, path))) !== files![path]) changed.push(path);
  return {record: files ? record : null, foreign, changed};
}

/** Writes the record of all that is in `folder`; returns the paths that it lists. */
export async function recordWritten(folder: string, mark: string, more: object): Promise<string[]> {
  const paths = await pathsBelow(folder);
  const files: Record<string, string> = {};
  for (const path of paths) files[path] = await hashFile(join(folder, path));
  await writeAtomically(join(folder, mark), `${JSON.stringify({...more, files}, null, 2)}\n`);
  return paths;
}

async function kindOf(path: string): Promise<"nothing" | "a folder" | "a file" | "a symbolic link"> {
  try {
    const found = await lstat(path);
    if (found.isSymbolicLink()) return "a symbolic link";
    return found.isDirectory() ? "a folder" : "a file";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return "a file";
    return "nothing";
  }
}

interface Written {
  files?: Record<string, string>;
  [key: string]: unknown;
}

async function readRecord(file: string): Promise<Written> {
  const text = await readFile(file, "utf8").catch(() => "{}");
  try {
    const record = JSON.parse(text) as Written | null;
    const named = typeof record?.files === "object" && !Array.isArray(record.files);
    return named ? record : {};
  } catch {
    return {};
  }
}

/** Files below a folder, relative to it, with `/`. Links are listed, not followed. */
export async function pathsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/")
    )
    .sort();
}
