/** Facts of the sample study. */
import {armId, crossArms} from "../../src/core/arms.js";
import type {Mode} from "../../src/core/arms.js";
import type {CorpusFacts, StudyFacts} from "../../src/core/cubes.js";

const CORPORA = {
  assistant: "Assistant",
  support: "Support desk",
  reading: "Reading questions",
  product: "Product questions",
  film: "Film dialogue",
  "small-talk": "Small talk"
};
const LABELS = ["1", "2", "3", "4", "5"];
const MODES: Mode[] = ["label-only", "explanation", "shuffled", "bag-of-words", "filler"];

export function sampleStudy(): StudyFacts {
  const arms = crossArms({
    modes: MODES,
    orders: ["label-first"],
    reductions: ["token-mean", "part-mean"],
    also: [{mode: "explanation", order: "explanation-first", reduction: "token-mean"}]
  }).map((arm) => ({...arm, id: armId(arm)}));
  const corpora = Object.entries(CORPORA).map(([id, title]) => corpusFacts(id, title));
  const axes = [
    {id: "naturalness", title: "Naturalness", question: "Does the response read as a person would write it?"},
    {
      id: "comprehensiveness",
      title: "Comprehensiveness",
      question: "Does it answer every part of what was asked?"
    },
    {id: "adherence", title: "On-topic adherence", question: "Does it stay with the topic?"}
  ].map((axis) => ({...axis, kind: "ordinal" as const, labels: LABELS}));
  const settings = corpora.flatMap(({id: corpus}) =>
    axes.map(({id: axis}) => ({corpus, axis, train: 160, test: 120, test_dialogues: 40, majority_share: 0.3}))
  );
  return {
    id: "sample",
    title: "Sample study",
    authors: ["A. Sample"],
    note: "Generated conversations with planted defects; nothing here was said by a person.",
    synthetic: true,
    seeds: ["1", "2", "3"],
    regime: "one-model",
    arms,
    baselines: ["majority", "length", "bag-of-words"],
    axes,
    corpora,
    settings,
    measures: [
      "accuracy",
      "macro_f1",
      "within_one",
      "mae",
      "qwk",
      "nll",
      "brier",
      "ece",
      "label_entropy",
      "off_label_mass"
    ],
    estimators: ["softmax", "energy", "logit_lens", "matrix", "attention"],
    layers: 3,
    lengths: MODES.map((mode, i) => ({
      mode,
      explanation_tokens: 14.2,
      mode_tokens: mode === "label-only" ? 0 : 14.2 + 0.3 * (i - 2)
    })),
    tokens_budget: "matched",
    warm_up_shared: true,
    parameters: 241_664,
    counts: {runs: 32, runs_failed: 0, predictions: 64_800, train_examples: 2880, test_examples: 2160},
    resolved: "because: 1\ntitle: Sample study\nseeds: [1, 2, 3]\n",
    version: "0123456789abcdef"
  };
}

function corpusFacts(id: string, title: string): CorpusFacts {
  return {
    id,
    title,
    reader: "embedded",
    synthetic: true,
    licence: null,
    rows_read: 300,
    rows_kept: 280,
    dropped: [{reason: "duplicate response", rows: 20}],
    dialogues: 93,
    label_source: "planted",
    explanation_source: "planted",
    content: "fedcba9876543210".repeat(4)
  };
}
