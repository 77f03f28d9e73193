/** What a model says of its own certainty beside what it gets right: calibration, risk, confusions. */

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

/** `reliability.json`: accuracy by confidence, in bins of equal width or of equal mass; only bins that hold rows. */
export interface ReliabilityRow {
  system: string;
  /** A seed, or `all`: rows of all seeds together. */
  seed: string;
  corpus: string;
  axis: string;
  bins: "width" | "mass";
  /** From 1. */
  bin: number;
  /** Means over the bin's rows. */
  confidence: number;
  accuracy: number;
  /** Of the accuracy; null where `seed` is not `all`. */
  low: number | null;
  high: number | null;
  low_trainings?: number | null;
  high_trainings?: number | null;
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
