/** Files for the readers to read: written into a folder that goes when the test ends, or real ones where they lie. */
import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import type {TestContext} from "node:test";
import {fileURLToPath} from "node:url";
import {gunzipSync} from "node:zlib";
import {DuckDBInstance} from "@duckdb/node-api";
import {readCorpus} from "../../data-loaders/corpora/read-corpus.js";
import type {Corpus} from "../../data-loaders/corpora/read-corpus.js";
import {BadInput} from "../../src/core/bad-input.js";
import type {Example} from "../../src/core/conversation.js";
import {CorpusConfig} from "../../src/core/study.js";

/** Real conversations, beside the project; absent on most machines. */
export const REAL_DATA = fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** Skips the test, by name, where there are no real conversations. True when skipped. */
export function skipWithoutRealData(t: TestContext): boolean {
  if (existsSync(REAL_DATA)) return false;
  t.skip("no real conversations at ../shared/data beside the project: this test read nothing");
  return true;
}

/** A folder with these files in it. */
export async function folderWith(
  t: TestContext,
  files: Record<string, string | Uint8Array>
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "because-corpora-"));
  t.after(() => rm(folder, {recursive: true, force: true}));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), {recursive: true});
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** Reads a corpus as the pipeline does: the configuration goes through the study's schema first. */
export function readConfigured(config: object, folder: string, seed = 1): Promise<Corpus> {
  return readCorpus("mine", CorpusConfig.parse(config), {folder, seed});
}

/** Writes rows as Parquet with nested types, as other tools do. */
export async function writeParquet(folder: string, name: string, rows: object[]): Promise<void> {
  const json = join(folder, `${name}.rows.jsonl`);
  await writeFile(json, rows.map((row) => JSON.stringify(row)).join("\n"));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT * FROM read_json('${json}')) TO '${join(folder, name)}' (FORMAT parquet)`
  );
  connection.closeSync();
  instance.closeSync();
  await rm(json);
}

/** Reasons and counts of what a corpus' card says was left out. */
export function droppedIn({card}: Corpus): Record<string, number> {
  return Object.fromEntries(card.dropped.map(({reason, rows}) => [reason, rows]));
}

/** Everything read was either kept or dropped, and no two examples share an id. */
export function assertCountsAddUp({card, examples}: Corpus): void {
  const dropped = card.dropped.reduce((sum, {rows}) => sum + rows, 0);
  assert.equal(card.rows_read, card.rows_kept + dropped, "rows read are rows kept and rows dropped");
  assert.equal(new Set(examples.map(({example_id}) => example_id)).size, examples.length);
}

/** Rows of a prepared set, which was made from the same publisher's file by other code. */
export async function preparedRows(path: string): Promise<PreparedRow[]> {
  const text = gunzipSync(await readFile(join(REAL_DATA, path))).toString("utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as PreparedRow);
}

export interface PreparedRow {
  turns: Example["turns"];
  response: string;
  human_labels: Example["scores"];
  meta: {dialogue_id?: string};
}

/** Every example says what the prepared row at its place says. */
export function assertAsPrepared(examples: Example[], rows: PreparedRow[]): void {
  assert.equal(examples.length, rows.length);
  examples.forEach(({turns, response, scores}, i) => {
    const {turns: preparedTurns, response: preparedResponse, human_labels} = rows[i]!;
    assert.deepEqual(
      {turns, response, scores},
      {turns: preparedTurns, response: preparedResponse, scores: human_labels}
    );
  });
}

/** The promise fails with a BadInput whose parts match. */
export async function assertBadInput(
  promise: Promise<unknown>,
  parts: Partial<Record<keyof BadInput["detail"], RegExp>>
): Promise<void> {
  const error = await promise.then(
    () => assert.fail("nothing was thrown"),
    (thrown: unknown) => thrown
  );
  assertParts(error, parts);
}

/** An error is a BadInput whose parts match, and all four of them say something. */
export function assertParts(error: unknown, parts: Partial<Record<keyof BadInput["detail"], RegExp>>): void {
  if (!(error instanceof BadInput)) throw error;
  for (const [part, pattern] of Object.entries(parts))
    assert.match(error.detail[part as keyof BadInput["detail"]], pattern, part);
  for (const [part, text] of Object.entries(error.detail)) assert.notEqual(text.trim(), "", part);
}
