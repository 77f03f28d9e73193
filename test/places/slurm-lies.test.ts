import assert from "node:assert/strict";
import {readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, it} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import type {RemoteRuns} from "../../data-loaders/places/remote-runs.js";
import {createLyingSlurm, skipWithoutPrograms, type Lies, type LyingSlurm} from "./fake-slurm.js";
import {runId} from "./fake-place.js";
import {openSlurm, settle, SHORT, timesTrained} from "./slurm-place.js";

interface Told {
  /** `status: reason` of the one run. */
  end: string;
  /** All that was said of it meanwhile. */
  said: string;
  /** Sizes of the arrays that were submitted. */
  submitted: number[];
  trained: number;
}

describe("a Slurm that lies", {skip: skipWithoutPrograms(), concurrency: 3}, () => {
  async function told(lies: Lies, act: Act = {}): Promise<Told> {
    const slurm = await createLyingSlurm(lies);
    const run = act.run ?? runId("a", 1);
    await slurm.place.writeJobs([run]);
    const open = (): Promise<RemoteRuns> =>
      openSlurm(slurm.place, [slurm.keys, act.keys].filter(Boolean).join(", "), {
        ...SHORT,
        answer: act.answer ?? 10_000
      });
    try {
      await act.before?.(slurm);
      let trainer = await open();
      await trainer.submit([[run]]).catch(async (error: unknown) => {
        if (!act.dies) throw error;
        await trainer.close();
        trainer = await open(); // as a user does who starts the command again
        await trainer.submit([[run]]);
      });
      const meanwhile = act.meanwhile?.(slurm);
      const said = new Set<string>();
      const states = await settle(trainer, [run], (now) => {
        const {status, reason} = now.get(run)!;
        said.add(`${status}: ${reason}`);
      });
      await meanwhile;
      await trainer.close();
      const {status, reason} = states.get(run)!;
      return {
        end: `${status}: ${reason}`,
        said: [...said].join("\n"),
        submitted: await slurm.submitted(),
        trained: await timesTrained(slurm.place, [run])
      };
    } finally {
      await slurm.hold(false);
      await slurm.place.remove();
    }
  }

  const onceDone = ({end, submitted, trained}: Told): void =>
    assert.deepEqual({end, submitted, trained}, {end: "done: finished", submitted: [1], trained: 1});
  const secondTimeDone = ({end, submitted, trained}: Told): void =>
    assert.deepEqual({end, submitted, trained}, {end: "done: finished", submitted: [1, 1], trained: 1});
  const heldFor = (milliseconds: number): Pick<Act, "before" | "meanwhile"> => ({
    before: (slurm) => slurm.hold(true),
    meanwhile: async (slurm) => {
      await sleep(milliseconds);
      await slurm.hold(false);
    }
  });

  it("the job was queued, but sbatch says that its answer timed out", async () =>
    onceDone(await told({sbatch: "unheard"})));

  it("the same, and squeue does not list the job yet", async () =>
    onceDone(await told({sbatch: "unheard", squeue: "empty"}, heldFor(6000))));

  it("sbatch queues the job and names none", async () => onceDone(await told({sbatch: "nameless"})));

  it("whoever submitted is killed after the job was queued", async () =>
    onceDone(await told({sbatch: "killed"}, {dies: true})));

  it("whoever submitted is killed before the job was queued", async () => {
    const found = await told(
      {sbatch: "killed before"},
      {
        dies: true,
        meanwhile: async (slurm) => {
          await slurm.lie({});
          await sleep(3000);
          assert.deepEqual(await slurm.submitted(), [1], "it may still come");
          await backdate(slurm);
        }
      }
    );
    secondTimeDone(found);
  });

  it("squeue is empty while the job waits, and there is no accounting", async () => {
    const found = await told({squeue: "empty"}, heldFor(6000));
    onceDone(found);
    assert.match(found.said, /queued: Slurm says nothing about it/);
  });

  it("squeue and sacct are empty", async () =>
    onceDone(await told({squeue: "empty", sacct: "empty"}, heldFor(5000))));

  it("squeue and sacct answer garbage", async () =>
    onceDone(await told({squeue: "garbage", sacct: "garbage"}, heldFor(4000))));

  it("squeue cannot reach the controller", async () => onceDone(await told({squeue: "fail"}, heldFor(3000))));

  it("squeue hangs", async () => onceDone(await told({squeue: "hang"}, {...heldFor(3000), answer: 500})));

  it("the job ended yesterday, and only accounting knows it, beyond midnight", async () => {
    const found = await told({sacct: "yesterday", tasks: [{run: 0, state: "TIMEOUT", forget: true}, {}]});
    secondTimeDone(found);
    assert.match(found.said, /queued: time limit reached: TIMEOUT/);
  });

  it("the job is known to nobody any more", async () => {
    const found = await told({tasks: [{run: 0, forget: true}, {}]});
    secondTimeDone(found);
    assert.match(found.said, /Slurm knows its job no more/);
  });

  it("COMPLETED, although nothing was trained", async () =>
    secondTimeDone(await told({tasks: [{run: 0, state: "COMPLETED"}, {}]})));

  it("FAILED, although the run is done", async () => onceDone(await told({tasks: [{state: "FAILED"}]})));

  it("PREEMPTED before the run is done: it is asked for again", async () => {
    const found = await told({tasks: [{run: 0, state: "PREEMPTED"}, {}]});
    secondTimeDone(found);
    assert.match(found.said, /queued: preempted/);
  });

  it("OUT_OF_MEMORY: it is asked for again with a smaller micro-batch", async () => {
    const found = await told({tasks: [{run: 0, state: "OUT_OF_MEMORY"}, {}]}, {run: runId("3", 1)});
    secondTimeDone(found); // with a whole one it would not end
    assert.match(found.said, /queued: out of memory/);
  });

  it("CANCELLED: nobody asks for it again", async () => {
    const {end, submitted, trained} = await told({tasks: [{run: 0, state: "CANCELLED"}]});
    assert.deepEqual({end, submitted, trained}, {end: "cancelled: cancelled", submitted: [1], trained: 0});
  });

  it("lost again and again: within a bound", async () => {
    const {end, submitted, trained} = await told({tasks: [{run: 0, state: "NODE_FAIL"}]});
    assert.match(end, /^failed: it was lost 4 times: node lost/);
    assert.deepEqual({submitted, trained}, {submitted: [1, 1, 1, 1], trained: 0});
  });

  it("a task is started again although its run is done", async () =>
    onceDone(await told({tasks: [{run: 2}]})));

  it("a task is started twice at the same time", async () =>
    onceDone(await told({tasks: [{run: 2, together: true}]}, {run: runId("5", 1)})));

  it("a state of a newer Slurm: unknown, until the manifest says it", async () =>
    onceDone(await told({tasks: [{state: "TRANSCENDED"}]})));

  it("the disk hides finished files for a while", async () => {
    const found = await told(
      {},
      {
        keys: "file_lag: 60",
        before: (slurm) => slurm.hide(true),
        meanwhile: async (slurm) => {
          await sleep(6000);
          await slurm.hide(false);
        }
      }
    );
    onceDone(found);
    assert.match(found.said, /its files are not seen yet/);
  });

  it("fewer tasks may be queued than are asked for: the rest comes when some have ended", async () => {
    const slurm = await createLyingSlurm({sbatch: 2});
    const runs = Array.from({length: 5}, (_, n) => runId("a", n));
    await slurm.place.writeJobs(runs);
    const trainer = await openSlurm(slurm.place, slurm.keys);
    await trainer.submit(runs.map((run) => [run]));
    await settle(trainer, runs);
    await trainer.close();
    assert.deepEqual(await slurm.submitted(), [5, 2, 2, 1]);
    assert.equal(await timesTrained(slurm.place, runs), runs.length);
    await slurm.place.remove();
  });
});

interface Act {
  run?: string;
  keys?: string;
  /** Whether the first submission may break off. */
  dies?: boolean;
  answer?: number;
  before?(slurm: LyingSlurm): Promise<void>;
  meanwhile?(slurm: LyingSlurm): Promise<void>;
}

/** Makes a submission older than any sbatch may take. */
async function backdate({place}: LyingSlurm): Promise<void> {
  const folder = join(place.root, "arrays");
  for (const token of (await readdir(folder)).filter((name) => /^[0-9a-f]{12}$/.test(name))) {
    const file = join(folder, token, "groups.json");
    const made = JSON.parse(await readFile(file, "utf8")) as {at: number};
    await writeFile(file, JSON.stringify({...made, at: made.at - 1000}));
  }
}
