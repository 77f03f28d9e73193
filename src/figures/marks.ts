/** Marks that figures share: markers of modes, dots with intervals, reference lines, and the panel they are in. */
import * as Plot from "@observablehq/plot";
import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolWye
} from "d3";
import type {SymbolType} from "d3";
import type {Mode} from "../core/arms.js";
import {BAR_SHADES, MODE_LOOKS, modeColor} from "../core/palette.js";
import type {Marker} from "../core/palette.js";

export const INK = "var(--ink, #1d1b18)";
export const MUTED = "var(--muted, #625d56)";
export const RULE = "var(--rule, #ddd8cf)";
export const BAR = `var(--bar, ${BAR_SHADES.light})`;
export const PAPER = "var(--paper, #fdfcf9)";
/** Less than label-only, and more: told apart by those who do not tell red from green, and neither good nor bad. */
export const LESS = "var(--less, #01665e)";
export const MORE = "var(--more, #8c510a)";

const triangleDown: SymbolType = {
  draw(context, size) {
    const y = -Math.sqrt(size / (Math.sqrt(3) * 3));
    context.moveTo(0, -y * 2);
    context.lineTo(-Math.sqrt(3) * y, y);
    context.lineTo(Math.sqrt(3) * y, y);
    context.closePath();
  }
};
const SYMBOLS: Record<Marker, SymbolType> = {
  circle: symbolCircle,
  diamond: symbolDiamond,
  triangle: symbolTriangle,
  square: symbolSquare,
  star: symbolStar,
  cross: symbolCross,
  wye: symbolWye,
  "triangle-down": triangleDown
};

/** Of a marker, in pixels: a circle 8 px across, so that few intervals are narrower. */
export const RADIUS = 4;

/** The marker of a mode, for Plot's `symbol`. */
export function markerOf(mode: Mode): SymbolType {
  return SYMBOLS[MODE_LOOKS[mode].marker];
}

/** The same as a path around the origin; `size` in square pixels. */
export function markerPath(mode: Mode, size = 64): string {
  return symbol(markerOf(mode), size)() ?? "";
}

/** One value of one mode, with its interval. Values are in shown units. */
export interface IntervalDatum {
  mode: Mode;
  value: number;
  low: number | null;
  high: number | null;
  /** Exact values in words. */
  title: string;
  href?: string | undefined;
  /** Filled where the interval excludes the reference, hollow where not. */
  filled?: boolean;
  /** Radius in pixels. */
  r?: number;
  /** Colour of what is no mode's estimate: raters, merge rules. */
  ink?: string;
}

type Channels<D> = {y: (d: D) => string; fx?: (d: D) => string; fy?: (d: D) => string};

/**
 * Horizontal intervals with their markers, one mode's shape and colour each; hover titles on the markers. A datum
 * outside the scale would be a bug of the caller's domain, so nothing is clipped.
 */
export function intervalDots<D extends IntervalDatum>(data: D[], channels: Channels<D>): Plot.Markish[] {
  const withInterval = data.filter(({low, high}) => low !== null && high !== null);
  return [
    Plot.ruleY(withInterval, {
      ...channels,
      x1: "low",
      x2: "high",
      stroke: (d: D) => modeColor(d.mode),
      strokeWidth: 1.75,
      className: "interval"
    }),
    ...modesOf(data).map((mode) =>
      Plot.dot(
        data.filter((d) => d.mode === mode),
        {
          ...channels,
          x: "value",
          r: (d: D) => d.r ?? RADIUS,
          symbol: markerOf(mode) as Plot.SymbolType,
          stroke: modeColor(mode),
          strokeWidth: 1.5,
          fill: (d: D) => (d.filled === false ? PAPER : modeColor(mode)),
          title: "title",
          href: (d: D) => d.href ?? null,
          className: "value"
        }
      )
    )
  ];
}

/** The colour that a datum is drawn in. */
export function inkOf({mode, ink}: Pick<IntervalDatum, "mode" | "ink">): string {
  return ink ?? modeColor(mode);
}

