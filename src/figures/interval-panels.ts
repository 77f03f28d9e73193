/**
 * Rows of estimates with their intervals, in panels beside each other, or below each other on a narrow page. Drawn
 * straight into SVG, one path for all lines of a kind, so that hundreds of estimates redraw within one frame.
 */
import {scaleLinear, type ScaleLinear} from "d3";
import type {Mode} from "../core/arms.js";
import {modeColor} from "../core/palette.js";
import {giveRows} from "./drawn.js";
import {add, sheet} from "./elements.js";
import {wrap} from "./frame.js";
import {cutLine, drawHiddenEnds, intervalStroke} from "./interval-ends.js";
import {INK, MUTED, PAPER, RADIUS, RULE, inkOf, markerPath, modesOf, type IntervalDatum} from "./marks.js";
import {drawBands, type RowBand} from "./row-bands.js";
import {LABEL_CHARACTER, drawLabels, gutterOf} from "./row-labels.js";
import {tickCount} from "./tick-count.js";

export interface PanelColumn {
  key: string;
  title?: string;
  /** Of the title. */
  color?: string;
  /** Beside or under the title. */
  note?: string;
  /** Its own scale; all panels share one where none is given. */
  domain?: [number, number];
  /** Lines through all rows that estimates are read against. */
  references?: Reference[];
  /** After the numbers at the scale's ticks. */
  unit?: string;
}

export interface Reference {
  x: number;
  color?: string;
  dashed?: boolean;
  /** Of the drawn line, for style and tests. */
  name: string;
  /** Written above the line, up to it or from it on. */
  label?: {text: string; anchor: "start" | "end"};
}

export interface PanelRow {
  key: string;
  label: string;
  /** Of the label: a mode's, where the row is one. */
  color?: string | undefined;
  /** Pooled rows, which head their group. */
  strong?: boolean;
  /** Room above it. */
  gap?: boolean;
  /** A part of the row above; seen where labels begin on one line. */
  indent?: boolean;
}

export interface PlacedDatum extends IntervalDatum {
  column: string;
  row: string;
  /** Single trainings, as ticks. */
  seeds?: number[];
  /** A wider interval of another kind, as a thin line. */
  thin?: {low: number; high: number} | undefined;
  /** Written at the row's end. */
  text?: string;
  /** Off the row's middle, in pixels, where modes would stand on each other. */
  dy?: number;
  /** No arm: a small grey square instead of a mode's marker. */
  baseline?: boolean;
}

export interface IntervalPanelsOptions {
  width: number;
  document: Document | undefined;
  /** Panels below each other. */
  stacked: boolean;
  columns: PanelColumn[];
  rows: PanelRow[];
  data: PlacedDatum[];
  /** Grey bands behind rows, in every column: what lies within means little. */
  bands?: RowBand[];
  /** Shared scale, in shown units. */
  domain: [number, number];
  rowHeight?: number;
  /** Room for {@link PlacedDatum.text}. */
  marginRight?: number;
  /** Names stand over their rows rather than beside them. */
  labelsAbove?: boolean;
  /** Names beside their rows begin on one line instead of ending on one. */
  labelsStart?: boolean;
  /** What stands in a row that has no estimate in a column, by their keys. */
  absent?: (column: string, row: string) => string;
  /** Under all panels: in the middle, or what the scale's two directions mean, at its ends. */
  footer?: string | [left: string, right: string] | undefined;
}

type Scale = ScaleLinear<number, number>;
type Place = {x: Scale; y: (row: string) => number};

const BETWEEN = 28;
const AXIS = 24;
const HEAD_LINE = 15.5;

