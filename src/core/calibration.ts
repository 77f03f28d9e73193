/** Levels of calibration in a cell, and over- or underconfidence in words: what figures and sentences share. */
import {rowsWhere} from "./cube-index.js";
import type {LevelRow, MeasureId} from "./cubes.js";
import type {AllCubes} from "./cubes-reader.js";
import {formatSigned} from "./format.js";
import {shownInterval} from "./intervals.js";
import type {Selection} from "./selection.js";

type Levels = Pick<AllCubes, "levels">;
type Cell = Pick<Selection, "corpus" | "axis">;

/** Levels of a measure in a cell, of all systems and seeds. */
export function cellLevels({levels}: Levels, {corpus, axis}: Cell, measure: MeasureId): readonly LevelRow[] {
  return rowsWhere(levels, {measure, corpus, axis});
}

/** A system's level under the seed given; undefined where it has no value. */
export function levelOf(
  cubes: Levels,
  cell: Cell,
  measure: MeasureId,
  {system, seed}: {system: string; seed: string}
): LevelRow | undefined {
  return cellLevels(cubes, cell, measure).find(
    (row) => row.system === system && row.seed === seed && row.value !== null
  );
}

/** By how much a model is surer than it is right (mean confidence less accuracy), in points. */
export interface Overconfidence {
  value: number;
  low: number | null;
  high: number | null;
}

/** With the interval that the selection shows; undefined where the tables hold none of it. */
export function overconfidenceOf(
  cubes: Levels,
  selection: Selection,
  system: string
): Overconfidence | undefined {
  const row = levelOf(cubes, selection, "overconfidence", {system, seed: selection.seed});
  if (!row) return undefined;
  const {low, high} = shownInterval(row, selection);
  return {value: row.value! * 100, low: percentOf(low), high: percentOf(high)};
}

/** A share as percent, or a difference of shares as points. */
export function percentOf(value: number | null): number | null {
  return value === null ? null : value * 100;
}

/** `open` where the interval holds zero, and where there is none: a sign alone decides nothing. */
export function leaningOf({low, high}: Overconfidence): "over" | "under" | "open" {
  if (low === null || high === null) return "open";
  return low > 0 ? "over" : high < 0 ? "under" : "open";
}

/** `+8.1 [+5.0, +11.1]`, in points. */
export function pointsText({value, low, high}: Overconfidence): string {
  const size = formatSigned(value, 1);
  return low === null || high === null ? size : `${size} [${formatSigned(low, 1)}, ${formatSigned(high, 1)}]`;
}
