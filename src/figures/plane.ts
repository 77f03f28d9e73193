/**
 * A plane between two linear axes, and what figures draw in it: grid, named ticks, lines, bands, intervals, markers
 * and reference lines. Each is one path, however many values it holds, so that a figure of 8 arms × 33 layers is
 * drawn anew within a frame of the screen. Exact values go to {@link "./readings.js"}.
 */
import {area, line, pathRound, scaleLinear} from "d3";
import type {SymbolType} from "d3";
import type {Mode} from "../core/arms.js";
import {MODE_LOOKS, modeColor, modeTextColor} from "../core/palette.js";
import {add} from "./elements.js";
import {INK, MUTED, PAPER, RULE, markerOf, spreadLabels} from "./marks.js";

export interface Axis {
  domain: readonly [number, number];
  /** About how many ticks, or which. */
  ticks: number | readonly number[];
  /** How ticks are named; nothing is written where it gives empty text. */
  format?: (value: number) => string;
  /** Whether lines stand at its ticks. */
  grid?: boolean;
  /** False where a neighbour names the same ticks. */
  named?: boolean;
  /** Whether short marks stand under a horizontal axis, where its ticks are. */
  marks?: boolean;
  /** What is on a horizontal axis, written below its ticks. */
  title?: string;
}

/** The area between the axes, in pixels of its panel. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Plane extends Area {
  group: SVGGElement;
  /** From values to pixels of the panel. */
  x: (value: number) => number;
  y: (value: number) => number;
}

export interface Point {
  x: number;
  y: number;
}
export interface Span {
  x: number;
  low: number | null;
  high: number | null;
}

/** Draws grid and ticks into `parent` and returns the plane to draw in. */
export function plane(parent: Element, {left, top, width, height}: Area, axes: {x: Axis; y: Axis}): Plane {
  const x = scaleLinear(axes.x.domain, [left, left + width]);
  const y = scaleLinear(axes.y.domain, [top + height, top]);
  const [xs, ys] = [ticksOf(axes.x, x), ticksOf(axes.y, y)];
  const group = add(parent, "g", {class: "plane"});
  const grid = pathRound(1);
  if (axes.x.grid) for (const {at} of xs) vertical(grid, at, top, top + height);
  if (axes.y.grid) for (const {at} of ys) horizontal(grid, at, left, left + width);
  if (axes.x.grid || axes.y.grid)
    add(group, "path", {class: "grid", d: grid.toString(), stroke: RULE, fill: "none"});
  if (axes.x.marks) {
    const marks = pathRound(1);
    for (const {at} of xs) vertical(marks, at, top + height, top + height + 4);
    add(group, "path", {class: "tick-marks", d: marks.toString(), stroke: MUTED, fill: "none"});
  }
  const names = add(group, "g", {class: "ticks", fill: MUTED});
  if (axes.x.named !== false)
    for (const {at, text} of xs)
      if (text) add(names, "text", {x: round(at), y: top + height + 17, "text-anchor": "middle"}, text);
  if (axes.x.title) {
    const at = {x: round(left + width / 2), y: top + height + 35, "text-anchor": "middle"};
    add(group, "text", {class: "axis-title", ...at, "font-size": 12, fill: MUTED}, axes.x.title);
  }
  if (axes.y.named !== false)
    for (const {at, text} of ys)
      if (text) add(names, "text", {x: left - 8, y: round(at) + 4, "text-anchor": "end"}, text);
  return {left, top, width, height, group, x, y};
}

type Path = ReturnType<typeof pathRound>;
type SymbolContext = Parameters<SymbolType["draw"]>[0];

function ticksOf(axis: Axis, scale: ReturnType<typeof scaleLinear<number>>): {at: number; text: string}[] {
  const {ticks, format} = axis;
  const values = typeof ticks === "number" ? scale.ticks(ticks) : ticks;
  const name = format ?? scale.tickFormat(typeof ticks === "number" ? ticks : ticks.length);
  return values.map((value) => ({at: scale(value), text: name(value)}));
}

function vertical(path: Path, x: number, from: number, to: number): void {
  path.moveTo(x, from);
  path.lineTo(x, to);
}

function horizontal(path: Path, y: number, from: number, to: number): void {
  path.moveTo(from, y);
  path.lineTo(to, y);
}

const round = (value: number) => Math.round(value * 10) / 10;

export interface Stroke {
  stroke: string;
  width?: number;
  dash?: string;
  opacity?: number;
  className?: string;
}

/** One line through points in their order; a point that is not finite is a gap. */
export function drawLine(
  {group, x, y}: Plane,
  points: readonly Point[],
  {stroke, width = 2, dash, opacity, className = "line"}: Stroke
): void {
  const draw = line<Point>((d) => x(d.x), (d) => y(d.y)).defined((d) => Number.isFinite(d.y)).digits(1); // prettier-ignore
  add(group, "path", {
    class: className,
    d: draw(points as Point[]) ?? "",
    fill: "none",
    stroke,
    "stroke-width": width,
    "stroke-linejoin": "round",
    "stroke-dasharray": dash,
    "stroke-opacity": opacity
  });
}