/** The panels as one SVG to nest in a frame. */
export function intervalPanels(options: IntervalPanelsOptions): SVGSVGElement {
  const {width, stacked, columns, rows, data, marginRight = 8, footer} = options;
  const {labelsAbove = false, labelsStart = false} = options;
  const {rowHeight = labelsAbove ? 42 : 24} = options;
  const gutter = labelsAbove ? 8 : gutterOf(rows, width, columns.length);
  const {offsets, height} = rowOffsets(rows, rowHeight);
  const [columnWidth, step] = stacked
    ? [width - gutter - marginRight, 0]
    : columnsAcross(width - gutter, columns.length, marginRight);
  const heads = columns.map((column) => headOf(column, stacked ? Infinity : step - 6));
  const head = headHeight(heads, stacked);
  const block = head + height + AXIS + (stacked ? 6 : 0);
  const bottom = stacked ? columns.length * block : block;
  const svg = sheet(width, bottom + (footer ? 16 : 0), options.document);
  giveRows(svg, () => data);
  const y = (row: string) => offsets.get(row)! + (labelsAbove ? rowHeight - 14 : rowHeight / 2);
  columns.forEach((column, i) => {
    const x = scaleLinear(column.domain ?? options.domain, [0, columnWidth]);
    const at = stacked ? [gutter, i * block + head] : [gutter + i * step, head];
    const group = add(svg, "g", {transform: `translate(${at.join()})`});
    drawHead(group, heads[i]!, {color: column.color, columnWidth, head, stacked, gutter});
    drawAxis(group, x, height, {width: columnWidth, unit: column.unit});
    if (stacked || i === 0) drawLabels(group, rows, {y, labelsAbove, labelsStart, gutter});
    drawBands(group, options.bands ?? [], {x, y}, rowHeight);
    drawReferences(group, column.references ?? [], x, height);
    const inColumn = data.filter((datum) => datum.column === column.key);
    for (const mode of modesOf(inColumn))
      drawLines(
        group,
        mode,
        inColumn.filter((datum) => datum.mode === mode),
        {x, y}
      );
    drawMarkers(group, inColumn, {x, y});
    drawHiddenEnds(group, inColumn, {x, y});
    if (options.absent) drawAbsent(group, column.key, options, y);
    drawNumbers(group, inColumn, columnWidth, y);
  });
  if (footer) drawFooter(svg, footer, {from: stacked ? 0 : gutter, to: width, y: bottom + 10});
  return svg;
}

/** Two notes begin left of the panels where these are too narrow for both. */
function drawFooter(
  svg: Element,
  footer: NonNullable<IntervalPanelsOptions["footer"]>,
  {from, to, y}: {from: number; to: number; y: number}
): void {
  const style = {class: "direction", "font-size": 12, fill: MUTED, y};
  if (typeof footer === "string") return void add(svg, "text", {...style, x: (from + to) / 2}, footer);
  const needed = (footer[0].length + footer[1].length + 3) * 6;
  add(svg, "text", {...style, x: needed > to - from ? 0 : from, "text-anchor": "start"}, footer[0]);
  add(svg, "text", {...style, x: to, "text-anchor": "end"}, footer[1]);
}

/** A column's title and note in lines that fit its width. */
interface Head {
  title: string[];
  note: string[];
}

function headOf({title = "", note = ""}: PanelColumn, room: number): Head {
  const lines = (text: string, size: number) =>
    text === "" ? [] : room === Infinity ? [text] : wrap(text, room, size);
  return {title: lines(title, 14), note: lines(note, 11.5)};
}

function headHeight(heads: Head[], stacked: boolean): number {
  const most = (of: (head: Head) => string[]) => Math.max(0, ...heads.map((head) => of(head).length));
  const [titles, notes] = [most(({title}) => title), most(({note}) => note)];
  if (titles + notes === 0) return 6;
  return stacked ? 26 : 11 + HEAD_LINE * (titles + notes);
}

function columnsAcross(room: number, count: number, marginRight: number): [width: number, step: number] {
  const step = (room + BETWEEN - 8) / count;
  return [step - BETWEEN - Math.max(0, marginRight - 8), step];
}

function rowOffsets(rows: PanelRow[], rowHeight: number): {offsets: Map<string, number>; height: number} {
  const offsets = new Map<string, number>();
  let height = 0;
  for (const {key, gap} of rows) {
    if (gap && height > 0) height += Math.min(rowHeight, 14);
    offsets.set(key, height);
    height += rowHeight;
  }
  return {offsets, height};
}

