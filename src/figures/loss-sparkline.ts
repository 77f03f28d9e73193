/** The loss of one run along its training, as a line in a row of text. */
import {line, scaleLinear} from "d3";
import type {LossPoint} from "../core/live.js";
import {formatNumber} from "../core/format.js";
import {add, sheet} from "./elements.js";
import {INK} from "./marks.js";

export interface SparklineOptions {
  width: number;
  height: number;
  /** Steps of the whole training, so that the line grows from left to right. */
  steps: number;
  document?: Document;
}

/** An image that says its ends in words; empty where there are fewer than two points. */
export function lossSparkline(
  losses: readonly LossPoint[],
  {width, height, steps, document = globalThis.document}: SparklineOptions
): SVGSVGElement {
  const svg = sheet(width, height, document);
  svg.setAttribute("class", "sparkline");
  svg.setAttribute("role", "img");
  const [first, last] = [losses[0], losses.at(-1)];
  if (!first || !last || losses.length < 2) {
    svg.setAttribute("aria-label", "no loss yet");
    return svg;
  }
  svg.setAttribute(
    "aria-label",
    `loss ${formatNumber(first.loss)} at step ${first.step}, ${formatNumber(last.loss)} at step ${last.step}`
  );
  const values = losses.map(({loss}) => loss);
  const x = scaleLinear([0, Math.max(steps, last.step, 1)], [1, width - 3]);
  const y = scaleLinear([Math.min(...values), Math.max(...values)], [height - 3, 3]);
  const path = line<LossPoint>(
    ({step}) => x(step),
    ({loss}) => y(loss)
  );
  add(svg, "path", {d: path([...losses]), fill: "none", stroke: INK, "stroke-width": 1.25});
  add(svg, "circle", {cx: x(last.step), cy: y(last.loss), r: 2, fill: INK});
  return svg;
}
