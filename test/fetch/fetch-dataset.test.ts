import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, afterEach, before, beforeEach, describe, it} from "node:test";
import {
  fetchedFiles,
  fetchedFolder,
  fetchedLicence,
  readFetched
} from "../../data-loaders/fetch/fetched-folder.js";
import {BadInput} from "../../src/core/bad-input.js";
import {REVISION, TOKEN} from "./fake-hub.js";
import {DATASET, fetching, filesBelow, HUB, LARGE, SMALL} from "./hub-sample.js";
import type {Fetching} from "./hub-sample.js";

const bytesOf = (path: string): Buffer => DATASET.files.find((file) => file.path === path)!.bytes;
const CORPUS = {reader: "mt-bench", turn: "all"} as const;
const WANTED = [LARGE, SMALL, "data/test.parquet", "empty.txt"];

describe("a dataset is fetched", () => {
  let here: Fetching;
  before(async () => {
    here = await fetching();
    await here.fetch();
  });
  after(() => here.end());

  it("whole, at its paths, and nothing that was not asked for", async () => {
    const files = await filesBelow(fetchedFolder(here.store, HUB));
    assert.deepEqual([...files.keys()].sort(), [...WANTED].sort());
    for (const path of WANTED) assert.ok(files.get(path)!.equals(bytesOf(path)), path);
  });

  it("with a record of licence, host and hashes", async () => {
    const record = (await readFetched(here.store, HUB))!;
    assert.equal(record.licence, "cc-by-4.0");
    assert.equal(record.revision, REVISION);
    assert.equal(record.host, new URL(here.hub.endpoint).host);
    assert.ok(Math.abs(Date.parse(record.fetched_at) - Date.now()) < 60_000);
    assert.deepEqual(
      record.files.map(({path, bytes, sha256}) => ({path, bytes, sha256})),
      [...WANTED].sort().map((path) => ({
        path,
        bytes: bytesOf(path).length,
        sha256: createHash("sha256").update(bytesOf(path)).digest("hex")
      }))
    );
  });

  it("with a licence that its corpora can show", () => {
    const config = {...CORPUS, hub: HUB};
    assert.equal(fetchedLicence(here.store, config), "cc-by-4.0");
    assert.equal(fetchedLicence(here.store, {...config, path: "elsewhere"}), null);
    assert.equal(fetchedLicence(here.store, {...config, hub: {...HUB, revision: "a".repeat(40)}}), null);
  });

  it("with the token at the hub and nowhere else", () => {
    const at = (server: string) => here.hub.asked.filter((asked) => asked.server === server);
    assert.ok(
      at("hub").length > 0 && at("hub").every(({authorization}) => authorization === `Bearer ${TOKEN}`)
    );
    assert.equal(at("cdn").length, 2);
    assert.ok(at("cdn").every(({authorization}) => authorization === undefined));
  });

  it("once: a second fetch asks the hub nothing", async () => {
    const asked = here.hub.asked.length;
    const before = await readFetched(here.store, HUB);
    await here.fetch();
    assert.equal(here.hub.asked.length, asked);
    assert.deepEqual(await readFetched(here.store, HUB), before);
  });

  it("and found by what reads it", async () => {
    const files = await fetchedFiles(here.store, {...HUB, files: ["data/*.parquet"]}, "arena").catch(String);
    assert.match(String(files), /expected its files.*because fetch/, "this pattern was never fetched");
    const folder = fetchedFolder(here.store, HUB);
    assert.deepEqual(await fetchedFiles(here.store, {...HUB, files: ["data/*"]}, "arena"), [
      join(folder, SMALL),
      join(folder, "data/test.parquet"),
      join(folder, LARGE)
    ]);
  });

  it("again where a file was changed, and only that", async () => {
    const file = join(fetchedFolder(here.store, HUB), "data/test.parquet");
    const bytes = await readFile(file);
    bytes[7]! ^= 1;
    await writeFile(file, bytes);
    const before = here.hub.downloads().length;
    await here.fetch();
    assert.equal(here.hub.downloads().length - before, 1);
    assert.ok((await readFile(file)).equals(bytesOf("data/test.parquet")));
  });

  it("with more files later, which are added to the record", async () => {
    const before = here.hub.downloads().length;
    const record = await here.fetch({hub: {...HUB, files: ["README.md"]}});
    assert.equal(here.hub.downloads().length - before, 1);
    assert.deepEqual(
      record.files.map(({path}) => path),
      [...WANTED, "README.md"].sort()
    );
    assert.deepEqual(record.patterns, ["README.md", "data/*", "empty.txt"]);
  });
});

describe("a fetch that is not alone or not whole", () => {
  let here: Fetching;
  beforeEach(async () => (here = await fetching()));
  afterEach(() => here.end());

  it("two at once download each file once", async () => {
    here.hub.troubles.set(LARGE, [{kind: "slow", pieces: 4, pause: 50}]);
    await Promise.all([here.fetch(), here.fetch()]);
    assert.equal(here.hub.downloads().length, WANTED.length - 1, "an empty file needs no download");
    assert.match(here.notes.join(), /Another fetch of talks\/arena is at work/);
  });

  it("goes on where it was stopped", async () => {
    here.hub.troubles.set(LARGE, [{kind: "slow", pieces: 20, pause: 40}]);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 400);
    await assert.rejects(here.fetch({signal: controller.signal}), {name: "AbortError"});
    const [part] = [...(await filesBelow(fetchedFolder(here.store, HUB)))].filter(([path]) =>
      path.endsWith(".part")
    );
    const have = part![1].length;
    assert.ok(have > 0 && have < bytesOf(LARGE).length, `${have} bytes`);
    here.reported.length = 0;
    await here.fetch();
    const [, second] = here.hub.downloads(LARGE);
    assert.equal(second!.range, `bytes=${have}-`);
    assert.equal(second!.sent, bytesOf(LARGE).length - have);
    assert.equal(here.reported[0], have, "progress begins with what was here");
    assert.ok((await filesBelow(fetchedFolder(here.store, HUB))).get(LARGE)!.equals(bytesOf(LARGE)));
  });

  it("needs room, and says so before anything arrives", async () => {
    const machine = {env: {}, platform: process.platform, freeBytes: async () => 1_000};
    await assert.rejects(
      here.fetch({machine}),
      (error: Error) => error instanceof BadInput && /free/.test(error.message)
    );
    assert.equal(here.hub.downloads().length, 0);
  });

  it("reads licences wherever a card says them", async () => {
    const cards = [
      [{cardData: {license: ["mit", "cc0-1.0"]}}, "mit, cc0-1.0"],
      [
        {cardData: {license: "other", license_name: "lmsys", license_link: "https://x.org"}},
        "other (lmsys, https://x.org)"
      ],
      [{tags: ["language:en", "license:cc-by-nc-4.0"]}, "cc-by-nc-4.0"],
      [{}, null]
    ] as const;
    for (const [i, [card, licence]] of cards.entries()) {
      const dataset = {...DATASET, cardData: undefined, id: `talks/card-${i}`, ...structuredClone(card)};
      const other = await fetching([dataset as typeof DATASET]);
      const record = await other.fetch({hub: {...HUB, dataset: dataset.id, files: ["empty.txt"]}});
      await other.end();
      assert.equal(record.licence, licence);
    }
  });
});
