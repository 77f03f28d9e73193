/** The reader that a corpus names. */
import type {CorpusConfig} from "../../src/core/study.js";
import {readAmazonQa} from "./amazonqa.js";
import {readChatbotArena} from "./chatbot-arena.js";
import {readCoqa} from "./coqa.js";
import {readCornell} from "./cornell-movie.js";
import {readCsv} from "./csv.js";
import {readEmbedded} from "./embedded.js";
import {readFed} from "./fed.js";
import {readHhRlhf} from "./hh-rlhf.js";
import {readJsonl} from "./jsonl.js";
import {readMtBench} from "./mt-bench.js";
import {readParquet} from "./parquet.js";
import type {Reading} from "./reading.js";
import type {Source} from "./source-file.js";
import {readUsr} from "./usr.js";
import {readUss} from "./uss.js";

/** Begins to read. Generated corpora have no sources, one's own and the human-rated sets one. */
export async function openReader(
  config: CorpusConfig,
  sources: Source[],
  {seed}: {seed: number}
): Promise<Reading> {
  const [first] = sources;
  switch (config.reader) {
    case "embedded":
      return readEmbedded(config, seed);
    case "usr":
      return readUsr(first!);
    case "fed":
      return readFed(first!);
    case "uss":
      return readUss(first!);
    case "jsonl":
      return readJsonl(config, first!);
    case "csv":
      return readCsv(config, first!);
    case "parquet":
      return readParquet(config, first!);
    case "chatbot-arena":
      return readChatbotArena(config, sources);
    case "hh-rlhf":
      return readHhRlhf(config, sources);
    case "amazonqa":
      return readAmazonQa(config, sources);
    case "coqa":
      return readCoqa(config, sources);
    case "cornell-movie":
      return readCornell(config, sources);
    case "mt-bench":
      return readMtBench(config, sources);
  }
}
