/** Activation entropy by layer, and how entropy relates to being right. */
import type {Estimator} from "../contract.js";

/**
 * `layers.json`: activation entropy by layer, in nats. Effects are paired differences to label-only. Intervals are of the
 * two kinds of {@link Uncertain}: clustered by dialogue, and with seeds drawn anew too, where `seed` is `all`.
 */
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
  low_trainings?: number | null;
  high_trainings?: number | null;
  /** Mean over test rows that the arm got right, and wrong; null where there are none. */
  correct: number | null;
  wrong: number | null;
  effect: number | null;
  effect_low: number | null;
  effect_high: number | null;
  effect_low_trainings?: number | null;
  effect_high_trainings?: number | null;
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
  within_low_trainings?: number | null;
  within_high_trainings?: number | null;
  /**
   * Area under the ROC curve of entropy as a detector of errors, within settings: the chance that of a wrong and a right
   * answer of the same setting and seed the wrong one has the higher entropy, ties half. Mean over seeds; .5 is chance.
   */
  auroc: number | null;
  auroc_low?: number | null;
  auroc_high?: number | null;
  auroc_low_trainings?: number | null;
  auroc_high_trainings?: number | null;
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
  low_trainings?: number | null;
  high_trainings?: number | null;
  n: number;
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
  arms: string[];
  settings: {corpus: string; axis: string}[];
  /** How many characters of {@link places} range r, arm a and setting s have, at `(r · arms + a) · settings + s`. */
  sizes: number[];
  /**
   * Places that hold rows, `(entropy bin · bins + confidence bin) · 2 + (right ? 1 : 0)`, ascending, one setting after the
   * other: how far each lies behind the one before (the first of a setting behind 0), and how many rows it holds. Both as
   * unsigned base 64 VLQ (that of source maps, without sign): a text is read many times as fast as a list of numbers.
   */
  places: string;
}
