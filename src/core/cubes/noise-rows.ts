/** What the same job gives when it is trained again: the floor below which an effect can be noise of the device. */
import type {Estimator} from "../contract.js";

/**
 * What is compared between repetitions: `accuracy` and `nll` of a cell (as {@link MeasureId}), single label probabilities
 * (`probability`), predicted labels (`changed`: share of test rows that predict another), entropies of single rows at single
 * layers (`layer_entropy`, in nats, each estimator by itself).
 */
export type NoiseMeasure = "accuracy" | "nll" | "probability" | "changed" | "layer_entropy";

/** `noise.json`: one row an arm × cell × measure. Empty where the study's noise was not measured. */
export interface NoiseRow {
  arm: string;
  seed: string;
  /** A setting, or `all` of both: accuracy and NLL are compared in either, the rest over all rows. */
  corpus: string;
  axis: string;
  measure: NoiseMeasure;
  /** Of `layer_entropy`; empty for the others. */
  estimator: Estimator | "";
  repetitions: number;
  /** Test rows. */
  n: number;
  /** Largest absolute difference between two repetitions; of `changed`, the largest share. */
  largest: number | null;
  /** Root mean square of the difference over pairs of repetitions; of `changed`, the mean share over them. */
  deviation: number | null;
  /** Whether predictions and entropies are the same bits in all repetitions. */
  identical: boolean;
  /** Kind and name, `cuda NVIDIA H200`; several where repetitions ran on several. */
  device: string;
  /** Settings that decide whether bits repeat: `cudnn_benchmark false, …`. */
  determinism: string;
}
