import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {splitByDialogue} from "../../src/core/split.js";
import {assertParts} from "./given-files.js";

/** Corpora of 2 to 25 dialogues of uneven length, their examples interleaved. */
const corpora = fc.array(fc.integer({min: 1, max: 9}), {minLength: 2, maxLength: 25}).chain((lengths) =>
  fc.shuffledSubarray(
    lengths.flatMap((length, d) =>
      Array.from({length}, (_, i) => ({example_id: `${d}.${i}`, dialogue_id: `d${d}`}))
    ),
    {minLength: lengths.reduce((a, b) => a + b)}
  )
);
const keys = fc.record({seed: fc.integer(), corpus: fc.string()});
const dialoguesOf = (examples: {dialogue_id: string}[]) =>
  new Set(examples.map(({dialogue_id}) => dialogue_id));

/** What the sides of a split must be, or null where this corpus cannot be split so. */
function trySplit(...[examples, sizes, where]: Parameters<typeof splitByDialogue>) {
  try {
    return splitByDialogue(examples, sizes, where);
  } catch (error) {
    assertParts(error, {
      where: /^corpus /,
      expected: /of different dialogues/,
      found: /examples in \d+ dialogues/,
      mend: /Lower/
    });
    return null;
  }
}

test("a split has exactly the sizes asked for, and no dialogue on both sides", () => {
  let made = 0;
  fc.assert(
    fc.property(
      corpora,
      fc.integer({min: 1, max: 40}),
      fc.integer({min: 1, max: 40}),
      keys,
      (examples, train, test, where) => {
        const split = trySplit(examples, {train, test}, where);
        if (split === null) return;
        made++;
        assert.deepEqual([split.train.length, split.test.length], [train, test]);
        const tested = dialoguesOf(split.test);
        assert.ok([...dialoguesOf(split.train)].every((dialogue) => !tested.has(dialogue)));
        for (const side of [split.train, split.test])
          assert.deepEqual(
            side,
            examples.filter((example) => side.includes(example))
          );
      }
    ),
    {numRuns: 300}
  );
  assert.ok(made > 50, `only ${made} corpora could be split`);
});

test("a split is a function of examples, seed and corpus; the test side does not depend on the size of the other", () => {
  const examples = Array.from({length: 60}, (_, i) => ({
    example_id: `${i}`,
    dialogue_id: `d${Math.floor(i / 3)}`
  }));
  const where = {seed: 7, corpus: "a"};
  const split = splitByDialogue(examples, {train: 20, test: 10}, where);
  assert.deepEqual(splitByDialogue([...examples], {train: 20, test: 10}, where), split);
  assert.deepEqual(splitByDialogue(examples, {train: 40, test: 10}, where).test, split.test);
  assert.notDeepEqual(splitByDialogue(examples, {train: 20, test: 10}, {...where, seed: 8}).test, split.test);
  assert.notDeepEqual(
    splitByDialogue(examples, {train: 20, test: 10}, {...where, corpus: "b"}).test,
    split.test
  );
});

test("every dialogue can come to the test side", () => {
  const examples = Array.from({length: 12}, (_, i) => ({example_id: `${i}`, dialogue_id: `d${i}`}));
  const seen = Array.from(
    {length: 60},
    (_, seed) => splitByDialogue(examples, {train: 4, test: 4}, {seed, corpus: "a"}).test
  ).flat();
  assert.equal(dialoguesOf(seen).size, 12);
});

test("a corpus smaller than the split: what there is, what was asked, and how to mend it", () => {
  const examples = Array.from({length: 10}, (_, i) => ({
    example_id: `${i}`,
    dialogue_id: `d${Math.floor(i / 2)}`
  }));
  const thrownBy = (train: number, test: number) => {
    try {
      splitByDialogue(examples, {train, test}, {seed: 1, corpus: "mine"});
    } catch (error) {
      return error;
    }
    return assert.fail("nothing was thrown");
  };
  assertParts(thrownBy(8, 4), {
    where: /^corpus mine$/,
    expected: /8 examples to train on and 4 to test on/,
    found: /10 examples in 5 dialogues/,
    mend: /split\.train to at most 6/
  });
  assertParts(thrownBy(1, 11), {
    expected: /1 examples? to train on and 11/,
    mend: /Lower split\.train and split\.test/
  });
});
