import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {LABEL_ONLY} from "../../src/core/arms.js";
import type {Arm} from "../../src/core/arms.js";
import type {DataRow} from "../../src/core/contract.js";
import {countWords} from "../../src/core/modes.js";
import {longestCompletion, promptRoom} from "../../data-loaders/jobs/prompt-room.js";

const LABELS = ["1", "very good"];
const EXPLAINED: Arm = {mode: "explanation", order: "label-first", reduction: "token-mean"};
const FIRST: Arm = {...EXPLAINED, order: "explanation-first"};

function rows(...words: number[]): DataRow[] {
  return words.map((count, i) => ({
    example_id: String(i),
    dialogue_id: String(i),
    corpus: "c",
    axis: "a",
    prompt: "p",
    label: "1",
    explanation: Array.from({length: count}, () => "w").join(" "),
    gold: "1",
    turns: "0"
  }));
}

const words = (count: number) => Array.from({length: count}, () => "w").join(" ");

describe("room for the prompt", () => {
  it("the longest completion: the longest label, because, the longest text of any arm, and the end", () => {
    const longest = (...texts: {arm: Arm; train: DataRow[]}[]) =>
      longestCompletion(texts, LABELS, 9, countWords);
    assert.equal(longest({arm: LABEL_ONLY, train: rows(0, 0)}), 2);
    assert.equal(longest({arm: EXPLAINED, train: rows(4, 7, 0)}), 2 + 1 + 7 + 1);
    assert.equal(longest({arm: EXPLAINED, train: rows(4)}, {arm: EXPLAINED, train: rows(12)}), 16);
    assert.equal(longest({arm: FIRST, train: rows(4)}), 2 + 1 + 9 + 1, "as much as it may write when scored");
    assert.equal(longest({arm: FIRST, train: rows(14)}), 2 + 1 + 14 + 1);
  });

  it("never more than the sequence leaves, never less than half of it where prompts need that", () =>
    fc.assert(
      fc.property(
        fc.integer({min: 8, max: 200}),
        fc.integer({min: 1, max: 300}),
        fc.array(fc.integer({min: 1, max: 300}), {minLength: 1, maxLength: 8}),
        (maxTokens, completion, lengths) => {
          const room = promptRoom({
            maxTokens,
            completion,
            prompts: lengths.map(words),
            countPrompt: countWords
          });
          const longest = Math.max(...lengths);
          const half = Math.ceil((maxTokens - 1) / 2);
          assert.ok(room <= longest);
          assert.ok(room + completion + 1 <= maxTokens || room <= half);
          if (room < longest) assert.equal(room, Math.max(maxTokens - 1 - completion, half));
        }
      )
    ));

  it("within a chat template, all that completions leave: the template takes tokens too", () => {
    const room = {maxTokens: 100, completion: 10, prompts: [words(30)], countPrompt: countWords};
    assert.equal(promptRoom({...room, framed: true}), 100 - 1 - 10);
  });

  it("where nothing is cut, longer texts of a further arm change nothing", () => {
    const prompts = [words(30), words(20)];
    const room = (completion: number) =>
      promptRoom({maxTokens: 100, completion, prompts, countPrompt: countWords});
    assert.equal(room(10), 30);
    assert.equal(room(40), 30);
  });
});
