/** Counts tokens with the model's own tokenizer. */
import {readFile} from "node:fs/promises";
import {Tokenizer} from "@huggingface/tokenizers";
import {countWords, wordsOf} from "../../src/core/modes.js";
import type {CountTokens} from "../../src/core/modes.js";

export interface TokenCounter {
  /**
   * Tokens of a text that goes on from another. Words are counted one by one with the space before them and
   * remembered: exact where no token crosses a space, as in BPE, and fast enough to draw a text word by word.
   */
  countTokens: CountTokens;
  /** Tokens of a whole prompt, lines and all. */
  countPrompt: CountTokens;
}

/** Where no tokenizer is there yet: words stand for tokens. */
export const WORD_COUNTER: TokenCounter = {countTokens: countWords, countPrompt: countWords};

const WORD = "a";

/** Counters from a `tokenizer.json`. */
export async function tokenCounter(file: string): Promise<TokenCounter> {
  const tokenizer = new Tokenizer(JSON.parse(await readFile(file, "utf8")) as object, {});
  const lengthOf = (text: string): number => tokenizer.encode(text, {add_special_tokens: false}).ids.length;
  const known = new Map<string, number>();
  // Behind another word, since some tokenizers put a mark of their own before the first.
  const before = lengthOf(WORD);
  const countWord = (word: string): number => {
    const count = known.get(word) ?? lengthOf(`${WORD} ${word}`) - before;
    known.set(word, count);
    return count;
  };
  return {
    countTokens: (text) => wordsOf(text).reduce((sum, word) => sum + countWord(word), 0),
    countPrompt: lengthOf
  };
}
