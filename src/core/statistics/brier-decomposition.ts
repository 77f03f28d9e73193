/**
 * The parts of the Brier score of “the predicted label is right”, forecast with the confidence.
 *
 * Sources: Murphy (1973), A New Vector Partition of the Probability Score; Stephenson, Coelho & Jolliffe (2008), Two
 * Extra Components in the Brier Score Decomposition, for what varies within bins.
 */

/** Sums over the rows of one bin. They add up over seeds and cells. */
export interface BinSums {
  rows: number;
  confidence: number;
  /** Rows whose predicted label is right. */
  correct: number;
  /** Of squared confidence. */
  squares: number;
  /** Of the confidence of right rows. */
  products: number;
}

export interface BrierParts {
  /** Mean of (confidence − right)². */
  brier: number;
  /** Mean squared gap between confidence and accuracy of the bins; 0 is calibrated. */
  reliability: number;
  /** Variance of the bins' accuracy: how well confidence sorts right from wrong. */
  resolution: number;
  /** Accuracy · (1 − accuracy). */
  uncertainty: number;
  /** Variance of the confidence within bins − 2 · its covariance with being right. */
  within_bin: number;
}

/** brier = reliability − resolution + uncertainty + within_bin, exactly. Null without rows. */
export function brierDecomposition(bins: readonly BinSums[]): BrierParts | null {
  const held = bins.filter(({rows}) => rows > 0);
  const total = (key: keyof BinSums) => held.reduce((sum, bin) => sum + bin[key], 0);
  const n = total("rows");
  if (n === 0) return null;
  const accuracy = total("correct") / n;
  let [reliability, resolution, within] = [0, 0, 0];
  for (const {rows, confidence, correct, squares, products} of held) {
    const [sure, right] = [confidence / rows, correct / rows];
    reliability += (rows * (sure - right) ** 2) / n;
    resolution += (rows * (right - accuracy) ** 2) / n;
    within += (squares - rows * sure * sure - 2 * (products - rows * sure * right)) / n;
  }
  return {
    brier: (total("squares") - 2 * total("products") + total("correct")) / n,
    reliability,
    resolution,
    uncertainty: accuracy * (1 - accuracy),
    within_bin: within
  };
}

/** Sums by bin. `bin[i]` is the bin of row i, from 0 to `bins` − 1. */
export function sumBins(
  confidence: ArrayLike<number>,
  correct: ArrayLike<number | boolean>,
  bin: ArrayLike<number>,
  bins: number
): BinSums[] {
  const sums = Array.from({length: bins}, () => ({
    rows: 0,
    confidence: 0,
    correct: 0,
    squares: 0,
    products: 0
  }));
  for (let i = 0; i < confidence.length; ++i) {
    const own = sums[bin[i]!]!;
    const sure = confidence[i]!;
    own.rows += 1;
    own.confidence += sure;
    own.squares += sure * sure;
    if (!correct[i]) continue;
    own.correct += 1;
    own.products += sure;
  }
  return sums;
}
