/** The same numbers whoever makes them: one thread or several, remembered or anew, rows in their order or in any other. */
import assert from "node:assert/strict";
import {readdir, readFile, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {test} from "node:test";
import {CUBES} from "../../src/core/cubes.js";
import {Database, literal} from "../../data-loaders/tables/database.js";
import type {RunInput, TablesInput} from "../../data-loaders/tables/tables-input.js";
import {writeTables, type TablesOptions} from "../../data-loaders/tables/write-tables.js";
import {inScratch, readCubes} from "./scratch.js";
import {writeManifest} from "./synthetic-logs.js";
import {writeSyntheticRuns} from "./synthetic-runs.js";

const SMALL_PLAN = {dialogues: 8, corpora: ["assistant", "support"]};

/** Cubes as text. `runs.json` holds wall times, which are synthetic here and the same too. */
async function textOf(folder: string): Promise<Map<string, string>> {
  const files = CUBES.map(
    async (name) => [name, await readFile(join(folder, `${name}.json`), "utf8")] as const
  );
  return new Map(await Promise.all(files));
}

async function made(
  input: TablesInput,
  folder: string,
  options?: TablesOptions
): Promise<Map<string, string>> {
  await writeTables(input, folder, options);
  return textOf(folder);
}

function assertSame(a: Map<string, string>, b: Map<string, string>, ...except: string[]): void {
  for (const [name, text] of a)
    if (!except.includes(name)) assert.equal(text === b.get(name), true, `${name}.json differs`);
}

test("two threads make the same bytes as none", async () => {
  await inScratch(async (folder) => {
    const input = await writeSyntheticRuns(join(folder, "runs"), SMALL_PLAN);
    const none = await made(input, join(folder, "none"), {threads: 0});
    assertSame(none, await made(input, join(folder, "two"), {threads: 2}));
  });
});

test("what is remembered makes the same bytes, and one run more reads that run alone", async () => {
  await inScratch(async (folder) => {
    const memory = {folder: join(folder, "memory"), version: "1"};
    const input = await writeSyntheticRuns(join(folder, "runs"), SMALL_PLAN);
    const last = input.runs.filter(({job}) => job.kind === "train" && job.arm.mode === "filler").at(-1)!;
    const fewer = {...input, runs: input.runs.filter((run) => run !== last)};
    await writeTables(fewer, join(folder, "fewer"), {memory});
    const before = await timesOf(memory.folder);
    const first = await made(input, join(folder, "first"), {memory});
    const after = await timesOf(memory.folder);
    const added = [...after.keys()].filter((name) => !before.has(name));
    assert.equal(added.filter((name) => name.startsWith("summary")).length, 1);
    for (const part of ["outputs", "entropies"])
      assert.equal(
        added.filter((name) => name.startsWith(part)).length,
        1,
        `no other arm's ${part} are made anew`
      );
    for (const [name, time] of before)
      if (name !== "verified.json") assert.equal(after.get(name), time, name);
    assertSame(first, await made(input, join(folder, "again"), {memory}));
    assertSame(first, await made(input, join(folder, "anew")));
  });
});

async function timesOf(folder: string): Promise<Map<string, number>> {
  const names = await readdir(folder);
  const times = names.map(async (name) => [name, (await stat(join(folder, name))).mtimeMs] as const);
  return new Map(await Promise.all(times));
}

test("a changed file is hashed again, whatever is remembered of it", async () => {
  await inScratch(async (folder) => {
    const memory = {folder: join(folder, "memory"), version: "1"};
    const input = await writeSyntheticRuns(join(folder, "runs"), SMALL_PLAN);
    await writeTables(input, join(folder, "first"), {memory});
    const [baseline, victim] = input.runs;
    const foreign = await readFile(join(baseline!.folder, "predictions.parquet"));
    await writeFile(join(victim!.folder, "predictions.parquet"), foreign);
    await writeTables(input, join(folder, "second"), {memory});
    const {runs} = await readCubes(join(folder, "second"));
    assert.match(runs.find(({run}) => run === victim!.run)!.reason, /hash differs/);
  });
});

/** Rewrites a run's files with their rows in another order. */
async function shuffleRows(run: RunInput): Promise<void> {
  const db = await Database.create(":memory:");
  for (const name of ["predictions.parquet", "layers.parquet"]) {
    const path = join(run.folder, name);
    await db.run(
      `CREATE OR REPLACE TABLE shuffled AS FROM read_parquet(${literal(path)}) ORDER BY hash(COLUMNS(*)::VARCHAR)`
    );
    await db.run(`COPY shuffled TO ${literal(path)} (FORMAT parquet)`);
  }
  db.discard();
  await writeManifest(run);
}

test("rows of a file may come in any order", async () => {
  await inScratch(async (folder) => {
    const input = await writeSyntheticRuns(join(folder, "runs"), SMALL_PLAN);
    const inOrder = await made(input, join(folder, "order"));
    for (const run of input.runs) if (run.job.kind === "train") await shuffleRows(run);
    assertSame(inOrder, await made(input, join(folder, "any")));
  });
});
