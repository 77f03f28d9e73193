/** `study.duckdb` opens in the DuckDB that the browser has, without any extension, and says what the cubes say. */
import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {test} from "node:test";
import {measureOf, MEASURES} from "../../src/core/measures.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import {inScratch, readCubes} from "./scratch.js";
import {writeSyntheticRuns} from "./synthetic-runs.js";

const require = createRequire(import.meta.url);

/** The rows of a query in duckdb-wasm. */
interface WasmConnection {
  query(sql: string): {toArray(): {toJSON(): Record<string, unknown>}[]};
}

async function openInWasm(database: Uint8Array): Promise<WasmConnection> {
  const dist = dirname(require.resolve("@duckdb/duckdb-wasm/dist/duckdb-eh.wasm"));
  const duckdb = require(join(dist, "duckdb-node-blocking.cjs"));
  const module = (name: string) => ({mainModule: join(dist, `duckdb-${name}.wasm`), mainWorker: ""});
  const db = await duckdb.createDuckDB(
    {mvp: module("mvp"), eh: module("eh")},
    new duckdb.VoidLogger(),
    duckdb.NODE_RUNTIME
  );
  await db.instantiate(() => {});
  db.registerFileBuffer("study.duckdb", database);
  db.open({path: ":memory:"});
  const connection = db.connect();
  connection.query("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false");
  connection.query("ATTACH 'study.duckdb' AS study (READ_ONLY)");
  return connection;
}

test("duckdb-wasm attaches study.duckdb, and each measure that is a mean is avg(item)", async () => {
  await inScratch(async (folder) => {
    await writeTables(await writeSyntheticRuns(join(folder, "runs")), join(folder, "tables"));
    const {levels} = await readCubes(join(folder, "tables"));
    const connection = await openInWasm(await readFile(join(folder, "tables/study.duckdb")));
    const rows = (sql: string) =>
      connection
        .query(sql)
        .toArray()
        .map((row) => row.toJSON());
    const tables = rows(
      "SELECT table_name FROM duckdb_tables() WHERE database_name = 'study' ORDER BY table_name"
    );
    assert.deepEqual(
      tables.map(({table_name}) => table_name),
      ["annotations", "examples", "layers", "predictions", "runs", "test_rows"]
    );
    const means = MEASURES.filter(({item}) => item !== null);
    assert.equal(means.length, 10);
    for (const {system, seed, corpus, axis, measure, value} of levels) {
      if (seed !== "1" || corpus !== "support" || axis !== "adherence" || !measureOf(measure).item) continue;
      const [row] = rows(
        `SELECT avg(${measureOf(measure).item}) AS value FROM study.predictions
         WHERE scored AND system = '${system}' AND seed = '1' AND corpus = 'support' AND axis = 'adherence'`
      );
      assert.ok(Math.abs((row!.value as number) - value!) < 1e-9, `${system} ${measure}`);
    }
    const [dialogue] = rows(
      "SELECT turns[1].text AS said, response FROM study.examples WHERE split = 'test' ORDER BY corpus, example_id"
    );
    assert.deepEqual(dialogue, {said: "Question 0?", response: "Answer 0, it's “quoted”."});
    const [joined] = rows(
      'SELECT count(*)::INTEGER AS n FROM study.layers JOIN study.predictions USING (run, "row")'
    );
    assert.equal(joined!.n, 8 * 192 * 3);
  });
});
