import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {DialogueDraw} from "../../src/core/dialogue-draw.js";
import {groupByDialogue} from "../../src/core/split.js";

interface Row {
  example_id: string;
  dialogue_id: string;
}

/** Corpora of 1 to 40 dialogues of uneven length, their examples interleaved. */
const corpora = fc.array(fc.integer({min: 1, max: 9}), {minLength: 1, maxLength: 40}).chain((lengths) =>
  fc.shuffledSubarray(
    lengths.flatMap((length, d) =>
      Array.from({length}, (_, i): Row => ({example_id: `${d}.${i}`, dialogue_id: `d${d}`}))
    ),
    {minLength: lengths.reduce((a, b) => a + b)}
  )
);
const keys = fc.record({seed: fc.integer(), corpus: fc.string()});
const counts = fc.integer({min: 1, max: 60});

function draw(rows: Row[], count: number, where: {seed: number; corpus: string}): Row[] {
  const collected = new DialogueDraw<Row>(count, where);
  for (const row of rows) collected.add(row);
  return collected.drawn();
}

test("a draw has the count asked for, in the order of the corpus; only one dialogue is cut, to its first examples", () => {
  fc.assert(
    fc.property(corpora, counts, keys, (rows, count, where) => {
      const drawn = draw(rows, count, where);
      assert.equal(drawn.length, Math.min(count, rows.length));
      assert.deepEqual(
        drawn,
        rows.filter((row) => drawn.includes(row))
      );
      const whole = groupByDialogue(rows);
      const parts = [...groupByDialogue(drawn)];
      for (const [dialogue, part] of parts)
        assert.deepEqual(part, whole.get(dialogue)!.slice(0, part.length));
      assert.ok(parts.filter(([id, part]) => part.length < whole.get(id)!.length).length <= 1);
    }),
    {numRuns: 300}
  );
});

test("which dialogues are drawn does not depend on the order of the corpus, nor on how much is drawn besides", () => {
  fc.assert(
    fc.property(corpora, counts, keys, (rows, count, where) => {
      const dialogues = (drawn: Row[]) => new Set(drawn.map(({dialogue_id}) => dialogue_id));
      const drawn = dialogues(draw(rows, count, where));
      assert.deepEqual(dialogues(draw(rows.toReversed(), count, where)), new Set([...drawn].reverse()));
      const more = dialogues(draw(rows, 2 * count, where));
      assert.ok([...drawn].every((id) => more.has(id)));
    }),
    {numRuns: 200}
  );
});

test("every dialogue is drawn as often as every other, over seeds", () => {
  const rows = Array.from({length: 20}, (_, i) => ({example_id: `${i}`, dialogue_id: `d${i}`}));
  const seeds = 2000;
  const drawn = Array.from({length: seeds}, (_, seed) => draw(rows, 5, {seed, corpus: "a"})).flat();
  const expected = (5 / 20) * seeds;
  // four standard deviations of a binomial: one dialogue in 1,000 such tests lies further out
  const bound = 4 * Math.sqrt(seeds * 0.25 * 0.75);
  for (const {dialogue_id} of rows) {
    const times = drawn.filter((row) => row.dialogue_id === dialogue_id).length;
    assert.ok(Math.abs(times - expected) < bound, `${dialogue_id}: ${times} of ${expected}`);
  }
  const elsewhere = draw(rows, 5, {seed: 1, corpus: "b"});
  assert.notDeepEqual(elsewhere, draw(rows, 5, {seed: 1, corpus: "a"}));
});

test("a draw holds about twice what it keeps, however much it is shown", () => {
  const collected = new DialogueDraw<Row>(10, {seed: 1, corpus: "a"});
  const held = () => (collected as unknown as {dialogues: Map<string, unknown>}).dialogues.size;
  let most = 0;
  for (let i = 0; i < 20_000; i++) {
    collected.add({example_id: `${i}`, dialogue_id: `d${i % 5000}`});
    most = Math.max(most, held());
  }
  assert.ok(most <= 21, `${most} dialogues at once`);
  assert.equal(collected.drawn().length, 10);
});
