/** Columns of dots, one row a mode: values with their intervals and single trainings, each column on its own scale. */
import type {Mode} from "../core/arms.js";
import {MODE_LOOKS, modeColor, modeTextColor} from "../core/palette.js";
import {giveRows} from "./drawn.js";
import {add, sheet} from "./elements.js";
import {fittedTicks} from "./fitted-ticks.js";
import {INK, MUTED} from "./marks.js";
import {drawMarkers, drawWidths, drawZero, plane} from "./plane.js";
import type {Reading} from "./readings.js";

export interface DotRow {
  mode: Mode;
  value: number;
  low?: number | null;
  high?: number | null;
  /** Values of single trainings, drawn as ticks. */
  singles?: number[];
  /** What is written at the row's end. */
  text: string;
  /** Exact values, one line a thing, without the mode's name. */
  title: string;
}

export interface DotColumn {
  title: string;
  rows: DotRow[];
  domain: readonly [number, number];
  format?: (value: number) => string;
  /** A value that rows are read against. */
  reference?: number;
}

export interface DotColumnsOptions {
  width: number;
  document?: Document | undefined;
  columns: DotColumn[];
  /** Columns beside one another. */
  perRow: number;
}

const ROW = 24;
const HEAD = 26;
const FOOT = 30;
const NAMES = 136;
/** Least room for the text at the end of a row, and a character's, in pixels. */
const END = 62;
const END_CHARACTER = 7.2;

/** Mean width of a character of a title, in pixels: a long one begins left of its column, over the names. */
const HEAD_CHARACTER = 7.2;

/** Height of a column with so many rows. */
export const columnHeight = (rows: number) => HEAD + rows * ROW + FOOT;

/** Draws the columns; rows are named at the left of each line of columns. */
export function dotColumns({width, document, columns, perRow}: DotColumnsOptions): {
  svg: SVGSVGElement;
  readings: () => Reading[];
} {
  const height = columnHeight(Math.max(...columns.map(({rows}) => rows.length)));
  const svg = sheet(width, height * Math.ceil(columns.length / perRow), document);
  giveRows(svg, () => columns.flatMap(({title: column, rows}) => rows.map((row) => ({column, ...row}))));
  const each = Math.floor((width - NAMES) / perRow);
  const listed = columns.map((column, i) => {
    const place = {left: NAMES + (i % perRow) * each, top: Math.floor(i / perRow) * height, width: each};
    return drawDotColumn(svg, place, column, i % perRow === 0);
  });
  return {svg, readings: () => listed.flatMap((list) => list())};
}

/** Draws one column into a panel and says how its values are listed. `width` holds the texts at the rows' ends. */
export function drawDotColumn(
  parent: Element,
  {left, top, width}: {left: number; top: number; width: number},
  {title, rows, domain, format, reference}: DotColumn,
  named: boolean
): () => Reading[] {
  const end = Math.max(END, Math.max(...rows.map(({text}) => text.length)) * END_CHARACTER + 24);
  const area = {left, top: top + HEAD, width: width - end, height: rows.length * ROW};
  const ticks = fittedTicks(domain, area.width, format);
  const field = plane(parent, area, {
    x: {domain, ticks: ticks.values, grid: true, format: ticks.format},
    y: {domain: [rows.length - 0.5, -0.5], ticks: []}
  });
  const headX = named ? Math.max(0, Math.min(left, left + width - title.length * HEAD_CHARACTER)) : left;
  add(
    parent,
    "text",
    {x: headX, y: top + 14, "text-anchor": "start", "font-weight": 600, fill: INK, class: "column"},
    title
  );
  if (reference !== undefined) drawZero(field, {upright: true, value: reference});
  rows.forEach(({mode, value, low = null, high = null, singles = [], text}, i) => {
    const y = field.y(i);
    if (singles.length > 0) {
      const ticks = singles.map((single) => `M${field.x(single).toFixed(1)},${y - 6}v12`).join("");
      add(field.group, "path", {class: "seed", d: ticks, stroke: INK, "stroke-opacity": 0.5});
    }
    if (low !== null) drawWidths(field, [{y: i, low, high}], modeColor(mode));
    drawMarkers(field, mode, [{x: value, y: i}], {size: 62});
    add(
      parent,
      "text",
      {x: left + area.width + 8, y: y + 4, "text-anchor": "start", fill: MUTED, class: "number"},
      text
    );
    if (named)
      add(
        parent,
        "text",
        {x: left - 10, y: y + 4, "text-anchor": "end", fill: modeTextColor(mode), class: "mode"},
        MODE_LOOKS[mode].title
      );
  });
  return () =>
    rows.map((row, i) => ({
      x: field.x(row.value),
      y: field.y(i),
      title: `${MODE_LOOKS[row.mode].title} · ${title}\n${row.title}`
    }));
}
