import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {hostname, tmpdir} from "node:os";
import {basename, join} from "node:path";
import {after, before, describe, it} from "node:test";
import fc from "fast-check";
import {lastAskedSpecs} from "../../data-loaders/paper/paper-stage.js";
import {canonicalJson, codeVersion} from "../../data-loaders/stages/content-hash.js";
import {Store} from "../../data-loaders/stages/store.js";
import type {StageSpec} from "../../data-loaders/stages/store.js";

const spec = (inputs: Record<string, string>): StageSpec => ({stage: "corpora", key: "mine", inputs});

describe("the store", () => {
  let folder: string;
  let store: Store;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "because-store-"));
    store = new Store(folder);
  });
  after(() => rm(folder, {recursive: true}));

  const make = (text: string) => (target: string) => writeFile(join(target, "out.txt"), text);

  it("makes a stage once; the same inputs skip, other inputs make anew, the old ones are still there", async () => {
    assert.equal((await store.ensure("s", spec({data: "1"}), make("one"))).made, true);
    assert.equal((await store.ensure("s", spec({data: "1"}), make("never"))).made, false);
    const second = await store.ensure("s", spec({data: "2"}), make("two"));
    assert.equal(second.made, true);
    assert.equal(await readFile(join(second.folder, "out.txt"), "utf8"), "two");
    const back = await store.ensure("s", spec({data: "1"}), make("never"));
    assert.equal(await readFile(join(back.folder, "out.txt"), "utf8"), "one");
  });

  it("names what changed since the study last made it", async () => {
    await store.ensure("t", spec({data: "1", code: "x"}), make("one"));
    assert.deepEqual((await store.examine("t", spec({data: "1", code: "x"}))).changed, []);
    assert.deepEqual((await store.examine("t", spec({data: "9", code: "x"}))).changed, ["data"]);
    assert.deepEqual((await store.examine("t", spec({data: "9", more: "y"}))).changed.sort(), [
      "code",
      "data",
      "more"
    ]);
    assert.deepEqual((await store.examine("other study", spec({data: "9"}))).changed, []);
  });

  it("knows with what a stage was made last, so that what was asked for can be looked up again", async () => {
    const asked = (stage: string): StageSpec => ({
      ...{stage, key: "all", inputs: {tables: "old", code: "x", asked: "these"}}
    });
    assert.deepEqual(await lastAskedSpecs(store, "p", "/tables/new"), [], "nobody asked");
    await store.ensure("p", asked("paper-tables"), make("one"));
    const [found, ...rest] = await lastAskedSpecs(store, "p", "/tables/new");
    assert.deepEqual([found!.stage, found!.inputs.asked, rest.length], ["paper-tables", "these", 0]);
    assert.deepEqual((await store.examine("p", found!)).changed.sort(), ["code", "tables"]);
    await store.ensure("p", found!, make("two"));
    assert.ok((await store.examine("p", found!)).done);
  });

  it("a stage that fails leaves nothing behind and is made the next time", async () => {
    const inputs = spec({data: "fails"});
    await assert.rejects(
      store.ensure("u", inputs, async (target) => {
        await make("half")(target);
        throw new Error("no");
      }),
      /no/
    );
    assert.equal((await store.examine("u", inputs)).done, false);
    assert.ok((await readdir(store.path("corpora"))).every((name) => !name.includes("partial")));
    assert.equal((await store.ensure("u", inputs, make("whole"))).made, true);
  });

  it("a folder without its last file, as a kill leaves it, counts as not made", async () => {
    const inputs = spec({data: "killed"});
    await mkdir(store.folderOf(inputs), {recursive: true});
    await writeFile(join(store.folderOf(inputs), "out.txt"), "half");
    assert.equal((await store.ensure("v", inputs, make("whole"))).made, true);
    assert.equal(await readFile(join(store.folderOf(inputs), "out.txt"), "utf8"), "whole");
  });

  it("what a killed process left half made is removed, and what a living one makes is not", async () => {
    const another = new Store(join(folder, "another"));
    const inputs = spec({data: "abandoned"});
    const target = another.folderOf(inputs);
    const host = hostname().replace(/\W/g, "");
    const {pid: dead} = spawnSync(process.execPath, ["-e", ""]);
    const halves = [dead, process.ppid].map((pid) => `${target}.partial-${host}-${pid}`);
    for (const half of halves) await mkdir(half, {recursive: true});
    assert.equal((await another.ensure("v", inputs, make("whole"))).made, true);
    const left = await readdir(another.path("corpora"));
    assert.deepEqual(
      halves.map((half) => left.includes(basename(half))),
      [false, true]
    );
  });

  it("a damaged memory of the past costs only what status says", async () => {
    await mkdir(store.path("studies", "w"), {recursive: true});
    await writeFile(store.path("studies", "w", "stages.json"), "{half");
    assert.deepEqual((await store.examine("w", spec({data: "x"}))).changed, []);
    await store.ensure("w", spec({data: "x"}), make("x"));
    assert.deepEqual((await store.examine("w", spec({data: "y"}))).changed, ["data"]);
  });
});

describe("content hashes", () => {
  it("canonical JSON does not depend on the order of keys", () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        assert.equal(canonicalJson(value), canonicalJson(turned));
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
      })
    ));

  it("the version of code changes with names and bytes, not with hidden files", async () => {
    const root = await mkdtemp(join(tmpdir(), "because-code-"));
    await mkdir(join(root, "a"));
    await writeFile(join(root, "a", "x.ts"), "1");
    const first = await codeVersion(root, ["a"]);
    await writeFile(join(root, "a", ".hidden"), "1");
    assert.equal(await codeVersion(root, ["a"]), first);
    await writeFile(join(root, "a", "x.ts"), "2");
    const second = await codeVersion(root, ["a"]);
    assert.notEqual(second, first);
    await writeFile(join(root, "a", "y.ts"), "2");
    assert.notEqual(await codeVersion(root, ["a"]), second);
    await rm(root, {recursive: true});
  });
});
