/**
 * The cubes: what the tables stage writes and the pages read. Each is a {@link Columns} document of the row type
 * given here, or a plain JSON document where said. A *cell* is corpus × axis, where either may be `"all"`: pooled
 * over the test rows of all. `seed` is a training seed as text, or `"all"`: the mean over seeds.
 */
import type {Baseline, Estimator} from "./contract.js";
import type {Arm} from "./arms.js";
import type {AnnotationSource, Axis, Turn} from "./conversation.js";

/** Measures of section “Measures” of the methods; ids of {@link MEASURES} in `measures.ts`. */
export type MeasureId =
  | "accuracy"
  | "macro_f1"
  | "within_one"
  | "mae"
  | "qwk"
  | "nll"
  | "brier"
  | "ece"
  | "ece_mass"
  | "sharpness"
  | "label_entropy"
  | "margin"
  | "off_label_mass"
  | "overconfidence"
  | "smooth_ece"
  | "aurc";

/**
 * What an interval generalises to: the same trained models on other test dialogues, or other trainings too (seeds
 * drawn anew), which needs two seeds at least.
 */
export type IntervalKind = "dialogues" | "trainings";

/** `study.json`, a plain document: everything that pages say about the study besides numbers of runs. */
export interface StudyFacts {
  id: string;
  title: string;
  authors: string[];
  note: string | null;
  /** True when any corpus is generated; every page then says so. */
  synthetic: boolean;
  seeds: string[];
  regime: "one-model" | "per-setting";
  arms: (Arm & {id: string})[];
  baselines: Baseline[];
  axes: Axis[];
  corpora: CorpusFacts[];
  settings: {
    corpus: string;
    axis: string;
    train: number;
    test: number;
    test_dialogues: number;
    majority_share: number;
  }[];
  measures: MeasureId[];
  estimators: Estimator[];
  /** Transformer blocks; layers run from 0 (embedding) to this. */
  layers: number;
  /** Residual of the length match: mode → mean tokens of the explanation and of the mode's text, over training rows. */
  lengths: {mode: string; explanation_tokens: number; mode_tokens: number}[];
  tokens_budget: string;
  warm_up_shared: boolean;
  parameters: number;
  counts: {
    runs: number;
    runs_failed: number;
    predictions: number;
    train_examples: number;
    test_examples: number;
  };
  /** The study file with every default filled in, as YAML. */
  resolved: string;
  /** Content hash of the tables: what a reader cites. */
  version: string;
}

export interface CorpusFacts {
  id: string;
  title: string;
  reader: string;
  synthetic: boolean;
  licence: string | null;
  rows_read: number;
  rows_kept: number;
  dropped: {reason: string; rows: number}[];
  dialogues: number;
  label_source: AnnotationSource;
  explanation_source: AnnotationSource | "templated" | "none";
  content: string;
}

/**
 * An estimate's uncertainty: 95 % Student-t intervals from cluster-robust standard errors, dialogues as clusters.
 * `low` to `high` is for these trained models; `low_trainings` to `high_trainings` counts seeds as drawn anew too, and
 * is null with one seed, and where `seed` is not `all`.
 */
export interface Uncertain {
  low: number | null;
  high: number | null;
  /** Standard error over dialogues, and its degrees of freedom. */
  se: number | null;
  df: number | null;
  low_trainings: number | null;
  high_trainings: number | null;
  /** Standard error over dialogues and seeds, and its (Satterthwaite) degrees of freedom. */
  se_trainings: number | null;
  df_trainings: number | null;
}

/** `levels.json`: how good each system is. */
export interface LevelRow extends Uncertain {
  /** Arm id or baseline id. */
  system: string;
  kind: "arm" | "baseline";
  seed: string;
  corpus: string;
  axis: string;
  measure: MeasureId;
  value: number | null;
  n: number;
  dialogues: number;
}

/** `effects.json`: paired differences to label-only on the same test rows and seeds (arm − label-only). */
export interface EffectRow extends Uncertain {
  arm: string;
  seed: string;
  corpus: string;
  axis: string;
  measure: MeasureId;
  effect: number | null;
  /** Test rows × seeds that the arm alone got right, and that label-only alone got right. */
  gained: number;
  lost: number;
  /** Paired difference to the explanation arm of the same order and reduction (arm − explanation); where seed is `all`. */
  versus_explanation?: number | null;
  versus_explanation_low?: number | null;
  versus_explanation_high?: number | null;
  n: number;
  dialogues: number;
}

