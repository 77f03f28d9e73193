import assert from "node:assert/strict";
import {test} from "node:test";
import {assertBadInput, assertCountsAddUp, droppedIn, folderWith, readConfigured} from "./given-files.js";

const said = (...texts: string[]) =>
  texts.map((input_text, i) => ({input_text, turn_id: i + 1, span_start: 0, span_end: 3}));
const STORIES = [
  {
    source: "mctest",
    id: "one",
    filename: "mc1",
    story: "Anna has a cat. 🙂 It is “late”.",
    questions: said("Who?", "Has what?", "When?"),
    answers: said("Anna", "a cat ", ""),
    additional_answers: {"0": said("Anna!", "cat", "late")},
    name: "mc1"
  },
  {
    source: "cnn",
    id: "two",
    story: "Größe zählt.",
    questions: said("What counts?"),
    answers: said("size")
  }
];
const document = (data: unknown) => JSON.stringify({version: "1.0", data}, null, 2);
const COQA = {reader: "coqa", path: "coqa.json"};

test("CoQA: the passage comes first, each answer has the true history before it", async (t) => {
  const folder = await folderWith(t, {"coqa.json": document(STORIES)});
  const corpus = await readConfigured(COQA, folder);
  assertCountsAddUp(corpus);
  assert.deepEqual(
    corpus.examples.map(({example_id, dialogue_id, response}) => [example_id, dialogue_id, response]),
    [
      ["one-1", "one", "Anna"],
      ["one-2", "one", "a cat"],
      ["two-1", "two", "size"]
    ]
  );
  assert.deepEqual(corpus.examples[1]!.turns, [
    {role: "context", text: "Anna has a cat. 🙂 It is “late”."},
    {role: "user", text: "Who?"},
    {role: "assistant", text: "Anna"},
    {role: "user", text: "Has what?"}
  ]);
  assert.deepEqual(droppedIn(corpus), {"the response is empty": 1});
  const first = await readConfigured({...COQA, turn: "first"}, folder);
  assert.deepEqual(
    first.examples.map(({example_id}) => example_id),
    ["one-1", "two-1"]
  );
});

test("CoQA: a shorter history keeps the passage", async (t) => {
  const folder = await folderWith(t, {"coqa.json": document(STORIES)});
  for (const [history, roles] of [
    [0, ["context"]],
    [1, ["context", "user"]],
    [2, ["context", "assistant", "user"]]
  ] as const) {
    const {examples} = await readConfigured({...COQA, history}, folder);
    assert.deepEqual(
      examples[1]!.turns.map(({role}) => role),
      roles
    );
  }
});

test("CoQA is read entry by entry, however the bytes of the document are cut", async (t) => {
  const many = Array.from({length: 400}, (_, i) => ({
    ...STORIES[1]!,
    id: `s${i}`,
    story: `Größe 🙂 ${"zählt ".repeat(i % 300)}`
  }));
  const folder = await folderWith(t, {"coqa.json": document(many)});
  const {examples} = await readConfigured(COQA, folder);
  assert.deepEqual(
    examples.map(({turns}) => turns[0]!.text),
    many.map(({story}) => story.trim())
  );
});

test("CoQA: what is no such document is refused, by what and where", async (t) => {
  const whole = document(STORIES);
  const folder = await folderWith(t, {
    "cut.json": whole.slice(0, -40),
    "broken.json": whole.replace('"story"', "story"),
    "latin.json": Buffer.from(whole, "latin1"),
    "squad.json": JSON.stringify({version: "1", items: []}),
    "shape.json": document([STORIES[1], {...STORIES[0], answers: [{text: "Anna"}]}])
  });
  const reading = (path: string) => readConfigured({...COQA, path}, folder);
  await assertBadInput(reading("cut.json"), {where: /^cut\.json$/, found: /breaks off/, mend: /Fetch/});
  await assertBadInput(reading("broken.json"), {expected: /one JSON document/, found: /no JSON/});
  await assertBadInput(reading("latin.json"), {found: /no JSON|UTF-8/});
  await assertBadInput(reading("squad.json"), {expected: /a list `data`/, found: /none/});
  await assertBadInput(reading("shape.json"), {
    where: /^shape\.json, data\[1\], answers\[0\]\.input_text$/,
    expected: /format of CoQA: string/,
    found: /nothing/
  });
});
