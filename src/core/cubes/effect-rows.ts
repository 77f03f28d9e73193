/** How good each system is, how far arms differ from label-only, and what became of the hypotheses. */

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
  /** Of the same difference, with seeds drawn anew too. */
  versus_explanation_low_trainings?: number | null;
  versus_explanation_high_trainings?: number | null;
  n: number;
  dialogues: number;
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
  low_trainings?: number | null;
  high_trainings?: number | null;
  /** Test rows with this gold label. */
  n: number;
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
