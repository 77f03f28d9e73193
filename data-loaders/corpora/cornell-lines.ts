/** `movie_lines.txt`: film lines by id, read from the disk when they are asked for. */
import {isUtf8} from "node:buffer";
import {open} from "node:fs/promises";
import type {FileHandle} from "node:fs/promises";
import {streamRawLines} from "./line-stream.js";
import {inShort, misfit} from "./publisher-values.js";
import type {Source} from "./source-file.js";

/** Stands between the fields of the publisher's files. */
export const SEPARATOR = " +++$+++ ";
const ID = /^L(\d{1,9})$/;
/** Bytes read at a time: the lines of a conversation stand close together. */
const BLOCK = 1 << 20;

export interface MovieLine {
  character: string;
  text: string;
}

export interface MovieLines {
  /** The line of an id such as `L1045`, or null where there is none. */
  line(id: string): Promise<MovieLine | null>;
  close(): Promise<void>;
}

/** Goes through the file once and notes where each line begins: 8 bytes a line are held, not the text. */
export async function openMovieLines(source: Source): Promise<MovieLines> {
  let offsets = new Float64Array(1 << 16);
  let number = 0;
  for await (const {bytes, offset} of streamRawLines(source)) {
    number++;
    if (bytes.length <= 1) continue;
    const nth = numberOf(bytes.subarray(0, 16).toString("latin1").split(" ")[0]!);
    if (nth === null || parse(bytes) === null)
      throw misfit(
        `${source.name}, line ${number}`,
        `L and a number, character, film, name and text, with “${SEPARATOR}” between`,
        inShort(decodeMixed(bytes))
      );
    if (nth >= offsets.length) {
      const longer = new Float64Array(2 ** Math.ceil(Math.log2(nth + 1)));
      longer.set(offsets);
      offsets = longer;
    }
    offsets[nth] = offset + 1; // 0 is for lines that are not there
  }
  return new LinesOnDisk(await open(source.file), offsets);
}

class LinesOnDisk implements MovieLines {
  private block: Buffer = Buffer.alloc(0);
  private blockAt = 0;

  constructor(
    private readonly handle: FileHandle,
    private readonly offsets: Float64Array
  ) {}

  async line(id: string): Promise<MovieLine | null> {
    const nth = numberOf(id);
    const offset = nth === null ? undefined : this.offsets[nth];
    return offset === undefined || offset === 0 ? null : parse(await this.bytesAt(offset - 1));
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /** A whole line; the block is read around it, since a conversation's lines may stand in either order. */
  private async bytesAt(offset: number, size = BLOCK): Promise<Buffer> {
    const within = offset - this.blockAt;
    const end = within >= 0 ? this.block.indexOf("\n", within) : -1;
    if (within >= 0 && within < this.block.length && end >= 0) return this.block.subarray(within, end);
    const start = Math.max(0, offset - BLOCK / 2);
    const {buffer, bytesRead} = await this.handle.read(Buffer.alloc(size), 0, size, start);
    this.block = buffer.subarray(0, bytesRead);
    this.blockAt = start;
    const found = this.block.indexOf("\n", offset - start);
    if (found >= 0) return this.block.subarray(offset - start, found);
    return bytesRead < size ? this.block.subarray(offset - start) : this.bytesAt(offset, 2 * size);
  }
}

function numberOf(id: string): number | null {
  const found = ID.exec(id);
  return found ? Number(found[1]) : null;
}

/** Five fields; the text may be empty, and may hold the separator. */
function parse(bytes: Buffer): MovieLine | null {
  const [, character, , , ...text] = decodeMixed(bytes).replace(/\r$/, "").split(SEPARATOR.trimEnd());
  return character === undefined || text.length === 0
    ? null
    : {character: character.trim(), text: text.join(SEPARATOR.trimEnd()).trim()};
}

/** Windows-1252 from 0x80 to 0x9f; five of them stand for nothing and stay as they are. */
const WINDOWS_1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/**
 * Text that its publisher calls ISO-8859-1, and which has the quotes and dashes of Windows-1252, as browsers read that
 * name. Copies that somebody made UTF-8 are read as such, line by line.
 */
export function decodeMixed(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  return bytes.toString("latin1").replace(/[\x80-\x9f]/g, (byte) => WINDOWS_1252[byte.charCodeAt(0) - 0x80]!);
}
