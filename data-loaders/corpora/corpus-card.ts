/** What was read, left out and kept of a corpus. */
import {createHash} from "node:crypto";
import type {Hash} from "node:crypto";
import type {Example} from "../../src/core/conversation.js";
import type {CorpusFacts, SourceFacts} from "../../src/core/cubes.js";
import type {CorpusConfig} from "../../src/core/study.js";
import {canonicalJson} from "../stages/content-hash.js";
import type {Tally} from "./reading.js";
import {SeenIds} from "./seen-ids.js";

/**
 * Facts of reading. Title and licence are not among them: they are the study's own words, and changing them must not
 * make a corpus be read again.
 */
export type CorpusCard = Omit<CorpusFacts, "title" | "licence" | "label_source" | "explanation_source">;

/** Counts examples as they are kept. */
export class CardWriter {
  private kept = 0;
  private readonly met = new SeenIds();
  private dialogues = 0;
  private readonly content: Hash = createHash("sha256").update("[");

  keep(example: Example): void {
    this.content.update(`${this.kept++ > 0 ? "," : ""}${canonicalJson(example)}`);
    if (this.met.add(example.dialogue_id, this.kept) === null) this.dialogues++;
  }

  /** The card of what was kept. `content` is the hash of the list of examples, as `hashValue` gives it. */
  card(id: string, {reader}: CorpusConfig, {rows_read, dropped}: Tally, sources: SourceFacts[]): CorpusCard {
    return {
      id,
      reader,
      synthetic: reader === "embedded",
      rows_read,
      rows_kept: this.kept,
      dropped: [...dropped].map(([reason, rows]) => ({reason, rows})),
      dialogues: this.dialogues,
      content: this.content.copy().update("]").digest("hex"),
      sources
    };
  }
}
