/** Estimates of one measure in one cell, from the summaries of seeds or pairs. */
import {measureOf} from "../../src/core/measures.js";
import {MEASURE_IDS} from "../../src/core/statistics/cell-measures.js";
import type {Uncertain} from "../../src/core/cubes.js";
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import {uncertaintyOf} from "../../src/core/statistics/uncertainty.js";
import type {CellSummary, Summary} from "./summary.js";
import type {Pair} from "./systems.js";
import type {Cell} from "./test-layout.js";

/** A seed's value and its influences by dialogue of the cell. */
export interface SeedEstimate {
  value: number;
  influence: ArrayLike<number>;
}

/** A seed's value of the measure at this place of MEASURE_IDS. */
export function levelOf({values, influence}: CellSummary, measure: number): SeedEstimate {
  return {value: values[measure]!, influence: influencesOf({values, influence}, measure)};
}

function influencesOf(
  {values, influence}: Pick<CellSummary, "values" | "influence">,
  measure: number
): Float32Array {
  const dialogues = influence.length / values.length;
  return influence.subarray(measure * dialogues, (measure + 1) * dialogues);
}

/** A seed's difference, arm − other, on common rows. */
export function differenceOf({arm, base}: Pair, cell: number, measure: number): SeedEstimate {
  const [own, other] = [levelOf(arm.cells[cell]!, measure), levelOf(base.cells[cell]!, measure)];
  const influence = new Float64Array(own.influence.length);
  for (let g = 0; g < influence.length; ++g) influence[g] = own.influence[g]! - other.influence[g]!;
  return {value: own.value - other.value, influence};
}

/** Mean over seeds with both intervals; null and no interval without seeds or where a seed's value is undefined. */
export function estimateOf(
  seeds: SeedEstimate[],
  {stratum, strata, dialogues}: Cell,
  measure?: number
): Uncertain & {value: number | null} {
  if (seeds.length === 0 || !seeds.every(({value}) => Number.isFinite(value)))
    return {value: null, ...NO_UNCERTAINTY};
  return uncertaintyOf({
    seeds,
    df: dialogues - strata,
    ...(strata > 1 ? {strata: stratum} : {}),
    ...(measure === undefined ? {} : {domain: measureOf(MEASURE_IDS[measure]!).domain})
  });
}

/** Test rows and dialogues of a cell: of the summary that has most of them. */
export function coverageOf(summaries: Summary[], cell: number): {n: number; dialogues: number} {
  let [n, dialogues] = [0, 0];
  for (const {cells} of summaries) {
    const own = cells[cell]!;
    n = Math.max(n, own.n);
    dialogues = Math.max(dialogues, countPositive(own.rowsOf));
  }
  return {n, dialogues};
}

function countPositive(counts: ArrayLike<number>): number {
  let positive = 0;
  for (let g = 0; g < counts.length; ++g) if (counts[g]! > 0) positive += 1;
  return positive;
}
