/** The warmed-up model of a study from scratch, with its tokenizer, as a folder that transformers loads. */
import {cp, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";

export interface StartingModel {
  /** Weights and configuration, as the warm-up left them. */
  folder: string;
  tokenizerJson: string;
}

/** The special tokens of tokenizers that Because trains. */
const SPECIAL = {bos_token: "<bos>", eos_token: "<eos>", pad_token: "<pad>"};

/** Text of the token that sequences of such a model begin with. */
export const SCRATCH_BEGIN = SPECIAL.bos_token;

interface TokenizerFile {
  added_tokens: {id: number; content: string}[];
  post_processor: unknown;
}

/** Copies the model, and its tokenizer so that it puts the begin token before every sequence by itself. */
export async function writeStartingModel(
  {folder, tokenizerJson}: StartingModel,
  into: string
): Promise<void> {
  await cp(folder, into, {recursive: true});
  const tokenizer = JSON.parse(await readFile(tokenizerJson, "utf8")) as TokenizerFile;
  const {id} = tokenizer.added_tokens.find(({content}) => content === SCRATCH_BEGIN)!;
  const begin = {SpecialToken: {id: SCRATCH_BEGIN, type_id: 0}};
  const sequence = (name: "A" | "B") => ({Sequence: {id: name, type_id: 0}});
  tokenizer.post_processor = {
    type: "TemplateProcessing",
    single: [begin, sequence("A")],
    pair: [begin, sequence("A"), sequence("B")],
    special_tokens: {[SCRATCH_BEGIN]: {id: SCRATCH_BEGIN, ids: [id], tokens: [SCRATCH_BEGIN]}}
  };
  await writeFile(join(into, "tokenizer.json"), JSON.stringify(tokenizer));
  const config = {tokenizer_class: "PreTrainedTokenizerFast", ...SPECIAL};
  await writeFile(join(into, "tokenizer_config.json"), `${JSON.stringify(config, null, 2)}\n`);
}
