import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {mkdtemp, rm, stat} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {test} from "node:test";
import {BadInput} from "../../src/core/bad-input.js";
import {writableStore} from "../../data-loaders/setup/disk-space.js";

test("a store is made with all folders above it, also where it is there already", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "because-store-"));
  t.after(() => rm(folder, {recursive: true}));
  const store = join(folder, "one", "two");
  for (let times = 0; times < 2; times++) await writableStore(store);
  assert.ok((await stat(store)).isDirectory());
});

test(
  "a folder that takes none is told at once",
  {skip: !existsSync("/proc") && "no /proc", timeout: 10_000},
  async () => {
    for (const store of ["/proc/because-store", "/proc/because-store/below"])
      await assert.rejects(writableStore(store), (error: unknown) => {
        assert.ok(error instanceof BadInput);
        assert.equal(error.detail.where, store);
        return true;
      });
  }
);
