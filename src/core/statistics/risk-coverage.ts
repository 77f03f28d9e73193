/**
 * Risk and coverage: how many labels are wrong if only the surest rows are answered. The area under that curve (AURC) is the
 * risk averaged over all coverages 1/n, 2/n, …, 1.
 *
 * Source: Geifman, Uziel & El-Yaniv (2019), Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers, §2.
 * They leave open what happens to equal confidences. Here each row of a tie stands at every place of the tie with the
 * same probability, so the number doesn't depend on the order of the rows.
 */
import {ascendingOrder} from "./sort-order.js";
import type {Estimate} from "./uncertainty.js";

/**
 * AURC with the influence of each row.
 *
 * @param confidence - Larger is surer. At least one row.
 * @param correct - 1 where the predicted label is right, else 0.
 * @param order - Indices of the confidences in ascending order, where the caller has them.
 */
export function aurc(
  confidence: Float64Array,
  correct: ArrayLike<number | boolean>,
  order: Uint32Array = ascendingOrder(confidence)
): Estimate {
  const n = confidence.length;
  const influence = new Float64Array(n);
  const value = weighRisk(confidence, correct, order, influence);
  for (let i = 0; i < n; ++i) influence[i] = (influence[i]! - value) / n;
  return {value, influence};
}

/**
 * AURC of the rows in `order`, with `weights[row]` set so that a row's influence is (weight − AURC)/n.
 *
 * A tie of m rows with wrong share r, after c rows of which E are wrong, has at its j-th place the risk
 * (E + j·r)/(c + j), and adds Σ_j of that. For influences each row of a tie counts the tie's mean weight, so that
 * multiplying all weights by a number changes nothing.
 *
 * @param order - Indices into the other arrays by ascending confidence; one at least.
 */
export function weighRisk(
  confidence: Float64Array,
  correct: ArrayLike<number | boolean>,
  order: Uint32Array,
  weights: Float64Array
): number {
  const n = order.length;
  const {inverse, inverseSquare} = harmonicSums(n);
  let wrongBefore = 0;
  for (let at = 0; at < n; ++at) if (!correct[order[at]!]) wrongBefore += 1;
  let total = 0;
  // What one more row before a tie adds to the ties already seen, which come after it: by its loss, and by its place.
  let [byLoss, byPlace] = [0, 0];
  for (let start = 0; start < n;) {
    const sure = confidence[order[start]!]!;
    let end = start;
    let wrong = 0;
    for (; end < n && confidence[order[end]!] === sure; ++end) if (!correct[order[end]!]) wrong += 1;
    wrongBefore -= wrong;
    // Places by falling confidence.
    const [from, to] = [n - end, n - start];
    const rows = to - from;
    const share = wrong / rows;
    const excess = wrongBefore - share * from;
    const sum = inverse[to]! - inverse[from]!;
    const squares = inverseSquare[to]! - inverseSquare[from]!;
    total += wrong + excess * sum;
    const placed = (excess * from * squares) / rows + byPlace;
    for (let at = start; at < end; ++at) {
      const row = order[at]!;
      const loss = correct[row] ? 0 : 1;
      weights[row] = loss - (from * (loss - share) * sum) / rows + loss * byLoss + placed;
    }
    byLoss += sum;
    byPlace -= share * sum + excess * squares;
    start = end;
  }
  return total / n;
}

/** Kept from one call to the next, as a study needs thousands. */
let wrongUpTo = new Uint32Array(1);

/**
 * Risk at given coverages: the expected share of wrong labels among the ⌈coverage · n⌉ surest rows. `coverages` lie in (0, 1].
 *
 * @param order - Indices into the other arrays by ascending confidence.
 */
export function riskAtCoverage(
  confidence: Float64Array,
  correct: ArrayLike<number | boolean>,
  coverages: ArrayLike<number>,
  order: Uint32Array = ascendingOrder(confidence)
): Float64Array {
  const n = order.length;
  if (wrongUpTo.length <= n) wrongUpTo = new Uint32Array(2 * n + 1);
  const wrong = wrongUpTo;
  for (let place = 0; place < n; ++place)
    wrong[place + 1] = wrong[place]! + (correct[order[n - 1 - place]!] ? 0 : 1);
  const sureAt = (place: number) => confidence[order[n - 1 - place]!];
  return Float64Array.from(coverages, (coverage) => {
    // 0.15 · 20 is a little more than 3 in binary.
    const rows = Math.min(n, Math.max(1, Math.ceil(coverage * n - 1e-9)));
    let [from, to] = [rows - 1, rows];
    while (from > 0 && sureAt(from - 1) === sureAt(rows - 1)) --from;
    while (to < n && sureAt(to) === sureAt(rows - 1)) ++to;
    const [before, upTo] = [wrong[from]!, wrong[to]!];
    return (before + ((rows - from) * (upTo - before)) / (to - from)) / rows;
  });
}

let inverse = new Float64Array(1);
let inverseSquare = new Float64Array(1);

/** Σ_{i ≤ k} 1/i and Σ_{i ≤ k} 1/i² for k up to `n` at least; remembered, as every cell needs them. */
function harmonicSums(n: number): {inverse: Float64Array; inverseSquare: Float64Array} {
  if (inverse.length <= n) {
    const size = Math.max(n + 1, 2 * inverse.length);
    inverse = new Float64Array(size);
    inverseSquare = new Float64Array(size);
    for (let k = 1; k < size; ++k) {
      inverse[k] = inverse[k - 1]! + 1 / k;
      inverseSquare[k] = inverseSquare[k - 1]! + 1 / (k * k);
    }
  }
  return {inverse, inverseSquare};
}
