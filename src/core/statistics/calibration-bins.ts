/** Bins of confidence, and of anything else that is cut into equal shares. */
import {CALIBRATION_BINS as BINS} from "../measures.js";

/** Bin of each probability among {@link CALIBRATION_BINS} of equal width, each closed above: (0, 1/15], (1/15, 2/15], … */
export function equalWidthBins(confidence: ArrayLike<number>): Uint8Array {
  const bins = new Uint8Array(confidence.length);
  for (let i = 0; i < bins.length; ++i)
    bins[i] = Math.min(BINS - 1, Math.max(0, Math.ceil(confidence[i]! * BINS) - 1));
  return bins;
}

/**
 * Bin of each value among `bins` of equally many values: ⌊bins · (number of smaller values) / n⌋, so equal values share one.
 *
 * @param order - Indices of the values in ascending order.
 */
export function equalMassBins(values: ArrayLike<number>, bins: number, order: ArrayLike<number>): Uint8Array {
  const n = values.length;
  const out = new Uint8Array(n);
  let smaller = 0;
  for (let i = 0; i < n; ++i) {
    if (i > 0 && values[order[i]!] !== values[order[i - 1]!]) smaller = i;
    out[order[i]!] = Math.floor((bins * smaller) / n);
  }
  return out;
}
