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

const USR = {reader: "usr", path: "usr.json", scores: {}};

function rated(response: string, overall: unknown[] = [3, 4, 5]) {
  return {response: `${response}\n`, model: "a system", Natural: [1, null, 3], Overall: overall};
}

const CONTEXTS = [
  {
    context: "do you like rain ? \n only on tin roofs . \n why tin ? \n\n",
    fact: "",
    annotators: ["x"],
    responses: [rated("it rings ."), rated("no .")]
  },
  {context: "good morning \n", fact: "", annotators: ["x"], responses: [rated("is it ?")]},
  {
    context: "do you like rain ? \n only on tin roofs . \n why tin ?",
    fact: "other",
    annotators: [],
    responses: [rated("because .")]
  }
];

test("USR: one example a response, all responses to one context in one dialogue", async (t) => {
  const folder = await folderWith(t, {"usr.json": JSON.stringify(CONTEXTS)});
  const {examples, card} = await readConfigured(USR, folder);
  assert.deepEqual(
    examples.map(({example_id, dialogue_id, response}) => [example_id, dialogue_id, response]),
    [
      ["context-00-0", "context-00", "it rings ."],
      ["context-00-1", "context-00", "no ."],
      ["context-01-0", "context-01", "is it ?"],
      ["context-00-2", "context-00", "because ."]
    ]
  );
  assert.deepEqual(examples[0]!.turns, [
    {role: "user", text: "do you like rain ?"},
    {role: "assistant", text: "only on tin roofs ."},
    {role: "user", text: "why tin ?"}
  ]);
  assert.deepEqual(examples[0]!.scores, {Natural: [1, null, 3], Overall: [3, 4, 5]});
  assert.deepEqual([card.rows_read, card.rows_kept, card.dialogues, card.dropped], [4, 4, 2, []]);
});

test("USR: an empty response is left out and counted", async (t) => {
  const folder = await folderWith(t, {
    "usr.json": JSON.stringify([{context: "hello", responses: [rated(" "), rated("hi")]}])
  });
  const {examples, card} = await readConfigured(USR, folder);
  assert.deepEqual(
    examples.map(({response}) => response),
    ["hi"]
  );
  assert.deepEqual(card.dropped, [{reason: "the response is empty", rows: 1}]);
});

test("USR: another shape is refused, by the path of what differs", async (t) => {
  const broken = [{context: "hello", responses: [rated("hi"), {response: "ho"}]}];
  const folder = await folderWith(t, {
    "usr.json": JSON.stringify(broken),
    "fed.json": JSON.stringify([{context: "User: a", annotations: {}}])
  });
  await assertBadInput(readConfigured(USR, folder), {
    where: /^usr\.json, \[0\]\.responses\[1\]\.Overall$/,
    expected: /the format of USR: array/,
    found: /nothing/,
    mend: /reader/
  });
  await assertBadInput(readConfigured({...USR, path: "fed.json"}, folder), {where: /\[0\]\.responses$/});
});

for (const [name, file, prepared, rows, dialogues] of [
  ["Topical-Chat", "original/tc_usr_data.json", "usr_topicalchat/usr_topicalchat.jsonl.gz", 360, 54],
  ["PersonaChat", "original/pc_usr_data.json", "usr_personachat/usr_personachat.jsonl.gz", 300, 59]
] as const)
  test(`USR ${name}, as published: ${rows} responses in ${dialogues} dialogues, as prepared by other code`, async (t) => {
    if (skipWithoutRealData(t)) return;
    const {examples, card} = await readConfigured({...USR, path: file}, REAL_DATA);
    assert.deepEqual([card.rows_read, card.rows_kept, card.dialogues], [rows, rows, dialogues]);
    const expected = await preparedRows(prepared);
    assertAsPrepared(examples, expected);
    const ours = new Map<string, Set<string>>();
    examples.forEach(({dialogue_id}, i) => {
      const theirs = expected[i]!.meta.dialogue_id!;
      ours.set(theirs, (ours.get(theirs) ?? new Set()).add(dialogue_id));
    });
    assert.equal(ours.size, 60, "their dialogues are contexts; ours hold one or more of them");
    for (const ids of ours.values()) assert.equal(ids.size, 1);
  });
