/** Files of JSON lines that stages write for each other, row by row: a file may be longer than the longest string. */
import {once} from "node:events";
import {createReadStream, createWriteStream} from "node:fs";
import {finished} from "node:stream/promises";

/** Writes rows into a new file of a folder that is being filled. */
export async function writeRows(file: string, rows: Iterable<object> | AsyncIterable<object>): Promise<void> {
  const stream = createWriteStream(file, {flush: true});
  const done = finished(stream);
  done.catch(() => undefined); // heard where it is waited for
  try {
    for await (const row of rows) {
      if (stream.write(`${JSON.stringify(row)}\n`)) continue;
      await Promise.race([once(stream, "drain"), done]);
    }
  } catch (error) {
    stream.destroy();
    throw error;
  }
  stream.end();
  await done;
}

/**
 * Rows of a file, one by one. Lines end at line feeds alone: Node's own reader also breaks them at U+2028, which JSON
 * leaves as it is.
 */
export async function* readRows<T>(file: string): AsyncGenerator<T> {
  const stream = createReadStream(file, {encoding: "utf8", highWaterMark: 1 << 18});
  let rest = "";
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (line !== "") yield JSON.parse(line) as T;
  }
  if (rest !== "") yield JSON.parse(rest) as T;
}

/** All rows of a file. */
export async function allRows<T>(file: string): Promise<T[]> {
  const rows: T[] = [];
  for await (const row of readRows<T>(file)) rows.push(row);
  return rows;
}
