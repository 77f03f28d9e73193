/** Estimates of measures in cells, from the summaries of seeds or of pairs. */
import {measureOf} from "../../src/core/measures.js";
import {MEASURE_IDS} from "../../src/core/statistics/cell-measures.js";
import type {Uncertain} from "../../src/core/cubes.js";
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import {uncertaintyFrom} from "../../src/core/statistics/uncertainty.js";
import {
  addDifferences,
  influencesLength,
  momentsOf,
  productsOf,
  varianceIn,
  type InfluenceMoments
} from "./influence-moments.js";
import type {CellSummary, Summary} from "./summary.js";
import type {Member, Pair} from "./systems.js";
import type {TestLayout} from "./test-layout.js";

/** One seed's value of a measure in any cell, with the moments of its influences. */
interface SeedValues {
  seed: string;
  /** Of the arm, for differences. */
  cells: CellSummary[];
  value: (cell: number, measure: number) => number;
  moments: InfluenceMoments;
}

/** Levels, or differences on common rows, of several seeds. */
export interface Estimates {
  layout: TestLayout;
  seeds: SeedValues[];
  /** Of the seeds' influences added up. */
  together: InfluenceMoments;
  isLevel: boolean;
}

export function levelsOf(members: readonly Member[], layout: TestLayout): Estimates {
  const seeds = members.map(({seed, summary: {cells, moments}}): SeedValues => {
    const value = (cell: number, measure: number) => cells[cell]!.values[measure]!;
    return {seed, cells, value, moments};
  });
  return {layout, seeds, together: momentsOf(addUp(members), layout), isLevel: true};
}

function addUp(members: readonly Member[]): Float32Array | Float64Array {
  const [first, ...others] = members.map(({summary}) => summary.influence);
  if (!first || others.length === 0) return first ?? new Float32Array(0);
  const total = new Float64Array(first);
  for (const influence of others) for (let at = 0; at < total.length; ++at) total[at]! += influence[at]!;
  return total;
}

/** Differences, arm − other; `products` as {@link productsOf} says, of all seeds' influences added up. */
export function differencesOf(
  pairs: readonly Pair[],
  layout: TestLayout
): Estimates & {products: Float64Array} {
  const total = new Float64Array(influencesLength(layout));
  const seeds = pairs.map(({seed, arm, base}): SeedValues => {
    const value = (cell: number, measure: number) =>
      arm.cells[cell]!.values[measure]! - base.cells[cell]!.values[measure]!;
    const moments = addDifferences(total, arm.influence, base.influence, layout);
    return {seed, cells: arm.cells, value, moments};
  });
  const together = momentsOf(total, layout);
  return {layout, seeds, together, isLevel: false, products: productsOf(total, layout)};
}

/**
 * Mean with both intervals over the seeds with rows in a cell, or of one seed alone; null and no interval without seeds
 * or where a seed's value is undefined.
 */
export function estimateOf(
  {layout, seeds, together, isLevel}: Estimates,
  c: number,
  measure: number,
  only?: string
): Uncertain & {value: number | null} {
  const present = presentIn(seeds, c).filter(({seed}) => only === undefined || seed === only);
  const values = present.map(({value}) => value(c, measure));
  const value = meanOf(values);
  if (!Number.isFinite(value)) return {value: null, ...NO_UNCERTAINTY};
  const count = values.length;
  const cell = layout.cells[c]!;
  const own = present.map(({moments}) => varianceIn(moments, cell, measure, layout));
  const variance =
    only === undefined ? varianceIn(together, cell, measure, layout) / (count * count) : own[0]!;
  const between = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (count - 1);
  const dialogues = {variance, df: cell.dialogues - cell.strata};
  const spread = {seeds: count, between, within: meanOf(own)};
  const domain = isLevel ? measureOf(MEASURE_IDS[measure]!).domain : undefined;
  return {value, ...uncertaintyFrom(value, dialogues, spread, domain)};
}

/** Those with rows in a cell. */
export function presentIn<T extends {cells: CellSummary[]}>(seeds: readonly T[], c: number): T[] {
  return seeds.filter(({cells}) => cells[c]!.n > 0);
}

/** NaN of nothing. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Test rows and dialogues of a cell: of the summary that has most of them. */
export function coverageOf(
  summaries: readonly Pick<Summary, "cells">[],
  cell: number
): {n: number; dialogues: number} {
  const most = (key: "n" | "dialogues") => Math.max(0, ...summaries.map(({cells}) => cells[cell]![key]));
  return {n: most("n"), dialogues: most("dialogues")};
}
