import assert from "node:assert/strict";
import {readdir, readFile} from "node:fs/promises";
import {after, before, describe, it} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {createRandom} from "../../src/core/random.js";
import {because, createStreet, runBytes, SMALL_STUDY, startBecause, tableBytes} from "./street.js";
import type {Street} from "./street.js";

const KILLS = 20;
/** Longest time from a start to its kill, in seconds: long enough to reach training and tables. */
const LONGEST_SECONDS = 14;
/** What is killed: the command alone, one of its trainer processes alone, or all of them at once. */
const VICTIMS = ["command", "trainer", "all"] as const;

/**
 * Process ids of the trainer processes that a command has now, from /proc. Its other children are short questions to
 * Python (its version, the trainer's), which nothing replaces: killing one ends the command with an error.
 */
async function trainersOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const children = text.split(" ").filter(Boolean).map(Number);
  const commands = await Promise.all(
    children.map((child) => readFile(`/proc/${child}/cmdline`, "utf8").catch(() => ""))
  );
  return children.filter((_, place) => commands[place]!.split("\0").includes("worker"));
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false; // it ended just before
  }
}

describe("killed at any moment", () => {
  let streets: Street[] = [];
  before(async () => {
    streets = [await createStreet(), await createStreet()];
  });
  after(() => Promise.all(streets.map((street) => street.remove())));

  it(`${KILLS} SIGKILLs change no byte of predictions, layers and tables`, async (t) => {
    const [calm, stormy] = streets as [Street, Street];
    const reference = await because("tables", "--study", await calm.writeStudy(SMALL_STUDY));
    assert.equal(reference.code, 0, reference.stderr);

    const study = await stormy.writeStudy(SMALL_STUDY);
    const random = createRandom("kill", KILLS);
    let kills = 0;
    let starts = 0;
    let finished = 0;
    while (kills < KILLS) {
      assert.ok(++starts < 4 * KILLS, "a study that is killed again and again must get on");
      const {child, ended} = startBecause(["tables", "--study", study]);
      const over = ended.then((outcome) => outcome);
      const early = await Promise.race([over, sleep(random.unit() * LONGEST_SECONDS * 1000, null)]);
      if (early) {
        assert.equal(early.code, 0, early.stderr);
        await assertSame(calm, stormy);
        finished++;
        await because("clean", "--runs", "--yes", "--study", study); // and once more from the start
        continue;
      }
      const victim = VICTIMS[starts % VICTIMS.length]!;
      const trainers = await trainersOf(child.pid!);
      const doomed =
        victim === "command"
          ? [child.pid!]
          : victim === "trainer"
            ? trainers.slice(0, 1)
            : [child.pid!, ...trainers];
      kills += doomed.map(kill).filter(Boolean).length > 0 ? 1 : 0;
      if (victim === "trainer" && trainers.length > 0) {
        const survived = await over; // the command replaces a trainer process that dies
        assert.equal(survived.code, 0, survived.stderr);
      } else await over;
    }
    const last = await because("tables", "--study", study);
    assert.equal(last.code, 0, last.stderr);
    await assertSame(calm, stormy);
    t.diagnostic(`${kills} kills over ${starts} starts; the study was completed ${finished + 1} times`);
  });
});

async function assertSame(calm: Street, stormy: Street): Promise<void> {
  const tablesOf = async ({store}: Street) => {
    const [folder, ...others] = await readdir(store.path("tables"));
    assert.deepEqual(others, [], "one study, one folder of tables");
    return tableBytes(store.path("tables", folder!));
  };
  assert.deepEqual(await runBytes(stormy.store), await runBytes(calm.store));
  assert.deepEqual(await tablesOf(stormy), await tablesOf(calm));
}