export function modesOf<D extends {mode: Mode}>(data: D[]): Mode[] {
  return [...new Set(data.map(({mode}) => mode))];
}

/** The line that differences are read against. */
export function zeroLine(x = 0): Plot.Markish {
  return Plot.ruleX([x], {stroke: INK, strokeOpacity: 0.55, strokeWidth: 1});
}

/** Vertical grid behind dots. */
export function gridX(ticks: number): Plot.Markish {
  return Plot.gridX({ticks, stroke: RULE, strokeOpacity: 1});
}

export function gridY(ticks: number): Plot.Markish {
  return Plot.gridY({ticks, stroke: RULE, strokeOpacity: 1});
}

/**
 * A plot as a panel to nest in a frame: its own style sheet and class are taken off, since the frame's root carries
 * fonts and colours. Colours, symbols and radii are given as they are drawn, so their scales are the identity.
 */
export function panel(options: Plot.PlotOptions, document: Document | undefined): SVGSVGElement & Plot.Plot {
  const plot = Plot.plot({
    ...(document ? {document} : {}),
    color: {type: "identity"},
    r: {type: "identity"},
    symbol: {type: "identity"},
    ...options
  }) as SVGSVGElement & Plot.Plot;
  plot.querySelector("style")?.remove();
  for (const name of ["class", "font-size", "font-family", "fill", "text-anchor"]) plot.removeAttribute(name);
  plot.setAttribute("text-anchor", "middle");
  plot.setAttribute("overflow", "visible");
  for (const group of plot.querySelectorAll("g[aria-label]")) group.removeAttribute("aria-label");
  for (const link of plot.querySelectorAll("a")) {
    const title = link.querySelector("title")?.textContent ?? "";
    link.setAttribute("tabindex", "-1");
    link.setAttribute("aria-label", `Examples behind ${title.replace(/\s*\n\s*/g, " ")}`);
  }
  return plot;
}

/** Share of a number below which differences are rounding: no scale can be drawn through them. */
const ROUNDING = 1e-9;

/** Smallest domain that holds all values and intervals, with a little room; `through` is always inside. */
export function domainOf(
  values: (number | null)[],
  {through, pad = 0.04}: {through?: number; pad?: number} = {}
): [number, number] {
  const finite = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (through !== undefined) finite.push(through);
  if (finite.length === 0) return [0, 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const most = Math.max(Math.abs(low), Math.abs(high));
  const room = (high - low > most * ROUNDING ? high - low : most || 1) * pad;
  return [low - room, high + room];
}

/**
 * Moves labels apart so that neighbours are at least `gap` pixels from each other, in order. Those that would touch
 * stand around the middle of where they were; the others stay. None is below `lowest`.
 */
export function spreadLabels(positions: number[], gap: number, lowest = Infinity): number[] {
  const order = positions.map((_, i) => i).sort((a, b) => positions[a]! - positions[b]!);
  const stacks: {middle: number; size: number}[] = [];
  for (const i of order) {
    let stack = {middle: positions[i]!, size: 1};
    for (let above = stacks.at(-1); above && touch(above, stack, gap); above = stacks.at(-1)) {
      const size = above.size + stack.size;
      stack = {middle: (above.middle * above.size + stack.middle * stack.size) / size, size};
      stacks.pop();
    }
    stacks.push(stack);
  }
  const spread = stacks.flatMap(({middle, size}) =>
    Array.from({length: size}, (_, k) => middle + (k - (size - 1) / 2) * gap)
  );
  const placed = [...positions];
  for (let k = order.length - 1, most = lowest; k >= 0; k--, most -= gap) {
    most = Math.min(most, spread[k]!);
    placed[order[k]!] = most;
  }
  return placed;
}

function touch(
  above: {middle: number; size: number},
  below: {middle: number; size: number},
  gap: number
): boolean {
  return below.middle - above.middle < ((above.size + below.size) / 2) * gap;
}
