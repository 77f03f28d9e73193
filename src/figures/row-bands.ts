/** Grey bands behind rows of estimates: what lies within means little. */
import type {ScaleLinear} from "d3";
import {add} from "./elements.js";
import {MUTED} from "./marks.js";

export interface RowBand {
  row: string;
  low: number;
  high: number;
}

/** One path for all bands, each as high as its row and cut off at the scale's ends. */
export function drawBands(
  group: Element,
  bands: RowBand[],
  {x, y}: {x: ScaleLinear<number, number>; y: (row: string) => number},
  rowHeight: number
): void {
  if (bands.length === 0) return;
  const half = rowHeight / 2 - 1;
  const [left, right] = x.range() as [number, number];
  const at = (value: number) => Math.min(right, Math.max(left, x(value))).toFixed(2);
  const boxes = bands.map(
    ({row, low, high}) => `M${at(low)},${y(row) - half}H${at(high)}v${2 * half}H${at(low)}Z`
  );
  add(group, "path", {class: "band", d: boxes.join(""), fill: MUTED, "fill-opacity": 0.16});
}
