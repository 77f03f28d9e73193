import assert from "node:assert/strict";
import {existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, test, type TestContext} from "node:test";
import {holdLock} from "../../data-loaders/setup/lock.js";

function lockFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "because-lock-"));
  t.after(() => rmSync(folder, {recursive: true}));
  return join(folder, "python.lock");
}

describe("the lock of a set-up", () => {
  test("is held by one at a time", async (t) => {
    const file = lockFile(t);
    let holders = 0;
    let most = 0;
    let waited = 0;
    const worker = async (): Promise<void> => {
      const release = await holdLock(file, () => (waited += 1));
      holders += 1;
      most = Math.max(most, holders);
      await new Promise((resolve) => setTimeout(resolve, 20));
      holders -= 1;
      await release();
    };
    await Promise.all([worker(), worker(), worker()]);
    assert.equal(most, 1);
    assert.equal(waited, 2);
    assert.ok(!existsSync(file));
  });

  test("is taken from a holder that gave no sign of life", async (t) => {
    const file = lockFile(t);
    writeFileSync(file, "");
    const longAgo = Date.now() / 1000 - 60;
    utimesSync(file, longAgo, longAgo);
    const release = await holdLock(file, () => undefined);
    await release();
    assert.ok(!existsSync(file));
  });

  test("is not waited for when set-up is stopped", async (t) => {
    const file = lockFile(t);
    const release = await holdLock(file, () => undefined);
    await assert.rejects(
      holdLock(file, () => undefined, AbortSignal.abort(new Error("stopped"))),
      /stopped/
    );
    await release();
  });
});
