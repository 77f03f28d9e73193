/** The token that a tokenizer puts before every sequence, as text. */
import {readFile} from "node:fs/promises";
import {Tokenizer} from "@huggingface/tokenizers";

/** `<s>`, or empty where there is none. Trainers that encode pieces without special tokens need it written out. */
export async function beginText(tokenizerJson: string): Promise<string> {
  const tokenizer = new Tokenizer(JSON.parse(await readFile(tokenizerJson, "utf8")) as object, {});
  const [plain, whole] = [false, true].map(
    (add_special_tokens) => tokenizer.encode("a", {add_special_tokens}).tokens
  );
  const at = whole!.findIndex((_, i) => plain!.every((token, j) => whole![i + j] === token));
  return at > 0 ? whole!.slice(0, at).join("") : "";
}
