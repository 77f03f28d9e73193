/**
 * Reads a corpus in a process of its own, so that what is measured is the reading and nothing else:
 * `node --import tsx measure-memory.ts <folder> <configuration as JSON>` prints examples, and the peak in MiB.
 */
import {readCorpus} from "../../data-loaders/corpora/read-corpus.js";
import {CorpusConfig} from "../../src/core/study.js";

const [folder = "", config = "{}"] = process.argv.slice(2);
const {card} = await readCorpus("measured", CorpusConfig.parse(JSON.parse(config)), {folder, seed: 1});
const peak = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({rows: card.rows_read, kept: card.rows_kept, peak}));
