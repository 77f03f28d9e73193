/** Corpora that hold the same dialogues: what one is tested on, no other is trained on. */
import assert from "node:assert/strict";
import {join} from "node:path";
import {test} from "node:test";
import {gzipSync} from "node:zlib";
import fc from "fast-check";
import {drawCorpora} from "../../data-loaders/corpora/draw-corpora.js";
import {createContext, SILENT} from "../../data-loaders/stages/context.js";
import {parseStudy} from "../../data-loaders/study/read-study.js";
import {dialoguesOnBothSides, splitByDialogue} from "../../src/core/split.js";
import {assertBadInput, folderWith, REAL_DATA, skipWithoutRealData} from "./given-files.js";

const study = (path: string, more = "", split = "{train: 100, test: 60}") => `because: 1
title: Pairs
corpora:
  chosen: {reader: hh-rlhf, which: chosen, path: ${path}${more}}
  rejected: {reader: hh-rlhf, which: rejected, path: ${path}${more}}
axes: {quality: {question: How good?, labels: [1, 2, 3]}}
judges:
  one: {model: m-1, base_url: "http://127.0.0.1:9/v1"}
split: ${split}
`;

async function drawn(folder: string, store: string, text: string) {
  const parsed = parseStudy(text, "study.yaml");
  const axes = Object.entries(parsed.axes).map(([id, axis]) => ({...axis, id, title: id}));
  const file = {study: parsed, axes, folder, file: "study.yaml", id: "pairs"};
  return drawCorpora(createContext(file as never, SILENT, store));
}

/** 300 openings with one or two pairs each; some pairs have an empty rejected response. */
const PAIRS = Array.from({length: 450}, (_, i) => {
  const context = `\n\nHuman: question ${i % 300}`;
  const rejected = i % 7 === 0 ? "" : `no ${i}`;
  return `${JSON.stringify({chosen: `${context}\n\nAssistant: yes ${i}`, rejected: `${context}\n\nAssistant: ${rejected}`})}\n`;
}).join("");

for (const [what, more] of Object.entries({"all that there is": "", "a limit": ", limit: 250"}))
  test(`HH-RLHF twice, ${what}: a dialogue tested on in one is trained on in neither`, async (t) => {
    const folder = await folderWith(t, {"pairs.jsonl.gz": gzipSync(PAIRS)});
    const corpora = await drawn(folder, join(folder, "store"), study("pairs.jsonl.gz", more));
    assert.deepEqual(
      corpora.map(({train, test}) => [train.length, test.length]),
      [
        [100, 60],
        [100, 60]
      ]
    );
    assert.deepEqual([...dialoguesOnBothSides(corpora)], []);
    const opened = corpora.map(({test: own}) => new Set(own.map(({dialogue_id}) => dialogue_id)));
    assert.ok(
      [...opened[0]!].filter((id) => opened[1]!.has(id)).length > 30,
      "both test on the same dialogues"
    );
  });

test("HH-RLHF twice, asked for nearly all: the ends meet, and that is refused", async (t) => {
  const folder = await folderWith(t, {"pairs.jsonl.gz": gzipSync(PAIRS)});
  const wide = study("pairs.jsonl.gz", "", "{train: 200, test: 60}").replace(
    "which: rejected,",
    "which: rejected, split: {train: 60, test: 300},"
  );
  await assertBadInput(drawn(folder, join(folder, "store"), wide), {
    where: /^corpora chosen, rejected$/,
    expected: /no dialogue that one is trained on and another tested on/,
    found: /^\d+ such dialogues$/,
    mend: /Lower their split/
  });
});

test("HH-RLHF twice, as published", async (t) => {
  if (skipWithoutRealData(t)) return;
  const folder = await folderWith(t, {});
  const text = study("original/hh_helpful_base_test.jsonl.gz", "", "{train: 1000, test: 600}");
  const corpora = await drawn(REAL_DATA, join(folder, "store"), text);
  assert.deepEqual([...dialoguesOnBothSides(corpora)], []);
});

test("a pool's corpora of any sizes: where the ends stay apart, no dialogue is on both sides", () => {
  const rows = Array.from({length: 120}, (_, i) => ({example_id: `${i}`, dialogue_id: `d${i >> 1}`}));
  const size = fc.integer({min: 1, max: 29});
  const sizes = fc.record({train: size, test: size});
  const parts = fc.tuple(sizes, fc.subarray(rows, {minLength: 100}));
  fc.assert(
    fc.property(parts, parts, fc.integer(), ([a, own], [b, other], seed) => {
      const split = (corpus: string, from: typeof rows, to: typeof a) =>
        splitByDialogue(from, to, {seed, corpus, pool: "pairs"});
      const both = [split("a", own, a), split("b", other, b)];
      assert.equal(dialoguesOnBothSides(both).size, 0);
      assert.equal(both[0]!.train.length, a.train);
    }),
    {numRuns: 100}
  );
});