/** Titles end on one line above the notes, notes on one above the panels. */
function drawHead(
  group: Element,
  {title, note}: Head,
  {
    color = INK,
    columnWidth,
    head,
    stacked,
    gutter
  }: {color?: string | undefined; columnWidth: number; head: number; stacked: boolean; gutter: number}
): void {
  const style = {"text-anchor": "start", "font-size": 13, "font-weight": 600, fill: color};
  const quiet = {class: "tally", "font-size": 11.5, fill: MUTED};
  if (stacked) {
    for (const line of title) add(group, "text", {class: "column", x: -gutter, y: -10, ...style}, line);
    for (const line of note)
      add(group, "text", {...quiet, x: columnWidth, y: -10, "text-anchor": "end"}, line);
    return;
  }
  title.forEach((line, i) =>
    add(group, "text", {class: "column", x: 0, y: 13 - head + HEAD_LINE * i, ...style}, line)
  );
  note.forEach((line, i) =>
    add(
      group,
      "text",
      {...quiet, x: 0, y: -12 - HEAD_LINE * (note.length - 1 - i), "text-anchor": "start"},
      line
    )
  );
}

function drawAxis(
  group: Element,
  x: Scale,
  height: number,
  {width, unit = ""}: {width: number; unit?: string | undefined}
): void {
  const fitting = tickCount(x, width);
  const count = x.ticks(fitting).length < 2 ? 4 : fitting; // one tick says nothing of distances
  const ticks = x.ticks(count);
  const format = x.tickFormat(count);
  const lines = ticks.map((tick) => `M${round(x(tick))},0V${height}`).join("");
  add(group, "path", {class: "grid", d: lines, stroke: RULE});
  const labels = add(group, "g", {class: "ticks", fill: MUTED, "font-size": 12});
  const texts = ticks.map((tick) => (unit ? `${format(tick)}\u00a0${unit}` : format(tick)));
  const every = unit || count !== fitting ? labelStep(ticks.map(x), texts) : 1;
  ticks.forEach((tick, i) => {
    if ((ticks.length - 1 - i) % every !== 0) return;
    const most = width + OVERHANG - (texts[i]!.length * LABEL_CHARACTER) / 2;
    add(labels, "text", {x: round(Math.min(x(tick), most)), y: height + 16}, texts[i]);
  });
}

/** How far the last tick's name may reach beyond its panel, in pixels. */
const OVERHANG = 8;

/** Of how many ticks one has room for its label: units make labels longer than the ticks were chosen for. */
function labelStep([first = 0, second = 0]: number[], texts: string[]): number {
  const needed = Math.max(0, ...texts.map((text) => text.length)) * LABEL_CHARACTER + 4;
  return second > first ? Math.max(1, Math.ceil(needed / (second - first))) : 1;
}

function drawReferences(group: Element, references: Reference[], x: Scale, height: number): void {
  for (const {x: at, color, dashed, name, label} of references) {
    const style = {class: "reference", y: -6, "font-size": 10.5, fill: MUTED};
    if (label)
      add(
        group,
        "text",
        {...style, x: round(x(at)) + (label.anchor === "end" ? 2 : -2), "text-anchor": label.anchor},
        label.text
      );
    add(group, "path", {
      ...{class: name, d: `M${round(x(at))},-2V${height + 2}`, stroke: color ?? INK},
      ...{"stroke-opacity": color || dashed ? null : 0.55, "stroke-width": color ? 1.5 : 1},
      "stroke-dasharray": dashed ? "3,3" : null
    });
  }
}

/** Zero, for differences. */
export const ZERO: Reference = {x: 0, name: "zero"};

