/** Text files line by line, unpacked on the way: a file may be larger than memory. */
import {isUtf8} from "node:buffer";
import {createReadStream} from "node:fs";
import {stat} from "node:fs/promises";
import {pipeline} from "node:stream";
import {createGunzip} from "node:zlib";
import {BadInput} from "../../src/core/bad-input.js";
import type {Source} from "./source-file.js";

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const LINE_FEED = 0x0a;
const CHUNK = 1 << 18;
/** Bytes; a file without line breaks would otherwise be held whole. */
const LONGEST_LINE = 1 << 26;

/** A line of text with its number in the file, counted from 1. */
export interface Line {
  number: number;
  text: string;
}

/** Decodes the bytes of a line; `offset` is where they stand in the (unpacked) file. */
export type Decode = (bytes: Buffer, line: number, offset: number) => string;

/** The bytes of a file, unpacked when its name ends with `.gz`. Throws BadInput on damaged gzip. */
export async function* streamBytes({file, name}: Source): AsyncGenerator<Buffer> {
  const packed = createReadStream(file, {highWaterMark: CHUNK});
  if (!file.endsWith(".gz")) return yield* packed as AsyncIterable<Buffer>;
  const unpacked = createGunzip({chunkSize: CHUNK});
  // errors of either stream end up in `unpacked`, where the loop below meets them
  pipeline(packed, unpacked, () => undefined);
  try {
    yield* unpacked as AsyncIterable<Buffer>;
  } catch (error) {
    throw await badGzip(error as NodeJS.ErrnoException, file, name);
  } finally {
    packed.destroy();
  }
}

/** The lines of a file, without line ends and byte order mark. Throws BadInput on what `decode` refuses. */
export async function* streamLines(source: Source, decode: Decode = utf8(source)): AsyncGenerator<Line> {
  let number = 1;
  for await (const {bytes, offset} of streamRawLines(source)) {
    const end = bytes.at(-1) === 0x0d ? bytes.length - 1 : bytes.length;
    yield {number, text: decode(bytes.subarray(0, end), number, offset)};
    number++;
  }
}

/** Lines as bytes, without line feeds, and where each begins. */
export async function* streamRawLines(source: Source): AsyncGenerator<{bytes: Buffer; offset: number}> {
  let rest: Buffer[] = [];
  let held = 0;
  let offset = 0;
  let first = true;
  const line = (last: Buffer): {bytes: Buffer; offset: number} => {
    const bytes = rest.length > 0 ? Buffer.concat([...rest, last]) : last;
    const marked = first && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK);
    const found = {bytes: marked ? bytes.subarray(3) : bytes, offset: marked ? offset + 3 : offset};
    offset += bytes.length + 1;
    [rest, held, first] = [[], 0, false];
    return found;
  };
  for await (const chunk of streamBytes(source)) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      yield line(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
    held += chunk.length - start;
    if (held > LONGEST_LINE) throw tooLong(source.name);
  }
  if (held > 0) yield line(Buffer.alloc(0));
}

/** UTF-8, or a BadInput that says which byte is none. */
export function utf8({name}: Source): Decode {
  return (bytes, line, offset) => {
    if (!isUtf8(bytes)) throw notUtf8(bytes, name, line, offset);
    return bytes.toString("utf8");
  };
}

/** `offset` is that of `bytes` in the file (after unpacking), `line` the number of their first line. */
export function notUtf8(bytes: Buffer, name: string, line: number, offset: number): BadInput {
  const at = firstInvalid(bytes);
  const lineOfByte = line + bytes.subarray(0, at).filter((byte) => byte === LINE_FEED).length;
  return new BadInput({
    where: `${name}, line ${lineOfByte}`,
    expected: "UTF-8 text",
    found: `byte 0x${bytes[at]!.toString(16).padStart(2, "0")} at offset ${offset + at}, which is no UTF-8`,
    mend: "Convert the file, for example with `iconv -f latin1 -t utf-8`."
  });
}

/** Offset of the first byte that decoding did not give back as it was. */
function firstInvalid(bytes: Buffer): number {
  const decoded = Buffer.from(bytes.toString("utf8"));
  return bytes.findIndex((byte, i) => byte !== decoded[i]);
}

async function badGzip(error: NodeJS.ErrnoException, file: string, name: string): Promise<Error> {
  if (!error.code?.startsWith("Z_")) return error;
  const truncated = error.code === "Z_BUF_ERROR";
  return new BadInput({
    where: name,
    expected: "a whole gzip file",
    found: truncated
      ? `one that breaks off after ${(await stat(file)).size} bytes`
      : `bytes that gzip cannot read (${error.message})`,
    mend: truncated
      ? "It was cut off while it was copied or downloaded; fetch it again."
      : "Fetch it again, or drop `.gz` from its name if it is not packed."
  });
}

function tooLong(name: string): BadInput {
  return new BadInput({
    where: name,
    expected: `lines of at most ${LONGEST_LINE / 2 ** 20} MiB`,
    found: "a longer one",
    mend: "Check that `reader` names the file's format: its records should stand on lines of their own."
  });
}
