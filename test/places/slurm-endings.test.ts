import assert from "node:assert/strict";
import {readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {createFakePlace, runId, type FakePlace} from "./fake-place.js";
import {skipWithoutSlurm, SlurmCluster} from "./slurm-cluster.js";
import {arrayScripts, openSlurm, settle, timesTrained} from "./slurm-place.js";

describe("tasks of a real Slurm that end before they are done", {skip: skipWithoutSlurm()}, () => {
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

  /**
   * Trains one run, disturbs it once when it has begun, and lets it end once it was begun a second time.
   *
   * @returns what was said of it meanwhile, how it ended, and how many arrays were submitted
   */
  async function disturb(run: string, keys: string, disturbance: () => void | Promise<void>) {
    await place.writeJobs([run]);
    const arrays = (await arrayScripts(place)).length;
    const trainer = await openSlurm(place, keys);
    await trainer.submit([[run]]);
    const said = new Set<string>();
    const disturbed: Promise<void>[] = [];
    const hurry = setInterval(() => {
      slurm.hurry();
      void timesTrained(place, [run]).then((times) => (times > 1 ? writeFile(enough(), "") : undefined));
    }, 500);
    try {
      const states = await settle(trainer, [run], (now) => {
        const {status, reason} = now.get(run)!;
        said.add(`${status}: ${reason}`);
        if (status === "running" && disturbed.length === 0) disturbed.push(Promise.resolve(disturbance()));
      });
      await Promise.all(disturbed);
      await trainer.close();
      return {
        said: [...said].join("\n"),
        end: states.get(run)!.status,
        arrays: (await arrayScripts(place)).length - arrays,
        trained: await timesTrained(place, [run]),
        attempts: await attempts(run)
      };
    } finally {
      clearInterval(hurry);
      await rm(enough(), {force: true});
    }
  }
  const enough = (): string => join(place.root, "enough");
  const attempts = async (run: string): Promise<string[]> => {
    const text = await readFile(join(place.root, "runs", run, "attempts.jsonl"), "utf8");
    return text
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as {event: string}).event);
  };

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

  it("one that comes near its time limit leaves with a checkpoint, and queues itself again", async () => {
    const {end, arrays, attempts} = await disturb(runId("b", 2), "time: 1, warning: 50", () => undefined);
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
    const {end, arrays, said} = await disturb(runId("b", 5), "", async () => {
      await slurm.crash("slurmctld");
      await new Promise((resolve) => setTimeout(resolve, 3000));
      await slurm.startController();
      await writeFile(enough(), "");
    });
    assert.equal(end, "done");
    assert.equal(arrays, 1);
    assert.doesNotMatch(said, /lost|gone|failed/);
    assert.equal(await timesTrained(place, [runId("b", 5)]), 1);
  });
});
