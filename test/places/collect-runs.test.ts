import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {BadInput} from "../../src/core/bad-input.js";
import type {Manifest} from "../../src/core/contract.js";
import {collectRuns} from "../../data-loaders/places/collect-runs.js";
import {LocalTransport} from "../../data-loaders/places/local-transport.js";
import type {Site} from "../../data-loaders/places/site.js";
import {hashFile} from "../../data-loaders/stages/content-hash.js";
import {verifyRun} from "../../data-loaders/trainers/run-state.js";
import {skipWithoutSsh} from "./loopback-ssh.js";

const ID = "a".repeat(16);

describe("runs that come from a place", {skip: skipWithoutSsh()}, () => {
  let folder: string;
  let number = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "because-collect-"));
  });
  after(() => rm(folder, {recursive: true, force: true}));

  /** A place with one finished run, and a store of this side. */
  const finished = async (files: Record<string, string>, more: Partial<Manifest> = {}) => {
    const at = join(folder, String(number++));
    const run = join(at, "place", "runs", ID);
    const listed: Manifest["files"] = {};
    for (const [name, content] of Object.entries(files)) {
      await mkdir(join(run, name, ".."), {recursive: true});
      await writeFile(join(run, name), content);
      listed[name] = {sha256: await hashFile(join(run, name)), bytes: content.length, rows: null};
    }
    const manifest = {...EMPTY, run: ID, files: listed, ...more};
    await writeFile(join(run, "manifest.json"), JSON.stringify(manifest));
    const site = {name: "here", transport: new LocalTransport(), root: join(at, "place")} as unknown as Site;
    const [runs, staging] = [join(at, "store", "runs"), join(at, "store", "arriving")];
    const collect = async (runsFolder = runs, stagingFolder = staging) =>
      (await collectRuns(new Map([[ID, manifest]]), {site, runs: runsFolder, staging: stagingFolder})).get(
        ID
      );
    return {at, run, runs, staging, manifest, collect};
  };

  it("are in place only when all of them is there and holds", async () => {
    const {runs, run, collect} = await finished({"predictions.parquet": "p", "model/config.json": "{}"});
    await writeFile(join(run, "checkpoint"), "stays there");
    assert.equal(await collect(), null);
    assert.equal((await verifyRun(join(runs, ID))).status, "done");
    assert.deepEqual((await readdir(join(runs, ID))).sort(), [
      "manifest.json",
      "model",
      "predictions.parquet"
    ]);
  });

  it("a file that is not what its manifest says keeps the run away, and goes through when it is mended", async () => {
    const {run, runs, collect} = await finished({"predictions.parquet": "right"});
    await writeFile(join(run, "predictions.parquet"), "wrong");
    assert.match((await collect())!, /not whole: predictions\.parquet is not what its manifest says/);
    await assert.rejects(readdir(runs));
    await writeFile(join(run, "predictions.parquet"), "right");
    const later = new Date(Date.now() + 5000);
    await utimes(join(run, "predictions.parquet"), later, later);
    assert.equal(await collect(), null);
  });

  it("names that lead out of the folder, or could be options, are refused before anything is copied", async () => {
    for (const name of [
      "../x",
      "/etc/passwd",
      "a/../../x",
      "-e",
      "a/-e",
      ".hidden",
      "a//b",
      "a\nb",
      "..",
      "a/./b"
    ]) {
      const {collect, staging} = await finished(
        {"predictions.parquet": "p"},
        {files: {[name]: {sha256: "0".repeat(64), bytes: 1, rows: null}}}
      );
      assert.match((await collect())!, /its manifest names .*, which is refused/, name);
      await assert.rejects(readdir(staging), name);
    }
    const {collect} = await finished({"predictions.parquet": "p"}, {run: "b".repeat(16)});
    assert.match((await collect())!, /its manifest names "b{16}"/);
  });

  it("links are never followed, neither a file nor a folder", async () => {
    const {run, collect, runs} = await finished({"predictions.parquet": "p", "model/weights": "w"});
    await rm(join(run, "predictions.parquet"));
    await symlink("/etc/passwd", join(run, "predictions.parquet"));
    assert.match((await collect())!, /predictions\.parquet is gone/);
    const second = await finished({"model/weights": "w"});
    await rm(join(second.run, "model"), {recursive: true});
    await mkdir(join(second.at, "elsewhere"));
    await writeFile(join(second.at, "elsewhere", "weights"), "w");
    await symlink(join(second.at, "elsewhere"), join(second.run, "model"));
    assert.equal(await second.collect(), null, "the place may keep its files where it likes");
    assert.ok((await lstat(join(second.runs, ID, "model"))).isDirectory(), "here it is a folder");
    await assert.rejects(readdir(runs));
  });

  it("what lies in the way where runs arrive is refused: links, and files that no manifest names", async () => {
    const {collect, staging, at} = await finished({"predictions.parquet": "p"});
    await mkdir(join(staging, ID), {recursive: true});
    await symlink(at, join(staging, ID, "out"));
    assert.match((await collect())!, /"out" arrived as a link or device/);
    await mkdir(join(staging, ID), {recursive: true});
    await writeFile(join(staging, ID, "more"), "");
    assert.match((await collect())!, /"more" arrived, which no manifest names/);
    assert.equal(await collect(), null, "the next time it is all well");
  });

  it("a run that is larger than the disk is not begun to be copied", async () => {
    const {collect} = await finished(
      {"predictions.parquet": "p"},
      {files: {"predictions.parquet": {sha256: "0".repeat(64), bytes: 1e15, rows: null}}}
    );
    await assert.rejects(
      collect(),
      (error) => error instanceof BadInput && /1000000\.1 GB free/.test(error.message)
    );
  });

  it("a disk that fills up meanwhile stops it cleanly, and it goes on when there is room", async (t) => {
    const small = join(folder, "small-disk");
    await mkdir(small);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=300m", "tmpfs", small]).status !== 0)
      return t.skip("no tmpfs can be mounted (needs root)");
    try {
      const content = "x".repeat(250_000_000);
      const {collect, manifest} = await finished({"predictions.parquet": content});
      manifest.files["predictions.parquet"]!.bytes = 10; // it lies about its size
      await writeFile(join(small, "other"), Buffer.alloc(80_000_000));
      const [runs, staging] = [join(small, "runs"), join(small, "arriving")];
      await assert.rejects(collect(runs, staging), (error) => {
        assert.ok(error instanceof BadInput);
        assert.match(error.message, /a full disk.*goes on where it broke off/);
        return true;
      });
      await assert.rejects(readdir(runs), "no half run is in place");
      await rm(join(small, "other"));
      assert.equal(await collect(runs, staging), null);
      assert.equal((await readFile(join(runs, ID, "predictions.parquet"))).length, content.length);
    } finally {
      spawnSync("umount", [small]);
    }
  });
});

const EMPTY = {
  contract: 1,
  kind: "train",
  status: "done",
  reason: "finished",
  job_sha256: "0".repeat(64),
  trainer_version: "t",
  libraries: {},
  device: {kind: "cpu", name: "n", threads: 1, instruction_set: "i"},
  ...{started: 0, finished: 1, wall_seconds: 1, train_seconds: 1, score_seconds: 0, peak_memory_bytes: 1},
  ...{parameters: 1, steps: 1, examples: 1, tokens: 1, label_tokens: 1, explanation_tokens: 0},
  ...{truncated_rows: 0, resumed: 0}
} satisfies Partial<Manifest> as unknown as Manifest;
