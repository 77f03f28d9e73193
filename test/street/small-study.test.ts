import assert from "node:assert/strict";
import {readdir, readFile, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import type {StudyFacts} from "../../src/core/cubes.js";
import {because, createStreet, SMALL_STUDY} from "./street.js";
import type {RunReport, Street} from "./street.js";

/** label-only, and explanation and shuffled under both reductions. */
const ARMS = 5;
/** Tokenizer, warm-up and three baselines. */
const PREPARATIONS = 5;

describe("a small study, end to end", () => {
  let street: Street;
  let study: string;
  before(async () => {
    street = await createStreet();
    study = await street.writeStudy(SMALL_STUDY);
  });
  after(() => street.remove());

  const runsOf = async (file: string): Promise<RunReport[]> => {
    const {code, stdout, stderr} = await because("run", "--json", "--study", file);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as RunReport[];
  };
  /** When each run's manifest was written: changes exactly when a run is done anew. */
  const finishTimes = async (): Promise<Map<string, number>> => {
    const runs = await readdir(street.store.runs);
    return new Map(
      await Promise.all(
        runs.map(
          async (run) => [run, (await stat(join(street.store.runs, run, "manifest.json"))).mtimeMs] as const
        )
      )
    );
  };

  it("start trains, tabulates, builds the notebook and ends 0", async () => {
    const {code, stderr} = await because("start", "--no-serve", "--study", study);
    assert.equal(code, 0, stderr);
    const runs = await runsOf(study);
    assert.equal(runs.length, ARMS + PREPARATIONS);
    assert.ok(runs.every(({status}) => status === "done"));
    const [tables] = await readdir(street.store.path("tables"));
    const facts = JSON.parse(
      await readFile(street.store.path("tables", tables!, "study.json"), "utf8")
    ) as StudyFacts;
    assert.equal(facts.synthetic, true);
    assert.equal(facts.arms.length, ARMS);
    assert.equal(facts.counts.runs_failed, 0);
    const [site] = await readdir(street.store.path("site"));
    assert.match(await readFile(street.store.path("site", site!, "index.html"), "utf8"), /Small/);
  });

  it("a second start makes nothing", async () => {
    const before = await finishTimes();
    const {code, stderr} = await because("start", "--no-serve", "--study", study);
    assert.equal(code, 0, stderr);
    assert.deepEqual(await finishTimes(), before);
    for (const stage of ["corpora", "annotations", "runs", "tables", "site"])
      assert.doesNotMatch(stderr, new RegExp(`^${stage} [^/]`, "m"), `stage ${stage} was made again`);
  });

  it("another seed trains only its own runs", async () => {
    const before = await finishTimes();
    await runsOf(await street.writeStudy(SMALL_STUDY.replace("seeds: [1]", "seeds: [1, 2]")));
    const afterwards = await finishTimes();
    for (const [run, time] of before) assert.equal(afterwards.get(run), time, `run ${run} was done again`);
    assert.equal(afterwards.size - before.size, ARMS);
    await street.writeStudy(SMALL_STUDY);
  });

  it("status says what is done, and why the rest is not", async () => {
    const done = await because("status", "--json", "--study", study);
    assert.equal(done.code, 0, done.stderr);
    const lines = JSON.parse(done.stdout) as {stage: string; what: string; status: string; why: string}[];
    assert.ok(lines.filter(({stage}) => stage === "runs").every(({status}) => status === "done"));
    await street.writeStudy(SMALL_STUDY.replace("steps: 40", "steps: 50"));
    const stale = JSON.parse((await because("status", "--json", "--study", study)).stdout) as typeof lines;
    const training = stale.filter(({stage, what}) => stage === "runs" && what.includes("seed 1"));
    assert.equal(training.length, ARMS);
    for (const {status, why} of training)
      assert.deepEqual({status, why}, {status: "stale", why: "changed: optimisation"});
    assert.equal(stale.find(({what}) => what.startsWith("warm-up"))!.status, "done");
    await street.writeStudy(SMALL_STUDY);
  });

  it("explain counts runs, rows and tokens", async () => {
    const {code, stdout, stderr} = await because("explain", "--json", "--study", study);
    assert.equal(code, 0, stderr);
    const {estimate} = JSON.parse(stdout) as {estimate: Record<string, number | string>};
    assert.deepEqual(
      {
        settings: estimate.settings,
        arms: estimate.arms,
        runs: estimate.runs,
        done: estimate.runs_done,
        unit: estimate.unit
      },
      {settings: 4, arms: ARMS, runs: ARMS, done: ARMS, unit: "tokens"}
    );
    assert.equal(estimate.train_rows, 2 * 20 * 2);
    assert.equal(estimate.test_rows, 2 * 10 * 2);
    assert.equal(estimate.seconds, 0);
  });

  it("export hands on the warmed-up model, with its tokenizer", async () => {
    const out = join(street.folder, "for-axolotl");
    const {code, stderr} = await because("export", study, "--for", "axolotl", "--out", out);
    assert.equal(code, 0, stderr);
    const model = await readdir(join(out, "model"));
    for (const name of ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"])
      assert.ok(model.includes(name), name);
    const [row] = (await readFile(join(out, "label-only", "train.jsonl"), "utf8")).split("\n");
    assert.match((JSON.parse(row!) as {segments: {text: string}[]}).segments[0]!.text, /^<bos>/);
  });

  it("a damaged prediction file is noticed and made again, alike", async () => {
    const runs = await runsOf(study);
    const {run} = runs.find(({title}) => title.startsWith("label-only"))!;
    const file = join(street.store.runs, run, "predictions.parquet");
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, bytes.length - 10));
    const status = JSON.parse((await because("status", "--json", "--study", study)).stdout) as {
      what: string;
      why: string;
    }[];
    assert.match(
      status.find(({what}) => what.includes(run))!.why,
      /predictions\.parquet is not what its manifest says|goes on/
    );
    await runsOf(study);
    assert.deepEqual(await readFile(file), bytes);
  });

  it("bad input ends 2 and leaves everything computed in place", async () => {
    const before = await finishTimes();
    await street.writeStudy(SMALL_STUDY.replace("film: {reader: embedded", "film: {reader: embeded"));
    const unknown = await because("run", "--study", study);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /line 5, key corpora\.film\.reader[^]*Did you mean “embedded”/);
    await street.writeStudy(SMALL_STUDY.replace("train: 20", "train: 2000"));
    const tooSmall = await because("run", "--study", study);
    assert.equal(tooSmall.code, 2);
    assert.match(tooSmall.stderr, /corpus assistant/);
    await street.writeStudy(SMALL_STUDY);
    await runsOf(study);
    assert.deepEqual(await finishTimes(), before);
  });

  it("clean says what it would remove, and removes only on request", async () => {
    const {code, stderr} = await because("clean", "--study", study);
    assert.equal(code, 1);
    assert.match(stderr, /--yes/);
    assert.equal((await because("clean", "--yes", "--study", study)).code, 0);
    await assert.rejects(readdir(street.store.path("tables")));
    assert.ok((await readdir(street.store.runs)).length > 0);
  });
});

describe("arguments", () => {
  it("every command explains itself", async () => {
    const {code, stdout} = await because("--help");
    assert.equal(code, 0);
    for (const name of [
      "start",
      "init",
      "check",
      "explain",
      "fetch",
      "run",
      "status",
      "tables",
      "build",
      "preview",
      "doctor",
      "clean",
      "schema"
    ]) {
      assert.match(stdout, new RegExp(`^  ${name}`, "m"));
      const help = await because(name, "--help");
      assert.equal(help.code, 0);
      assert.match(help.stdout, /Usage: because/);
    }
  });

  it("wrong ones end 2 with a suggestion", async () => {
    const command = await because("stauts");
    assert.equal(command.code, 2);
    assert.match(command.stderr, /Did you mean status/);
    const port = await because("start", "--port", "many");
    assert.equal(port.code, 2);
    assert.match(port.stderr, /whole number from 0 to 65535/);
    const file = await because("check", "--study", "no-such.yaml");
    assert.equal(file.code, 2);
    assert.match(file.stderr, /because init/);
  });
});