/** One band between low and high, pale, with an edge that is seen where bands overlap; interrupted where there is no interval. */
export function drawBand({group, x, y}: Plane, spans: readonly Span[], fill: string): void {
  if (!spans.some(known)) return;
  const draw = area<Span>()
    .x((d) => x(d.x))
    .y0((d) => y(d.low!))
    .y1((d) => y(d.high!))
    .defined(known)
    .digits(1);
  add(group, "path", {
    class: "band",
    d: draw(spans as Span[]) ?? "",
    fill,
    "fill-opacity": 0.1,
    stroke: fill,
    "stroke-width": 1,
    "stroke-opacity": 0.35
  });
}

const known = ({low, high}: Span) => low !== null && high !== null;

/** Vertical intervals, all in one path. */
export function drawIntervals({group, x, y}: Plane, spans: readonly Span[], stroke: string): void {
  const path = pathRound(1);
  for (const span of spans) if (known(span)) vertical(path, x(span.x), y(span.low!), y(span.high!));
  add(group, "path", {class: "interval", d: path.toString(), fill: "none", stroke, "stroke-width": 1.5});
}

/** Horizontal intervals, all in one path. */
export function drawWidths(
  {group, x, y}: Plane,
  spans: readonly {y: number; low: number | null; high: number | null}[],
  stroke: string
): void {
  const path = pathRound(1);
  for (const {y: at, low, high} of spans)
    if (low !== null && high !== null) horizontal(path, y(at), x(low), x(high));
  add(group, "path", {class: "interval", d: path.toString(), fill: "none", stroke, "stroke-width": 1.75});
}

/** A mode's markers at points, all in one path. `size` in square pixels. */
export function drawMarkers(
  {group, x, y}: Plane,
  mode: Mode,
  points: readonly Point[],
  {size = 44, hollow = false, opacity, className = "value"}: MarkerStyle = {}
): void {
  const path = pathRound(2);
  const symbol = markerOf(mode);
  for (const point of points) symbol.draw(moved(path, x(point.x), y(point.y)), size);
  add(group, "path", {
    class: className,
    d: path.toString(),
    fill: hollow ? PAPER : modeColor(mode),
    stroke: hollow ? modeColor(mode) : null,
    "stroke-width": hollow ? 1.4 : null,
    opacity
  });
}

export interface MarkerStyle {
  size?: number;
  hollow?: boolean;
  opacity?: number;
  className?: string;
}

/** The path with its origin at a point: symbols draw themselves around the origin. */
function moved(path: Path, dx: number, dy: number): SymbolContext {
  const at: Pick<Path, "moveTo" | "lineTo" | "closePath" | "arc" | "rect"> = {
    moveTo: (x, y) => path.moveTo(x + dx, y + dy),
    lineTo: (x, y) => path.lineTo(x + dx, y + dy),
    closePath: () => path.closePath(),
    arc: (x, y, ...rest) => path.arc(x + dx, y + dy, ...rest),
    rect: (x, y, w, h) => path.rect(x + dx, y + dy, w, h)
  };
  return at as unknown as SymbolContext;
}

/** The line that differences are read against: across the plane, or upright in one of horizontal values. */
export function drawZero(
  {group, x, y, left, top, width, height}: Plane,
  {upright = false, value = 0}: {upright?: boolean; value?: number} = {}
): void {
  const d = upright ? `M${round(x(value))},${top}v${height}` : `M${left},${round(y(value))}h${width}`;
  add(group, "path", {class: "zero", d, stroke: INK, "stroke-opacity": 0.55});
}

/** A dashed line between two points, such as the diagonal on which both axes say the same. */
export function drawReference({group, x, y}: Plane, from: Point, to: Point): void {
  add(group, "path", {
    class: "reference",
    d: `M${round(x(from.x))},${round(y(from.y))}L${round(x(to.x))},${round(y(to.y))}`,
    stroke: INK,
    "stroke-opacity": 0.65,
    "stroke-width": 1.25,
    "stroke-dasharray": "3,3"
  });
}

/** Vertical room of a name, and how far it may be from its value without a line to it, in pixels. */
const [NAME, APART] = [15, 3];

/** Names modes to the right of the plane beside their last values; names moved apart have lines to their values. */
export function nameLines(
  {group, left, width, top, height, y}: Plane,
  ends: readonly {mode: Mode; value: number; text?: string}[]
): void {
  const at = ends.map(({value}) => y(value));
  const places = spreadLabels(at, NAME, top + height);
  const moved = places.map((place, i) => Math.abs(place - at[i]!) > APART);
  ends.forEach(({mode, text}, i) => {
    if (moved[i])
      add(group, "path", {
        class: "leader",
        d: `M${left + width + 6},${round(at[i]!)}L${left + width + 14},${round(places[i]!)}`,
        fill: "none",
        stroke: modeColor(mode),
        "stroke-width": 1
      });
    add(
      group,
      "text",
      {
        class: "line-label",
        x: left + width + (moved.includes(true) ? 17 : 12),
        y: round(places[i]! + 4),
        "text-anchor": "start",
        "font-weight": 600,
        fill: modeTextColor(mode)
      },
      text ?? MODE_LOOKS[mode].title
    );
  });
}
