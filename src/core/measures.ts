/**
 * The measures: one definition each. A measure is either the mean of an item statistic, which SQL can say
 * (`item`), or a function of all rows together (`item` is null). {@link "./statistics/cell-measures.js"} computes them,
 * with the influence of each row, for single settings and pooled cells alike.
 */
import type {MeasureId} from "./cubes.js";

/** Bins of both calibration errors. */
export const CALIBRATION_BINS = 15;

export interface Measure {
  id: MeasureId;
  title: string;
  /** For axes and table heads. */
  short: string;
  /** What it is, with its unit, in one or two sentences. */
  description: string;
  /**
   * Which values are good. `zero`: those closest to zero, from either side, so that a difference has no better side by
   * itself.
   */
  better: "higher" | "lower" | "zero";
  /** Smallest and largest possible value; null where unbounded. */
  domain: readonly [number, number | null];
  /** How figures print it: a share as percent, or a plain number; effects use the same. */
  format: {style: "percent" | "decimal"; digits: number; unit: string};
  /** SQL over the columns of `predictions`: the statistic of one row whose mean is the measure. */
  item: string | null;
  /**
   * What axes must share for a cell that pools them: nothing (`any`), an order of labels each (`ordinal`), the
   * same list of labels (`same-labels`), or both (`same-ordinal`). A cell that fails it has no value.
   */
  pools: "any" | "ordinal" | "same-labels" | "same-ordinal";
  /**
   * Whether values are too high in small samples, by more than an interval around them allows: a perfectly calibrated
   * model has an ECE of some .09 on 100 rows. Such a level has no interval; in a paired difference the bias largely
   * drops out, so effects have one.
   */
  biased?: true;
  /** Whether more of it only means that a model is surer, which is no gain by itself. */
  sureness?: true;
}

const percent = {style: "percent", digits: 1, unit: ""} as const;
const nats = {style: "decimal", digits: 3, unit: "nats"} as const;
const plain = {style: "decimal", digits: 3, unit: ""} as const;

/** In the order in which pages offer them. */
export const MEASURES: readonly Measure[] = [
  {
    id: "accuracy",
    title: "Accuracy",
    short: "accuracy",
    description: "Share of test rows whose predicted label is the gold label.",
    better: "higher",
    domain: [0, 1],
    format: percent,
    item: "correct::INTEGER",
    pools: "any"
  },
  {
    id: "macro_f1",
    title: "Macro-averaged F1",
    short: "macro-F1",
    description:
      "Mean over all labels of the axis of the harmonic mean of precision and recall. A label that is neither gold nor " +
      "predicted anywhere counts as 0, as in scikit-learn's f1_score with labels given and zero_division=0.",
    better: "higher",
    domain: [0, 1],
    format: plain,
    item: null,
    pools: "same-labels"
  },
  {
    id: "within_one",
    title: "Accuracy within one label",
    short: "within one",
    description:
      "Share of test rows whose predicted label is the gold label or its neighbour; ordinal axes only.",
    better: "higher",
    domain: [0, 1],
    format: percent,
    item: "(absolute_error <= 1)::INTEGER",
    pools: "ordinal"
  },
  {
    id: "mae",
    title: "Mean absolute error",
    short: "MAE",
    description: "Mean distance between predicted and gold label, in labels; ordinal axes only.",
    better: "lower",
    domain: [0, null],
    format: {style: "decimal", digits: 2, unit: "labels"},
    item: "absolute_error",
    pools: "ordinal"
  },
  {
    id: "qwk",
    title: "Quadratic-weighted kappa",
    short: "QWK",
    description:
      "Agreement beyond chance, with disagreements weighted by their squared distance in labels: 1 is perfect, 0 is " +
      "chance. Over all labels of the axis; undefined where gold and predictions are one and the same label throughout.",
    better: "higher",
    domain: [-1, 1],
    format: plain,
    item: null,
    pools: "same-ordinal"
  },
  {
    id: "nll",
    title: "Negative log-likelihood",
    short: "NLL",
    description: "Mean of −ln p(gold label), in nats, with probabilities renormalised over the axis' labels.",
    better: "lower",
    domain: [0, null],
    format: nats,
    item: "nll",
    pools: "any"
  },
  {
    id: "brier",
    title: "Brier score",
    short: "Brier",
    description:
      "Mean over test rows of the sum over labels of (p − 1[label is gold])²: the multiclass sum form, from 0 to 2.",
    better: "lower",
    domain: [0, 2],
    format: plain,
    item: "brier",
    pools: "any"
  },
  {
    id: "ece",
    biased: true,
    title: "Expected calibration error, bins of equal width",
    short: "ECE",
    description:
      `Mean gap between confidence and accuracy over ${CALIBRATION_BINS} bins of equal width, each closed above, weighted ` +
      "by rows. Confidence is the largest label probability.",
    better: "lower",
    domain: [0, 1],
    format: plain,
    item: null,
    pools: "any"
  },
  {
    id: "ece_mass",
    biased: true,
    title: "Expected calibration error, bins of equal mass",
    short: "ECE (mass)",
    description: `The same over ${CALIBRATION_BINS} bins of equally many rows; rows of the same confidence share a bin.`,
    better: "lower",
    domain: [0, 1],
    format: plain,
    item: null,
    pools: "any"
  },
  {
    id: "smooth_ece",
    biased: true,
    title: "Smooth calibration error",
    short: "smooth ECE",
    description:
      "Gap between confidence and accuracy after smoothing over confidence with a reflected Gaussian kernel whose width " +
      "equals the error itself: no bins to choose. Błasiok and Nakkiran's smECE, as in their package relplot.",
    better: "lower",
    domain: [0, 1],
    format: plain,
    item: null,
    pools: "any"
  },
  {
    id: "overconfidence",
    title: "Overconfidence",
    short: "overconfidence",
    description:
      "Mean confidence minus accuracy: above zero the model is surer than it is right, below zero it is right more " +
      "often than it is sure. Zero is best; where over- and underconfident rows cancel it can hide a calibration error.",
    better: "zero",
    domain: [-1, 1],
    format: percent,
    item: "confidence - correct::INTEGER",
    pools: "any"
  },
  {
    id: "aurc",
    title: "Area under the risk–coverage curve",
    short: "AURC",
    description:
      "Share of wrong labels among the most confident k rows, averaged over all k: how well confidence sorts right from " +
      "wrong, and how often the model is right at all. Rows of equal confidence share their expected risk.",
    better: "lower",
    domain: [0, 1],
    format: plain,
    item: null,
    pools: "any"
  },
  {
    id: "sharpness",
    title: "Sharpness",
    short: "sharpness",
    description: "Mean of the largest label probability: how sure the model is, right or wrong.",
    better: "higher",
    domain: [0, 1],
    format: percent,
    item: "confidence",
    pools: "any",
    sureness: true
  },
  {
    id: "label_entropy",
    title: "Entropy over labels",
    short: "label entropy",
    description:
      "Mean entropy of the label probabilities, in nats; ln 5 = 1.609 for five equally likely labels.",
    better: "lower",
    domain: [0, null],
    format: nats,
    item: "label_entropy",
    pools: "any",
    sureness: true
  },
  {
    id: "margin",
    title: "Margin",
    short: "margin",
    description: "Mean difference between the largest and the second-largest label probability.",
    better: "higher",
    domain: [0, 1],
    format: percent,
    item: "margin",
    pools: "any",
    sureness: true
  },
  {
    id: "off_label_mass",
    title: "Off-label mass",
    short: "off-label",
    description:
      "Mean probability that the model gives, at the decision position, to tokens that are no label.",
    better: "lower",
    domain: [0, 1],
    format: {style: "percent", digits: 2, unit: ""},
    item: "off_label_mass",
    pools: "any"
  }
];