/** `layers.json`: activation entropy by layer, in nats. Effects are paired differences to label-only, clustered by dialogue. */
export interface LayerRow {
  arm: string;
  seed: string;
  corpus: string;
  axis: string;
  layer: number;
  estimator: Estimator;
  mean: number | null;
  low: number | null;
  high: number | null;
  /** Mean over test rows that the arm got right, and wrong; null where there are none. */
  correct: number | null;
  wrong: number | null;
  effect: number | null;
  effect_low: number | null;
  effect_high: number | null;
  n: number;
}

/** Where entropy is read: a layer's estimator, or the entropy over the labels at the output. */
export type EntropySource = Estimator | "label_entropy";

/** `relations.json`: entropy against being right, over test rows and all seeds. `layer` is −1 for `label_entropy`. */
export interface RelationRow {
  arm: string;
  corpus: string;
  axis: string;
  layer: number;
  estimator: EntropySource;
  /** Correlation of entropy with correctness, all rows pooled. */
  pooled: number | null;
  /** The same within settings (both demeaned by corpus × axis × seed). */
  within: number | null;
  within_low: number | null;
  within_high: number | null;
  /** Area under the ROC curve of entropy as a detector of errors; .5 is chance. */
  auroc: number | null;
  n: number;
}

/** `quintiles.json`: accuracy by fifth of entropy (fifths taken within each setting and seed). `layer` is −1 for `label_entropy`. */
export interface QuintileRow {
  arm: string;
  corpus: string;
  axis: string;
  layer: number;
  estimator: EntropySource;
  /** 1 (lowest entropy) to 5. */
  quintile: number;
  entropy: number;
  accuracy: number;
  low: number | null;
  high: number | null;
  n: number;
}

/**
 * `across.json`: the mean effect over settings and how far settings differ, from a random-effects model whose sampling
 * errors are correlated within a corpus, as its axes share dialogues. Cells that hold two settings at least.
 */
export interface AcrossRow {
  arm: string;
  corpus: string;
  axis: string;
  measure: MeasureId;
  settings: number;
  mean: number | null;
  low: number | null;
  high: number | null;
  /** Standard deviation between settings (τ), in the measure's unit. */
  between: number | null;
  /** 95 % interval for the effect in a setting not yet seen. */
  predicted_low: number | null;
  predicted_high: number | null;
}

/** `confusions.json`, a plain document: rows by gold and predicted label, of single settings and single seeds; they add up. */
export interface ConfusionsDocument {
  cells: ConfusionCell[];
}
export interface ConfusionCell {
  system: string;
  /** Empty for baselines. */
  seed: string;
  corpus: string;
  axis: string;
  /** Gold × predicted, row by row, in the order of the axis' labels. */
  counts: number[];
}

/** `label-effects.json`: recall by gold label, an arm's and label-only's on the same rows, mean over seeds. */
export interface LabelEffectRow {
  arm: string;
  corpus: string;
  /** A single axis. */
  axis: string;
  label: string;
  recall: number | null;
  base_recall: number | null;
  effect: number | null;
  low: number | null;
  high: number | null;
  /** Test rows with this gold label. */
  n: number;
}

/** `reliability.json`: accuracy by confidence, in bins of equal width or of equal mass; only bins that hold rows. */
export interface ReliabilityRow {
  system: string;
  /** A seed, or `all`: rows of all seeds together. */
  seed: string;
  corpus: string;
  axis: string;
  bins: "width" | "mass";
  bin: number;
  /** Means over the bin's rows. */
  confidence: number;
  accuracy: number;
  /** Of the accuracy; null where `seed` is not `all`. */
  low: number | null;
  high: number | null;
  n: number;
}

/** `risk-coverage.json`: error rate among the most confident share of the rows, at twenty coverages; seeds averaged. */
export interface RiskRow {
  system: string;
  corpus: string;
  axis: string;
  /** 0.05 to 1. */
  coverage: number;
  risk: number;
}

/** `brier.json`: the Brier score of “the predicted label is right” and its parts, over rows of all seeds, in bins of equal width. */
export interface BrierRow {
  system: string;
  corpus: string;
  axis: string;
  /** reliability − resolution + uncertainty + within-bin variance − 2 · within-bin covariance. */
  brier: number;
  reliability: number;
  resolution: number;
  uncertainty: number;
  within_bin: number;
}

/** `distributions.json`: histograms of what a model says of its own certainty; rows of all seeds. */
export interface DistributionRow {
  system: string;
  corpus: string;
  axis: string;
  quantity: "label_entropy" | "margin" | "confidence";
  /** Bin from `from` to `to`. */
  from: number;
  to: number;
  /** Rows in the bin that are right, and wrong. */
  correct: number;
  wrong: number;
}

/**
 * `joint.json`, a plain document: test rows counted by entropy, confidence and being right, for brushing. Single
 * settings, rows of all seeds; counts add up over settings. Layers: a quarter, half, three quarters of the depth, and
 * the last; `label_entropy` has layer −1.
 */
