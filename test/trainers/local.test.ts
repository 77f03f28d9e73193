import assert from "node:assert/strict";
import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, beforeEach, describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {LocalTrainer} from "../../data-loaders/trainers/local.js";
import {lastProgress, verifyRun} from "../../data-loaders/trainers/run-state.js";
import {watchRuns} from "../../data-loaders/trainers/watch-runs.js";

const FAKE = fileURLToPath(new URL("fake-python.mjs", import.meta.url));
/** A run id whose first letter says what becomes of it. */
const id = (kind: string, n = 0): string => `${kind}${String(n).padStart(15, "0")}`;

describe("the embedded trainer", () => {
  let runs: string;
  let trainer: LocalTrainer;
  before(async () => {
    runs = await mkdtemp(join(tmpdir(), "because-runs-"));
  });
  beforeEach(() => {
    trainer = new LocalTrainer({python: FAKE, package: ".", jobs: "jobs", runs, workers: [{}, {}]});
  });
  after(() => rm(runs, {recursive: true}));

  const settle = async (asked: string[]) => {
    await trainer.submit(asked.map((run) => [run]));
    const states = await watchRuns(trainer, asked, () => undefined, new AbortController().signal);
    await trainer.close();
    return states;
  };
  const tries = async (run: string): Promise<number> =>
    (await readFile(join(runs, run, "tries"), "utf8")).length;

  it("does more runs than it has processes, each once", async () => {
    const asked = Array.from({length: 7}, (_, n) => id("a", n));
    const states = await settle(asked);
    for (const run of asked) {
      assert.equal(states.get(run)!.status, "done");
      assert.equal(await tries(run), 1);
    }
  });

  it("asked twice, does nothing twice", async () => {
    const run = id("a", 100);
    await trainer.submit([[run]]);
    await trainer.submit([[run]]);
    await settle([run]);
    assert.equal(await tries(run), 1);
    const again = new LocalTrainer({python: FAKE, package: ".", jobs: "jobs", runs, workers: [{}]});
    await again.submit([[run]]);
    assert.equal((await again.poll()).get(run)!.status, "done");
    assert.equal(await tries(run), 1);
    await again.close();
  });

  it("a process that dies is replaced and its run asked for again", async () => {
    const states = await settle([id("d"), id("a", 200), id("a", 201)]);
    assert.equal(states.get(id("d"))!.status, "done");
    assert.equal(await tries(id("d")), 2);
  });

  it("a run whose process always dies fails within a bound, with the last words; the others are done", async () => {
    const states = await settle([id("e"), id("a", 300), id("a", 301)]);
    assert.equal(states.get(id("e"))!.status, "failed");
    assert.match(states.get(id("e"))!.reason, /ended 3 times \(signal SIGKILL\): something dreadful/);
    assert.equal(await tries(id("e")), 3);
    assert.equal(states.get(id("a", 301))!.status, "done");
    assert.match(await trainer.logs(id("e")), /something dreadful/);
  });

  it("hands a group to one process, and each of its runs ends by itself", async () => {
    const group = [id("a", 600), id("f", 600), id("a", 601)];
    await trainer.submit([group, [id("a", 602)]]);
    const states = await watchRuns(
      trainer,
      [...group, id("a", 602)],
      () => undefined,
      new AbortController().signal
    );
    await trainer.close();
    assert.deepEqual(
      group.map((run) => states.get(run)!.status),
      ["done", "failed", "done"]
    );
    for (const run of group) {
      assert.equal(await tries(run), 1);
      assert.equal(await readFile(join(runs, run, "asked"), "utf8"), group.join(" "));
    }
    assert.equal(await readFile(join(runs, id("a", 602), "asked"), "utf8"), id("a", 602));
  });

  it("a group whose process dies is asked for again run by run, without those that had ended", async () => {
    const group = [id("a", 610), id("d", 610), id("a", 611)];
    await trainer.submit([group]);
    const states = await watchRuns(trainer, group, () => undefined, new AbortController().signal);
    await trainer.close();
    assert.ok(group.every((run) => states.get(run)!.status === "done"));
    assert.deepEqual(await Promise.all(group.map(tries)), [1, 2, 1]);
    assert.equal(await readFile(join(runs, id("d", 610), "asked"), "utf8"), id("d", 610));
  });

  it("gives each worker its part of the machine", async () => {
    const workers = [{CUDA_VISIBLE_DEVICES: "3"}, {CUDA_VISIBLE_DEVICES: "5"}];
    trainer = new LocalTrainer({python: FAKE, package: ".", jobs: "jobs", runs, workers});
    const asked = [id("a", 620), id("a", 621)];
    await settle(asked);
    const seen = await Promise.all(asked.map((run) => readFile(join(runs, run, "devices"), "utf8")));
    assert.deepEqual(seen, ["3", "5"]);
  });

  it("believes manifests, not words: a failed one's reason, and done without one is failed", async () => {
    const states = await settle([id("f"), id("c")]);
    assert.deepEqual(
      [states.get(id("f"))!.status, states.get(id("f"))!.reason],
      ["failed", "The loss is not a number at step 3."]
    );
    assert.equal(states.get(id("c"))!.status, "failed");
  });

  it("shows progress while it runs and stops when asked", async () => {
    await trainer.submit([[id("b")]]);
    for (let i = 0; i < 100 && !(await lastProgress(join(runs, id("b")))); i++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const state = (await trainer.poll()).get(id("b"))!;
    assert.equal(state.status, "running");
    assert.deepEqual(
      [state.progress?.step, state.progress?.loss],
      [3, 1.5],
      "the half line after it is not read"
    );
    await trainer.cancel();
    assert.equal((await verifyRun(join(runs, id("b")))).status, "missing");
  });

  it("a Python that cannot be started fails the run, not the study", async () => {
    trainer = new LocalTrainer({python: "/no/such/python", package: ".", jobs: "jobs", runs, workers: [{}]});
    const states = await settle([id("a", 400)]);
    assert.match(states.get(id("a", 400))!.reason, /ENOENT/);
  });

  it("a done run whose file was changed or is gone counts as not done, and says which", async () => {
    const run = id("a", 500);
    await settle([run]);
    const file = join(runs, run, "predictions.parquet");
    await writeFile(file, "other");
    assert.match(
      (await verifyRun(join(runs, run))).reason,
      /predictions\.parquet is not what its manifest says/
    );
    await rm(file);
    assert.match((await verifyRun(join(runs, run))).reason, /predictions\.parquet is gone/);
    await writeFile(join(runs, run, "manifest.json"), "{half");
    assert.match((await verifyRun(join(runs, run))).reason, /cannot be read/);
  });
});
