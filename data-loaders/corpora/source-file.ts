/** Files that somebody brings: found and decoded, or a sentence that says what is wrong with them. */
import {isUtf8} from "node:buffer";
import {stat} from "node:fs/promises";
import {resolve} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import {notUtf8, streamBytes, streamLines} from "./line-stream.js";
import type {Line} from "./line-stream.js";

/** One file of a corpus. */
export interface Source {
  /** Where it lies on this disk. */
  file: string;
  /** What messages and cards call it: as the study names it. */
  name: string;
}

/** Where a study's `path` lies on the disk: relative to the data folder, or absolute. */
export function locate(path: string, folder: string): string {
  return resolve(folder, path);
}

/** The one file that `path` names. Throws BadInput, saying where it was looked for, unless it is a file. */
export async function oneSource(path: string, folder: string): Promise<Source> {
  const file = locate(path, folder);
  const found = await stat(file).catch(() => null);
  if (found?.isFile()) return {file, name: path};
  throw notThere(path, folder, "a file", found ? "a folder" : "nothing");
}

/** What a message says of a path that is not there, or is not what it should be. */
export function notThere(path: string, folder: string, expected: string, found: string): BadInput {
  return new BadInput({
    where: path,
    expected: `${expected} at ${locate(path, folder)}`,
    found,
    mend: `Paths of corpora start from the folder that \`--data\` names, else from the study file's (now ${folder}): name the right one, or mend \`path\`.`
  });
}

/** The text of a small UTF-8 file, without a byte order mark; unpacked when its name ends with `.gz`. */
export async function readText(source: Source): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of streamBytes(source)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (!isUtf8(bytes)) throw notUtf8(bytes, source.name, 1, 0);
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}

/** The lines of a small UTF-8 file. */
export async function readLines(source: Source): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of streamLines(source)) lines.push(line);
  return lines;
}

/** A whole JSON document. */
export async function readJson(source: Source): Promise<unknown> {
  const text = await readText(source);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notJson(source.name, error as Error);
  }
}

/** What a message says of text that JSON cannot read. */
export function notJson(name: string, {message}: Error): BadInput {
  return new BadInput({
    where: name,
    expected: "one JSON document",
    found: `text that is no JSON (${message})`,
    mend: "Fetch the file again, or check that `reader` names its format."
  });
}
