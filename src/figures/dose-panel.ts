/** The plane of a dose–response figure: values upwards, tokens of text along, one line a mode from label-only on. */
import type {DoseCurve, DosePoint} from "../core/dose-response.js";
import {formatCount, formatNumber} from "../core/format.js";
import {MODE_LOOKS, modeColor} from "../core/palette.js";
import {add} from "./elements.js";
import {MUTED} from "./marks.js";
import {drawIntervals, drawLine, drawMarkers, drawReference, drawZero, nameLines, plane} from "./plane.js";
import type {Area, Plane} from "./plane.js";
import type {Reading} from "./readings.js";

/** What is drawn against dose, and how its numbers are said. */
export interface Response {
  curves: DoseCurve[];
  /** In shown units, of every arm and seed, so that toggles do not move it. */
  domain: [number, number];
  /** From stored to shown values. */
  scale: number;
  /** Differences to label-only rather than levels. */
  difference: boolean;
  /** Whether zero is what values are read against. */
  zero: boolean;
  /** `81.3 % [79.4, 83.1]`. */
  say: (point: DosePoint) => string;
  /** Over the plane, where there is more than one. */
  title?: string;
}

/** Pixels between the intervals of modes whose texts are equally long. */
const APART = 7;
/** Pixels that single trainings stand left of their mean. */
const SEEDS_APART = 4;

/** Draws a response into `parent`. `longest` is the end of the axis of doses, in tokens. */
export function drawDoses(
  parent: Element,
  area: Area,
  response: Response,
  {longest, ticks}: {longest: number; ticks: number}
): () => Reading[] {
  const field = plane(parent, area, {
    x: {domain: [0, longest * 1.04], ticks},
    y: {domain: response.domain, ticks: 5, grid: true}
  });
  nameAxes(field, response.title);
  drawBase(field, response, longest);
  const {curves} = response;
  const placed = curves.map((curve, i) => ({
    ...curve,
    field: besides(field, (i - (curves.length - 1) / 2) * APART)
  }));
  for (const {mode, points, field: own} of placed) drawCurve(own, mode, points, response);
  const label = curves[0]?.points[0];
  nameLines(field, [
    ...curves.map(({mode, points}) => ({mode, value: points.at(-1)!.value * response.scale})),
    ...(label?.tokens === 0 && !response.difference
      ? [{mode: "label-only" as const, value: label.value * response.scale}]
      : [])
  ]);
  return () =>
    placed.flatMap(({mode, points, field: own}, i) =>
      points
        .filter(({tokens}) => tokens > 0 || i === 0)
        .map((point) => readingOf(own, point.tokens === 0 ? "label-only" : mode, point, response))
    );
}

/** The plane with everything but 0 tokens moved sideways by some pixels. */
function besides(field: Plane, pixels: number): Plane {
  return {...field, x: (tokens) => field.x(tokens) + (tokens === 0 ? 0 : pixels)};
}

function nameAxes({group, left, top, width, height}: Plane, title: string | undefined): void {
  add(
    group,
    "text",
    {x: left + width / 2, y: top + height + 34, fill: MUTED, class: "axis-name"},
    "mean tokens of text beside the label"
  );
  if (title)
    add(group, "text", {x: left - 36, y: top - 14, "text-anchor": "start", "font-weight": 600}, title);
}

/** What values are read against: zero, and label-only's own level carried over all doses. */
function drawBase(field: Plane, {curves, scale, difference, zero}: Response, longest: number): void {
  if (zero) drawZero(field);
  if (difference) return;
  const start = curves[0]?.points[0];
  if (start?.tokens !== 0) return;
  const y = start.value * scale;
  drawReference(field, {x: 0, y}, {x: longest * 1.04, y});
  drawPoints(field, "label-only", [start], scale);
}

function drawCurve(field: Plane, mode: DoseCurve["mode"], points: DosePoint[], {scale}: Response): void {
  drawLine(
    field,
    points.map(({tokens, value}) => ({x: tokens, y: value * scale})),
    // One length is no trend: such a line only leads the eye from label-only to it.
    points.filter(({tokens}) => tokens > 0).length > 1
      ? {stroke: modeColor(mode)}
      : {stroke: modeColor(mode), width: 1, opacity: 0.6}
  );
  drawPoints(
    field,
    mode,
    points.filter(({tokens}) => tokens > 0),
    scale
  );
}

/** Intervals, single trainings as faint markers, and values. */
function drawPoints(field: Plane, mode: DoseCurve["mode"], points: DosePoint[], scale: number): void {
  const shown = (value: number | null) => (value === null ? null : value * scale);
  drawIntervals(
    field,
    points.map(({tokens, low, high}) => ({x: tokens, low: shown(low), high: shown(high)})),
    modeColor(mode)
  );
  const seeds = points.flatMap(({tokens, seeds: values}) =>
    values.map((value) => ({x: tokens, y: value * scale}))
  );
  const beside = {...field, x: (tokens: number) => field.x(tokens) - SEEDS_APART};
  drawMarkers(beside, mode, seeds, {size: 12, opacity: 0.5, className: "seed"});
  drawMarkers(
    field,
    mode,
    points.map(({tokens, value}) => ({x: tokens, y: value * scale}))
  );
}

function readingOf(field: Plane, mode: DoseCurve["mode"], point: DosePoint, {say, scale}: Response): Reading {
  const {tokens, value, n} = point;
  return {
    x: field.x(tokens),
    y: field.y(value * scale),
    title: `${MODE_LOOKS[mode].title} · ${tokensText(tokens)}\n${say(point)}\nn = ${formatCount(n)}`
  };
}

/** `11.7 tokens`. */
export function tokensText(tokens: number): string {
  return `${formatNumber(tokens, tokens === 0 ? 0 : 1)} tokens`;
}
