/** Prompts as tokens: where in a text one begins, which `tokenCounter` does not say. */
import {readFile} from "node:fs/promises";
import {Tokenizer} from "@huggingface/tokenizers";

export interface PromptTokens {
  /** Tokens of a whole text. */
  count(text: string): number;
  /**
   * Code points of a text that stand before its token number `token`. One that begins within a character is taken to begin
   * after it. Exact where tokens spell the text as it stands, as in byte-level BPE.
   */
  placeOf(text: string, token: number): number;
}

/** From a `tokenizer.json`. */
export async function promptTokens(file: string): Promise<PromptTokens> {
  const tokenizer = new Tokenizer(JSON.parse(await readFile(file, "utf8")) as object, {});
  const idsOf = (text: string): number[] => tokenizer.encode(text, {add_special_tokens: false}).ids;
  const known = new Map<string, number>();
  return {
    count(text) {
      const length = known.get(text) ?? idsOf(text).length; // all arms have the same prompts
      known.set(text, length);
      return length;
    },
    placeOf(text, token) {
      const ids = idsOf(text).slice(0, token);
      if (ids.length === 0) return 0;
      const spelled = tokenizer.decode(ids, {
        skip_special_tokens: false,
        clean_up_tokenization_spaces: false
      });
      const whole = spelled.replace(/\uFFFD+$/u, "");
      return [...whole].length + (whole === spelled ? 0 : 1);
    }
  };
}
