/** What would be drawn of a corpus, read without writing anything. */
import {annotate} from "../annotators/annotate.js";
import type {Annotation, Axis, Example} from "../../src/core/conversation.js";
import {splitByDialogue, type Split} from "../../src/core/split.js";
import type {Context} from "../stages/context.js";
import {labelsFrom, ownAxes} from "../study/corpus-axes.js";
import type {CorpusCard} from "./corpus-card.js";
import {splitKeys} from "./draw-corpora.js";
import {readCorpus} from "./read-corpus.js";

/** Training and test examples of a corpus. */
export type DrawnSplit = {id: string} & Split<Example>;

/** A corpus as it was read. */
export interface ReadSplit {
  examples: Example[];
  card: CorpusCard;
  /** Axes that it brings labels for, and these labels. */
  own: Axis[];
  annotations: Annotation[];
  split: DrawnSplit;
}

/** Reads a corpus and splits it as the study asks. */
export async function readSplit(
  {file, store}: Pick<Context, "file" | "store">,
  id: string
): Promise<ReadSplit> {
  const {study, axes} = file;
  const config = study.corpora[id]!;
  const keys = splitKeys(study, id);
  const {examples, card} = await readCorpus(id, config, {folder: file.folder, store, ...keys});
  const own = axes.filter((axis) => ownAxes(config, study).includes(axis.id));
  const annotations = annotate(id, config, examples, own);
  const labelled = new Set(annotations.map(({example_id}) => example_id));
  const split = splitByDialogue(
    labelsFrom(config, study) === "judges"
      ? examples
      : examples.filter(({example_id}) => labelled.has(example_id)),
    config.split ?? study.split,
    keys
  );
  return {examples, card, own, annotations, split: {id, ...split}};
}
