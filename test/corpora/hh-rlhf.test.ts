import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {test} from "node:test";
import {gzipSync} from "node:zlib";
import {
  assertBadInput,
  assertCountsAddUp,
  droppedIn,
  folderWith,
  preparedRows,
  readConfigured,
  REAL_DATA,
  skipWithoutRealData
} from "./given-files.js";

const line = (chosen: string, rejected: string) => `${JSON.stringify({chosen, rejected})}\n`;
const CONTEXT = "\n\nHuman: What is “late”?\n\nAssistant: After noon.\n\nHuman: Why,\n\nreally?";
const PAIRS = [
  line(`${CONTEXT}\n\nAssistant: Habit.`, `${CONTEXT}\n\nAssistant: `),
  line(
    "\n\nHuman: What is “late”?\n\nAssistant: After noon.",
    "\n\nHuman: What is “late”?\n\nAssistant: Never."
  ),
  line("\n\nHuman: Größe?\n\nAssistant: Zählt 🙂", "\n\nHuman: Größe?\n\nAssistant: Nö."),
  line("\n\nHuman: Größe?\n\nAssistant: Zählt 🙂", "\n\nHuman: Größe?\n\nAssistant: Ach."),
  line("no speaker", "\n\nAssistant: I open.")
].join("");

const HH = {reader: "hh-rlhf", which: "chosen", path: "train.jsonl.gz"};

test("HH-RLHF: dialogues that open alike are one, in chosen and rejected; what stands twice is read once", async (t) => {
  const folder = await folderWith(t, {"train.jsonl.gz": gzipSync(PAIRS)});
  const chosen = await readConfigured(HH, folder);
  const rejected = await readConfigured({...HH, which: "rejected"}, folder);
  for (const corpus of [chosen, rejected]) assertCountsAddUp(corpus);
  assert.deepEqual(
    chosen.examples.map(({response}) => response),
    ["Habit.", "After noon.", "Zählt 🙂"]
  );
  assert.deepEqual(chosen.examples[0]!.turns, [
    {role: "user", text: "What is “late”?"},
    {role: "assistant", text: "After noon."},
    {role: "user", text: "Why,\n\nreally?"}
  ]);
  assert.deepEqual(droppedIn(chosen), {
    "the same as an earlier one": 1,
    "the dialogue names no speaker": 1
  });
  assert.deepEqual(
    rejected.examples.map(({response}) => response),
    ["Never.", "Nö.", "Ach."]
  );
  assert.deepEqual(droppedIn(rejected), {
    "the response is empty": 1,
    "the response opens the dialogue": 1
  });
  const [late, lateToo, size] = chosen.examples.map(({dialogue_id}) => dialogue_id);
  assert.equal(late, lateToo);
  assert.notEqual(late, size);
  assert.equal(rejected.examples[0]!.dialogue_id, late);
});

test("HH-RLHF: with every turn, a response that a longer dialogue repeats is one example", async (t) => {
  const folder = await folderWith(t, {"train.jsonl": PAIRS});
  const corpus = await readConfigured({...HH, path: "train.jsonl", turn: "all"}, folder);
  assertCountsAddUp(corpus);
  assert.deepEqual(
    corpus.examples.map(({response}) => response),
    ["After noon.", "Habit.", "Zählt 🙂"]
  );
  const first = await readConfigured({...HH, path: "train.jsonl", turn: "first"}, folder);
  assert.deepEqual(
    first.examples.map(({example_id}) => example_id),
    [corpus.examples[0]!.example_id, corpus.examples[2]!.example_id]
  );
});

test("HH-RLHF: a line of another format is refused by its number, gzip that breaks off by its size", async (t) => {
  const packed = gzipSync(Array.from({length: 900}, (_, i) => line(`\n\nHuman: ${i / 7}`, "x")).join(""));
  const folder = await folderWith(t, {
    "other.jsonl": `${line("\n\nHuman: a\n\nAssistant: b", "")}{"choosen": "a", "rejected": "b"}\n`,
    "cut.jsonl.gz": packed.subarray(0, 1500)
  });
  await assertBadInput(readConfigured({...HH, path: "other.jsonl"}, folder), {
    where: /^other\.jsonl, line 2$/,
    expected: /“chosen”/,
    found: /choosen, rejected/,
    mend: /“choosen”/
  });
  await assertBadInput(readConfigured({...HH, path: "cut.jsonl.gz"}, folder), {
    where: /^cut\.jsonl\.gz$/,
    found: /breaks off after 1500 bytes/
  });
});

for (const which of ["chosen", "rejected"])
  test(`HH-RLHF as published, ${which}: all pairs, and every prepared one among them`, async (t) => {
    if (skipWithoutRealData(t)) return;
    const corpus = await readConfigured(
      {...HH, which, path: "original/hh_helpful_base_test.jsonl.gz"},
      REAL_DATA
    );
    assertCountsAddUp(corpus);
    const readme = await readFile(join(REAL_DATA, `hh_rlhf_${which}/README.md`), "utf8");
    assert.equal(corpus.card.rows_read, Number(/source rows: (\d+)/.exec(readme)![1]));
    assert.equal(corpus.card.sources![0]!.sha256, /source blob sha256 `(\w+)`/.exec(readme)![1]);
    const known = new Set(corpus.examples.map(({turns, response}) => JSON.stringify([turns, response])));
    const prepared = await preparedRows(`hh_rlhf_${which}/hh_rlhf_${which}.jsonl.gz`);
    const missing = prepared.filter(
      ({turns, response}) => !known.has(JSON.stringify([turns, response.trim()]))
    );
    assert.deepEqual(missing, []);
  });
