import assert from "node:assert/strict";
import {test} from "node:test";
import {
  assertBadInput,
  assertCountsAddUp,
  droppedIn,
  folderWith,
  readConfigured,
  writeParquet
} from "./given-files.js";

const says = (...texts: string[]) =>
  texts.map((content, i) => ({content, role: i % 2 === 0 ? "user" : "assistant"}));

/** Two battles of two turns, one of which nobody won; one in another language; one with an empty response. */
const BATTLES = [
  {
    question_id: "aaa",
    winner: "model_b",
    conversation_a: says("Hi?", "A one", "And?", "A two"),
    conversation_b: says("Hi?", "B “one” 🙂", "And?", "B two\nlines"),
    language: "English"
  },
  {
    question_id: "bbb",
    winner: "tie (bothbad)",
    conversation_a: says("Why?", " "),
    conversation_b: says("Why?", "Because."),
    language: "English"
  },
  {
    question_id: "ccc",
    winner: "model_a",
    conversation_a: says("Warum?", "Darum."),
    conversation_b: says("Warum?", "Nein."),
    language: "German"
  }
].map((battle) => ({...battle, model_a: "x", model_b: "y", judge: "arena_user_1", turn: 1, anony: true}));

const ARENA = {reader: "chatbot-arena", path: "arena.parquet"};

test("Chatbot Arena: both sides of a battle are one dialogue, each with its last response", async (t) => {
  const folder = await folderWith(t, {});
  await writeParquet(folder, "arena.parquet", BATTLES);
  const corpus = await readConfigured(ARENA, folder);
  assertCountsAddUp(corpus);
  assert.deepEqual(
    corpus.examples.map(({example_id, dialogue_id, response}) => [example_id, dialogue_id, response]),
    [
      ["aaa-a-2", "aaa", "A two"],
      ["aaa-b-2", "aaa", "B two\nlines"],
      ["bbb-b-1", "bbb", "Because."],
      ["ccc-a-1", "ccc", "Darum."],
      ["ccc-b-1", "ccc", "Nein."]
    ]
  );
  assert.deepEqual(corpus.examples[1]!.turns, [
    {role: "user", text: "Hi?"},
    {role: "assistant", text: "B “one” 🙂"},
    {role: "user", text: "And?"}
  ]);
  assert.deepEqual(droppedIn(corpus), {"the response is empty": 1});
  assert.equal(corpus.card.sources?.[0]?.file, "arena.parquet");
});

test("Chatbot Arena: turn, side and language say what is read, and ids do not depend on them", async (t) => {
  const folder = await folderWith(t, {});
  await writeParquet(folder, "arena.parquet", BATTLES);
  const idsOf = async (more: object) => {
    const corpus = await readConfigured({...ARENA, ...more}, folder);
    assertCountsAddUp(corpus);
    return corpus.examples.map(({example_id}) => example_id);
  };
  assert.deepEqual(await idsOf({turn: "first", side: "a"}), ["aaa-a-1", "ccc-a-1"]);
  assert.deepEqual(await idsOf({turn: "all", side: "b"}), ["aaa-b-1", "aaa-b-2", "bbb-b-1", "ccc-b-1"]);
  assert.deepEqual(await idsOf({side: "winner"}), ["aaa-b-2", "ccc-a-1"]);
  assert.deepEqual(await idsOf({language: "German"}), ["ccc-a-1", "ccc-b-1"]);
  const english = await readConfigured({...ARENA, side: "winner", language: "English"}, folder);
  assert.deepEqual(droppedIn(english), {"a battle without a winner": 1, "a battle in another language": 1});
});

test("Chatbot Arena: a table of another kind is refused by its columns, a row of another shape by its number", async (t) => {
  const folder = await folderWith(t, {"none.parquet": "PAR1 no PAR1"});
  await writeParquet(
    folder,
    "renamed.parquet",
    BATTLES.map(({conversation_a, ...rest}) => ({...rest, conversations_a: conversation_a}))
  );
  await writeParquet(folder, "shape.parquet", [
    BATTLES[0]!,
    {...BATTLES[1], conversation_b: [{role: "user"}]}
  ]);
  await assertBadInput(readConfigured({...ARENA, path: "renamed.parquet"}, folder), {
    where: /^renamed\.parquet, schema$/,
    expected: /“conversation_a”/,
    found: /conversations_a/,
    mend: /“conversation/
  });
  await assertBadInput(readConfigured({...ARENA, path: "shape.parquet"}, folder), {
    where: /^shape\.parquet, row 2, conversation_b\[0\]\.content$/,
    expected: /format of Chatbot Arena: string/,
    found: /null/
  });
  await assertBadInput(readConfigured({...ARENA, path: "none.parquet"}, folder), {
    expected: /a whole Parquet file/
  });
});
