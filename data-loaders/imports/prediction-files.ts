/** The files of predictions that a command names. */
import {stat} from "node:fs/promises";
import {resolve} from "node:path";
import type {Source} from "../corpora/source-file.js";
import {refuse} from "./predicted-row.js";

/** A file named from the folder that the command is run in. Throws BadInput unless it is one, with something in it. */
export async function predictionFile(path: string): Promise<Source> {
  const file = resolve(path);
  const found = await stat(file).catch(() => null);
  if (!found?.isFile())
    throw refuse(
      path,
      "a file with predictions",
      found ? "a folder" : `nothing at ${file}`,
      found
        ? "Name the files in it."
        : "Paths start from the folder that the command is run in: name the file as it lies from there."
    );
  if (found.size === 0) throw emptyFile(path);
  return {file, name: path};
}

/** For a file without a single row. */
export function emptyFile(path: string): Error {
  return refuse(
    path,
    "predictions, one row a test example × axis",
    "the file is empty",
    "Write it again, or leave it out."
  );
}
