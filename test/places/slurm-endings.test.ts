import assert from "node:assert/strict";
import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {createFakePlace, runId, type FakePlace} from "./fake-place.js";
import {skipWithoutSlurm, SlurmCluster} from "./slurm-cluster.js";
import {arrayScripts, openSlurm, settle, timesTrained} from "./slurm-place.js";

describe("tasks of a real Slurm that end before they are done", {skip: skipWithoutSlurm()}, () => {
  let slurm: SlurmCluster;
  let hurrying: NodeJS.Timeout;
  before(async () => {
    slurm = await SlurmCluster.start();
    hurrying = setInterval(() => slurm.hurry(), 1000);
  });
  after(() => {
    clearInterval(hurrying);
    return slurm.stop();
  });

  /**
   * Trains one run at a place of its own, disturbs it once when it has begun, and lets it end once it was begun a second
   * time.
   *
   * @param disturbance gets what lets it end
   * @returns what was said of it meanwhile, how it ended, and how many arrays were submitted
   */
  async function disturb(
    run: string,
    keys: string,
    disturbance: (end: () => Promise<void>) => void | Promise<void>
  ) {
    const place = await createFakePlace();
    const end = (): Promise<void> => writeFile(join(place.root, "enough"), "");
    await place.writeJobs([run]);
    const trainer = await openSlurm(place, keys);
    await trainer.submit([[run]]);
    const said = new Set<string>();
    const disturbed: Promise<void>[] = [];
    const looking = setInterval(() => {
      void timesTrained(place, [run]).then((times) => (times > 1 ? end() : undefined));
    }, 200);
    try {
      const states = await settle(trainer, [run], (now) => {
        const {status, reason} = now.get(run)!;
        said.add(`${status}: ${reason}`);
        if (status === "running" && disturbed.length === 0) disturbed.push(Promise.resolve(disturbance(end)));
      });
      await Promise.all(disturbed);
      await trainer.close();
      return {
        said: [...said].join("\n"),
        end: states.get(run)!.status,
        arrays: (await arrayScripts(place)).length,
        trained: await timesTrained(place, [run]),
        attempts: await attempts(place, run)
      };
    } finally {
      clearInterval(looking);
      await place.remove();
    }
  }
  const attempts = async (place: FakePlace, run: string): Promise<string[]> => {
    const text = await readFile(join(place.root, "runs", run, "attempts.jsonl"), "utf8");
    return text
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as {event: string}).event);
  };

  describe("each by a limit of its own", {concurrency: 3}, () => {
    it("one that comes near its time limit leaves with a checkpoint, and queues itself again", async () => {
      // Between its end and its place in the queue a task looks ended; `file_lag` is the patience for that, short in tests.
      const keys = "time: 1, warning: 50, file_lag: 20";
      const {end, arrays, attempts} = await disturb(runId("b", 2), keys, () => undefined);
      assert.equal(end, "done");
      assert.equal(arrays, 1);
      assert.deepEqual(attempts, ["begun", "left", "begun", "done"]);
    });

    it("where it may not queue itself, the pipeline asks for it again, and says that time was short", async () => {
      const keys = "time: 1, warning: 50, requeues: 0";
      const {end, arrays, attempts, said} = await disturb(runId("b", 3), keys, () => undefined);
      assert.equal(end, "done");
      assert.equal(arrays, 2);
      assert.deepEqual(attempts, ["begun", "left", "begun", "done"]);
      assert.match(said, /^queued: time limit reached: FAILED .*It goes on from its checkpoint/m);
    });

    it("one that Slurm ends for want of memory is begun again with a smaller micro-batch", async () => {
      const {end, arrays, trained, said} = await disturb(runId("3", 1), "memory: 100M", () => undefined);
      assert.equal(end, "done");
      assert.equal(arrays, 2);
      assert.equal(trained, 2);
      assert.match(said, /^queued: out of memory: .*exceeded .*memory limit/im);
    });
  });

  it("a preempted one leaves with a checkpoint, and Slurm itself begins it again", async () => {
    const {end, arrays, attempts} = await disturb(runId("b", 1), "partition: main", () => {
      slurm.ask(
        "sbatch",
        "--parsable",
        "-p",
        "urgent",
        "-N2",
        "--exclusive",
        "-o",
        "/dev/null",
        "--wrap",
        "sleep 2"
      );
    });
    assert.equal(end, "done");
    assert.equal(arrays, 1, "nobody had to ask for it again");
    assert.deepEqual(attempts, ["begun", "left", "begun", "done"]);
  });

  it("one whose node is lost goes on at another", async () => {
    const {end, trained} = await disturb(runId("b", 4), "", () => {
      const node = slurm.ask("squeue", "-h", "-t", "RUNNING", "-o", "%N").trim();
      slurm.ask("scontrol", "update", `nodename=${node}`, "state=down", "reason=test");
      slurm.nodeUp(node);
    });
    assert.equal(end, "done");
    assert.equal(trained, 2);
  });

  it("a controller that crashes and comes back changes nothing", async () => {
    const {end, arrays, said, trained} = await disturb(runId("b", 5), "", async (finish) => {
      await slurm.crash("slurmctld");
      await new Promise((resolve) => setTimeout(resolve, 3000));
      await slurm.startController();
      await finish();
    });
    assert.equal(end, "done");
    assert.equal(arrays, 1);
    assert.doesNotMatch(said, /lost|gone|failed/);
    assert.equal(trained, 1);
  });
});
