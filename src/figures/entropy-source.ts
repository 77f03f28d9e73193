/** Where entropy is read, in words, for titles and axes. */
import type {EntropySource} from "../core/cubes.js";

export const ESTIMATOR_TITLES: Record<EntropySource, string> = {
  softmax: "Softmax over units",
  energy: "Energy over units",
  energy_trimmed: "Energy, largest units left out",
  logit_lens: "Logit lens",
  logit_lens_kl: "Logit lens, divergence to the final layer",
  matrix: "Matrix (von Neumann)",
  renyi: "Matrix (Rényi, order 2)",
  attention: "Attention",
  histogram: "Histogram of units",
  label_entropy: "Entropy over labels"
};

/** Names for the rows of a narrow drawing: one line each, no two alike. */
export const SHORT_ESTIMATOR_TITLES: Record<EntropySource, string> = {
  softmax: "Softmax",
  energy: "Energy",
  energy_trimmed: "Energy, trimmed",
  logit_lens: "Logit lens",
  logit_lens_kl: "Logit lens, KL",
  matrix: "Matrix",
  renyi: "Rényi 2",
  attention: "Attention",
  histogram: "Histogram",
  label_entropy: "Over labels"
};

/** `energy over units at layer 3`; `entropy over labels` at the output. */
export function sourceTitle(estimator: EntropySource, layer: number): string {
  const title = ESTIMATOR_TITLES[estimator];
  return estimator === "label_entropy" ? title.toLowerCase() : `${lowerFirst(title)} at ${layerTitle(layer)}`;
}

export function layerTitle(layer: number): string {
  return layer === 0 ? "the embedding" : `layer ${layer}`;
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** The layer at which a source has rows: −1 for the labels' entropy. */
export function sourceLayer(estimator: EntropySource, layer: number): number {
  return estimator === "label_entropy" ? -1 : layer;
}
