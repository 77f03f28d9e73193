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

const lines = (rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const QUESTIONS = [
  {question_id: 81, category: "writing", turns: ["Write “Aloha”.", "Shorter."]},
  {question_id: 82, category: "math", turns: ["1+1?", "And now?"], reference: ["2"]}
];
const answer = (question_id: number, model_id: string, ...turns: string[]) => ({
  question_id,
  answer_id: "x",
  model_id,
  choices: [{index: 0, turns}],
  tstamp: 1.5
});
const FILES = {
  "mt/question.jsonl": lines(QUESTIONS),
  "mt/model_answer/alpaca.jsonl": lines([
    answer(81, "alpaca", "Aloha!", "Oh."),
    answer(82, "alpaca", "2 ", "")
  ]),
  "mt/model_answer/gpt-4.jsonl": lines([answer(81, "gpt-4", "Aloha 🙂", "A.")]),
  "mt/reference_answer/gpt-4.jsonl": lines([answer(82, "gpt-4", "not read")]),
  "mt/model_judgment/single.jsonl": '{"judge": "gpt-4"}\n'
};
const MT = {reader: "mt-bench", path: "mt"};

test("MT-bench: FastChat's folder, both turns of each model, a question a dialogue", async (t) => {
  const folder = await folderWith(t, FILES);
  const corpus = await readConfigured(MT, folder);
  assertCountsAddUp(corpus);
  assert.deepEqual(
    corpus.examples.map(({example_id, dialogue_id, response}) => [example_id, dialogue_id, response]),
    [
      ["81-alpaca-1", "81", "Aloha!"],
      ["81-alpaca-2", "81", "Oh."],
      ["82-alpaca-1", "82", "2"],
      ["81-gpt-4-1", "81", "Aloha 🙂"],
      ["81-gpt-4-2", "81", "A."]
    ]
  );
  assert.deepEqual(corpus.examples[1]!.turns, [
    {role: "user", text: "Write “Aloha”."},
    {role: "assistant", text: "Aloha!"},
    {role: "user", text: "Shorter."}
  ]);
  assert.deepEqual(droppedIn(corpus), {"the response is empty": 1});
  assert.deepEqual(
    corpus.card.sources!.map(({file}) => file),
    ["mt/model_answer/alpaca.jsonl", "mt/model_answer/gpt-4.jsonl", "mt/question.jsonl"]
  );
});

test("MT-bench: human judgments as Parquet, each distinct answer once over all files", async (t) => {
  const says = (...texts: string[]) =>
    texts.map((content, i) => ({content, role: i % 2 === 0 ? "user" : "assistant"}));
  const row = (model_a: string, model_b: string, judge: string) => ({
    question_id: 81,
    model_a,
    model_b,
    winner: "model_a",
    judge,
    conversation_a: says("Hi", `I am ${model_a}`, "Go", "Gone"),
    conversation_b: says("Hi", `I am ${model_b}`, "Go", "Gone"),
    turn: 1
  });
  const folder = await folderWith(t, {});
  await writeParquet(folder, "gpt4_pair.parquet", [row("a", "c", "gpt4")]);
  await writeParquet(folder, "human.parquet", [row("a", "b", "expert_1"), row("b", "a", "expert_2")]);
  const corpus = await readConfigured({...MT, path: "*.parquet", turn: "first"}, folder);
  assertCountsAddUp(corpus);
  assert.deepEqual(
    corpus.examples.map(({example_id, response}) => [example_id, response]),
    [
      ["81-a-1", "I am a"],
      ["81-c-1", "I am c"],
      ["81-b-1", "I am b"]
    ]
  );
  assert.deepEqual(droppedIn(corpus), {"the same as an earlier one": 3});
});

test("MT-bench: answers without their questions, and rows of another shape", async (t) => {
  const folder = await folderWith(t, {
    ...FILES,
    "none/model_answer/a.jsonl": lines([answer(81, "a", "x")]),
    "unknown/question.jsonl": lines(QUESTIONS),
    "unknown/model_answer/a.jsonl": lines([answer(81, "a", "x"), answer(99, "a", "x")]),
    "shape/question.jsonl": '{"question_id": 81, "prompt": "Hi"}\n'
  });
  const reading = (path: string) => readConfigured({...MT, path}, folder);
  await assertBadInput(reading("none"), {expected: /question\.jsonl beside/});
  await assertBadInput(reading("unknown"), {
    where: /^unknown\/model_answer\/a\.jsonl, line 2$/,
    found: /99/
  });
  await assertBadInput(reading("shape"), {
    where: /^shape\/question\.jsonl, line 1, turns$/,
    expected: /format of MT-bench/
  });
});
