/** Measures that are functions of the confusion counts (gold × predicted, row by row), with their derivatives. */

export interface Differentiated {
  /** NaN where undefined. */
  value: number;
  /** By each count, labels × labels. */
  derivative: Float64Array;
}

/**
 * Mean over all labels of 2·TP / (gold + predicted); a label that is neither gold nor predicted counts as 0. The same as
 * scikit-learn's `f1_score(labels=all, average="macro", zero_division=0)`.
 */
export function macroF1(counts: Float64Array, labels: number): Differentiated {
  const {gold, predicted} = margins(counts, labels);
  const score = Float64Array.from({length: labels}, (_, k) => {
    const both = gold[k]! + predicted[k]!;
    return both > 0 ? (2 * counts[k * labels + k]!) / both : 0;
  });
  const derivative = new Float64Array(labels * labels);
  // One more row of gold i predicted as j makes the margins of both larger, and the hits where i = j.
  const byMargin = score.map((f1, k) => {
    const both = gold[k]! + predicted[k]!;
    return both > 0 ? -f1 / both : 0;
  });
  for (let i = 0; i < labels; ++i)
    for (let j = 0; j < labels; ++j) {
      const both = gold[i]! + predicted[i]!;
      const hit = i === j && both > 0 ? 2 / both : 0;
      derivative[i * labels + j] = (hit + byMargin[i]! + byMargin[j]!) / labels;
    }
  return {value: score.reduce((sum, f1) => sum + f1, 0) / labels, derivative};
}

/**
 * Quadratic-weighted kappa, 1 − Σ(i−j)²·O / Σ(i−j)²·E with E of the same margins; undefined where gold and predictions
 * are one and the same label throughout. The same as scikit-learn's `cohen_kappa_score(weights="quadratic", labels=all)`.
 * Σ(i−j)²·E = Σ gold·i² + Σ predicted·j² − 2 (Σ gold·i)(Σ predicted·j)/n needs only moments of the margins.
 */
export function quadraticKappa(counts: Float64Array, labels: number): Differentiated {
  const {gold, predicted} = margins(counts, labels);
  const moment = (margin: Float64Array, power: number) =>
    margin.reduce((sum, count, k) => sum + count * k ** power, 0);
  const n = moment(gold, 0);
  const [goldSum, predictedSum] = [moment(gold, 1), moment(predicted, 1)];
  const expected = moment(gold, 2) + moment(predicted, 2) - (2 * goldSum * predictedSum) / n;
  let observed = 0;
  for (let i = 0; i < labels; ++i)
    for (let j = 0; j < labels; ++j) observed += counts[i * labels + j]! * (i - j) ** 2;
  const derivative = new Float64Array(labels * labels).fill(NaN);
  if (!(expected > 0)) return {value: NaN, derivative};
  for (let i = 0; i < labels; ++i)
    for (let j = 0; j < labels; ++j) {
      const moved =
        i * i + j * j - (2 * (i * predictedSum + j * goldSum)) / n + (2 * goldSum * predictedSum) / (n * n);
      derivative[i * labels + j] = (observed * moved) / (expected * expected) - (i - j) ** 2 / expected;
    }
  return {value: 1 - observed / expected, derivative};
}

function margins(counts: Float64Array, labels: number): {gold: Float64Array; predicted: Float64Array} {
  const gold = new Float64Array(labels);
  const predicted = new Float64Array(labels);
  for (let i = 0; i < labels; ++i)
    for (let j = 0; j < labels; ++j) {
      gold[i]! += counts[i * labels + j]!;
      predicted[j]! += counts[i * labels + j]!;
    }
  return {gold, predicted};
}