const byId = new Map(MEASURES.map((measure) => [measure.id, measure]));

/** The measure with this id. Throws a RangeError where there is none. */
export function measureOf(id: MeasureId): Measure {
  const measure = byId.get(id);
  if (!measure) throw new RangeError(`“${id}” is no measure; expected one of ${[...byId.keys()].join(", ")}`);
  return measure;
}

/**
 * How good a value is, for comparing and ranking values of one measure: larger is better. Only order means something.
 */
export function goodness(id: MeasureId, value: number): number {
  const {better} = measureOf(id);
  return better === "higher" ? value : better === "lower" ? -value : -Math.abs(value);
}

/**
 * The better direction of a difference: 1 where more is better, −1 where less is, 0 where the difference alone doesn't
 * tell (`zero`).
 */
export function betterSign(id: MeasureId): 1 | -1 | 0 {
  const {better} = measureOf(id);
  return better === "higher" ? 1 : better === "lower" ? -1 : 0;
}

/** Which way a difference is a gain: as {@link betterSign}, and 0 where it only makes a model surer. */
export function gainSign(id: MeasureId): 1 | -1 | 0 {
  return measureOf(id).sureness ? 0 : betterSign(id);
}

/** As far as two values of a measure can lie apart; Infinity where it is unbounded. */
export function largestEffect(id: MeasureId): number {
  const [least, most] = measureOf(id).domain;
  return most === null ? Infinity : most - least;
}

/** A value as text, with its unit: `81.3 %`, `0.412 nats`. `—` for null. */
export function formatMeasure(id: MeasureId, value: number | null): string {
  if (value === null) return "—";
  const {better, format} = measureOf(id);
  const {style, digits, unit} = format;
  if (better === "zero") return formatEffect(id, value); // itself a difference
  if (style === "percent") return `${minus((100 * value).toFixed(digits))} %`;
  return unit ? `${minus(value.toFixed(digits))} ${unit}` : minus(value.toFixed(digits));
}

/** A difference as signed text: `+4.2 points`, `−0.031 nats`. `—` for null. */
export function formatEffect(id: MeasureId, effect: number | null): string {
  if (effect === null) return "—";
  const {style, digits, unit} = measureOf(id).format;
  const scaled = style === "percent" ? 100 * effect : effect;
  const text = `${scaled > 0 ? "+" : ""}${minus(scaled.toFixed(digits))}`;
  const unitText = style === "percent" ? "points" : unit;
  return unitText ? `${text} ${unitText}` : text;
}

function minus(text: string): string {
  return text.replace(/^-/, "−");
}