export interface JointDocument {
  /** Bins of entropy and of confidence along each side. */
  bins: number;
  /** Entropy's range by layer and estimator, shared by all arms and settings; confidence runs from 0 to 1. */
  ranges: {layer: number; estimator: EntropySource; from: number; to: number}[];
  cells: JointCell[];
}
export interface JointCell {
  arm: string;
  corpus: string;
  axis: string;
  layer: number;
  estimator: EntropySource;
  /** `(entropy bin · bins + confidence bin) · 2 + (right ? 1 : 0)`, ascending, and how many rows each holds. */
  places: number[];
  counts: number[];
}

/** What a hypothesis can be found to be. `untestable`: its arms or rows are missing. */
export type Verdict = "supported" | "contradicted" | "equivalent" | "undecided" | "untestable";

/** `verdicts.json`: the hypotheses that the study declared, judged; in its order. */
export interface VerdictRow {
  id: string;
  title: string;
  arm: string;
  /** Arm that it is compared with, label-only unless the study names another. */
  against: string;
  corpus: string;
  axis: string;
  measure: MeasureId;
  direction: "better" | "worse" | "different" | "equivalent";
  test: "interval" | "permutation" | "mcnemar" | "sign" | "wilcoxon";
  over: IntervalKind;
  correction: "holm" | "benjamini-hochberg" | "none";
  alpha: number;
  /** Smallest effect of interest, in the measure's unit; null where none was named. */
  smallest: number | null;
  effect: number | null;
  /** At level 1 − α. */
  low: number | null;
  high: number | null;
  p: number | null;
  /** After the correction over all hypotheses of the study. */
  p_adjusted: number | null;
  /** Smallest p that this test can give with so few seeds, settings or dialogues; null where there is no such bound. */
  smallest_p: number | null;
  verdict: Verdict;
  /** Why, in one sentence, from the numbers. */
  reason: string;
  n: number;
  dialogues: number;
  settings: number;
}

/** `curves.json`: training loss, at most 60 points a run, in nats a token. */
export interface CurveRow {
  run: string;
  step: number;
  loss: number;
  loss_label: number | null;
  loss_explanation: number | null;
}

/** `runs.json`: one row a run; the only cube that holds wall times. */
export interface RunRow {
  run: string;
  kind: "tokenizer" | "warm-up" | "train" | "baseline";
  /** Arm id or baseline id; empty for preparations. */
  system: string;
  seed: string;
  scope: string;
  status: "done" | "failed" | "missing";
  reason: string;
  accuracy: number | null;
  steps: number;
  tokens: number;
  wall_seconds: number;
  train_seconds: number;
  score_seconds: number;
  tokens_per_second: number | null;
  peak_memory_bytes: number;
  parameters: number;
  resumed: number;
  started: number;
  device: string;
  threads: number;
  libraries: string;
  trainer_version: string;
}

/** `examples.json`, a plain document: test examples with what each run said of them, and training texts. */
export interface ExamplesDocument {
  /** Train runs in the order of the digits in {@link TestItem.predicted}. */
  runs: {run: string; arm: string; seed: string}[];
  /** Arms in the order of {@link TestItem.probabilities}. */
  arms: string[];
  examples: ShownExample[];
  items: TestItem[];
  training: TrainingText[];
}

export interface ShownExample {
  corpus: string;
  example_id: string;
  dialogue_id: string;
  turns: Turn[];
  response: string;
}

/** One test row: example × axis. */
export interface TestItem {
  corpus: string;
  example_id: string;
  axis: string;
  gold: string;
  explanation: string;
  explanation_source: string;
  /** Predicted label's index, one base-36 digit a run; `-` where a run has none. */
  predicted: string;
  /** Arm → label probabilities, mean over seeds, in thousandths; null where an arm has none. */
  probabilities: (number[] | null)[];
}

/** The exact text that a model was trained on, under each arm's mode and order. */
export interface TrainingText {
  corpus: string;
  example_id: string;
  axis: string;
  prompt: string;
  label: string;
  /** `mode` → completion as trained in label-first order. */
  completions: Record<string, string>;
}

/** Files of the tables stage, by what they hold. `study.duckdb` lies beside them. */
export const CUBES = [
  "study",
  "levels",
  "effects",
  "layers",
  "relations",
  "quintiles",
  "curves",
  "runs",
  "examples",
  "across",
  "confusions",
  "label-effects",
  "reliability",
  "risk-coverage",
  "brier",
  "distributions",
  "joint",
  "verdicts"
] as const;
export type CubeName = (typeof CUBES)[number];
