/** Entropies of an arm as arrays aligned with the test rows: a layer's estimator, or the entropy over labels. */
import type {EntropySource} from "../../src/core/cubes.js";

/** `layer` of the entropy over labels, which is read at the output. */
export const OUTPUT_LAYER = -1;

/** One seed's entropies, NaN where there is none, and what became of the rows' labels. */
export interface SeedSeries {
  seed: string;
  values: Float64Array;
  /** UNSCORED, WRONG or RIGHT. */
  outcome: Uint8Array;
}

/** One entropy of one arm, seed by seed; only seeds that have any. */
export interface EntropySeries {
  layer: number;
  estimator: EntropySource;
  seeds: SeedSeries[];
}

/** False for NaN and infinities. */
export function isFiniteNumber(value: number): boolean {
  return value - value === 0;
}

export function hasValues({values}: Pick<SeedSeries, "values">): boolean {
  return values.some(isFiniteNumber);
}
