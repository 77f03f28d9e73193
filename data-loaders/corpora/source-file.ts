/** Files that somebody brings: found, unpacked and decoded, or a sentence that says what is wrong with them. */
import {isUtf8} from "node:buffer";
import {readFile, stat} from "node:fs/promises";
import {resolve} from "node:path";
import {gunzipSync} from "node:zlib";
import {BadInput} from "../../src/core/bad-input.js";

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const LINE_FEED = 0x0a;

/** A line of text with its number in the file, counted from 1. */
export interface Line {
  number: number;
  text: string;
}

/** Where a study's `path` lies on the disk: relative to the data folder, or absolute. */
export function locate(path: string, folder: string): string {
  return resolve(folder, path);
}

/** The bytes of a file, unpacked when its name ends with `.gz`. Throws BadInput when missing or damaged. */
export async function readBytes(path: string, folder: string): Promise<Buffer> {
  await requireFile(path, folder);
  const bytes = await readFile(locate(path, folder));
  return path.endsWith(".gz") ? unpack(bytes, path) : bytes;
}

/** The text of a UTF-8 file, without a byte order mark. */
export async function readText(path: string, folder: string): Promise<string> {
  const bytes = withoutMark(await readBytes(path, folder));
  if (!isUtf8(bytes)) throw notUtf8(bytes, path, 1);
  return bytes.toString("utf8");
}

/** The lines of a UTF-8 file, decoded one by one, so that a file may be longer than the longest string. */
export async function readLines(path: string, folder: string): Promise<Line[]> {
  const bytes = withoutMark(await readBytes(path, folder));
  const lines: Line[] = [];
  for (let start = 0, number = 1; start < bytes.length; number++) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    if (!isUtf8(line)) throw notUtf8(line, path, number, start);
    lines.push({number, text: line.toString("utf8").replace(/\r$/, "")});
    start = end + 1;
  }
  return lines;
}

/** A whole JSON document. */
export async function readJson(path: string, folder: string): Promise<unknown> {
  const text = await readText(path, folder);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadInput({
      where: path,
      expected: "one JSON document",
      found: `text that is no JSON (${(error as Error).message})`,
      mend: "Fetch the file again, or check that `reader` names its format."
    });
  }
}

/** Throws BadInput, saying where it was looked for, unless `path` is a file. */
export async function requireFile(path: string, folder: string): Promise<void> {
  const file = locate(path, folder);
  const found = await stat(file).catch(() => null);
  if (found?.isFile()) return;
  throw new BadInput({
    where: path,
    expected: `a file at ${file}`,
    found: found ? "a folder" : "nothing",
    mend: `Paths of corpora start from the folder that \`--data\` names, else from the study file's (now ${folder}): name the right one, or mend \`path\`.`
  });
}

function unpack(bytes: Buffer, path: string): Buffer {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    const truncated = (error as NodeJS.ErrnoException).code === "Z_BUF_ERROR";
    throw new BadInput({
      where: path,
      expected: "a whole gzip file",
      found: truncated
        ? `one that breaks off after ${bytes.length} bytes`
        : `bytes that gzip cannot read (${(error as Error).message})`,
      mend: truncated
        ? "It was cut off while it was copied or downloaded; fetch it again."
        : "Fetch it again, or drop `.gz` from its name if it is not packed."
    });
  }
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? bytes.subarray(3) : bytes;
}

/** `start` is the offset of `bytes` in the file (after unpacking), `line` the number of their first line. */
function notUtf8(bytes: Buffer, path: string, line: number, start = 0): BadInput {
  const offset = firstInvalid(bytes);
  const lineOfByte = line + bytes.subarray(0, offset).filter((byte) => byte === LINE_FEED).length;
  return new BadInput({
    where: `${path}, line ${lineOfByte}`,
    expected: "UTF-8 text",
    found: `byte 0x${bytes[offset]!.toString(16).padStart(2, "0")} at offset ${start + offset}, which is no UTF-8`,
    mend: "Convert the file, for example with `iconv -f latin1 -t utf-8`."
  });
}

/** Offset of the first byte that decoding did not give back as it was. */
function firstInvalid(bytes: Buffer): number {
  const decoded = Buffer.from(bytes.toString("utf8"));
  return bytes.findIndex((byte, i) => byte !== decoded[i]);
}
