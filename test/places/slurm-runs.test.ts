import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {createFakePlace, runId, type FakePlace} from "./fake-place.js";
import {skipWithoutSlurm, SlurmCluster} from "./slurm-cluster.js";
import {openSlurm, settle} from "./slurm-place.js";

describe("runs on a real Slurm", {skip: skipWithoutSlurm()}, () => {
  let slurm: SlurmCluster;
  let place: FakePlace;
  before(async () => {
    slurm = await SlurmCluster.start();
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
});
