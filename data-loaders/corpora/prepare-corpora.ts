/** Stages corpora and annotations: from a study's sources to split, annotated examples. */
import {readFile} from "node:fs/promises";
import {join, resolve} from "node:path";
import {annotate, countUnlabelled} from "../annotators/annotate.js";
import type {Annotation, Example} from "../../src/core/conversation.js";
import {splitByDialogue} from "../../src/core/split.js";
import type {CorpusConfig} from "../../src/core/study.js";
import {writeAtomically} from "../stages/atomic-files.js";
import {codeVersion, hashFile, hashValue} from "../stages/content-hash.js";
import type {Context} from "../stages/context.js";
import {PROJECT} from "../stages/store.js";
import type {StageSpec} from "../stages/store.js";
import {axesOfCorpus} from "../study/contradictions.js";
import {titleOf} from "../study/read-study.js";
import type {CorpusCard} from "./corpus-card.js";
import {readCorpus} from "./read-corpus.js";

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

const CORPUS_CODE = ["data-loaders/corpora", "src/core/random.ts", "src/core/split.ts"];
const ANNOTATION_CODE = [
  "data-loaders/annotators",
  "src/core/labels.ts",
  "src/core/random.ts",
  "src/core/split.ts"
];

/** What a corpus' examples depend on; its title, licence and split do not change them. */
export async function corpusSpec(context: Context, id: string): Promise<StageSpec> {
  const config = context.file.study.corpora[id]!;
  const {title: _, licence: __, split: ___, ...matters} = config;
  const source =
    "path" in config
      ? await hashFile(resolve(context.file.folder, config.path)).catch(() => "absent")
      : "generated";
  return {
    stage: "corpora",
    key: id,
    inputs: {
      id,
      configuration: hashValue(matters),
      source,
      seed: String(context.file.study.seed),
      code: await codeVersion(PROJECT, CORPUS_CODE)
    }
  };
}

export async function annotationSpec(context: Context, id: string, corpus: StageSpec): Promise<StageSpec> {
  const {study, axes} = context.file;
  return {
    stage: "annotations",
    key: id,
    inputs: {
      ...corpus.inputs,
      axes: hashValue(axes.filter((axis) => axesOfCorpus(study.corpora[id]!, study).includes(axis.id))),
      annotator: await codeVersion(PROJECT, ANNOTATION_CODE)
    }
  };
}

/** Reads, annotates and splits every corpus of the study, in its order. */
export async function prepareCorpora(context: Context): Promise<PreparedCorpus[]> {
  const prepared: PreparedCorpus[] = [];
  for (const id of Object.keys(context.file.study.corpora)) prepared.push(await prepareCorpus(context, id));
  return prepared;
}

async function prepareCorpus(context: Context, id: string): Promise<PreparedCorpus> {
  const {study, folder: source} = context.file;
  const config = study.corpora[id]!;
  const spec = await corpusSpec(context, id);
  const corpus = await ensure(context, spec, async (folder) => {
    const {examples, card} = await readCorpus(id, config, {folder: source, seed: study.seed});
    await writeLines(join(folder, "examples.jsonl"), examples);
    await writeAtomically(join(folder, "card.json"), `${JSON.stringify(card, null, 2)}\n`);
  });
  const examples = await readLines<Example>(join(corpus, "examples.jsonl"));
  const judged = context.file.axes.filter((axis) => axesOfCorpus(config, study).includes(axis.id));
  const annotated = await ensure(context, await annotationSpec(context, id, spec), async (folder) => {
    await writeLines(join(folder, "annotations.jsonl"), annotate(id, config, examples, judged));
  });
  const annotations = await readLines<Annotation>(join(annotated, "annotations.jsonl"));
  const byExample = groupByExample(annotations);
  const usable = examples.filter(({example_id}) => byExample.has(example_id));
  const split = splitByDialogue(usable, config.split ?? study.split, {seed: study.seed, corpus: id});
  const card = JSON.parse(await readFile(join(corpus, "card.json"), "utf8")) as CorpusCard;
  for (const [axis, rows] of countUnlabelled(annotations, examples, judged))
    card.dropped.push({reason: `no label on ${axis}, left out of that axis only`, rows});
  return {id, title: config.title ?? titleOf(id), config, card, ...split, annotations: byExample};
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

function groupByExample(annotations: Annotation[]): Map<string, Annotation[]> {
  const groups = new Map<string, Annotation[]>();
  for (const annotation of annotations)
    groups.set(annotation.example_id, [...(groups.get(annotation.example_id) ?? []), annotation]);
  return groups;
}

async function writeLines(file: string, rows: object[]): Promise<void> {
  await writeAtomically(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

async function readLines<T>(file: string): Promise<T[]> {
  const text = await readFile(file, "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}
