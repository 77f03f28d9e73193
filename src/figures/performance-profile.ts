/** Performance profiles: for every value, the share of settings × trainings above it, one line an arm. */
import {line, scaleLinear} from "d3";
import type {ScaleLinear} from "d3";
import {formatNumber, shownScale, unitOf} from "../core/format.js";
import {measureOf} from "../core/measures.js";
import type {Mode} from "../core/arms.js";
import type {MeasureId} from "../core/cubes.js";
import {MODE_LOOKS, modeColor, modeTextColor} from "../core/palette.js";
import type {ArmAggregates} from "../core/setting-aggregates.js";
import {performanceProfile} from "../core/statistics/robust-aggregates.js";
import {giveRows} from "./drawn.js";
import {add, sheet} from "./elements.js";
import type {FigureOptions} from "./figure.js";
import {round, shapeOf} from "./interval-panels.js";
import {MUTED, PAPER, RADIUS, RULE, domainOf} from "./marks.js";

type Scale = ScaleLinear<number, number>;

const THRESHOLDS = 60;
const HEIGHT = 150;
const [LEFT, TOP, RIGHT] = [40, 30, 14];
/** Shares of the height between which lines are named, the first line highest. */
const [FIRST_NAME, LAST_NAME] = [0.86, 0.14];
/** Mean width of a character of a name, in pixels. */
const CHARACTER = 6.7;

/** A line further to the right is better where more is better: read all of it, not its middle alone. */
export function profilePanel(
  {selection, width, document}: FigureOptions,
  data: Pick<ArmAggregates, "arm" | "scores">[]
): SVGSVGElement {
  const {measure} = selection;
  const scale = shownScale(measure);
  const [low, high] = possible(
    measure,
    domainOf(
      data.flatMap(({scores}) => scores.flat()),
      {pad: 0.03}
    )
  );
  const x = scaleLinear([low * scale, high * scale], [LEFT, width - RIGHT]);
  const y = scaleLinear([0, 1], [TOP + HEIGHT, TOP]);
  const svg = sheet(width, TOP + HEIGHT + 42, document);
  const unit = unitOf(measure);
  const {short} = measureOf(measure);
  const title =
    width < 640
      ? "Share of settings × trainings above, %"
      : `Share of settings × trainings above a value of ${short}, %`;
  add(svg, "text", {x: 0, y: 12, "text-anchor": "start", "font-weight": 600, "font-size": 13}, title);
  drawAxes(svg, x, y);
  const thresholds = Array.from({length: THRESHOLDS}, (_, i) => low + ((high - low) * i) / (THRESHOLDS - 1));
  const path = line<number>(
    (_, i) => round(x(thresholds[i]! * scale)),
    (share) => round(y(share))
  );
  const middle = (LEFT + width - RIGHT) / 2;
  add(
    svg,
    "text",
    {class: "direction", x: middle, y: TOP + HEIGHT + 34, fill: MUTED, "font-size": 12},
    unit ? `${short}, ${unit}` : short
  );
  const profiles = data.map(({scores}) => performanceProfile(scores, thresholds));
  giveRows(svg, () =>
    data.flatMap(({arm: {mode}}, i) =>
      profiles[i]!.map((share, k) => ({mode, threshold: thresholds[k]! * scale, share_above: share}))
    )
  );
  data.forEach(({arm}, i) => {
    const shares = profiles[i]!;
    add(svg, "path", {
      ...{class: "profile", d: path(shares), fill: "none"},
      ...{stroke: modeColor(arm.mode), "stroke-width": arm.mode === "explanation" ? 2.25 : 1.5}
    });
    const step = data.length < 2 ? 0 : (FIRST_NAME - LAST_NAME) / (data.length - 1);
    const level = FIRST_NAME - i * step;
    const k = Math.max(
      0,
      shares.findLastIndex((share) => share >= level)
    );
    drawName(svg, arm.mode, {at: x(thresholds[k]! * scale), y: y(level), to: width});
  });
  return svg;
}

/** As much of a domain as values of the measure can have. */
function possible(measure: MeasureId, [low, high]: [number, number]): [number, number] {
  const [least, most] = measureOf(measure).domain;
  return [Math.max(least, low), Math.min(most ?? Infinity, high)];
}

/** A line's marker and mode, where it crosses the height that is its own: beside the line, on paper. */
function drawName(svg: Element, mode: Mode, {at, y, to}: {at: number; y: number; to: number}): void {
  const {title} = MODE_LOOKS[mode];
  const isRight = at + 10 + title.length * CHARACTER <= to;
  add(svg, "path", {
    ...{class: "end", d: shapeOf(mode, RADIUS), fill: modeColor(mode), stroke: PAPER},
    transform: `translate(${round(at)},${round(y)})`
  });
  const halo = {stroke: PAPER, "stroke-width": 4, "paint-order": "stroke"};
  add(
    svg,
    "text",
    {
      ...{class: "mode", x: round(at + (isRight ? 8 : -8)), y: round(y) + 4, "font-size": 12, ...halo},
      ...{"text-anchor": isRight ? "start" : "end", fill: modeTextColor(mode)}
    },
    title
  );
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
