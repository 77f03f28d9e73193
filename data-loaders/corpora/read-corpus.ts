/** The corpora stage's one door: a corpus of the study, read by the reader that it names. */
import {BadInput} from "../../src/core/bad-input.js";
import type {Example} from "../../src/core/conversation.js";
import {DialogueDraw} from "../../src/core/dialogue-draw.js";
import type {SplitKeys} from "../../src/core/split.js";
import type {CorpusConfig} from "../../src/core/study.js";
import {CardWriter} from "./corpus-card.js";
import type {CorpusCard} from "./corpus-card.js";
import {keptExamples} from "./kept-examples.js";
import {openReader} from "./open-reader.js";
import {drop} from "./reading.js";
import type {Tally} from "./reading.js";
import {sourceFacts, sourcesOf} from "./sources.js";
import type {Places} from "./sources.js";

export interface Corpus {
  examples: Example[];
  card: CorpusCard;
}

/** Where and how to read. */
export interface ReadOptions extends Places {
  /** The study's seed: decides what is generated, and which dialogues a `limit` keeps. */
  seed: number;
  /** Shared by corpora that hold the same dialogues, so that a `limit` keeps the same ones of each. */
  pool?: string;
}

/** A corpus that is read as its examples are asked for. */
export interface StreamedCorpus {
  /** In the order of the files. Can be gone through once. */
  examples: AsyncIterable<Example>;
  /** The card; to be asked for when all examples have been gone through. */
  card(): CorpusCard;
}

/**
 * Reads one corpus into memory. The same files, configuration and seed give the same examples in the same order. Throws
 * BadInput on anything that its reader cannot read, and on a corpus with nothing in it.
 */
export async function readCorpus(id: string, config: CorpusConfig, options: ReadOptions): Promise<Corpus> {
  const corpus = await streamCorpus(id, config, options);
  const examples: Example[] = [];
  for await (const example of corpus.examples) examples.push(example);
  return {examples, card: corpus.card()};
}

/**
 * The same one by one. With a `limit`, memory is bounded by it, however long the files; without, nothing but ids is held.
 */
export async function streamCorpus(
  id: string,
  config: CorpusConfig,
  options: ReadOptions
): Promise<StreamedCorpus> {
  const sources = await sourcesOf(id, config, options);
  const facts = await sourceFacts(sources);
  const reading = await openReader(config, sources, options);
  const card = new CardWriter();
  const kept = keptExamples(reading, config);
  const drawn =
    config.limit === undefined
      ? kept
      : draw(kept, config.limit, {seed: options.seed, corpus: id, pool: options.pool}, reading);
  return {examples: counted(), card: () => card.card(id, config, reading, facts)};

  async function* counted(): AsyncGenerator<Example> {
    let any = false;
    for await (const example of drawn) {
      card.keep(example);
      any = true;
      yield example;
    }
    if (!any) throw nothingIn(id, config, reading);
  }
}

async function* draw(
  examples: AsyncIterable<Example>,
  limit: number,
  keys: SplitKeys,
  tally: Tally
): AsyncGenerator<Example> {
  const collected = new DialogueDraw<Example>(limit, keys);
  let all = 0;
  for await (const example of examples) {
    collected.add(example);
    all++;
  }
  const drawn = collected.drawn();
  drop(tally, "beyond the limit of the study", all - drawn.length);
  yield* drawn;
}

function nothingIn(id: string, config: CorpusConfig, {rows_read, dropped}: Tally): BadInput {
  const reasons = [...dropped].map(([reason, rows]) => `${rows}: ${reason}`).join("; ");
  return new BadInput({
    where: "path" in config && config.path !== undefined ? `${config.path} (corpus ${id})` : `corpus ${id}`,
    expected: "at least one example",
    found: rows_read === 0 ? "an empty corpus" : `${rows_read} rows, all of them left out (${reasons})`,
    mend: "Check that `path` names the right file and `reader` its format."
  });
}
