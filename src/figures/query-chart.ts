/** The result of a query as a chart: bars, a line or dots, by columns that the reader picks. */
import * as Plot from "@observablehq/plot";
import {parseArm} from "../core/arms.js";
import {formatCount, formatNumber} from "../core/format.js";
import {armTitle, modeColor} from "../core/palette.js";
import {isNarrow} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {INK, MUTED, RULE, panel} from "./marks.js";

export type ChartMark = "bar" | "line" | "dot";

export interface ChartColumn {
  name: string;
  kind: string;
  values: readonly unknown[];
}

export interface ChartSpec {
  mark: ChartMark;
  /** Names of columns; `color` may be empty. */
  x: string;
  y: string;
  color: string;
}

/** Marks drawn at most: more can't be told apart. */
const MOST = 5000;
/** Colours of a column's values, in their order; apart for the colour-blind, in light and dark. */
const COLORS = ["#4269d0", "#c9711a", "#b3417f", "#2f8f7b", "#8a6fd1", "#77746e"];
/** Values that get a colour of their own. */
const NAMED = COLORS.length;

interface Datum {
  x: string | number;
  y: number;
  color: string;
}

/** Draws the columns named; rows without a number for y are left out, and the note says how many. */
export function queryChart(
  columns: ChartColumn[],
  spec: ChartSpec,
  options: {width: number; document?: Document}
): SVGSVGElement {
  const {width, document} = options;
  const title = `${spec.y} by ${spec.x}`;
  const [x, y, color] = [spec.x, spec.y, spec.color].map((name) =>
    columns.find((column) => column.name === name)
  );
  if (!x || !y || y.kind !== "number")
    return emptyFigure({
      width,
      document,
      title,
      reason: "Pick a column for x and a column of numbers for y."
    });
  const all = dataOf(x, y, color);
  const data = all.slice(0, MOST);
  if (data.length === 0)
    return emptyFigure({
      width,
      document,
      title,
      reason: "No row of the result has a value for both columns."
    });
  const values = [...new Set(data.map((datum) => datum.color))];
  const paint = painter(values);
  const left = x.values.length - all.length;
  return frame({
    width,
    document,
    title,
    subtitle: color ? `coloured by ${color.name}` : `${formatCount(data.length)} rows of the result`,
    note: [
      all.length > MOST ? `The first ${formatCount(MOST)} of ${formatCount(all.length)} rows are drawn.` : "",
      left > 0 ? `${formatCount(left)} rows without a value are left out.` : ""
    ]
      .join(" ")
      .trim(),
    alt: chartText(data, spec),
    panels: [{svg: chartPanel(data, spec, options, {x, paint, values})}]
  });
}

function dataOf(x: ChartColumn, y: ChartColumn, color: ChartColumn | undefined): Datum[] {
  const linear = x.kind === "number" || x.kind === "time";
  return x.values.flatMap((value, i) => {
    const at = linear ? Number(value) : String(value);
    const height = y.values[i];
    const known =
      value != null && height != null && Number.isFinite(Number(height)) && (!linear || Number.isFinite(at));
    return known ? [{x: at, y: Number(height), color: color ? String(color.values[i] ?? "null") : ""}] : [];
  });
}

/** Arms keep their mode's colour; other values take theirs in order, and those past the last share grey. */
function painter(values: string[]): (value: string) => string {
  return (value) => {
    try {
      return modeColor(parseArm(value).mode);
    } catch {
      const i = values.indexOf(value);
      return value === "" ? INK : COLORS[Math.min(i, NAMED - 1)]!;
    }
  };
}

interface Parts {
  x: ChartColumn;
  paint: (value: string) => string;
  values: string[];
}

