/** From prepared corpora to training and test rows, one example × axis each. */
import {countWords, createPool, cutToTokens, renderMode} from "../../src/core/modes.js";
import type {CountTokens, ModePool, ModeSource} from "../../src/core/modes.js";
import type {Mode} from "../../src/core/arms.js";
import type {DataRow} from "../../src/core/contract.js";
import type {Annotation, Example} from "../../src/core/conversation.js";
import {renderPrompt} from "../../src/core/prompt.js";
import type {PreparedCorpus} from "../corpora/prepare-corpora.js";
import type {StudyFile} from "../study/read-study.js";

/** What of a study decides how a prompt reads. */
type Wording = Pick<StudyFile, "axes" | "promptTemplate">;

/** One example × axis with its annotation: what a row is made from. */
interface Judged {
  corpus: string;
  example: Example;
  annotation: Annotation;
}

/** Test rows of all corpora in study order. They carry no explanation: nothing after the prompt is shown to a model. */
export function testRows(wording: Wording, corpora: PreparedCorpus[]): DataRow[] {
  return judgedOf(corpora, "test").map((judged) => rowOf(wording, judged, ""));
}

/** Training rows without any explanation. */
export function promptRows(wording: Wording, corpora: PreparedCorpus[]): DataRow[] {
  return judgedOf(corpora, "train").map((judged) => rowOf(wording, judged, ""));
}

/** Training rows with the explanation as the study's annotations give it: what the tokenizer is trained on. */
export function annotatedRows(wording: Wording, corpora: PreparedCorpus[]): DataRow[] {
  return judgedOf(corpora, "train").map((judged) => rowOf(wording, judged, judged.annotation.explanation));
}

/** How explanation lengths are set, and by which tokenizer they are counted. */
export interface Lengths {
  /** `free`, `matched` or a number, as in an arm. */
  tokens: string;
  countTokens: CountTokens;
}

/** What modes draw from, one pool a corpus, made of its training explanations after the token budget. */
export function createPools(
  corpora: PreparedCorpus[],
  seed: number,
  lengths: Lengths
): Map<string, ModePool> {
  const {countTokens} = lengths;
  return new Map(
    corpora.map((corpus) => {
      const sources = judgedOf([corpus], "train").map((judged) => sourceOf(judged, lengths));
      const matched = lengths.tokens !== "free";
      return [
        corpus.id,
        createPool(sources, {seed, countTokens: matched ? countTokens : countWords, matched})
      ];
    })
  );
}

/** Training rows of one mode. */
export function trainRows(
  wording: Wording,
  corpora: PreparedCorpus[],
  mode: Mode,
  pools: Map<string, ModePool>,
  lengths: Lengths
): DataRow[] {
  return judgedOf(corpora, "train").map((judged) => {
    return rowOf(wording, judged, renderMode(mode, sourceOf(judged, lengths), pools.get(judged.corpus)!));
  });
}

function sourceOf({corpus, annotation}: Judged, {tokens, countTokens}: Lengths): ModeSource {
  const {example_id, axis, label, explanation} = annotation;
  const most = Number(tokens);
  const cut = Number.isNaN(most) ? explanation : cutToTokens(explanation, most, countTokens);
  return {corpus, example_id, axis, label, explanation: cut};
}

function judgedOf(corpora: PreparedCorpus[], side: "train" | "test"): Judged[] {
  return corpora.flatMap((corpus) =>
    corpus[side].flatMap((example) =>
      corpus.annotations
        .get(example.example_id)!
        .map((annotation) => ({corpus: corpus.id, example, annotation}))
    )
  );
}

function rowOf(
  {axes, promptTemplate}: Wording,
  {corpus, example, annotation}: Judged,
  explanation: string
): DataRow {
  const axis = axes.find(({id}) => id === annotation.axis)!;
  const {prompt, turns} = renderPrompt(example, axis, promptTemplate);
  return {
    example_id: example.example_id,
    dialogue_id: example.dialogue_id,
    corpus,
    axis: annotation.axis,
    prompt,
    label: annotation.label,
    explanation,
    gold: annotation.label,
    turns: turns.join(",")
  };
}
