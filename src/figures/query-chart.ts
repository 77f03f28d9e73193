/** The result of a query as a chart: bars, a line or dots, by columns that the reader picks. */
import {formatCount, formatNumber} from "../core/format.js";
import {emptyFigure, frame} from "./frame.js";
import {modeIn, namesOf, paintsOf} from "./query-names.js";
import {keyPanel, rowsPanel, uprightPanel} from "./query-panel.js";
import type {ChartMark, Datum} from "./query-panel.js";

export type {ChartMark} from "./query-panel.js";

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
/** Rows of names drawn at most. */
const MOST_NAMES = 60;

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
  const rows = knownRows(x, y);
  const kept = rows.slice(0, MOST);
  const names = namesOf(kept.flatMap((i) => [textIn(x, i), ...(color ? [textIn(color, i)] : [])]));
  const all = kept.map((i) => datumOf(i, {x, y, color, names}));
  const places = [...new Set(all.map((datum) => datum.x))];
  const named = new Set(places.slice(0, isLinear(x) ? Infinity : MOST_NAMES));
  const data = all.filter((datum) => named.has(datum.x));
  if (data.length === 0)
    return emptyFigure({
      width,
      document,
      title,
      reason: "No row of the result has a value for both columns."
    });
  const values = [...new Set(data.map((datum) => datum.color))];
  const parts = {names, paints: paintsOf(values), width, document};
  const chart = {...parts, data, mark: spec.mark, x: x.name, y: y.name};
  const left = x.values.length - rows.length;
  return frame({
    width,
    document,
    title,
    subtitle: color ? `coloured by ${color.name}` : `${formatCount(data.length)} rows of the result`,
    note: [
      rows.length > MOST
        ? `The first ${formatCount(MOST)} of ${formatCount(rows.length)} rows are drawn.`
        : "",
      places.length > named.size
        ? `The first ${formatCount(named.size)} of ${formatCount(places.length)} values of ${x.name} are drawn.`
        : "",
      left > 0 ? `${formatCount(left)} rows without a value are left out.` : ""
    ]
      .filter(Boolean)
      .join(" "),
    alt: chartText(data, spec, names),
    panels: [
      ...(color && color !== x ? [{svg: keyPanel(values, parts)}] : []),
      {svg: isLinear(x) ? uprightPanel(chart) : rowsPanel(chart)}
    ]
  });
}

const isLinear = ({kind}: ChartColumn): boolean => kind === "number" || kind === "time";

const textIn = ({values}: ChartColumn, i: number): string => String(values[i] ?? "null");

/** Numbers of the result's rows that have a value for both columns. */
function knownRows(x: ChartColumn, y: ChartColumn): number[] {
  return x.values.flatMap((value, i) => {
    const height = y.values[i];
    const known =
      value != null &&
      height != null &&
      Number.isFinite(Number(height)) &&
      (!isLinear(x) || Number.isFinite(Number(value)));
    return known ? [i] : [];
  });
}

interface Columns {
  x: ChartColumn;
  y: ChartColumn;
  color: ChartColumn | undefined;
  names: Map<string, string>;
}

/** Arms on the x axis have their own colours where no other column gives them. */
function datumOf(i: number, {x, y, color, names}: Columns): Datum {
  const at = isLinear(x) ? Number(x.values[i]) : textIn(x, i);
  const value = color ? textIn(color, i) : modeIn(at) ? String(at) : "";
  const height = Number(y.values[i]);
  return {
    x: at,
    y: height,
    color: value,
    mode: modeIn(value) ?? modeIn(at),
    title: [
      ...(color && color !== x ? [names.get(value)!] : []),
      `${x.name} ${tell(at, names)}`,
      `${y.name} ${formatNumber(height, 4)}`
    ].join("\n")
  };
}

function tell(value: string | number, names: Map<string, string>): string {
  if (typeof value === "string") return names.get(value) ?? value;
  return formatNumber(value, Number.isInteger(value) ? 0 : 3);
}

function chartText(data: Datum[], {mark, x, y, color}: ChartSpec, names: Map<string, string>): string {
  const ys = data.map((datum) => datum.y);
  const [low, high] = [ys.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.max(a, b))];
  const at = (value: number) => tell(data.find((datum) => datum.y === value)!.x, names);
  const colored =
    color && color !== "-" ? `, by ${new Set(data.map((datum) => datum.color)).size} values of ${color}` : "";
  return `A ${mark} chart of ${formatCount(data.length)} rows: ${y} runs from ${formatNumber(low, 3)} (${x} ${at(low)}) to ${formatNumber(high, 3)} (${x} ${at(high)})${colored}.`;
}
