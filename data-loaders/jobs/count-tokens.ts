/** Counts tokens with the model's own tokenizer. */
import {readFile} from "node:fs/promises";
import {Tokenizer} from "@huggingface/tokenizers";
import {wordsOf} from "../../src/core/modes.js";
import type {CountTokens} from "../../src/core/modes.js";

/**
 * A counter from a `tokenizer.json`. Words are counted one by one with the space before them and remembered:
 * exact where no token crosses a space, as in byte-level BPE, and fast enough to draw a text word by word.
 */
export async function tokenCounter(file: string): Promise<CountTokens> {
  const tokenizer = new Tokenizer(JSON.parse(await readFile(file, "utf8")) as object, {});
  const known = new Map<string, number>();
  const countWord = (word: string): number => {
    const count = known.get(word) ?? tokenizer.encode(` ${word}`, {add_special_tokens: false}).ids.length;
    known.set(word, count);
    return count;
  };
  return (text) => wordsOf(text).reduce((sum, word) => sum + countWord(word), 0);
}
