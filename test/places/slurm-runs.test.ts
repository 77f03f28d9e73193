import assert from "node:assert/strict";
import {readFile, rm, writeFile} from "node:fs/promises";
import {userInfo} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {openRuns} from "../../data-loaders/places/remembered-states.js";
import {createFakePlace, runId, type FakePlace} from "./fake-place.js";
import {skipWithoutSlurm, SlurmCluster} from "./slurm-cluster.js";
import {arrayScripts, openSlurm, settle, statuses, timesTrained} from "./slurm-place.js";

describe("runs on a real Slurm", {skip: skipWithoutSlurm()}, () => {
  let slurm: SlurmCluster;
  let place: FakePlace;
  before(async () => {
    slurm = await SlurmCluster.start({maxArray: 4});
    place = await createFakePlace();
  });
  after(async () => {
    await slurm.stop();
    await place.remove();
  });

  it("each is trained once, brought whole, and what fails says why", async () => {
    const runs = ["a", "d", "e", "f", "c", "0"].map((kind) => runId(kind, 1));
    await place.writeJobs(runs);
    const trainer = await openSlurm(place);
    await trainer.submit(runs.map((run) => [run]));
    const states = await settle(trainer, runs);
    await trainer.close();
    assert.deepEqual(
      runs.map((run) => `${states.get(run)!.status}: ${states.get(run)!.reason}`),
      [
        "done: finished",
        "done: finished",
        "failed: killed: its process was ended by SIGKILL (something dreadful)",
        "failed: error: The loss is not a number at step 3.",
        "failed: error: its process ended with exit code 1 (ValueError: a mistake in the code)",
        'failed: its manifest names "../../../escaped", which is refused'
      ]
    );
    assert.equal(
      await readFile(join(place.store.runs, runs[0]!, "predictions.parquet"), "utf8"),
      `predictions of ${runs[0]}`
    );
    const trained = await place.trained();
    assert.deepEqual(
      runs.map((run) => trained.get(run)),
      [1, 2, 3, 1, 1, 1]
    );
  });

  it("arrays are split at the site's limit, and GPUs asked for as the site wants it", async () => {
    const runs = Array.from({length: 10}, (_, n) => runId("a", 100 + n));
    await place.writeJobs(runs);
    const before = (await arrayScripts(place)).length;
    const trainer = await openSlurm(place, "gpus: 1, gpus_by: gpus-per-task, max_running: 2, cpus: 1");
    await trainer.submit(runs.map((run) => [run]));
    const scripts = await arrayScripts(place);
    assert.equal(scripts.length - before, 3, "four, four and two tasks");
    assert.match(scripts.at(-1)!, /^exec env BECAUSE_DEVICE=cuda /m);
    const states = await settle(trainer, runs);
    await trainer.close();
    assert.deepEqual(
      statuses(states, runs),
      runs.map(() => "done")
    );
    assert.equal(await timesTrained(place, runs), runs.length);
  });

  it("two pipelines that ask for the same at the same time train nothing twice", async () => {
    const runs = Array.from({length: 6}, (_, n) => runId("5", 200 + n));
    await place.writeJobs(runs);
    const elsewhere = join(place.folder, "elsewhere");
    const store = {...place.store, root: elsewhere, runs: join(elsewhere, "runs")};
    const trainers = [await openSlurm(place), await openSlurm({...place, store})];
    await Promise.all(trainers.map((trainer) => trainer.submit(runs.map((run) => [run]))));
    for (const states of await Promise.all(trainers.map((trainer) => settle(trainer, runs))))
      assert.deepEqual(
        statuses(states, runs),
        runs.map(() => "done")
      );
    for (const trainer of trainers) await trainer.close();
    assert.equal(await timesTrained(place, runs), runs.length);
  });

  it("cancelling ends what runs and what waits, and a later call trains it after all", async () => {
    const runs = Array.from({length: 7}, (_, n) => runId("b", 300 + n));
    await place.writeJobs(runs);
    const trainer = await openSlurm(place);
    await trainer.submit([runs.slice(0, 2), ...runs.slice(2).map((run) => [run])]);
    await settle(trainer, runs, (states, stop) => {
      if ([...states.values()].filter(({status}) => status === "running").length >= 3) stop();
    });
    await trainer.cancel();
    const states = await settle(trainer, runs);
    assert.deepEqual(
      runs.map((run) => states.get(run)!.reason),
      runs.map(() => "cancelled")
    );
    await slurm.idle();
    await writeFile(join(place.root, "enough"), "");
    await trainer.submit([[runs[0]!]]);
    assert.equal((await settle(trainer, [runs[0]!])).get(runs[0]!)!.status, "done");
    await trainer.close();
    await rm(join(place.root, "enough"));
  });

  it("what somebody cancels by Slurm's own means is not begun again", async () => {
    const run = runId("b", 400);
    await place.writeJobs([run]);
    const trainer = await openSlurm(place);
    await trainer.submit([[run]]);
    let told = false;
    const states = await settle(trainer, [run], (now) => {
      if (told || now.get(run)!.status !== "running") return;
      told = true;
      slurm.ask("scancel", "--user", userInfo().username);
    });
    await trainer.close();
    assert.equal(`${states.get(run)!.status}: ${states.get(run)!.reason}`, "cancelled: cancelled");
    assert.equal(await timesTrained(place, [run]), 1);
  });

  it("a key that Slurm refuses is named, and once it is mended nothing is asked for twice", async () => {
    const run = runId("a", 500);
    await place.writeJobs([run]);
    const wrong = await openSlurm(place, "partition: nowhere");
    await assert.rejects(
      wrong.submit([[run]]),
      /expected keys that Slurm takes, found sbatch: error: .*partition/
    );
    await wrong.close();
    assert.deepEqual(
      [...(await openRuns(place.store)).keys()].filter((open) => open === run),
      []
    );
    const trainer = await openSlurm(place, "partition: main");
    await trainer.submit([[run]]); // and Slurm has it, should nobody watch
    const record = JSON.parse(await readFile(join(place.root, "submitted", `${run}.json`), "utf8")) as {
      job: string | null;
    };
    assert.match(record.job ?? "none", /^[0-9a-f]{12}_0$/);
    assert.equal((await settle(trainer, [run])).get(run)!.status, "done");
    await trainer.close();
  });
});
