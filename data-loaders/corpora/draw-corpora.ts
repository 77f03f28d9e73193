/** Stage corpora, and the annotations that corpora bring themselves: from a study's sources to split examples. */
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import type {Annotation, Axis, Example} from "../../src/core/conversation.js";
import {splitByDialogue, type Split, type SplitKeys} from "../../src/core/split.js";
import type {CorpusConfig, Study} from "../../src/core/study.js";
import {annotate, countUnlabelled} from "../annotators/annotate.js";
import {writeAtomically} from "../stages/atomic-files.js";
import {codeVersion, hashValue} from "../stages/content-hash.js";
import type {Context} from "../stages/context.js";
import {allRows, readRows, writeRows} from "../stages/row-files.js";
import {PROJECT} from "../stages/store.js";
import type {StageSpec} from "../stages/store.js";
import {labelsFrom, ownAxes} from "../study/corpus-axes.js";
import {poolOf} from "../study/dialogue-pools.js";
import type {CorpusCard} from "./corpus-card.js";
import {streamCorpus} from "./read-corpus.js";
import {refuseLeaks} from "./refuse-leaks.js";
import {sourceFacts, sourcesOf} from "./sources.js";

/** A corpus that is split, with the labels that it brings itself. */
export interface DrawnCorpus {
  id: string;
  config: CorpusConfig;
  card: CorpusCard;
  train: Example[];
  test: Example[];
  /** Of the examples drawn; what a corpus brings that takes its labels from judges is its golden set. */
  own: Annotation[];
}

const CORPUS_CODE = [
  "data-loaders/corpora",
  "src/core/dialogue-draw.ts",
  "src/core/dialogue-rank.ts",
  "src/core/random.ts"
];
const ANNOTATION_CODE = [
  "data-loaders/annotators/annotate.ts",
  "data-loaders/annotators/neighbours.ts",
  "data-loaders/annotators/templated.ts",
  "src/core/labels.ts",
  "src/core/random.ts",
  "src/core/split.ts"
];

/** What a corpus' examples depend on; its title, licence, split, whether it is published, and who judges it do not change them. */
export async function corpusSpec({file, store}: Context, id: string): Promise<StageSpec> {
  const config = file.study.corpora[id]!;
  const {title: _, licence: __, publish_texts: _said, split: ___, ...rest} = config;
  const whose = {judged: null, labels_from: null, labels_by: null};
  const {judged: ____, labels_from: _____, labels_by: ______, ...matters} = {...whose, ...rest};
  const pool = poolOf(file.study, id);
  const sources = await sourcesOf(id, config, {folder: file.folder, store})
    .then(sourceFacts)
    .catch(() => null);
  return {
    stage: "corpora",
    key: id,
    inputs: {
      id,
      configuration: hashValue(matters),
      source: sources === null ? "absent" : sources.length === 0 ? "generated" : hashValue(sources),
      seed: String(file.study.seed),
      ...(pool !== undefined && config.limit !== undefined ? {pool} : {}),
      code: await codeVersion(PROJECT, CORPUS_CODE)
    }
  };
}

/** What the labels that a corpus brings itself depend on. */
export async function annotationSpec(context: Context, id: string, corpus: StageSpec): Promise<StageSpec> {
  return {
    stage: "annotations",
    key: id,
    inputs: {
      ...corpus.inputs,
      axes: hashValue(ownAxesOf(context, id)),
      annotator: await codeVersion(PROJECT, ANNOTATION_CODE)
    }
  };
}

/** Reads and splits every corpus of the study, in its order. Nobody is asked anything. */
export async function drawCorpora(context: Context): Promise<DrawnCorpus[]> {
  const drawn: DrawnCorpus[] = [];
  for (const id of Object.keys(context.file.study.corpora)) drawn.push(await drawCorpus(context, id));
  refuseLeaks(context.file.study, drawn);
  return drawn;
}

/** What a draw of the corpus, and its split, depend on. */
export function splitKeys(study: Pick<Study, "seed" | "corpora">, id: string): SplitKeys {
  return {seed: study.seed, corpus: id, pool: poolOf(study, id)};
}

