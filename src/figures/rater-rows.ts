/** What figures of raters share: the rows of cells that hold something, and estimates as marks in ink. */
import type {AllCubes} from "../core/cubes-reader.js";
import {formatCount, formatNumber} from "../core/format.js";
import type {Selection} from "../core/selection.js";
import {axisTitle, corpusTitle} from "./figure.js";
import {forestRows} from "./forest-rows.js";
import type {ForestRow} from "./forest-rows.js";
import type {PlacedDatum} from "./interval-panels.js";
import {INK} from "./marks.js";

/** A number of a cell with its interval, as rows of these cubes have it. */
export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
}

/** Cells of the selection as rows of a forest: those that `holds` something, pooled ones first. */
export function cellRows(
  {study}: Pick<AllCubes, "study">,
  selection: Selection,
  narrow: boolean,
  holds: (cell: {corpus: string; axis: string}) => boolean
): ForestRow[] {
  const rows = forestRows({study, across: []}, {...selection, seed: "all"}, narrow);
  return rows.filter(holds);
}

/** `Support desk · Naturalness`. */
export function cellTitle(
  {study}: Pick<AllCubes, "study">,
  {corpus, axis}: {corpus: string; axis: string}
): string {
  return `${corpusTitle(study, corpus)} · ${axisTitle(study, axis)}`;
}

/** `0.71 [0.66, 0.75]`; a number alone where it has no interval. */
export function estimateText({value, low, high}: Omit<Estimate, "n">): string {
  const interval = low === null || high === null ? "" : ` [${formatNumber(low)}, ${formatNumber(high)}]`;
  return `${formatNumber(value)}${interval}`;
}

/** A mark that belongs to no mode, in ink; null where there is no value. */
export function inkMark(
  place: {column: string; row: string},
  estimate: Estimate,
  {title, counted}: {title: string; counted: string}
): PlacedDatum | null {
  const {value, low, high, n} = estimate;
  if (value === null) return null;
  return {
    ...place,
    mode: "label-only", // for its shape, a circle
    ink: INK,
    ...{value, low, high},
    title: `${title}\n${estimateText(estimate)}\nn = ${formatCount(n)} ${counted}`
  };
}
