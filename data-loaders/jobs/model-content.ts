/** What a model in a folder of one's own is: a hash that changes when its weights, its tokenizer or its sizes do. */
import {readdir} from "node:fs/promises";
import {join} from "node:path";
import type {Study} from "../../src/core/study.js";
import {hashValue} from "../stages/content-hash.js";
import {FileHashes, hashContent} from "../stages/file-hashes.js";
import type {Store} from "../stages/store.js";

/** Files that transformers reads a model, its tokenizer and its chat template from. */
const READ_FILES = [
  /^(config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab)\.json$/,
  /^chat_template\.(jinja|json)$/,
  /^(merges\.txt|tokenizer\.model)$/,
  /\.safetensors(\.index\.json)?$/,
  /^pytorch_model.*\.bin(\.index\.json)?$/
];

/**
 * SHA-256 over names and bytes of the files that training reads; null where the model is in no folder. A file whose
 * size and time of change are known is not read again.
 *
 * @param known - Whether to go by what was hashed before alone: null where something was not, and nothing large is read
 */
export async function modelContent(
  model: Study["model"],
  store: Store,
  {known = false}: {known?: boolean} = {}
): Promise<string | null> {
  if (!("folder" in model)) return null;
  const names = (await readdir(model.folder).catch(() => []))
    .filter((name) => READ_FILES.some((pattern) => pattern.test(name)))
    .sort();
  if (names.length === 0) return null;
  const hashes = await FileHashes.open(
    store.path("models", "hashes.json"),
    known ? () => Promise.resolve(null) : hashContent
  );
  const files: [string, string | null][] = [];
  for (const name of names) files.push([name, await hashes.of(join(model.folder, name))]);
  await hashes.save();
  return files.every(([, sha256]) => sha256 !== null) ? hashValue(files) : null;
}
