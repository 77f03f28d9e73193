/** What was read, left out and kept of a corpus. */
import type {Example} from "../../src/core/conversation.js";
import type {CorpusFacts} from "../../src/core/cubes.js";
import type {CorpusConfig} from "../../src/core/study.js";
import {hashValue} from "../stages/content-hash.js";
import type {Reading} from "./reading.js";

/**
 * Facts of reading. Title and licence are not among them: they are the study's own words, and changing them must not
 * make a corpus be read again.
 */
export type CorpusCard = Omit<CorpusFacts, "title" | "licence" | "label_source" | "explanation_source">;

/** The card of what `reading` gave; `examples` are those that were kept. `content` is the hash of these. */
export function cardOf(
  id: string,
  {reader}: CorpusConfig,
  {rows_read, dropped}: Reading,
  examples: Example[]
): CorpusCard {
  return {
    id,
    reader,
    synthetic: reader === "embedded",
    rows_read,
    rows_kept: examples.length,
    dropped: [...dropped].map(([reason, rows]) => ({reason, rows})),
    dialogues: new Set(examples.map(({dialogue_id}) => dialogue_id)).size,
    content: hashValue(examples)
  };
}
