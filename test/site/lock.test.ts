import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {test, type TestContext} from "node:test";
import {setTimeout as wait} from "node:timers/promises";
import {withLock} from "../../data-loaders/site/lock.js";

async function lockFile(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "because-lock-"));
  t.after(() => rm(folder, {recursive: true, force: true}));
  return join(folder, "deep", "build.lock");
}

test("only one holds the lock at a time", async (t) => {
  const file = await lockFile(t);
  let inside = 0;
  const enter = () =>
    withLock(file, async () => {
      assert.equal(++inside, 1);
      await wait(20);
      inside--;
    });
  await Promise.all([enter(), enter(), enter()]);
  assert.ok(!existsSync(file));
});

test("the lock is released when the work fails", async (t) => {
  const file = await lockFile(t);
  await assert.rejects(
    withLock(file, () => Promise.reject(new Error("failed"))),
    /failed/
  );
  assert.equal(await withLock(file, async () => "free"), "free");
});

test("a holder that was killed holds nothing", async (t) => {
  const file = await lockFile(t);
  const {pid} = spawnSync(process.execPath, ["--version"]);
  await mkdir(dirname(file), {recursive: true});
  await writeFile(file, String(pid));
  assert.equal(await withLock(file, async () => "free", {patience: 1000}), "free");
});

test("one that waits too long says who holds the lock", async (t) => {
  const file = await lockFile(t);
  await withLock(file, async () => {
    const waiting: number[] = [];
    const second = withLock(file, async () => "never", {
      patience: 150,
      onWait: (holder) => waiting.push(holder)
    });
    await assert.rejects(second, new RegExp(`found a build by process ${process.pid}`));
    assert.deepEqual(waiting, [process.pid]);
  });
});
