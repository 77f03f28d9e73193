/** Entropies of an arm in {@link settingOrder}: a layer's estimator, or the entropy over labels. */
import type {EntropySource} from "../../src/core/cubes.js";
import {settingOrder} from "./setting-order.js";
import type {Member} from "./systems.js";
import type {TestLayout} from "./test-layout.js";

/** `layer` of the entropy over labels, which is read at the output. */
export const OUTPUT_LAYER = -1;

/** One seed's entropies by place, NaN where there is none. */
export interface SeedSeries {
  seed: string;
  /** What became of the rows' labels: UNSCORED, WRONG or RIGHT. */
  outcome: Uint8Array;
  values: Float64Array;
  /** The same entropy of label-only with this seed; null where there is none, and for label-only itself. */
  base: Float64Array | null;
}

/** One entropy of one arm, seed by seed; only seeds that have any. */
export interface EntropySeries {
  layer: number;
  estimator: EntropySource;
  seeds: SeedSeries[];
}

/** Outcomes by test row to outcomes by place. */
export function placeOutcomes(byRow: Uint8Array, layout: TestLayout): Uint8Array {
  const {rowAt} = settingOrder(layout);
  const outcome = new Uint8Array(rowAt.length);
  for (let place = 0; place < rowAt.length; ++place) outcome[place] = byRow[rowAt[place]!]!;
  return outcome;
}

/** The entropy over labels of all seeds of an arm. */
export function labelEntropySeries(members: readonly Member[], layout: TestLayout): EntropySeries {
  const seeds = members.map(({seed, summary}) => ({
    seed,
    outcome: placeOutcomes(summary.outcome, layout),
    values: placeValues(summary.label_entropy, layout),
    base: null
  }));
  return {layer: OUTPUT_LAYER, estimator: "label_entropy", seeds};
}

/** Values by test row to values by place. */
export function placeValues(byRow: Float64Array, layout: TestLayout): Float64Array {
  const {rowAt} = settingOrder(layout);
  const values = new Float64Array(rowAt.length);
  for (let place = 0; place < rowAt.length; ++place) values[place] = byRow[rowAt[place]!]!;
  return values;
}

/** False for NaN and infinities. */
export function isFiniteNumber(value: number): boolean {
  return value - value === 0;
}

export function hasValues({values}: Pick<SeedSeries, "values">): boolean {
  return values.some(isFiniteNumber);
}
