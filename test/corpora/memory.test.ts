import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {once} from "node:events";
import {createWriteStream} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";
import {fileURLToPath} from "node:url";
import {promisify} from "node:util";
import {DuckDBInstance} from "@duckdb/node-api";
import {folderWith} from "./given-files.js";

const MEASURE = fileURLToPath(new URL("measure-memory.ts", import.meta.url));
const LIMIT = 2000;
/** The collector leaves garbage lying while there is room, which is not what is measured. */
const HEAP = "--max-old-space-size=128";

/** About so many megabytes of pairs, half a kilobyte a response. Gives the number of lines. */
async function writePairs(file: string, megabytes: number): Promise<number> {
  const stream = createWriteStream(file);
  let lines = 0;
  for (let size = 0; size < megabytes * 1e6; lines++) {
    const said = (text: string) => `\n\nHuman: ${lines}?\n\nAssistant: ${`${text} ${lines} `.repeat(50)}`;
    const line = `${JSON.stringify({chosen: said("yes"), rejected: said("no")})}\n`;
    size += line.length;
    if (!stream.write(line)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "close");
  return lines;
}

/** So many battles of a kilobyte each, in row groups such as the hub's. */
async function writeBattles(file: string, battles: number): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const side = (word: string): string =>
    `[{role: 'user', content: 'Question ' || i}, {role: 'assistant', content: repeat(md5((i * 7)::VARCHAR), 15) || '${word}'}]`;
  await connection.run(
    `COPY (SELECT 'q' || i AS question_id, 'tie' AS winner, 'English' AS language, ${side("a")} AS conversation_a,
      ${side("b")} AS conversation_b FROM range(${battles}) t(i))
      TO '${file}' (FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE 2048)`
  );
  connection.closeSync();
  instance.closeSync();
}

interface Measured {
  rows: number;
  kept: number;
  peak: number;
}

async function measure(folder: string, config: object): Promise<Measured> {
  const {stdout} = await promisify(execFile)(process.execPath, [
    HEAP,
    "--import",
    "tsx",
    MEASURE,
    folder,
    JSON.stringify(config)
  ]);
  return JSON.parse(stdout) as Measured;
}

test("with a limit, a file of 100 MB takes hardly more memory than one of 25 MB", async (t) => {
  const folder = await folderWith(t, {});
  const lines = {
    small: await writePairs(join(folder, "small.jsonl"), 25),
    large: await writePairs(join(folder, "large.jsonl"), 100)
  };
  for (const config of [
    {reader: "hh-rlhf", which: "chosen", limit: LIMIT},
    {reader: "jsonl", columns: {response: "chosen"}, limit: LIMIT}
  ]) {
    const small = await measure(folder, {...config, path: "small.jsonl"});
    const large = await measure(folder, {...config, path: "large.jsonl"});
    assert.deepEqual([small.rows, large.rows], [lines.small, lines.large]);
    assert.deepEqual([small.kept, large.kept], [LIMIT, LIMIT]);
    // held whole, the larger file would take its four times more text, at the least
    t.diagnostic(`${config.reader}: ${small.peak} MiB for 25 MB, ${large.peak} MiB for 100 MB`);
    assert.ok(large.peak < 1.4 * small.peak, `${small.peak} and ${large.peak} MiB`);
  }
});

test("the same for Parquet, row group by row group", async (t) => {
  const folder = await folderWith(t, {});
  await writeBattles(join(folder, "small.parquet"), 20_000);
  await writeBattles(join(folder, "large.parquet"), 80_000);
  const arena = {reader: "chatbot-arena", limit: LIMIT};
  const small = await measure(folder, {...arena, path: "small.parquet"});
  const large = await measure(folder, {...arena, path: "large.parquet"});
  assert.deepEqual([small.rows, large.rows], [40_000, 160_000]);
  t.diagnostic(`${small.peak} MiB for 20 MB, ${large.peak} MiB for 80 MB`);
  assert.ok(large.peak < 1.4 * small.peak, `${small.peak} and ${large.peak} MiB`);
});
