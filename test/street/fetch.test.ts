import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import type {ChildProcess} from "node:child_process";
import {mkdtemp, rm, utimes, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {setTimeout as wait} from "node:timers/promises";
import {datasetFolder, fetchedFolder} from "../../data-loaders/fetch/fetched-folder.js";
import {PROJECT, Store} from "../../data-loaders/stages/store.js";
import {FakeHub, REVISION, TOKEN} from "../fetch/fake-hub.js";
import {DATASET, filesBelow, HUB, LARGE} from "../fetch/hub-sample.js";

const LARGE_BYTES = DATASET.files.find(({path}) => path === LARGE)!.bytes;

/** Two corpora share a dataset, a third lies in a folder. */
const study = (revision: string): string => `because: 1
title: Fetched
corpora:
  arena: {reader: chatbot-arena, hub: {dataset: talks/arena, revision: "${revision}", files: ["data/train-*"]}}
  tested: {reader: chatbot-arena, hub: {dataset: talks/arena, revision: "${revision}", files: [data/test.parquet, README.md]}}
  local: {reader: chatbot-arena, path: here.parquet, hub: {dataset: talks/local, revision: "${revision}", files: ["*"]}}
axes: {naturalness: {question: How natural?, labels: [1, 2, 3, 4, 5]}}
split: {train: 20, test: 10}
judges: {one: {model: any, base_url: "http://localhost:1/v1"}}
`;

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

describe("because fetch", () => {
  let hub: FakeHub;
  let folder: string;
  let store: Store;
  /** All that the commands below wrote. */
  const said: string[] = [];
  before(async () => {
    hub = await new FakeHub([DATASET]).start();
    folder = await mkdtemp(join(tmpdir(), "because-fetch-"));
    store = new Store(join(folder, "store"));
    await writeFile(join(folder, "study.yaml"), study(REVISION));
    await writeFile(join(folder, "elsewhere.yaml"), study("b".repeat(40)));
  });
  after(async () => {
    await hub.stop();
    await rm(folder, {recursive: true});
  });

  const start = (...args: string[]): {child: ChildProcess; ended: Promise<Ended>} => {
    const all = ["fetch", "--study", join(folder, "study.yaml"), "--store", store.root, ...args];
    const child = spawn(process.execPath, [join(PROJECT, "data-loaders", "because.mjs"), ...all], {
      env: {...process.env, HF_ENDPOINT: `${hub.endpoint}/`, HF_TOKEN: TOKEN, NO_COLOR: "1"},
      stdio: ["ignore", "pipe", "pipe"]
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const ended = new Promise<Ended>((resolve) =>
      child.once("close", (code, signal) => {
        said.push(stdout + stderr);
        resolve({code, signal, stdout, stderr});
      })
    );
    return {child, ended};
  };
  /** The large file's part, once it has some bytes. */
  const part = async (): Promise<number> => {
    for (let tries = 0; tries < 200; tries++) {
      const files = await filesBelow(fetchedFolder(store, HUB));
      const found = [...files].find(([path]) => path.startsWith(LARGE) && path.endsWith(".part"));
      if (found && found[1].length > 10_000) return found[1].length;
      await wait(50);
    }
    throw new Error("no part appeared");
  };

  it("--dry-run lists files, sizes and licence, and downloads nothing", async () => {
    const {code, stdout, stderr} = await start("--dry-run").ended;
    assert.equal(code, 0, stderr);
    assert.match(stdout, /talks\/arena \(arena, tested\), revision 01234567\n {2}licence {2}cc-by-4\.0\n/);
    assert.match(stdout, /400 kB {2}data\/train-00000-of-00001\.parquet\n/);
    assert.match(stdout, /To download: 430 kB\. Nothing was\./);
    assert.doesNotMatch(stdout, /talks\/local|ümlauts/, "only what corpora without a path ask for");
    assert.equal(hub.downloads().length, 0);
    assert.equal((await filesBelow(store.path("fetched"))).size, 0);
  });

  it("goes on after SIGKILL and after Ctrl-C", async () => {
    hub.troubles.set(
      LARGE,
      Array.from({length: 2}, () => ({kind: "slow", pieces: 40, pause: 60}))
    );
    const killed = start();
    const first = await part();
    killed.child.kill("SIGKILL");
    assert.equal((await killed.ended).signal, "SIGKILL");
    // A killed holder loses its lock after some seconds of silence; here they pass at once.
    const long = new Date(Date.now() - 60_000);
    await utimes(join(datasetFolder(store, {dataset: DATASET.id}), "fetch.lock"), long, long);

    const stopped = start();
    while (hub.downloads(LARGE).length < 2) await wait(20);
    await wait(300);
    stopped.child.kill("SIGINT");
    const {code, stderr} = await stopped.ended;
    assert.equal(code, 130, stderr);
    assert.match(stderr, /What has arrived is kept/);
    const second = await part();
    assert.ok(second > first, `${second} bytes after ${first}`);

    const whole = await start("--json").ended;
    assert.equal(whole.code, 0, whole.stderr);
    const [record] = JSON.parse(whole.stdout) as {licence: string; files: {path: string}[]}[];
    assert.equal(record!.licence, "cc-by-4.0");
    assert.deepEqual(
      record!.files.map(({path}) => path),
      ["README.md", "data/test.parquet", LARGE]
    );
    const files = await filesBelow(fetchedFolder(store, HUB));
    assert.deepEqual([...files.keys()].sort(), ["README.md", "data/test.parquet", LARGE]);
    assert.ok(files.get(LARGE)!.equals(LARGE_BYTES));
    const sent = hub.downloads(LARGE).map(({range}) => Number(/\d+/.exec(range ?? "0")![0]));
    assert.ok(sent[1]! >= first && sent[2]! >= second, "each start goes on from what was there");
  });

  it("a second time downloads nothing, and needs no hub", async () => {
    const before = hub.asked.length;
    const {code, stdout} = await start().ended;
    assert.equal(code, 0);
    assert.match(stdout, /data\/test\.parquet {2}\(here\)/);
    assert.equal(hub.asked.length, before);
  });

  it("bad input ends 2 and says what to do", async () => {
    const {code, stderr} = await start("--study", join(folder, "elsewhere.yaml")).ended;
    assert.equal(code, 2);
    assert.match(stderr, /expected the commit that `hub\.revision` names\n {2}found {4}404[^]*mend/);
  });

  it("the token is nowhere but at the hub", async () => {
    assert.ok(said.length >= 6);
    for (const text of said) assert.ok(!text.includes(TOKEN), text);
    const written = await filesBelow(folder);
    assert.ok(written.size > 3);
    for (const [path, bytes] of written) assert.ok(!bytes.includes(TOKEN), path);
    assert.ok(hub.asked.some(({authorization}) => authorization === `Bearer ${TOKEN}`));
    assert.ok(hub.asked.every(({server, authorization}) => server === "hub" || authorization === undefined));
  });
});
