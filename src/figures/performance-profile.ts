/** Performance profiles: for every value, the share of settings × trainings above it, one line an arm. */
import {line, scaleLinear} from "d3";
import type {ScaleLinear} from "d3";
import {formatNumber, shownScale, unitOf} from "../core/format.js";
import {measureOf} from "../core/measures.js";
import {modeColor} from "../core/palette.js";
import type {ArmAggregates} from "../core/setting-aggregates.js";
import {performanceProfile} from "../core/statistics/robust-aggregates.js";
import {add, sheet} from "./elements.js";
import type {FigureOptions} from "./figure.js";
import {round} from "./interval-panels.js";
import {MUTED, RULE, domainOf} from "./marks.js";

type Scale = ScaleLinear<number, number>;

const THRESHOLDS = 60;
const HEIGHT = 150;
const [LEFT, TOP] = [40, 30];

/** A line further to the right is better where more is better: read all of it, not its middle alone. */
export function profilePanel(
  {selection, width, document}: FigureOptions,
  data: Pick<ArmAggregates, "arm" | "scores">[]
): SVGSVGElement {
  const {measure} = selection;
  const scale = shownScale(measure);
  const [low, high] = domainOf(
    data.flatMap(({scores}) => scores.flat()),
    {pad: 0.03}
  );
  const x = scaleLinear([low * scale, high * scale], [LEFT, width - 8]);
  const y = scaleLinear([0, 1], [TOP + HEIGHT, TOP]);
  const svg = sheet(width, TOP + HEIGHT + 26, document);
  const unit = unitOf(measure);
  const {short} = measureOf(measure);
  const title =
    width < 640
      ? `% of runs above a value${unit ? `, ${unit}` : ""}`
      : `% of settings × trainings above a value of ${short}${unit ? `, ${unit}` : ""}`;
  add(svg, "text", {x: 0, y: 12, "text-anchor": "start", "font-weight": 600, "font-size": 13}, title);
  drawAxes(svg, x, y);
  const thresholds = Array.from({length: THRESHOLDS}, (_, i) => low + ((high - low) * i) / (THRESHOLDS - 1));
  const path = line<number>(
    (_, i) => round(x(thresholds[i]! * scale)),
    (share) => round(y(share))
  );
  for (const {arm, scores} of data)
    add(svg, "path", {
      ...{class: "profile", d: path(performanceProfile(scores, thresholds)), fill: "none"},
      ...{stroke: modeColor(arm.mode), "stroke-width": arm.mode === "explanation" ? 2.25 : 1.5}
    });
  return svg;
}

function drawAxes(svg: Element, x: Scale, y: Scale): void {
  const [bottom] = y.range() as [number, number];
  const [left, right] = x.range() as [number, number];
  const levels = [0, 0.25, 0.5, 0.75, 1];
  const across = levels.map((level) => `M${left},${round(y(level))}H${right}`).join("");
  add(svg, "path", {class: "grid", d: across, stroke: RULE});
  const labels = add(svg, "g", {class: "ticks", fill: MUTED, "font-size": 12});
  for (const level of levels)
    add(
      labels,
      "text",
      {x: left - 8, y: round(y(level)) + 4, "text-anchor": "end"},
      formatNumber(100 * level, 0)
    );
  const count = Math.max(3, Math.floor((right - left) / 90));
  const format = x.tickFormat(count);
  for (const tick of x.ticks(count)) add(labels, "text", {x: round(x(tick)), y: bottom + 16}, format(tick));
}
