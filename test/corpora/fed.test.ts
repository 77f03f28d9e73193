import assert from "node:assert/strict";
import {test} from "node:test";
import {groupByDialogue} from "../../src/core/split.js";
import {
  assertAsPrepared,
  assertBadInput,
  folderWith,
  preparedRows,
  readConfigured,
  REAL_DATA,
  skipWithoutRealData
} from "./given-files.js";

const FED = {reader: "fed", path: "fed.json", scores: {}};
const annotations = {Fluent: [2, 1, "N/A (no idea)"], Overall: [4, 0, "3"]};

const TURNS = [
  {context: "User: Hi!", response: "System: Hello.", system: "x", annotations},
  {context: "User: Hi!", response: "System: What now?", system: "x", annotations},
  {
    context: "User: Hi!\nSystem: Hello.\nUser: Nice hat.\nTruly.",
    response: "System: Thanks.",
    system: "x",
    annotations
  },
  {
    context: "User: Hi!\nSystem: Hello.\nUser: Nice hat.\nTruly.\nSystem: Thanks.\nUser: Bye.",
    system: "x",
    annotations: {Overall: [1]}
  }
];

test("FED: rated turns only; a turn whose context goes on from another's is of the same dialogue", async (t) => {
  const folder = await folderWith(t, {"fed.json": JSON.stringify(TURNS)});
  const {examples, card} = await readConfigured(FED, folder);
  assert.deepEqual(
    examples.map(({example_id, dialogue_id}) => [example_id, dialogue_id]),
    [
      ["turn-000", "dialogue-000"],
      ["turn-001", "dialogue-001"],
      ["turn-002", "dialogue-000"]
    ]
  );
  assert.deepEqual(examples[2]!.turns.at(-1), {role: "user", text: "Nice hat. Truly."});
  assert.equal(examples[2]!.response, "Thanks.");
  assert.deepEqual(card.dropped, [{reason: "a rating of a whole dialogue", rows: 1}]);
  assert.deepEqual([card.rows_read, card.rows_kept, card.dialogues], [4, 3, 2]);
});

test("FED: an abstention written as text becomes null, a score written as text a number", async (t) => {
  const folder = await folderWith(t, {"fed.json": JSON.stringify(TURNS)});
  const {examples} = await readConfigured(FED, folder);
  assert.deepEqual(examples[0]!.scores, {Fluent: [2, 1, null], Overall: [4, 0, 3]});
});

test("FED: another shape is refused, by the path of what differs", async (t) => {
  const folder = await folderWith(t, {
    "fed.json": JSON.stringify([TURNS[0], {...TURNS[0], annotations: {Fluent: [2, {score: 1}]}}]),
    "map.json": "{}"
  });
  await assertBadInput(readConfigured(FED, folder), {
    where: /^fed\.json, \[1\]\.annotations\.Fluent\[1\]$/,
    expected: /the format of FED/,
    found: /a map with score/
  });
  await assertBadInput(readConfigured({...FED, path: "map.json"}, folder), {
    where: /^map\.json$/,
    expected: /array/,
    found: /a map/
  });
});

test("FED, as published: 375 turns in 125 dialogues of three, as prepared by other code", async (t) => {
  if (skipWithoutRealData(t)) return;
  const {examples, card} = await readConfigured({...FED, path: "original/fed_data.json"}, REAL_DATA);
  assert.deepEqual([card.rows_read, card.rows_kept, card.dialogues], [500, 375, 125]);
  assertAsPrepared(examples, await preparedRows("fed/fed_turn.jsonl.gz"));
  assert.deepEqual(new Set([...groupByDialogue(examples).values()].map(({length}) => length)), new Set([3]));
  const abstentions = examples
    .flatMap(({scores}) => Object.values(scores!).flat())
    .filter((score) => score === null);
  assert.equal(abstentions.length, 12);
});
