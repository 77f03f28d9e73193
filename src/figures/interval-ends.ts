/** Ends of intervals, which stay to be seen where an interval is narrower than its marker. */
import {add} from "./elements.js";
import {PAPER, RADIUS, inkOf} from "./marks.js";
import type {IntervalDatum} from "./marks.js";

/** Half of an end, in pixels. */
const HALF = 3;

/** An interval with its ends, as a part of a path: one stroke, in pixels. */
export function intervalStroke(low: number, high: number, y: number): string {
  const right = `m0,${-HALF}v${2 * HALF}`;
  const left = `m${(low - high).toFixed(2)},${-2 * HALF}v${2 * HALF}`;
  return `M${low.toFixed(2)},${y.toFixed(2)}H${high.toFixed(2)}${right}${left}`;
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
