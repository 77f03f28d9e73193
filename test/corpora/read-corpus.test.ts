import assert from "node:assert/strict";
import {test} from "node:test";
import {folderWith, readConfigured} from "./given-files.js";

const rows = Array.from({length: 30}, (_, i) => ({
  id: `r${i}`,
  talk: `t${Math.floor(i / 4)}`,
  reply: `reply ${i}`
}));
const config = {reader: "jsonl", path: "m.jsonl", columns: {id: "id", dialogue: "talk", response: "reply"}};
const lines = (list: object[]) => list.map((row) => JSON.stringify(row)).join("\n");

test("a limit draws whole dialogues with the seed, cuts the last, and keeps the file's order", async (t) => {
  const folder = await folderWith(t, {"m.jsonl": lines(rows)});
  const drawn = await readConfigured({...config, limit: 10}, folder, 1);
  assert.equal(drawn.examples.length, 10);
  assert.equal(drawn.card.dialogues, 3);
  assert.deepEqual(drawn.card.dropped, [{reason: "beyond the limit of the study", rows: 20}]);
  const places = drawn.examples.map(({example_id}) => Number(example_id.slice(1)));
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b)
  );
  const again = await readConfigured({...config, limit: 10}, folder, 1);
  assert.deepEqual(again, drawn);
  const contents = await Promise.all(
    [1, 2, 3, 4, 5].map(
      async (seed) => (await readConfigured({...config, limit: 10}, folder, seed)).card.content
    )
  );
  assert.ok(new Set(contents).size > 1, "the seed decides which dialogues are drawn");
});

test("a limit beyond the corpus drops nothing", async (t) => {
  const folder = await folderWith(t, {"m.jsonl": lines(rows)});
  const {card} = await readConfigured({...config, limit: 31}, folder);
  assert.deepEqual([card.rows_kept, card.dropped], [30, []]);
});

test("the content hash follows what is said, not how it is stored", async (t) => {
  const reversed = rows.map((row) => Object.fromEntries(Object.entries(row).reverse()));
  const changed = rows.map((row, i) => (i === 29 ? {...row, reply: "another"} : row));
  const folder = await folderWith(t, {
    "a.jsonl": lines(rows),
    "b.jsonl": `${lines(reversed)}\n`,
    "c.jsonl": lines(changed)
  });
  const [a, b, c] = await Promise.all(
    ["a", "b", "c"].map(
      async (name) => (await readConfigured({...config, path: `${name}.jsonl`}, folder)).card.content
    )
  );
  assert.equal(a, b);
  assert.notEqual(a, c);
  assert.match(a!, /^[0-9a-f]{64}$/);
});

test("a generated corpus is read by its kind, and its card says that it is synthetic", async () => {
  const generated = {reader: "embedded", kind: "support", dialogues: 12};
  const first = await readConfigured(generated, "", 1);
  assert.equal(first.card.synthetic, true);
  assert.equal(first.card.rows_kept, first.examples.length);
  assert.equal(first.card.dialogues, 12);
  assert.deepEqual(await readConfigured(generated, "", 1), first);
  assert.notEqual((await readConfigured(generated, "", 2)).card.content, first.card.content);
});

test("words and history: responses of other lengths are left out and counted, older turns are cut", async (t) => {
  const turns = [
    {role: "context", text: "A passage."},
    {role: "user", text: "One?"},
    {role: "assistant", text: "Two."},
    {role: "user", text: "Three?"}
  ];
  const replies = ["one", "one  two", "one two\nthree", "one two three four"];
  const folder = await folderWith(t, {"m.jsonl": lines(replies.map((reply) => ({reply, turns})))});
  const own = {reader: "jsonl", path: "m.jsonl", columns: {turns: "turns", response: "reply"}};
  const {examples, card} = await readConfigured({...own, words: {min: 2, max: 3}, history: 2}, folder);
  assert.deepEqual(
    examples.map(({example_id, response}) => [example_id, response]),
    [
      ["2", replies[1]],
      ["3", replies[2]]
    ]
  );
  assert.deepEqual(examples[0]!.turns, [turns[0], turns[2], turns[3]]);
  assert.deepEqual(card.dropped, [
    {reason: "the response has fewer words than the study asks for", rows: 1},
    {reason: "the response has more words than the study asks for", rows: 1}
  ]);
  const all = await readConfigured(own, folder);
  assert.deepEqual(all.examples[0]!.turns, turns);
  const none = await readConfigured({...own, history: 0}, folder);
  assert.deepEqual(none.examples[0]!.turns, turns.slice(0, 1));
});