function chartPanel(
  data: Datum[],
  {mark, x: xName, y: yName, color}: ChartSpec,
  options: {width: number; document?: Document},
  {x, paint, values}: Parts
): SVGSVGElement {
  const {width, document} = options;
  const narrow = isNarrow(options);
  const ordinal = mark === "bar" || !(x.kind === "number" || x.kind === "time");
  const axis = {tickSize: 0, fill: MUTED, labelAnchor: "center", labelArrow: "none"} as const;
  const long = ordinal && data.some((datum) => String(datum.x).length > 9);
  const channels = {x: "x", y: "y"} as const;
  const hue = (datum: Datum) => paint(datum.color);
  const title = (datum: Datum) =>
    `${color ? `${nameOf(datum.color)}\n` : ""}${xName} ${tell(datum.x)}\n${yName} ${formatNumber(datum.y, 4)}`;
  return panel(
    {
      width,
      height: (narrow ? 280 : 380) + (long ? 70 : 0),
      marginLeft: 64,
      marginRight: color ? 20 : 12,
      marginTop: 16 + (color ? 18 * Math.ceil(Math.min(values.length, NAMED) / (narrow ? 2 : 4)) : 0),
      marginBottom: long ? 120 : 46,
      x: ordinal ? {type: "band", domain: [...new Set(data.map((datum) => datum.x))], padding: 0.15} : {},
      marks: [
        Plot.gridY({ticks: 5, stroke: RULE, strokeOpacity: 1}),
        Plot.axisY({...axis, ticks: 5, label: yName}),
        Plot.axisX({
          ...axis,
          label: xName,
          ...(long ? {tickRotate: -45} : ordinal ? {} : {ticks: narrow ? 4 : 8}),
          ...(x.kind === "number" && ordinal ? {tickFormat: String} : {})
        }),
        ...(mark === "bar"
          ? [
              Plot.barY(data, {...channels, fill: hue, title, className: "value"}),
              Plot.ruleY([0], {stroke: INK})
            ]
          : []),
        ...(mark === "line" ? [Plot.line(data, {...channels, z: "color", stroke: hue, strokeWidth: 2})] : []),
        ...(mark !== "bar"
          ? [Plot.dot(data, {...channels, r: 3.25, fill: hue, fillOpacity: 0.8, title, className: "value"})]
          : []),
        ...(color ? [legend(values, paint, narrow ? 2 : 4, width)] : [])
      ]
    },
    document
  );
}

function tell(value: string | number): string {
  return typeof value === "number" ? formatNumber(value, Number.isInteger(value) ? 0 : 3) : value;
}

/** Arms by their title, other values as they are. */
function nameOf(value: string): string {
  try {
    parseArm(value);
    return armTitle(value);
  } catch {
    return value;
  }
}

/** The values with a colour of their own, above the plot. */
function legend(
  values: string[],
  paint: (value: string) => string,
  columns: number,
  width: number
): Plot.Markish {
  const named = values.slice(0, NAMED);
  const place = (_: string, i: number) => (i % columns) * ((width - 70) / columns);
  const marks = (dy: (i: number) => number) =>
    named.map((value, i) =>
      Plot.text([value], {
        frameAnchor: "top-left",
        textAnchor: "start",
        text: (each: string) =>
          `● ${nameOf(each)}${i === NAMED - 1 && values.length > NAMED ? " and others" : ""}`,
        dx: place(value, i),
        dy: dy(i),
        fill: paint(value)
      })
    );
  const rows = Math.ceil(named.length / columns);
  return marks((i) => -14 - 18 * (rows - 1 - Math.floor(i / columns)));
}

function chartText(data: Datum[], {mark, x, y, color}: ChartSpec): string {
  const ys = data.map((datum) => datum.y);
  const [low, high] = [ys.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.max(a, b))];
  const at = (value: number) => tell(data.find((datum) => datum.y === value)!.x);
  return `A ${mark} chart of ${formatCount(data.length)} rows: ${y} runs from ${formatNumber(low, 3)} (${x} ${at(low)}) to ${formatNumber(high, 3)} (${x} ${at(high)})${color ? `, by ${new Set(data.map((datum) => datum.color)).size} values of ${color}` : ""}.`;
}
