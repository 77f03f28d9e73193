import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {mkdir, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {test} from "node:test";
import type {TestContext} from "node:test";
import {readCorpus} from "../../data-loaders/corpora/read-corpus.js";
import {sourcesOf} from "../../data-loaders/corpora/sources.js";
import {fetchedFolder, writeFetched} from "../../data-loaders/fetch/fetched-folder.js";
import {Store} from "../../data-loaders/stages/store.js";
import {CorpusConfig} from "../../src/core/study.js";
import {assertBadInput, folderWith, readConfigured} from "./given-files.js";

const pair = (n: string) =>
  `${JSON.stringify({chosen: `\n\nHuman: ${n}\n\nAssistant: yes`, rejected: `\n\nHuman: ${n}\n\nAssistant: no`})}\n`;
const HH = {reader: "hh-rlhf", which: "chosen"};
const FILES = {
  "hh/base/train.jsonl": pair("b-train"),
  "hh/base/test.jsonl": pair("b-test"),
  "hh/online/train.jsonl": pair("o-train"),
  "hh/README.md": "words",
  "hh/.cache/train.jsonl": "rubbish"
};

test("a path is a file, a folder with all below it, or a pattern; files come in the order of their names", async (t) => {
  const folder = await folderWith(t, FILES);
  const namesAt = async (path: string) =>
    (await sourcesOf("mine", CorpusConfig.parse({...HH, path}), {folder})).map(({name}) => name);
  const all = ["hh/base/test.jsonl", "hh/base/train.jsonl", "hh/online/train.jsonl"];
  assert.deepEqual(await namesAt("hh"), all);
  assert.deepEqual(await namesAt("hh/base/test.jsonl"), all.slice(0, 1));
  assert.deepEqual(await namesAt("hh/*/train.jsonl"), all.slice(1));
  assert.deepEqual(await namesAt("hh/base/*.jsonl"), all.slice(0, 2));
  assert.deepEqual(await namesAt(join(folder, "hh/online")), [join(folder, "hh/online/train.jsonl")]);
});

test("what is not there is said, with where it was looked for and what is there instead", async (t) => {
  const folder = await folderWith(t, {...FILES, "empty/readme.txt": ""});
  await assertBadInput(readConfigured({...HH, path: "hx"}, folder), {
    where: /^hx$/,
    expected: /a file or folder at .*hx$/,
    found: /nothing/,
    mend: /--data/
  });
  await assertBadInput(readConfigured({...HH, path: "empty"}, folder), {
    expected: /jsonl/,
    found: /1 others \(readme\.txt\)/
  });
  await assertBadInput(readConfigured({...HH, path: "hh/*.parquet"}, folder), {found: /4 others/});
  await assertBadInput(readConfigured(HH, folder), {
    where: /corpus mine/,
    expected: /`path`, or `hub`/,
    mend: /path/
  });
});

const hub = {dataset: "Anthropic/hh-rlhf", revision: "0".repeat(39) + "1", files: ["base/*.jsonl"]};

/** A store in which these files of the dataset are, as `because fetch` leaves them. */
async function storeWith(t: TestContext, files: Record<string, string>): Promise<Store> {
  const store = new Store(await folderWith(t, {}));
  const folder = fetchedFolder(store, hub);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), {recursive: true});
    await writeFile(join(folder, path), content);
  }
  await writeFetched(store, {
    dataset: hub.dataset,
    revision: hub.revision,
    licence: "mit",
    host: "hub.example",
    fetched_at: "2026-01-01T00:00:00Z",
    patterns: ["**"].concat(hub.files),
    files: Object.entries(files).map(([path, content]) => ({
      path,
      bytes: Buffer.byteLength(content),
      sha256: createHash("sha256").update(content).digest("hex")
    }))
  });
  return store;
}

test("a generated corpus has no sources", async (t) => {
  const generated = CorpusConfig.parse({reader: "embedded", kind: "support"});
  assert.deepEqual(await sourcesOf("mine", generated, {folder: await folderWith(t, {})}), []);
});

test("without a path, a corpus is read from what was fetched of its dataset, and only from the files it names", async (t) => {
  const content = {"base/train.jsonl": pair("b"), "online/train.jsonl": pair("o")};
  const store = await storeWith(t, content);
  const config = CorpusConfig.parse({...HH, hub});
  const {examples, card} = await readCorpus("hh", config, {folder: "", store, seed: 1});
  assert.deepEqual(
    examples.map(({turns}) => turns[0]!.text),
    ["b"]
  );
  assert.deepEqual(card.sources, [
    {
      file: "Anthropic/hh-rlhf/base/train.jsonl",
      bytes: Buffer.byteLength(content["base/train.jsonl"]),
      sha256: createHash("sha256").update(content["base/train.jsonl"]).digest("hex")
    }
  ]);
});

test("what has not been fetched is said with the command that fetches it", async (t) => {
  const store = new Store(await folderWith(t, {}));
  const config = CorpusConfig.parse({...HH, hub});
  await assertBadInput(readCorpus("hh", config, {folder: "", store, seed: 1}), {
    where: /hh/,
    expected: /Anthropic\/hh-rlhf/,
    mend: /npx because fetch.*--study/
  });
});
