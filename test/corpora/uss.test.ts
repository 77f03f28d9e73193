import assert from "node:assert/strict";
import {test} from "node:test";
import {
  assertAsPrepared,
  assertBadInput,
  folderWith,
  preparedRows,
  readConfigured,
  REAL_DATA,
  skipWithoutRealData
} from "./given-files.js";

const USS = {reader: "uss", path: "uss.txt", scores: {}};

const DIALOGUES = `
USER\tA table for two, please.\tInform\t3,3,4
SYSTEM\tAt what time?\tRequest\t
USER\tAt eight.\tInform\t3,4,4
USER\tOr nine.\tInform\t2,2,2
SYSTEM\t \tInform\t
USER\tHello?\t\t1,1,2
SYSTEM\tEight is fine.\tInform\t
USER\tThanks.\tBye\t5,4,5
USER\tOVERALL\t\t3,3,4

SYSTEM\tDo you like films?\tRequest\t
USER\tSome.\tInform\t3,2,3
SYSTEM\tWhich?\tRequest\t\r
USER\tOld ones.\tInform\t4,4,4\r
`;

test("USS: a user line's scores are of the system turn right before it", async (t) => {
  const folder = await folderWith(t, {"uss.txt": DIALOGUES});
  const {examples, card} = await readConfigured(USS, folder);
  assert.deepEqual(
    examples.map(({example_id, dialogue_id, response, scores}) => [
      example_id,
      dialogue_id,
      response,
      scores
    ]),
    [
      ["dialogue-0000-002", "dialogue-0000", "At what time?", {Satisfaction: [3, 4, 4]}],
      ["dialogue-0000-007", "dialogue-0000", "Eight is fine.", {Satisfaction: [5, 4, 5]}],
      ["dialogue-0001-003", "dialogue-0001", "Which?", {Satisfaction: [4, 4, 4]}]
    ]
  );
  assert.deepEqual(examples[2]!.turns, [
    {role: "assistant", text: "Do you like films?"},
    {role: "user", text: "Some."}
  ]);
  assert.deepEqual(card.dropped, [
    {reason: "the rated user line follows no system turn", rows: 2},
    {reason: "the response is empty", rows: 1},
    {reason: "a rating of a whole dialogue", rows: 1},
    {reason: "the response opens the dialogue", rows: 1}
  ]);
  assert.equal(card.rows_read, 8);
});

test("USS: a line of another shape is refused by its number", async (t) => {
  const folder = await folderWith(t, {
    "uss.txt": "USER\tHi\t\t3,3\nBOT\tHo\t\t\n",
    "scores.txt": "USER\tHi\t\t3,good\n",
    "other.txt": '{"a": 1}\n'
  });
  await assertBadInput(readConfigured(USS, folder), {
    where: /^uss\.txt, line 2$/,
    expected: /USER or SYSTEM/,
    found: /BOT/
  });
  await assertBadInput(readConfigured({...USS, path: "scores.txt"}, folder), {
    where: /line 1$/,
    expected: /scores/,
    found: /3,good/
  });
  await assertBadInput(readConfigured({...USS, path: "other.txt"}, folder), {
    where: /line 1$/,
    expected: /format of USS/,
    mend: /reader/
  });
});

for (const [name, rated, kept, dialogues] of [
  ["MWOZ", 12553, 10553, 1000],
  ["SGD", 13833, 11833, 1000],
  ["CCPE", 6860, 4698, 500],
  ["ReDial", 11806, 6349, 1000]
] as const)
  test(`USS ${name}, as published: ${kept} rated system turns in ${dialogues} dialogues, as prepared by other code`, async (t) => {
    if (skipWithoutRealData(t)) return;
    const {examples, card} = await readConfigured({...USS, path: `original/uss/${name}.txt`}, REAL_DATA);
    assert.deepEqual([card.rows_read, card.rows_kept, card.dialogues], [rated, kept, dialogues]);
    const expected = await preparedRows(`uss/uss_${name.toLowerCase()}_turn.jsonl.gz`);
    assertAsPrepared(examples, expected);
    examples.forEach(({dialogue_id}, i) =>
      assert.equal(dialogue_id.split("-")[1], expected[i]!.meta.dialogue_id!.split("-")[2])
    );
  });
