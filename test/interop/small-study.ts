/** A study without any training: embedded dialogues, and a model of which there is but a tokenizer. */
import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {DataRow} from "../../src/core/contract.js";
import {prepareStudy} from "../../data-loaders/corpora/prepare-corpora.js";
import {testRows} from "../../data-loaders/jobs/rows.js";
import {createContext, SILENT} from "../../data-loaders/stages/context.js";
import type {Context} from "../../data-loaders/stages/context.js";
import {readStudy} from "../../data-loaders/study/read-study.js";

const studyText = (store: string, model: string, more: string) => `because: 1
title: Elsewhere
store: ${store}
corpora:
  assistant: {reader: embedded, kind: assistant, dialogues: 20}
  film: {reader: embedded, kind: film, dialogues: 20, licence: CC-BY-4.0}
axes:
  naturalness: {question: How natural is the response?, labels: [1, 2, 3, 4, 5]}
  on-topic: {question: Does the response stay on topic?, labels: [1, 2, 3, 4, 5]}
split: {train: 10, test: 6}
arms:
  modes: [label-only, explanation]
  reductions: [token-mean, part-mean]
seeds: [1, 2]
model: {folder: ${model}}
training: {steps: 40, batch: 8, max_tokens: 400, learning_rate: 0.001}
${more}`;

export interface Elsewhere {
  folder: string;
  study: string;
  context: Context;
  test: DataRow[];
  remove(): Promise<void>;
}

/** Writes the study, with `more` keys, into a new folder. */
export async function createElsewhere(more = ""): Promise<Elsewhere> {
  const folder = await mkdtemp(join(tmpdir(), "because-interop-"));
  const model = join(folder, "model");
  await mkdir(model);
  await writeFile(join(model, "tokenizer.json"), JSON.stringify(byteTokenizer()));
  const study = join(folder, "elsewhere.yaml");
  await writeFile(study, studyText(join(folder, "store"), model, more));
  const file = await readStudy(study);
  const context = createContext(file, SILENT);
  const {corpora} = await prepareStudy(context);
  const remove = () => rm(folder, {recursive: true, force: true});
  return {folder, study, context, test: testRows(file, corpora), remove};
}

/** A byte-level BPE without merges: one token a byte, and `<s>` before every sequence. */
function byteTokenizer(): object {
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  let next = 256;
  const characters = Array.from({length: 256}, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : next++)
  );
  const vocab = Object.fromEntries(["<s>", ...characters].map((character, id) => [character, id]));
  const byteLevel = {type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true};
  const special = {single_word: false, lstrip: false, rstrip: false, normalized: false, special: true};
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [{id: 0, content: "<s>", ...special}],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: {
      type: "TemplateProcessing",
      single: [{SpecialToken: {id: "<s>", type_id: 0}}, {Sequence: {id: "A", type_id: 0}}],
      pair: [{Sequence: {id: "A", type_id: 0}}, {Sequence: {id: "B", type_id: 1}}],
      special_tokens: {"<s>": {id: "<s>", ids: [0], tokens: ["<s>"]}}
    },
    decoder: byteLevel,
    model: {type: "BPE", dropout: null, unk_token: null, byte_fallback: false, vocab, merges: []}
  };
}
