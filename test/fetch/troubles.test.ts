import assert from "node:assert/strict";
import {mkdir, writeFile} from "node:fs/promises";
import {dirname} from "node:path";
import {afterEach, beforeEach, describe, it} from "node:test";
import {listTree} from "../../data-loaders/fetch/dataset-info.js";
import type {TreeFile} from "../../data-loaders/fetch/dataset-info.js";
import {partOf} from "../../data-loaders/fetch/download-file.js";
import {fetchedFolder, readFetched} from "../../data-loaders/fetch/fetched-folder.js";
import type {Hub} from "../../data-loaders/fetch/fetched-folder.js";
import {HubClient} from "../../data-loaders/fetch/hub-client.js";
import {askedPause} from "../../data-loaders/fetch/patience.js";
import {BadInput} from "../../src/core/bad-input.js";
import {REVISION, TOKEN} from "./fake-hub.js";
import type {Trouble} from "./fake-hub.js";
import {DATASET, fetching, filesBelow, HUB, LARGE, SMALL} from "./hub-sample.js";
import type {Fetching} from "./hub-sample.js";

const LARGE_BYTES = DATASET.files.find(({path}) => path === LARGE)!.bytes;
const ONE: Hub = {...HUB, files: [LARGE]};
const INFO = `/api/datasets/${DATASET.id}/revision/${REVISION}`;
const TREE = `/api/datasets/${DATASET.id}/tree/${REVISION}`;
const RESOLVE = `/datasets/${DATASET.id}/resolve/${REVISION}/${LARGE}`;

describe("troubles that pass", () => {
  let here: Fetching;
  beforeEach(async () => (here = await fetching()));
  afterEach(() => here.end());

  /** Fetches the large file through some troubles; returns the bytes that were sent for it, connection by connection. */
  const through = async (...troubles: Trouble[]): Promise<number[]> => {
    here.hub.troubles.set(LARGE, [...troubles]);
    await here.fetch({hub: ONE});
    assert.deepEqual(here.hub.troubles.get(LARGE), [], "all troubles were met");
    const files = await filesBelow(fetchedFolder(here.store, ONE));
    assert.deepEqual([...files.keys()], [LARGE], "nothing is left beside it");
    assert.ok(files.get(LARGE)!.equals(LARGE_BYTES));
    return here.hub.downloads(LARGE).map(({sent}) => sent);
  };

  it("a connection that drops, more often than a file is tried without progress", async () => {
    const sent = await through(...[90_000, 1, 70_000, 60_000, 50_000, 40_000].map((after) => drop(after)));
    const ranges = here.hub.downloads(LARGE).map(({range}) => range);
    assert.equal(ranges[0], undefined);
    assert.ok(
      ranges.slice(1).every((range) => /^bytes=\d+-$/.test(range!)),
      ranges.join()
    );
    const again = sent.reduce((sum, bytes) => sum + bytes, 0) - LARGE_BYTES.length;
    assert.ok(again < 100_000, `${again} bytes were sent twice`);
  });

  it("a service that is busy, for as long as it asks", async () => {
    const began = Date.now();
    await through({kind: "status", status: 429, headers: {"retry-after": "1"}});
    assert.ok(Date.now() - began >= 1_000);
    assert.match(here.notes.join(), /429 too many requests; trying again in 1 s/);
  });

  it("a service that fails, before the file and within the listing", async () => {
    here.hub.troubles.set(INFO, [{kind: "status", status: 503}]);
    here.hub.troubles.set(TREE, [
      {kind: "status", status: 500},
      {kind: "status", status: 504}
    ]);
    here.hub.troubles.set(RESOLVE, [{kind: "status", status: 502}]);
    await through({kind: "status", status: 503}, {kind: "status", status: 408});
  });

  it("a signed address that expired: the hub is asked for another", async () => {
    await through(drop(1_000), {kind: "status", status: 403});
    assert.equal(here.hub.asked.filter(({url}) => url.includes("/resolve/")).length, 3);
  });

  it("silence", async () => {
    const [first, second] = await through({kind: "silence", after: 120_000});
    assert.equal(first! + second!, LARGE_BYTES.length);
    assert.match(here.notes.join(), /silence for 1 s/);
  });

  it("a server that ignores ranges, or answers with another part", async () => {
    await through(drop(50_000), {kind: "ignore-range"});
    const reported = here.reported.reduce((sum, bytes) => sum + bytes, 0);
    assert.equal(reported, LARGE_BYTES.length, "progress ends at the file's length");
  });

  it("a part that begins elsewhere", async () => {
    await through(drop(50_000), {kind: "wrong-range"});
  });

  it("other bytes, once", async () => {
    await through({kind: "corrupt"});
    assert.equal(
      here.reported.reduce((sum, bytes) => sum + bytes, 0),
      LARGE_BYTES.length
    );
  });

  it("a part that was damaged on the disk", async () => {
    const [{path, checksum}] = await listTree(
      new HubClient({endpoint: here.hub.endpoint, token: null}),
      ONE
    ).then((files) => files.filter((file) => file.path === LARGE) as [TreeFile]);
    const part = partOf(fetchedFolder(here.store, ONE), {path, checksum, bytes: LARGE_BYTES.length});
    await mkdir(dirname(part), {recursive: true});
    await writeFile(part, Buffer.alloc(150_000));
    const [first, second] = await through();
    assert.deepEqual([first, second], [LARGE_BYTES.length - 150_000, LARGE_BYTES.length]);
  });

  it("a slow line, slower in all than the longest silence", async () => {
    await through({kind: "slow", pieces: 8, pause: 200});
  });
});

