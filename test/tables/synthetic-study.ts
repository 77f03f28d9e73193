/** Examples, annotations and study of a plan: what the stages before the trainer would hand on. */
import type {Annotation, Axis} from "../../src/core/conversation.js";
import type {CorpusFacts} from "../../src/core/cubes.js";
import {StudySchema} from "../../src/core/study.js";
import type {SplitExample, TablesInput} from "../../data-loaders/tables/tables-input.js";
import {normal, randomOf, type SyntheticPlan} from "./synthetic-plan.js";

export function makeExamples(
  {corpora, examplesPerDialogue}: SyntheticPlan,
  split: string,
  dialogues: number
): SplitExample[] {
  return corpora.flatMap((corpus) =>
    Array.from({length: dialogues * examplesPerDialogue}, (_, i) => ({
      corpus,
      example_id: `${split}-${i}`,
      dialogue_id: `${split}-d${Math.floor(i / examplesPerDialogue)}`,
      turns: [{role: "user", text: `Question ${i}?`}],
      response: `Answer ${i}, it's “quoted”.`
    }))
  );
}

/** The quality behind the label: shared in part by a dialogue, so that clusters matter. */
function quality({corpus, dialogue_id, example_id}: SplitExample, axis: string): number {
  return (
    0.7 * normal(randomOf("d", corpus, dialogue_id, axis)) +
    0.7 * normal(randomOf("e", corpus, example_id, axis))
  );
}

export function goldOf(example: SplitExample, {id, labels}: Axis): number {
  const share = 1 / (1 + Math.exp(-1.7 * quality(example, id)));
  return Math.min(labels.length - 1, Math.floor(share * labels.length));
}

export function annotate(example: SplitExample, axis: Axis): Annotation {
  return {
    corpus: example.corpus,
    example_id: example.example_id,
    axis: axis.id,
    label: axis.labels[goldOf(example, axis)]!,
    explanation: "the reply says what was asked",
    label_source: "planted",
    explanation_source: "planted"
  };
}

export function describeStudy(
  plan: SyntheticPlan,
  train: SplitExample[],
  test: SplitExample[],
  annotations: Annotation[]
): TablesInput {
  const study = StudySchema.parse({
    because: 1,
    title: "Synthetic",
    corpora: Object.fromEntries(plan.corpora.map((id) => [id, {reader: "embedded", kind: "assistant"}])),
    axes: Object.fromEntries(plan.axes.map(({id, kind, labels, question}) => [id, {kind, labels, question}])),
    split: {train: 4, test: plan.dialogues},
    seeds: plan.seeds,
    regime: plan.perSetting ? "per-setting" : "one-model"
  });
  const settings = plan.corpora.flatMap((corpus) => plan.axes.map(({id}) => ({corpus, axis: id})));
  const texts = train.flatMap(({corpus, example_id}) =>
    plan.axes.map(({id}) => ({
      corpus,
      example_id,
      axis: id,
      prompt: "p",
      label: "1",
      completions: {"label-only": " 1"}
    }))
  );
  return {
    study_id: "synthetic",
    study,
    resolved: "because: 1\n",
    axes: plan.axes,
    corpora: plan.corpora.map(factsOf),
    settings,
    arms: plan.arms.map(({arm}) => arm),
    runs: [],
    train,
    test,
    annotations,
    training: texts,
    lengths: plan.arms
      .filter(({arm}) => arm.mode !== "label-only")
      .map(({arm: {mode, tokens}}) => ({
        mode,
        ...(tokens === undefined ? {} : {tokens}),
        explanation_tokens: Number(tokens ?? 12),
        mode_tokens: Number(tokens ?? 12)
      }))
  };
}

function factsOf(id: string): CorpusFacts {
  return {
    id,
    title: id,
    reader: "embedded",
    synthetic: true,
    licence: null,
    rows_read: 1,
    rows_kept: 1,
    dropped: [],
    dialogues: 1,
    label_source: "planted",
    explanation_source: "planted",
    content: "0".repeat(64)
  };
}
