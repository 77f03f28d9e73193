/** Whether one rater agrees better with a third than another does, on the items that all three rated. */
import {PAIR_ITEMS, type PairMeasure} from "./agreement.js";
import {clusteredEstimate, type ClusteredEstimate, type ClusteredRows} from "./clustered.js";
import {quadraticKappa} from "./confusion-measures.js";

/** Labels of three raters, as places, one a row of the table; −1 where one gave none. */
export interface ComparedLabels {
  a: ArrayLike<number>;
  b: ArrayLike<number>;
  /** Whom both are compared with. */
  with: ArrayLike<number>;
}

/**
 * Agreement of `a` less that of `b`, paired: what is hard for both drops out. The interval is over dialogues, from the
 * differences of both influences, as for effects of arms.
 *
 * @param labels - Number of labels, where all axes of the cell have the same; else 0, and kappa's is undefined.
 */
export function agreementDifference(
  compared: ComparedLabels,
  measure: PairMeasure,
  {rows, clusters, strata}: ClusteredRows,
  labels: number
): ClusteredEstimate {
  const {a, b, with: third} = compared;
  const shared = Array.from(rows.keys()).filter((i) => [a, b, third].every((rater) => rater[rows[i]!]! >= 0));
  const pairs = shared.map((i): Pair => ({a: a[rows[i]!]!, b: b[rows[i]!]!, third: third[rows[i]!]!}));
  const {value, of} =
    measure === "qwk" ? kappaDifference(pairs, labels) : meanDifference(pairs, PAIR_ITEMS[measure]);
  const held = new Uint8Array(strata.length);
  const influence = new Float64Array(strata.length);
  shared.forEach((i, at) => {
    held[clusters[i]!] = 1;
    influence[clusters[i]!]! += of(pairs[at]!);
  });
  return clusteredEstimate(value, shared.length, influence, {held, strata, domain: [null, null]});
}

interface Pair {
  a: number;
  b: number;
  third: number;
}

/** A difference, and the influence of a row on it. */
interface Difference {
  value: number;
  of(pair: Pair): number;
}

function meanDifference(pairs: readonly Pair[], item: (distance: number) => number): Difference {
  const own = ({a, b, third}: Pair) => item(Math.abs(a - third)) - item(Math.abs(b - third));
  const value = pairs.reduce((sum, pair) => sum + own(pair), 0) / pairs.length;
  return {value, of: (pair) => (own(pair) - value) / pairs.length};
}

function kappaDifference(pairs: readonly Pair[], labels: number): Difference {
  if (labels === 0 || pairs.length === 0) return {value: NaN, of: () => NaN};
  const counts = {a: new Float64Array(labels * labels), b: new Float64Array(labels * labels)};
  for (const {a, b, third} of pairs) {
    counts.a[a * labels + third]! += 1;
    counts.b[b * labels + third]! += 1;
  }
  const [own, other] = [quadraticKappa(counts.a, labels), quadraticKappa(counts.b, labels)];
  return {
    value: own.value - other.value,
    of: ({a, b, third}) => own.derivative[a * labels + third]! - other.derivative[b * labels + third]!
  };
}
