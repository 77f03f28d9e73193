/** Ends of intervals, which stay to be seen where an interval is narrower than its marker. */
import {add} from "./elements.js";
import {PAPER, RADIUS, inkOf} from "./marks.js";
import type {IntervalDatum} from "./marks.js";

/** Half of an end, in pixels. */
const HALF = 3;

/** Length of an arrowhead, in pixels. */
const HEAD = 4;

/**
 * An interval with its ends, as a part of a path: one stroke, in pixels. Beyond the edges of its panel it is cut, and
 * ends in an arrowhead.
 */
export function intervalStroke(
  low: number,
  high: number,
  y: number,
  [first, last]: readonly [number, number] = [-Infinity, Infinity]
): string {
  const [from, to] = [Math.max(low, first), Math.min(high, last)];
  const back = high > last ? HEAD : 0;
  const right = `m${-back},${-HALF}${strokeEnd(back)}`;
  const ahead = low < first ? HEAD : 0;
  const left = `m${(from + ahead - to + back).toFixed(2)},${-2 * HALF}${strokeEnd(-ahead)}`;
  return `M${from.toFixed(2)},${y.toFixed(2)}H${to.toFixed(2)}${right}${left}`;
}

/** A line without ends, as a part of a path: with an arrowhead where it is cut. */
export function cutLine(
  low: number,
  high: number,
  y: number,
  [first, last]: readonly [number, number]
): string {
  const [from, to] = [Math.max(low, first), Math.min(high, last)];
  const right = high > last ? `m${-HEAD},${-HALF}${strokeEnd(HEAD)}` : "";
  const left = low < first ? `M${(from + HEAD).toFixed(2)},${(y - HALF).toFixed(2)}${strokeEnd(-HEAD)}` : "";
  return `M${from.toFixed(2)},${y.toFixed(2)}H${to.toFixed(2)}${right}${left}`;
}

/** From its upper end on: a bar across the line, or a head whose tip is so many pixels further. */
function strokeEnd(tip: number): string {
  return tip === 0 ? `v${2 * HALF}` : `l${tip},${HALF}l${-tip},${HALF}`;
}

/** An end as a part of a path, at a place in pixels. */
function intervalEnd(x: number, y: number): string {
  return `M${x.toFixed(1)},${(y - HALF).toFixed(1)}v${2 * HALF}`;
}

/** Ends that markers would hide, over these and with paper around them. */
export function drawHiddenEnds<D extends IntervalDatum & {row: string; dy?: number}>(
  group: Element,
  data: readonly D[],
  {x, y}: {x: (value: number) => number; y: (row: string) => number}
): void {
  const hidden = new Map<string, string>();
  for (const {mode, ink, value, low, high, row, dy = 0, r = RADIUS} of data)
    for (const end of [low, high]) {
      if (end === null || Math.abs(x(end) - x(value)) > r + 1) continue;
      const color = inkOf({mode, ink});
      hidden.set(color, (hidden.get(color) ?? "") + intervalEnd(x(end), y(row) + dy));
    }
  const style = {class: "hidden-end", "pointer-events": "none"};
  for (const [stroke, d] of hidden) {
    add(group, "path", {...style, d, stroke: PAPER, "stroke-width": 3.5});
    add(group, "path", {...style, d, stroke, "stroke-width": 1.5});
  }
}
