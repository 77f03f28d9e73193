/** The generated corpora of the demo, as a reader. */
import type {EmbeddedCorpusConfig} from "../../src/core/study.js";
import {generateCorpus} from "./embedded/index.js";
import {emptyReading} from "./reading.js";
import type {WholeReading} from "./reading.js";

/** Synthetic conversations with planted defects; a pure function of kind, number of dialogues and seed. */
export function readEmbedded({kind, dialogues}: EmbeddedCorpusConfig, seed: number): WholeReading {
  const examples = generateCorpus({kind, dialogues, seed});
  return {...emptyReading(), examples, rows_read: examples.length};
}
