import assert from "node:assert/strict";
import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {DuckDBInstance} from "@duckdb/node-api";
import fc from "fast-check";
import type {DataRow} from "../../src/core/contract.js";
import {contentOf, writeDataFile} from "../../data-loaders/jobs/data-files.js";
import {Store} from "../../data-loaders/stages/store.js";
import {writeJobs} from "../../data-loaders/jobs/write-jobs.js";
import type {PlannedRun} from "../../data-loaders/jobs/plan-jobs.js";

function row(text: string): DataRow {
  return {
    example_id: "1",
    dialogue_id: "d",
    corpus: "c",
    axis: "a",
    prompt: text,
    label: "1",
    explanation: text,
    gold: "1",
    turns: "0"
  };
}

describe("data files", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "because-data-"));
  });
  after(() => rm(folder, {recursive: true}));

  it("hold the rows in order, any text unharmed", async () => {
    const rows = ["quote ' and \"", "naïve – ☃ 🙂", "two\nlines\ttab", "", "NULL"].map(row);
    const file = join(folder, "it's rows.parquet");
    await writeDataFile(rows, file);
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const read = await connection.runAndReadAll(
      `SELECT * FROM read_parquet('${file.replaceAll("'", "''")}')`
    );
    assert.deepEqual(
      read.getRowObjectsJson().map((found) => ({...found})),
      rows
    );
    connection.closeSync();
    instance.closeSync();
  });

  it("are the same bytes for the same rows", async () => {
    const rows = Array.from({length: 500}, (_, i) => row(`text ${i}`));
    await writeDataFile(rows, join(folder, "a.parquet"));
    await writeDataFile([...rows], join(folder, "b.parquet"));
    assert.deepEqual(await readFile(join(folder, "a.parquet")), await readFile(join(folder, "b.parquet")));
  });

  it("content tells rows apart by value, order and column, and nothing else", () =>
    fc.assert(
      fc.property(fc.array(fc.string(), {minLength: 2, maxLength: 6}), (texts) => {
        const rows = texts.map(row);
        assert.equal(contentOf(rows), contentOf(texts.map(row)));
        const turned = [...rows].reverse();
        if (texts.join("\0") !== [...texts].reverse().join("\0"))
          assert.notEqual(contentOf(rows), contentOf(turned));
        assert.notEqual(contentOf(rows), contentOf([...rows, row("")]));
      })
    ));

  it("equal data of several jobs is written once; a job that is there is left alone", async () => {
    const store = new Store(join(folder, "store"));
    const rows = [row("x")];
    const data = {train: {file: "train.parquet", rows: 1, content: contentOf(rows)}};
    const job = {
      contract: 1,
      kind: "tokenizer",
      vocabulary: 300,
      text: {label_prefix: " ", because: " because ", therefore: " so"},
      labels: {},
      data
    } as PlannedRun["job"];
    const runs = ["a".repeat(16), "b".repeat(16)].map((run) => ({run, job, train: rows, test: []}));
    await writeJobs(runs, store);
    const [first, second] = await Promise.all(
      runs.map(({run}) => readFile(join(store.jobs, run, "train.parquet")))
    );
    assert.deepEqual(first, second);
    const changed = {...runs[0]!, job: {...job, vocabulary: 999}} as PlannedRun;
    await writeJobs([changed], store);
    assert.match(await readFile(join(store.jobs, changed.run, "job.json"), "utf8"), /"vocabulary": 300/);
  });
});
