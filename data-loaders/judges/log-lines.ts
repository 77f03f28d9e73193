/** Lines of a vote log, read by stream: memory is bounded by the longest line, not by the log. */
import {createReadStream} from "node:fs";
import {open} from "node:fs/promises";
import type {Vote} from "../../src/core/judging/votes.js";

const NEWLINE = 10;
/** How every line begins: what is not asked for is passed over without being parsed. */
const START = '{"key":"';
/** Hex digits of a key. */
export const KEY_DIGITS = 32;

/** A vote as a line. Its key comes first. */
export function lineOf({key, ...vote}: Vote): string {
  return `${JSON.stringify({key, ...vote})}\n`;
}

/**
 * Votes of a file whose key `wanted` has, in the order they were logged. A half-written line, left by a kill, is passed
 * over; so is one that cannot be read, as if it had never been written.
 */
export async function* readVotes(file: string, wanted: (key: string) => boolean): AsyncGenerator<Vote> {
  for await (const lines of blocksOf(file))
    for (const line of lines) {
      if (line.toString("latin1", 0, START.length) !== START) continue;
      if (!wanted(line.toString("latin1", START.length, START.length + KEY_DIGITS))) continue;
      const vote = parse(line.toString("utf8"));
      if (vote) yield vote;
    }
}

/** Whole lines, without their ends, a block of the file at a time. */
async function* blocksOf(file: string): AsyncGenerator<Buffer[]> {
  let rest: Buffer[] = [];
  for await (const chunk of createReadStream(file, {highWaterMark: 1 << 20}) as AsyncIterable<Buffer>) {
    const lines: Buffer[] = [];
    let from = 0;
    for (let end; (end = chunk.indexOf(NEWLINE, from)) >= 0; from = end + 1) {
      const piece = chunk.subarray(from, end);
      lines.push(rest.length > 0 ? Buffer.concat([...rest, piece]) : piece);
      rest = [];
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
    yield lines;
  }
}

/**
 * Mends the end of a file whose writer was killed: a last line without its end is completed if it is a whole vote, and
 * taken away otherwise. Only whoever holds the log may do this.
 */
export async function repairEnd(file: string): Promise<void> {
  const handle = await open(file, "r+");
  try {
    const {size} = await handle.stat();
    const tail = await lastPiece(handle, size);
    if (tail.length === 0) return;
    if (parse(tail.toString("utf8"))) await handle.write("\n", size);
    else await handle.truncate(size - tail.length);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What stands after the last line's end. */
async function lastPiece(handle: Awaited<ReturnType<typeof open>>, size: number): Promise<Buffer> {
  for (let span = Math.min(size, 1 << 16); ; span = Math.min(size, span * 4)) {
    const buffer = Buffer.alloc(span);
    await handle.read(buffer, 0, span, size - span);
    const end = buffer.lastIndexOf(NEWLINE);
    if (end >= 0 || span === size) return buffer.subarray(end + 1);
  }
}

function parse(line: string): Vote | null {
  try {
    return JSON.parse(line) as Vote;
  } catch {
    return null;
  }
}
