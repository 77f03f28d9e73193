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

/** Rows by falling confidence, cut where it changes. */
interface Ties {
  count: number;
  /** Tie t stands at places `start[t]` to `start[t + 1]` (exclusive). */
  start: Uint32Array;
  /** Wrong rows before tie t. */
  wrong: Uint32Array;
}

/**
 * AURC with the influence of each row.
 *
 * A tie of m rows with wrong share r, after c rows of which E are wrong, has at its j-th place the risk
 * (E + j·r)/(c + j), and adds Σ_j of that. For influences each row of a tie counts the tie's mean weight, so that
 * multiplying all weights by a number changes nothing.
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
  const ties = tiesOf(confidence, correct, order);
  const {inverse, inverseSquare} = harmonicSums(n);
  const influence = new Float64Array(n);
  let total = 0;
  // What one more row before a tie adds to the ties already seen, which come after it: by its loss, and by its place.
  let [byLoss, byPlace] = [0, 0];
  for (let t = ties.count - 1; t >= 0; --t) {
    const from = ties.start[t]!;
    const to = ties.start[t + 1]!;
    const rows = to - from;
    const wrong = ties.wrong[t + 1]! - ties.wrong[t]!;
    const share = wrong / rows;
    const excess = ties.wrong[t]! - share * from;
    const sum = inverse[to]! - inverse[from]!;
    const squares = inverseSquare[to]! - inverseSquare[from]!;
    total += wrong + excess * sum;
    for (let at = from; at < to; ++at) {
      const row = order[n - 1 - at]!;
      const loss = correct[row] ? 0 : 1;
      const own = loss - (from * (loss - share) * sum) / rows + (excess * from * squares) / rows;
      influence[row] = own + loss * byLoss + byPlace;
    }
    byLoss += sum;
    byPlace -= share * sum + excess * squares;
  }
  const value = total / n;
  for (let i = 0; i < n; ++i) influence[i] = (influence[i]! - value) / n;
  return {value, influence};
}

/**
 * Risk at given coverages: the expected share of wrong labels among the ⌈coverage · n⌉ surest rows. `coverages` lie in (0, 1].
 */
export function riskAtCoverage(
  confidence: Float64Array,
  correct: ArrayLike<number | boolean>,
  coverages: ArrayLike<number>,
  order: Uint32Array = ascendingOrder(confidence)
): Float64Array {
  const n = confidence.length;
  const ties = tiesOf(confidence, correct, order);
  return Float64Array.from(coverages, (coverage) => {
    // 0.15 · 20 is a little more than 3 in binary.
    const rows = Math.min(n, Math.max(1, Math.ceil(coverage * n - 1e-9)));
    let t = 0;
    while (ties.start[t + 1]! < rows) ++t;
    const [from, to] = [ties.start[t]!, ties.start[t + 1]!];
    const [before, upTo] = [ties.wrong[t]!, ties.wrong[t + 1]!];
    return (before + ((rows - from) * (upTo - before)) / (to - from)) / rows;
  });
}

function tiesOf(confidence: Float64Array, correct: ArrayLike<number | boolean>, order: Uint32Array): Ties {
  const n = confidence.length;
  const start = new Uint32Array(n + 1);
  const wrong = new Uint32Array(n + 1);
  let [count, errors] = [0, 0];
  for (let place = 0; place < n; ++place) {
    const row = order[n - 1 - place]!;
    if (!correct[row]) errors += 1;
    if (place + 1 < n && confidence[order[n - 2 - place]!] === confidence[row]) continue;
    count += 1;
    start[count] = place + 1;
    wrong[count] = errors;
  }
  return {count, start, wrong};
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
