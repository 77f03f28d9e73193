/**
 * Every measure from one vector of sums. Item statistics add up over rows, so a cell, a pooled cell and a bootstrap
 * draw are all sums of the same vectors, finished by the same function.
 *
 * Layout of a vector: {@link DENSE} sums, then gaps (confidence − correct) by bin of equal width, the same by bin of
 * equal mass, then the confusion matrix (gold × predicted), if the rows share their labels.
 */
import type {MeasureId} from "../cubes.js";
import {CALIBRATION_BINS as BINS, MEASURES} from "../measures.js";

/** Sums at the head of a vector, in order. */
export const DENSE = [
  "rows",
  "correct",
  "within_one",
  "absolute_error",
  "nll",
  "brier",
  "confidence",
  "label_entropy",
  "margin",
  "off_label_mass"
] as const;
const WIDTH_AT = DENSE.length;
const MASS_AT = WIDTH_AT + BINS;
const CONFUSION_AT = MASS_AT + BINS;

/** Place of each measure in what {@link finish} returns. */
export const MEASURE_IDS: readonly MeasureId[] = MEASURES.map(({id}) => id);
const PLACE = Object.fromEntries(MEASURE_IDS.map((id, place) => [id, place])) as Record<MeasureId, number>;

/** What the axes of a cell have in common. */
export interface Shape {
  /** Number of labels, where all axes have the same list; else 0. */
  labels: number;
  /** Whether all axes are ordinal. */
  ordinal: boolean;
}

/** Item statistics of n rows, ready to be summed. */
export interface ItemStatistics {
  shape: Shape;
  /** Rows × {@link DENSE}, row by row. */
  dense: Float64Array;
  /** Confidence − correct. */
  gap: Float64Array;
  widthBin: Uint8Array;
  massBin: Uint8Array;
  /** Cell of the confusion matrix, `gold · labels + predicted`; unused where labels aren't shared. */
  confusion: Int32Array;
}

/** One row as it comes from `predictions`: indices of labels, probabilities' summaries. NaN where there is none. */
export interface ScoredRows {
  gold: ArrayLike<number>;
  predicted: ArrayLike<number>;
  nll: ArrayLike<number>;
  brier: ArrayLike<number>;
  confidence: ArrayLike<number>;
  label_entropy: ArrayLike<number>;
  margin: ArrayLike<number>;
  off_label_mass: ArrayLike<number>;
}

/** Statistics of `rows` (indices into `scores`), whose bins of equal mass are those of just these rows. */
export function itemStatistics(scores: ScoredRows, rows: ArrayLike<number>, shape: Shape): ItemStatistics {
  const n = rows.length;
  const dense = new Float64Array(n * DENSE.length);
  const gap = new Float64Array(n);
  const confidence = new Float64Array(n);
  const confusion = new Int32Array(n);
  for (let i = 0; i < n; ++i) {
    const row = rows[i]!;
    const gold = scores.gold[row]!;
    const predicted = scores.predicted[row]!;
    const correct = gold === predicted ? 1 : 0;
    const error = shape.ordinal ? Math.abs(gold - predicted) : NaN;
    confidence[i] = scores.confidence[row]!;
    gap[i] = confidence[i]! - correct;
    confusion[i] = gold * shape.labels + predicted;
    const {nll, brier, label_entropy, margin, off_label_mass} = scores;
    const head = [
      nll[row]!,
      brier[row]!,
      confidence[i]!,
      label_entropy[row]!,
      margin[row]!,
      off_label_mass[row]!
    ];
    dense.set([1, correct, error <= 1 ? 1 : 0, error, ...head], i * DENSE.length);
  }
  return {
    shape,
    dense,
    gap,
    confusion,
    widthBin: equalWidthBins(confidence),
    massBin: equalMassBins(confidence, BINS)
  };
}

/** Bin of each probability among {@link CALIBRATION_BINS} of equal width, each closed above: (0, 1/15], (1/15, 2/15], … */
export function equalWidthBins(confidence: Float64Array): Uint8Array {
  return Uint8Array.from(confidence, (value) => Math.min(BINS - 1, Math.max(0, Math.ceil(value * BINS) - 1)));
}

/** Bin of each value among `bins` of equally many values: ⌊bins · (number of smaller values) / n⌋, so equal values share one. */
export function equalMassBins(values: Float64Array, bins: number): Uint8Array {
  const sorted = Float64Array.from(values).sort();
  return Uint8Array.from(values, (value) => Math.floor((bins * countSmaller(sorted, value)) / sorted.length));
}

