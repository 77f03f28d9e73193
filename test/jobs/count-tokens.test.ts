import assert from "node:assert/strict";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, it} from "node:test";
import {tokenCounter} from "../../data-loaders/jobs/count-tokens.js";

/** A BPE over whole texts with a mark for each space, and one of its own before the first word, as Mistral's is. */
function marked(words: string[]): object {
  const merges: string[] = [];
  const pieces = new Set<string>(["▁"]);
  for (const word of words)
    [...word].reduce((built, letter) => {
      merges.push(`${built} ${letter}`);
      pieces.add(letter).add(built + letter);
      return built + letter;
    }, "▁");
  const vocab = Object.fromEntries([...pieces].map((piece, i) => [piece, i]));
  return {
    version: "1.0",
    added_tokens: [],
    normalizer: {
      type: "Sequence",
      normalizers: [
        {type: "Prepend", prepend: "▁"},
        {type: "Replace", pattern: {String: " "}, content: "▁"}
      ]
    },
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    model: {type: "BPE", unk_token: null, byte_fallback: false, fuse_unk: false, vocab, merges}
  };
}

describe("tokens of a text that goes on from another", () => {
  it("do not count the mark that a tokenizer puts before every text of its own", async () => {
    const folder = await mkdtemp(join(tmpdir(), "because-tokens-"));
    try {
      const file = join(folder, "tokenizer.json");
      await writeFile(file, JSON.stringify(marked(["a", "good", "reply"])));
      const {countTokens, countPrompt} = await tokenCounter(file);
      assert.equal(countPrompt("good reply"), 2);
      assert.equal(countTokens(" good reply"), 2, "and not two more for marks before each word");
      assert.equal(countTokens("good god"), 1 + 2, "▁go d");
    } finally {
      await rm(folder, {recursive: true});
    }
  });
});