/** Intervals, thin intervals and seeds of one mode: one path each. */
function drawLines(group: Element, mode: Mode, data: PlacedDatum[], {x, y}: Place): void {
  const edges = x.range() as [number, number];
  const stroke = data[0] ? inkOf(data[0]) : modeColor(mode);
  const draw = (name: string, lines: string[], width: number, opacity?: number) => {
    if (lines.length > 0)
      add(group, "path", {
        ...{class: name, d: lines.join(""), stroke, "stroke-width": width, "stroke-opacity": opacity}
      });
  };
  const thin = data.flatMap(({thin: ends, row, dy = 0}) =>
    ends ? [cutLine(x(ends.low), x(ends.high), y(row) + dy, edges)] : []
  );
  const intervals = data.flatMap((datum) =>
    datum.low === null || datum.high === null
      ? []
      : [intervalStroke(x(datum.low), x(datum.high), y(datum.row) + (datum.dy ?? 0), edges)]
  );
  const seeds = data.flatMap(({row, dy = 0, seeds: values = []}) =>
    values.map((value) => `M${round(x(value))},${round(y(row) + dy - 7)}v14`)
  );
  draw("thin", thin, 0.9);
  draw("interval", intervals, 1.75);
  draw("seed", seeds, 1, 0.7);
}

function drawMarkers(group: Element, data: PlacedDatum[], {x, y}: Place): void {
  const markers = add(group, "g", {class: "value", "stroke-width": 1.5});
  for (const {mode, ink, value, row, dy = 0, r = RADIUS, filled, href, title, baseline} of data) {
    const color = baseline ? MUTED : inkOf({mode, ink});
    const parent = href ? add(markers, "a", linkAttributes(href, title)) : markers;
    const marker = add(parent, "path", {
      ...{
        d: baseline ? SQUARE : shapeOf(mode, r),
        transform: `translate(${round(x(value))},${round(y(row) + dy)})`
      },
      ...{stroke: color, fill: filled === false ? PAPER : color}
    });
    add(marker, "title", {}, title);
  }
}

/** Of a baseline, around the origin. */
const SQUARE = "M-2.5,-2.5h5v5h-5Z";

/** Rows without an estimate say so. */
function drawAbsent(
  group: Element,
  column: string,
  {rows, data, absent = () => ""}: IntervalPanelsOptions,
  y: Place["y"]
): void {
  const here = new Set(data.filter((datum) => datum.column === column).map(({row}) => row));
  const halo = {stroke: PAPER, "stroke-width": 4, "paint-order": "stroke"};
  const style = {class: "absent", x: 4, fill: MUTED, "font-size": 11.5, "text-anchor": "start", ...halo};
  for (const {key} of rows)
    if (!here.has(key)) add(group, "text", {...style, y: y(key) + 4}, absent(column, key));
}

/**
 * A link around a mark: reached by the readout's arrow keys, so not by Tab once more. Its name holds all that the mark's
 * title says, so that who speaks what they read finds it.
 */
export function linkAttributes(href: string, title: string): Record<string, string> {
  return {href, tabindex: "-1", "aria-label": `Examples behind ${title.replace(/\s*\n\s*/g, " ")}`};
}

function drawNumbers(group: Element, data: PlacedDatum[], width: number, y: Place["y"]): void {
  const numbers = data.filter(({text}) => text !== undefined);
  if (numbers.length === 0) return;
  const texts = add(group, "g", {class: "numbers", fill: MUTED, "text-anchor": "start"});
  for (const {row, text} of numbers)
    add(texts, "text", {class: "number", x: width + 10, y: y(row) + 4}, text);
}

const shapes = new Map<string, string>();
/** Markers that reach far out for their area are drawn smaller: all are about as wide. */
const REACH: Partial<Record<Mode, number>> = {shuffled: 0.78, filler: 0.88, "key-words": 0.88};

/** A mode's marker of a radius in pixels; each is made once. */
export function shapeOf(mode: Mode, r: number): string {
  const key = `${mode} ${r}`;
  const shape = shapes.get(key) ?? markerPath(mode, Math.PI * (r * (REACH[mode] ?? 1)) ** 2);
  shapes.set(key, shape);
  return shape;
}

/** Hundredths of a pixel. */
export function round(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
