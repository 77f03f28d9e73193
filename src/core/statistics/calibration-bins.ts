/** Bins of confidence, and of anything else that is cut into equal shares. */
import {CALIBRATION_BINS as BINS} from "../measures.js";

/** Bin of each probability among {@link CALIBRATION_BINS} of equal width, each closed above: (0, 1/15], (1/15, 2/15], … */
export function equalWidthBins(confidence: ArrayLike<number>): Uint8Array {
  const bins = new Uint8Array(confidence.length);
  for (let i = 0; i < bins.length; ++i) bins[i] = equalWidthBin(confidence[i]!);
  return bins;
}

/** The same of one probability. */
export function equalWidthBin(confidence: number): number {
  return Math.min(BINS - 1, Math.max(0, Math.ceil(confidence * BINS) - 1));
}

/**
 * Bin of each value among `bins` of equally many values: ⌊bins · (number of smaller values) / n⌋, so equal values share one.
 *
 * @param order - Indices of the values in ascending order; those that it leaves out don't count.
 * @param out - Where the bins go, aligned with the values.
 */
export function equalMassBins(
  values: ArrayLike<number>,
  bins: number,
  order: ArrayLike<number>,
  out = new Uint8Array(values.length)
): Uint8Array {
  const n = order.length;
  let smaller = 0;
  for (let i = 0; i < n; ++i) {
    if (i > 0 && values[order[i]!] !== values[order[i - 1]!]) smaller = i;
    out[order[i]!] = Math.floor((bins * smaller) / n);
  }
  return out;
}