describe("troubles that stay", () => {
  let here: Fetching;
  beforeEach(async () => (here = await fetching()));
  afterEach(() => here.end());

  const refused = async (message: RegExp, options: Parameters<Fetching["fetch"]>[0] = {}): Promise<void> => {
    await assert.rejects(here.fetch({hub: ONE, ...options}), (error: Error) => {
      assert.ok(error instanceof BadInput, error.stack);
      assert.match(error.message, message);
      assert.ok(!error.message.includes(TOKEN) && !error.message.includes("signature"), error.message);
      return true;
    });
    assert.equal((await readFetched(here.store, ONE))?.files.length ?? 0, 0);
  };

  it("other bytes, again and again: nothing of them is kept", async () => {
    here.hub.troubles.set(LARGE, Array<Trouble>(5).fill({kind: "corrupt"}));
    await refused(/SHA-256 is [0-9a-f]{64}.*other bytes, 2 times.*HF_ENDPOINT/);
    assert.equal(here.hub.downloads(LARGE).length, 2);
    assert.equal((await filesBelow(fetchedFolder(here.store, ONE))).size, 0);
  });

  it("other bytes of a file that has only git's hash", async () => {
    here.hub.troubles.set(SMALL, Array<Trouble>(5).fill({kind: "corrupt"}));
    await refused(/git SHA-1 is [0-9a-f]{40}/, {hub: {...HUB, files: [SMALL]}});
  });

  it("more bytes than were listed", async () => {
    here.hub.troubles.set(LARGE, [{kind: "longer"}]);
    await refused(/expected 400000 bytes.*found more/);
  });

  it("a service that stays down, with what has arrived kept", async () => {
    here.hub.troubles.set(LARGE, [drop(70_000), ...Array<Trouble>(9).fill({kind: "status", status: 503})]);
    await refused(/503 from the hub.*what has arrived is kept/);
    const files = [...(await filesBelow(fetchedFolder(here.store, ONE))).values()];
    assert.deepEqual(
      files.map(({length}) => length),
      [70_000]
    );
  });

  it("a service that asks for more patience than there is", async () => {
    here.hub.troubles.set(INFO, [{kind: "status", status: 429, headers: {"retry-after": "3600"}}]);
    await refused(/429 too many requests, which asks to wait 3600 s/);
  });

  it("no service at all, found out at once", async () => {
    await here.hub.stop();
    const began = Date.now();
    await refused(/no connection \(ECONNREFUSED\).*HF_ENDPOINT/);
    assert.ok(Date.now() - began < 5_000);
    await here.hub.start();
  });

  it("terms that were not accepted", async () => {
    const gated = await fetching([{...DATASET, gated: "auto"}]);
    const page = new RegExp(
      `401.*Accept the licence at ${gated.hub.endpoint}/datasets/talks/arena.*HF_TOKEN`
    );
    await assert.rejects(gated.fetch({token: null}), page);
    await gated.fetch();
    await gated.end();
  });

  const refusals: [string, Trouble, RegExp][] = [
    [
      "terms not accepted by the token's account",
      answer(403, "GatedRepo"),
      /403.*Accept the licence at .* with that account/
    ],
    [
      "a token without the right",
      answer(403, null, "enable access to public gated repositories"),
      /enable access.*Give the token of HF_TOKEN the right/
    ],
    [
      "a token that is unknown",
      answer(401, null, `Invalid credentials: ${TOKEN}`),
      /Invalid credentials: ….*Set HF_TOKEN to a token of your account/
    ],
    ["no such dataset", answer(404, "RepoNotFound"), /Check `hub\.dataset`/],
    ["no such commit", answer(404, "RevisionNotFound"), /Set `revision` to a commit that .*commits\/main/],
    ["no such file", answer(404, "EntryNotFound"), /Check `hub\.files`/],
    ["anything else", answer(418), /418.*Check HF_ENDPOINT/]
  ];
  for (const [what, trouble, message] of refusals)
    it(what, async () => {
      here.hub.troubles.set(RESOLVE, [trouble]);
      await refused(message);
      assert.deepEqual(here.notes, [], "what will not pass is not tried again");
    });

  it("another commit than was asked for", async () => {
    here.hub.commit = "f".repeat(40);
    await refused(/expected files of commit 0123.*found files of commit ffff/);
  });

  it("a revision that the hub does not have", async () => {
    await refused(/Set `revision`/, {hub: {...ONE, revision: "a".repeat(40)}});
  });

  it("a pattern that means nothing names the nearest file", async () => {
    await refused(/data\/tests\.parquet.*the nearest name is data\/test\.parquet/, {
      hub: {...HUB, files: ["data/tests.parquet"]}
    });
  });

  it("a server that is no hub", async () => {
    here.hub.troubles.set(INFO, [{kind: "status", status: 200, body: JSON.stringify({hello: "world"})}]);
    await refused(/expected what the Hugging Face hub answers, found sha/);
  });

  it("files that lead out of their folder", async () => {
    for (const path of ["../outside", "data/../../outside", "/absolute", "back\\slash"]) {
      const body = JSON.stringify([{type: "file", path, size: 3, oid: "a".repeat(40)}]);
      here.hub.troubles.set(TREE, [{kind: "status", status: 200, body}]);
      await refused(/leads out of its folder/);
    }
  });
});

describe("how long a service asks to wait", () => {
  const asked = (headers: Record<string, string>): number | null =>
    askedPause(new Headers(headers), Date.parse("2026-01-01T00:00:00Z"));

  it("in seconds, as a date, by its rate limit, or not", () => {
    assert.equal(asked({"retry-after": "7"}), 7_000);
    assert.equal(asked({"retry-after": "Thu, 01 Jan 2026 00:00:30 GMT"}), 30_000);
    assert.equal(asked({"retry-after": "Wed, 31 Dec 2025 00:00:00 GMT"}), 0);
    assert.equal(asked({ratelimit: '"api";r=0;t=55'}), 55_000);
    assert.equal(asked({ratelimit: '"api";r=12;t=55'}), null);
    assert.equal(asked({"retry-after": "soon"}), null);
    assert.equal(asked({}), null);
  });
});

function drop(after: number): Trouble {
  return {kind: "drop", after};
}

function answer(status: number, code: string | null = null, words = "no"): Trouble {
  return {
    kind: "status",
    status,
    headers: {...(code ? {"x-error-code": code} : {}), "x-error-message": words.replace("…", "")}
  };
}