async function drawCorpus(context: Context, id: string): Promise<DrawnCorpus> {
  const {study, folder: source} = context.file;
  const config = study.corpora[id]!;
  const spec = await corpusSpec(context, id);
  const folder = await ensure(context, spec, async (made) => {
    const options = {folder: source, store: context.store, ...splitKeys(study, id)};
    const corpus = await streamCorpus(id, config, options);
    await writeRows(join(made, "examples.jsonl"), corpus.examples);
    await writeAtomically(join(made, "card.json"), `${JSON.stringify(corpus.card(), null, 2)}\n`);
  });
  const card = JSON.parse(await readFile(join(folder, "card.json"), "utf8")) as CorpusCard;
  const examples = join(folder, "examples.jsonl");
  return labelsFrom(config, study) === "own"
    ? drawLabelled(context, {id, config, card, examples, spec})
    : drawUnlabelled(context, {id, config, card, examples});
}

interface CorpusFiles {
  id: string;
  config: CorpusConfig;
  card: CorpusCard;
  /** `examples.jsonl` */
  examples: string;
}

/** Splits the examples that have a label of their own. */
async function drawLabelled(
  context: Context,
  {id, config, card, examples: file, spec}: CorpusFiles & {spec: StageSpec}
): Promise<DrawnCorpus> {
  const {study} = context.file;
  const axes = ownAxesOf(context, id);
  const examples = await allRows<Example>(file);
  const annotated = await ensure(context, await annotationSpec(context, id, spec), (folder) =>
    writeRows(join(folder, "annotations.jsonl"), annotate(id, config, examples, axes))
  );
  const annotations = await allRows<Annotation>(join(annotated, "annotations.jsonl"));
  const labelled = new Set(annotations.map(({example_id}) => example_id));
  const usable = examples.filter(({example_id}) => labelled.has(example_id));
  const split = splitByDialogue(usable, config.split ?? study.split, splitKeys(study, id));
  for (const [axis, rows] of countUnlabelled(annotations, examples, axes))
    card.dropped.push({reason: `no label on ${axis}, left out of that axis only`, rows});
  return {id, config, card, ...split, own: annotationsOf(split, annotations)};
}

/**
 * Splits all examples: judges are asked only about those that are drawn. Ids alone are held of the others, since a corpus
 * may be far longer than what is drawn from it.
 */
async function drawUnlabelled(
  context: Context,
  {id, config, card, examples}: CorpusFiles
): Promise<DrawnCorpus> {
  const {study} = context.file;
  const ids: Pick<Example, "example_id" | "dialogue_id">[] = [];
  for await (const {example_id, dialogue_id} of readRows<Example>(examples))
    ids.push({example_id, dialogue_id});
  const drawn = splitByDialogue(ids, config.split ?? study.split, splitKeys(study, id));
  const sides = {
    train: new Set(drawn.train.map(({example_id}) => example_id)),
    test: new Set(drawn.test.map(({example_id}) => example_id))
  };
  const split: Split<Example> = {train: [], test: []};
  for await (const example of readRows<Example>(examples))
    if (sides.train.has(example.example_id)) split.train.push(example);
    else if (sides.test.has(example.example_id)) split.test.push(example);
  const own = annotate(id, config, [...split.train, ...split.test], ownAxesOf(context, id));
  return {id, config, card, ...split, own};
}

function annotationsOf({train, test}: Split<Example>, annotations: Annotation[]): Annotation[] {
  const drawn = new Set([...train, ...test].map(({example_id}) => example_id));
  return annotations.filter(({example_id}) => drawn.has(example_id));
}

function ownAxesOf({file: {study, axes}}: Context, id: string): Axis[] {
  const own = ownAxes(study.corpora[id]!, study);
  return axes.filter((axis) => own.includes(axis.id));
}

async function ensure(
  context: Context,
  spec: StageSpec,
  make: (folder: string) => Promise<void>
): Promise<string> {
  const {folder, made} = await context.store.ensure(context.file.id, spec, make);
  context.report.stage(spec.stage, spec.key, made);
  return folder;
}
