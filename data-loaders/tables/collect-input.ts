/** From a study's runs to what the tables are made from. */
import {crossArms} from "../../src/core/arms.js";
import type {DataRow} from "../../src/core/contract.js";
import type {CorpusFacts, StudyFacts, TrainingText} from "../../src/core/cubes.js";
import {renderCompletion} from "../../src/core/prompt.js";
import type {PreparedCorpus} from "../corpora/prepare-corpora.js";
import {fetchedLicence} from "../fetch/fetched-folder.js";
import type {ArmTexts} from "../jobs/arm-texts.js";
import type {StudyPlan} from "../jobs/plan-study.js";
import type {StudyRuns} from "../jobs/run-study.js";
import type {Context} from "../stages/context.js";
import type {Store} from "../stages/store.js";
import {resolvedYaml} from "../study/write-study.js";
import type {SplitExample, TablesInput} from "./tables-input.js";

export function collectInput({file, store}: Context, {corpora, judged, plan, runs}: StudyRuns): TablesInput {
  const {axes, settings} = file;
  // where the store lies changes no number, and is nobody's business who reads the notebook
  const {report: _, ...facts} = file.study; // prose on the tables changes nothing in them
  const study = {...facts, store: ".because"};
  return {
    study_id: file.id,
    study,
    resolved: resolvedYaml(study),
    axes,
    corpora: corpora.map((corpus) => factsOf(corpus, store)),
    settings,
    arms: crossArms(study.arms),
    runs: runs.map(({run, job}) => ({run, job, folder: `${store.runs}/${run}`})),
    train: corpora.flatMap((corpus) => sideOf(corpus, "train")),
    test: corpora.flatMap((corpus) => sideOf(corpus, "test")),
    annotations: corpora.flatMap(({annotations}) => [...annotations.values()].flat()),
    training: trainingTexts(plan.texts),
    lengths: lengthsOf(plan),
    ...(judged ? {judging: judged.cubes} : {})
  };
}

function sideOf(corpus: PreparedCorpus, side: "train" | "test"): SplitExample[] {
  return corpus[side].map((example) => ({...example, corpus: corpus.id}));
}

function factsOf({title, config, card, annotations}: PreparedCorpus, store: Store): CorpusFacts {
  const all = [...annotations.values()].flat();
  return {
    ...card,
    title,
    licence: config.licence ?? fetchedLicence(store, config),
    label_source: all[0]?.label_source ?? "given",
    explanation_source: all.find(({explanation}) => explanation !== "")?.explanation_source ?? "none"
  };
}

/** Every training row under every mode and its first budget, in row order. All modes' rows stand in the same order. */
function trainingTexts(texts: ArmTexts[]): TrainingText[] {
  const rows = new Map(texts.toReversed().map((text) => [text.mode, text.rows]));
  return (texts[0]?.rows ?? []).map(({corpus, example_id, axis, prompt, label}, i) => ({
    corpus,
    example_id,
    axis,
    prompt,
    label,
    completions: Object.fromEntries(
      [...rows].reverse().map(([mode, of]) => [mode, renderCompletion(of[i]!, "label-first")])
    )
  }));
}

/** Mean tokens of the real explanations beside those of each mode's text, under each budget. */
function lengthsOf({texts, countTokens}: StudyPlan): StudyFacts["lengths"] {
  const mean = (of: DataRow[]): number =>
    of.reduce((sum, {explanation}) => sum + countTokens(explanation), 0) / Math.max(1, of.length);
  return texts
    .filter(({mode}) => mode !== "label-only")
    .map(({mode, tokens, rows, explanations}) => ({
      mode,
      ...(tokens === undefined ? {} : {tokens}),
      explanation_tokens: mean(explanations),
      mode_tokens: mean(rows)
    }));
}
