/** What others give to `verify` may be broken, or made to do harm; what is published may not hold what was kept back. */
import assert from "node:assert/strict";
import {mkdir, readFile, rm, writeFile} from "node:fs/promises";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";
import {packFolder} from "../../data-loaders/publish/bundle.js";
import {differencesFrom, readIntegrity, writeIntegrity} from "../../data-loaders/publish/integrity.js";
import {publishedRuns} from "../../data-loaders/publish/published-runs.js";
import {Database, identifier, literal} from "../../data-loaders/tables/database.js";
import {openPublished} from "../../data-loaders/verify/open-published.js";
import {compareDatabases} from "../../data-loaders/verify/compare-databases.js";
import type {RunInput} from "../../data-loaders/tables/tables-input.js";
import {inScratch} from "../tables/scratch.js";

const FACTS = {kind: "bundle", study: "s", title: "S", software: "0", code: "c", tables: "t"} as const;

test("one flipped byte anywhere in an archive's members is named by its file", async () => {
  await inScratch(async (folder) => {
    const [inside, archive] = [join(folder, "inside"), join(folder, "b.zip")];
    await mkdir(inside);
    for (let i = 0; i < 5; i++) {
      const numbers = Array.from({length: 300}, (_, j) => Math.sin(1000 * i + j));
      await writeFile(join(inside, `file${i}.json`), JSON.stringify(numbers));
    }
    await writeIntegrity(inside, FACTS);
    await packFolder(inside, archive, "s-bundle");
    const whole = await readFile(archive);
    const first = whole.indexOf("s-bundle/file0.json") + "s-bundle/file0.json".length;
    const last = whole.indexOf("s-bundle/integrity.json") - 100;
    let named = 0;
    for (let at = first; at < last; at += 131) {
      const flipped = Buffer.from(whole);
      flipped[at]! ^= 1;
      await writeFile(archive, flipped);
      const opened = await openPublished(archive);
      const found = await differencesFrom(opened.folder, await readIntegrity(opened.folder));
      await opened.close();
      assert.ok(
        found.length <= 1 && found.every(({file}) => /^file\d\.json$/.test(file)),
        JSON.stringify(found)
      );
      named += found.length;
    }
    assert.ok(named > 80, String(named));
  });
});

test("a database's tables are compared by their names, whatever these hold", async () => {
  await inScratch(async (folder) => {
    const [published, same, again, escaped] = ["published", "same", "again", "escaped.csv"].map((name) =>
      join(folder, name)
    );
    const name = `x")); COPY (SELECT 1) TO ${literal(escaped!)}; --`;
    for (const [file, value] of [
      [published!, 1],
      [same!, 1],
      [again!, 2]
    ] as const) {
      const db = await Database.create(file);
      await db.run(`CREATE TABLE x AS SELECT 1 AS a`);
      await db.run(`CREATE TABLE ${identifier(name)} AS SELECT ${value} AS a`);
      await db.close();
    }
    assert.equal(await compareDatabases(published!, same!), null);
    assert.match((await compareDatabases(published!, again!))!, /1 rows that don't come out again, 1 others/);
    assert.equal(existsSync(escaped!), false, "SQL in a table's name was run");
  });
});

test("texts that a model wrote along its training are taken out as well", async () => {
  await inScratch(async (folder) => {
    const log = join(folder, "log");
    await mkdir(log);
    const db = await Database.create(":memory:");
    const files: Record<string, {sha256: string; bytes: number; rows: number}> = {};
    for (const file of ["predictions.parquet", "along.parquet"]) {
      await db.run(
        `COPY (FROM (VALUES ('closed', 'kept back'), ('open', 'its own')) AS rows(corpus, generated))
         TO ${literal(join(log, file))} (FORMAT parquet)`
      );
      files[file] = {sha256: `was ${file}`, bytes: 1, rows: 2};
    }
    await writeFile(join(log, "manifest.json"), JSON.stringify({files}));
    const run = {run: "0123456789abcdef", folder: log} as RunInput;
    const withheld = [{id: "closed", title: "Closed", why: "its licence is not stated"}];
    const {runs, altered} = await publishedRuns([run], withheld, join(folder, "published"));
    assert.deepEqual(
      altered.map(({file, was}) => [file, was]),
      Object.keys(files).map((file) => [file, `was ${file}`])
    );
    for (const file of Object.keys(files)) {
      const rows = await db.rows(`FROM read_parquet(${literal(join(runs[0]!.folder, file))})`);
      assert.deepEqual(
        rows.map(({corpus, generated}) => [corpus, generated]),
        [
          ["closed", null],
          ["open", "its own"]
        ]
      );
    }
    db.discard();
    await rm(log, {recursive: true});
  });
});
