/** The panels of a query's chart: numbers upward over numbers, or rows of names; and the key of colours above them. */
import * as Plot from "@observablehq/plot";
import type {Mode} from "../core/arms.js";
import {formatCount} from "../core/format.js";
import {add, sheet} from "./elements.js";
import {INK, MUTED, PAPER, RULE, markerOf, markerPath, panel} from "./marks.js";
import {NAMED, modeIn, textPaint} from "./query-names.js";

export type ChartMark = "bar" | "line" | "dot";

/** One row of the result as it is drawn. */
export interface Datum {
  x: string | number;
  y: number;
  color: string;
  /** Whose marker it has: the arm's of its colour, else of its x; null where neither is an arm. */
  mode: Mode | null;
  /** Exact values in words. */
  title: string;
}

export interface QueryPanel {
  data: Datum[];
  mark: ChartMark;
  /** Names of the columns. */
  x: string;
  y: string;
  paints: Map<string, string>;
  names: Map<string, string>;
  width: number;
  document: Document | undefined;
}

const AXIS = {tickSize: 0, fill: MUTED, labelAnchor: "center", labelArrow: "none"} as const;
/** Mean width of a character in pixels. */
const CHARACTER = 6.7;
const ROW = 22;
/** Where names stand over their rows. */
const TALL_ROW = 38;
/** Share of the width that names may take beside their rows. */
const BESIDE = 0.45;

/** One row a name, its numbers along it. Names have the margin that they need, or stand over their rows. */
export function rowsPanel(chart: QueryPanel): SVGSVGElement {
  const {data, mark, y, names, width, document} = chart;
  const rows = [...new Set(data.map(({x}) => String(x)))];
  const needed = Math.max(0, ...rows.map((row) => nameIn(names, row).length)) * CHARACTER + 16;
  const above = needed > width * BESIDE;
  const channels = {x: "y", y: (datum: Datum) => String(datum.x)} as const;
  const name = above
    ? ({frameAnchor: "left", textAnchor: "start", dx: 0, dy: -TALL_ROW / 2 + 8} as const)
    : ({frameAnchor: "left", textAnchor: "end", dx: -10, dy: 0} as const);
  return panel(
    {
      width,
      height: rows.length * (above ? TALL_ROW : ROW) + 54,
      marginLeft: above ? 8 : Math.max(50, needed),
      marginRight: 14,
      marginTop: 8,
      marginBottom: 46,
      x: {nice: true},
      y: {type: "band", domain: rows, padding: above ? 0.6 : 0.3, axis: null},
      marks: [
        Plot.gridX({ticks: width < 640 ? 4 : 7, stroke: RULE, strokeOpacity: 1}),
        Plot.axisX({...AXIS, ticks: width < 640 ? 4 : 7, label: y}),
        Plot.text(rows, {
          ...name,
          y: (row: string) => row,
          text: (row: string) => nameIn(names, row),
          fill: textPaint,
          ...(above ? {stroke: PAPER, strokeWidth: 4} : {}), // keeps the grid off
          className: "name"
        }),
        ...(mark === "bar"
          ? [
              Plot.barX(data, {...channels, ...lookOf(chart), title: "title", className: "value"}),
              Plot.ruleX([0], {stroke: INK})
            ]
          : []),
        ...(mark === "line" ? [Plot.line(data, {...channels, z: "color", ...strokeOf(chart)})] : []),
        ...(mark === "bar" ? [] : dots(chart, channels))
      ]
    },
    document
  );
}

/** Numbers upward, over numbers or times. */
export function uprightPanel(chart: QueryPanel): SVGSVGElement {
  const {data, mark, x, y, width, document} = chart;
  const narrow = width < 640;
  const channels = {x: "x", y: "y"} as const;
  return panel(
    {
      width,
      height: narrow ? 280 : 380,
      marginLeft: 64,
      marginRight: 16,
      marginTop: 12,
      marginBottom: 46,
      x: mark === "bar" ? {type: "band", domain: placesOf(data), padding: 0.15} : {},
      marks: [
        Plot.gridY({ticks: 5, stroke: RULE, strokeOpacity: 1}),
        Plot.axisY({...AXIS, ticks: 5, label: y}),
        Plot.axisX({
          ...AXIS,
          label: x,
          ...(mark === "bar" ? {ticks: ticksOf(data, width), tickFormat: String} : {ticks: narrow ? 4 : 8})
        }),
        ...(mark === "bar"
          ? [
              Plot.barY(data, {...channels, ...lookOf(chart), title: "title", className: "value"}),
              Plot.ruleY([0], {stroke: INK})
            ]
          : []),
        ...(mark === "line" ? [Plot.line(data, {...channels, z: "color", ...strokeOf(chart)})] : []),
        ...(mark === "bar" ? [] : dots(chart, channels))
      ]
    },
    document
  );
}

const nameIn = (names: Map<string, string>, value: string): string => names.get(value) ?? value;

const placesOf = (data: Datum[]) => [...new Set(data.map(({x}) => x))];

/** Every so many places, so that neither of two neighbours' names runs into the other. */
function ticksOf(data: Datum[], width: number): (string | number)[] {
  const places = placesOf(data);
  const longest = Math.max(...places.map((place) => String(place).length));
  const step = Math.ceil((places.length * (longest + 1.5) * CHARACTER) / (width - 80));
  return places.filter((_, i) => i % step === 0);
}

const lookOf = ({paints}: QueryPanel) => ({fill: ({color}: Datum) => paints.get(color)!});
const strokeOf = ({paints}: QueryPanel) => ({
  stroke: ({color}: Datum) => paints.get(color)!,
  strokeWidth: 2
});

/** Markers, by mode where values are arms. */
function dots(
  chart: QueryPanel,
  channels: {x: string; y: string | ((datum: Datum) => string)}
): Plot.Markish[] {
  return [...new Set(chart.data.map(({mode}) => mode))].map((mode) =>
    Plot.dot(
      chart.data.filter((datum) => datum.mode === mode),
      {
        ...channels,
        ...lookOf(chart),
        ...(mode ? {symbol: markerOf(mode) as Plot.SymbolType} : {}),
        r: mode ? 4.5 : 3.25,
        fillOpacity: 0.85,
        title: "title",
        className: "value"
      }
    )
  );
}

/** What the colours say, in rows of its own. */
export function keyPanel(
  values: string[],
  {paints, names, width, document}: Pick<QueryPanel, "paints" | "names" | "width" | "document">
): SVGSVGElement {
  const shown = values.slice(0, NAMED);
  const rest = values.length - NAMED;
  const svg = sheet(width, 0, document);
  let [x, y] = [0, 14];
  for (const [i, value] of shown.entries()) {
    const others = i === NAMED - 1 && rest > 0 ? ` and ${formatCount(rest)} others` : "";
    const text = `${nameIn(names, value)}${others}`;
    const needed = 18 + text.length * CHARACTER + 14;
    if (x > 0 && x + needed > width) [x, y] = [0, y + 19];
    const item = add(svg, "g", {class: "key", transform: `translate(${Math.round(x)},${y})`});
    const mode = modeIn(value);
    const fill = paints.get(value);
    if (mode) add(item, "path", {d: markerPath(mode), transform: "translate(7,-4)", fill});
    else add(item, "circle", {cx: 7, cy: -4, r: 4, fill});
    add(item, "text", {x: 18, "text-anchor": "start", fill: INK}, text);
    x += needed;
  }
  svg.setAttribute("height", String(y + 8));
  return svg;
}