function countSmaller(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Length of a summed vector. */
export function vectorLength({labels}: Shape): number {
  return CONFUSION_AT + labels * labels;
}

/** Vectors of clusters: the dense head in full, of the rest only what isn't zero. */
export interface ClusterVectors {
  length: number;
  /** Ids of the clusters that hold rows. */
  clusters: Int32Array;
  /** Clusters × {@link DENSE}. */
  dense: Float64Array;
  /** Entries of cluster g are `start[g]` to `start[g + 1]`: `value[e]` belongs at `place[e]` of the vector. */
  start: Int32Array;
  place: Int32Array;
  value: Float64Array;
}

/** Adds the items' vectors up by cluster. `clusters[i]` is the cluster of row i. */
export function clusterVectors(items: ItemStatistics, clusters: Int32Array): ClusterVectors {
  const ids = Int32Array.from(new Set(clusters)).sort();
  const indexOf = new Map(Array.from(ids, (id, index) => [id, index]));
  const dense = new Float64Array(ids.length * DENSE.length);
  const entries = Array.from(ids, () => new Map<number, number>());
  clusters.forEach((cluster, i) => {
    const index = indexOf.get(cluster)!;
    for (let k = 0; k < DENSE.length; ++k)
      dense[index * DENSE.length + k]! += items.dense[i * DENSE.length + k]!;
    const own = entries[index]!;
    const add = (place: number, value: number) => own.set(place, (own.get(place) ?? 0) + value);
    add(WIDTH_AT + items.widthBin[i]!, items.gap[i]!);
    add(MASS_AT + items.massBin[i]!, items.gap[i]!);
    if (items.shape.labels) add(CONFUSION_AT + items.confusion[i]!, 1);
  });
  const start = new Int32Array(ids.length + 1);
  entries.forEach((own, index) => (start[index + 1] = start[index]! + own.size));
  return {
    length: vectorLength(items.shape),
    clusters: ids,
    dense,
    start,
    place: Int32Array.from(entries.flatMap((own) => [...own.keys()])),
    value: Float64Array.from(entries.flatMap((own) => [...own.values()]))
  };
}

/**
 * Sum of the vectors into `out` (overwritten), the cluster with id c counted `weights[offset + c]` times; without
 * weights, once.
 */
export function sumClusters(
  vectors: ClusterVectors,
  out: Float64Array,
  weights?: Uint16Array,
  offset = 0
): Float64Array {
  const {clusters, dense, start, place, value} = vectors;
  const width = DENSE.length;
  out.fill(0);
  for (let g = 0; g < clusters.length; ++g) {
    const weight = weights ? weights[offset + clusters[g]!]! : 1;
    // Not only faster: 0 × ∞ would be NaN.
    if (weight === 0) continue;
    for (let k = 0, at = g * width; k < width; ++k, ++at) out[k]! += weight * dense[at]!;
    for (let e = start[g]!, end = start[g + 1]!; e < end; ++e) out[place[e]!]! += weight * value[e]!;
  }
  return out;
}

/** All measures of a summed vector, in the order of {@link MEASURE_IDS}; NaN where undefined. Writes `out[at …]`. */
export function finish(
  sum: Float64Array,
  shape: Shape,
  out = new Float64Array(MEASURE_IDS.length),
  at = 0
): Float64Array {
  const [rows, correct, within, error, nll, brier, confidence, entropy, margin, off] =
    sum as unknown as number[];
  const n = rows! > 0 ? rows! : NaN;
  out[at + PLACE.accuracy] = correct! / n;
  out[at + PLACE.within_one] = shape.ordinal ? within! / n : NaN;
  out[at + PLACE.mae] = error! / n;
  out[at + PLACE.nll] = nll! / n;
  out[at + PLACE.brier] = brier! / n;
  out[at + PLACE.sharpness] = confidence! / n;
  out[at + PLACE.label_entropy] = entropy! / n;
  out[at + PLACE.margin] = margin! / n;
  out[at + PLACE.off_label_mass] = off! / n;
  out[at + PLACE.ece] = absoluteSum(sum, WIDTH_AT) / n;
  out[at + PLACE.ece_mass] = absoluteSum(sum, MASS_AT) / n;
  out[at + PLACE.macro_f1] = shape.labels && rows! > 0 ? macroF1(sum, shape.labels) : NaN;
  out[at + PLACE.qwk] = shape.labels && shape.ordinal && rows! > 0 ? quadraticKappa(sum, shape.labels) : NaN;
  return out;
}

function absoluteSum(sum: Float64Array, from: number): number {
  let total = 0;
  for (let bin = 0; bin < BINS; ++bin) total += Math.abs(sum[from + bin]!);
  return total;
}

function macroF1(sum: Float64Array, labels: number): number {
  let total = 0;
  for (let k = 0; k < labels; ++k) {
    let goldAndPredicted = 0;
    for (let j = 0; j < labels; ++j)
      goldAndPredicted += sum[CONFUSION_AT + k * labels + j]! + sum[CONFUSION_AT + j * labels + k]!;
    if (goldAndPredicted > 0) total += (2 * sum[CONFUSION_AT + k * labels + k]!) / goldAndPredicted;
  }
  return total / labels;
}

/** 1 − Σ(i−j)²·O / Σ(i−j)²·E with E of the same margins. Σ(i−j)²·E needs the margins' first two moments only. */
function quadraticKappa(sum: Float64Array, labels: number): number {
  let observed = 0;
  let n = 0;
  let gold = 0;
  let goldSquared = 0;
  let predicted = 0;
  let predictedSquared = 0;
  for (let i = 0; i < labels; ++i) {
    for (let j = 0; j < labels; ++j) {
      const count = sum[CONFUSION_AT + i * labels + j]!;
      observed += count * (i - j) * (i - j);
      n += count;
      gold += count * i;
      goldSquared += count * i * i;
      predicted += count * j;
      predictedSquared += count * j * j;
    }
  }
  const expected = goldSquared + predictedSquared - (2 * gold * predicted) / n;
  return expected > 0 ? 1 - observed / expected : NaN;
}
