/** From a study's sources to split, annotated examples: what corpora bring themselves, and what judges say. */
import type {Annotation, Example} from "../../src/core/conversation.js";
import type {CorpusConfig} from "../../src/core/study.js";
import type {Asker} from "../annotators/ask-judges.js";
import {judgeCorpora, type Judged} from "../annotators/judged.js";
import {standIns} from "../annotators/stand-ins.js";
import type {Context} from "../stages/context.js";
import {isJudged, labelsFrom} from "../study/corpus-axes.js";
import {titleOf} from "../study/read-study.js";
import type {CorpusCard} from "./corpus-card.js";
import {drawCorpora, type DrawnCorpus} from "./draw-corpora.js";

export {annotationSpec, corpusSpec} from "./draw-corpora.js";

/** A corpus ready for training. */
export interface PreparedCorpus {
  id: string;
  title: string;
  config: CorpusConfig;
  card: CorpusCard;
  train: Example[];
  test: Example[];
  /** Example id → its annotations, in the study's axis order. */
  annotations: Map<string, Annotation[]>;
}

export interface PreparedStudy {
  corpora: PreparedCorpus[];
  /** What judges said and how it was merged; null where the study has no judged corpus. */
  judged: Judged | null;
}

export interface PrepareOptions {
  /** Asks judges what the log lacks. Without, nobody is asked and nothing is paid: what is logged is taken as it is. */
  ask?: Asker;
  /** Stand-ins where judges have not said enough yet, so that sizes can be planned; they are never written anywhere. */
  plan?: boolean;
}

/** Reads, splits and annotates every corpus of the study, in its order. */
export async function prepareStudy(context: Context, options: PrepareOptions = {}): Promise<PreparedStudy> {
  const {study} = context.file;
  const drawn = await drawCorpora(context);
  const asks = drawn.some(({config}) => isJudged(config, study));
  const judged = asks ? await judgeCorpora(context, drawn, options) : null;
  return {corpora: drawn.map((corpus) => prepareCorpus(context, corpus, judged, options)), judged};
}

/** The corpora alone. */
export async function prepareCorpora(context: Context, options?: PrepareOptions): Promise<PreparedCorpus[]> {
  return (await prepareStudy(context, options)).corpora;
}

function prepareCorpus(
  {file}: Context,
  {id, config, card, train, test, own}: DrawnCorpus,
  judged: Judged | null,
  {plan = false}: PrepareOptions
): PreparedCorpus {
  const base = {id, title: config.title ?? titleOf(id), config};
  if (labelsFrom(config, file.study) === "own")
    return {...base, card, train, test, annotations: groupByExample(own)};
  const given = judged?.annotations.filter(({corpus}) => corpus === id) ?? [];
  const annotations = groupByExample(
    plan ? [...given, ...standIns(file, id, [...train, ...test], given)] : given
  );
  const labelled = ({example_id}: Example) => annotations.has(example_id);
  return {
    ...base,
    card: {...card, dropped: [...card.dropped, ...(new Map(judged?.unlabelled).get(id) ?? [])]},
    train: train.filter(labelled),
    test: test.filter(labelled),
    annotations
  };
}

function groupByExample(annotations: Annotation[]): Map<string, Annotation[]> {
  const groups = new Map<string, Annotation[]>();
  for (const annotation of annotations) {
    const known = groups.get(annotation.example_id);
    if (known) known.push(annotation);
    else groups.set(annotation.example_id, [annotation]);
  }
  return groups;
}
