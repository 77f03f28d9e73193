/** The corpora stage's one door: a corpus of the study, read by the reader that it names. */
import {BadInput} from "../../src/core/bad-input.js";
import type {Example} from "../../src/core/conversation.js";
import {drawByDialogue} from "../../src/core/split.js";
import type {CorpusConfig} from "../../src/core/study.js";
import {cardOf} from "./corpus-card.js";
import type {CorpusCard} from "./corpus-card.js";
import {readCsv} from "./csv.js";
import {readEmbedded} from "./embedded.js";
import {readFed} from "./fed.js";
import {readJsonl} from "./jsonl.js";
import {readParquet} from "./parquet.js";
import {drop} from "./reading.js";
import type {Reading} from "./reading.js";
import {readUsr} from "./usr.js";
import {readUss} from "./uss.js";

export interface Corpus {
  examples: Example[];
  card: CorpusCard;
}

/** Where and how to read. */
export interface ReadOptions {
  /** What `--data` names, else the folder of the study file; paths of corpora are relative to it. */
  folder: string;
  /** The study's seed: decides what is generated, and which dialogues a `limit` keeps. */
  seed: number;
}

/**
 * Reads one corpus. The same file, configuration and seed give the same examples in the same order. Throws BadInput
 * on anything that its reader cannot read, and on a corpus with nothing in it.
 */
export async function readCorpus(
  id: string,
  config: CorpusConfig,
  {folder, seed}: ReadOptions
): Promise<Corpus> {
  const reading = await read(config, folder, seed);
  if (reading.examples.length === 0) throw nothingIn(id, config, reading);
  const examples =
    config.limit === undefined
      ? reading.examples
      : drawByDialogue(reading.examples, config.limit, {seed, corpus: id});
  drop(reading, "beyond the limit of the study", reading.examples.length - examples.length);
  return {examples, card: cardOf(id, config, reading, examples)};
}

function read(config: CorpusConfig, folder: string, seed: number): Reading | Promise<Reading> {
  switch (config.reader) {
    case "embedded":
      return readEmbedded(config, seed);
    case "usr":
      return readUsr(config, folder);
    case "fed":
      return readFed(config, folder);
    case "uss":
      return readUss(config, folder);
    case "jsonl":
      return readJsonl(config, folder);
    case "csv":
      return readCsv(config, folder);
    case "parquet":
      return readParquet(config, folder);
  }
}

function nothingIn(id: string, config: CorpusConfig, {rows_read, dropped}: Reading): BadInput {
  const reasons = [...dropped].map(([reason, rows]) => `${rows}: ${reason}`).join("; ");
  return new BadInput({
    where: "path" in config ? `${config.path} (corpus ${id})` : `corpus ${id}`,
    expected: "at least one example",
    found: rows_read === 0 ? "an empty corpus" : `${rows_read} rows, all of them left out (${reasons})`,
    mend: "Check that `path` names the right file and `reader` its format."
  });
}
