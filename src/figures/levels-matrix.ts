/** The matrix: one row a setting, one column a system; levels beside shortcut baselines, or differences to label-only. */
import type {AllCubes} from "../core/cubes-reader.js";
import {effectUnitOf, unitOf} from "../core/format.js";
import {measureOf} from "../core/measures.js";
import {recipeTitle} from "../core/palette.js";
import {intervalScope} from "../core/sentences/phrases.js";
import {add, sheet} from "./elements.js";
import {WIDTHS, axisTitle, corpusTitle, isNarrow, seedNote} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {BOLD_CHARACTER, emptyFigure, frame} from "./frame.js";
import {linkAttributes, round} from "./interval-panels.js";
import {INK, LESS, MORE, MUTED} from "./marks.js";
import {matrixCells, matrixColumns, matrixRows} from "./matrix-cells.js";
import type {MatrixCell, MatrixColumn, MatrixRow} from "./matrix-cells.js";

type Cubes = Pick<AllCubes, "study" | "levels" | "effects">;

const ROW_HEIGHT = 25;

/** Pooled rows have room for a second line. */
function heightOf({corpus}: MatrixRow): number {
  return corpus === "all" ? ROW_HEIGHT + 14 : ROW_HEIGHT;
}

/** Where the cells lie, in pixels. */
interface Grid {
  left: number;
  top: number;
  cell: number;
  /** Left edge of each column and top edge of each row. */
  x: number[];
  y: number[];
  height: number;
}

/** Numbers on a tint; the best arm of each row, or differences told from zero, are bold. Seeds are ticks. */
export function levelsMatrix(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {study} = cubes;
  const {selection, width, document} = options;
  const {title, better} = measureOf(selection.measure);
  const isLevel = selection.view === "level";
  const named = isLevel
    ? `${title} in every setting`
    : `Difference to label only in ${title.toLowerCase()}, in every setting`;
  const columns = matrixColumns(cubes, selection);
  const rows = matrixRows(cubes, selection);
  const cells = matrixCells(cubes, selection, {columns, rows});
  if (cells.length === 0)
    return emptyFigure({
      width,
      document,
      title: named,
      reason: isLevel
        ? "No system has this measure in this selection."
        : "No arm of this order and loss reduction was trained beside label-only."
    });
  const unit = isLevel ? unitOf(selection.measure) : effectUnitOf(selection.measure) || "difference";
  const best = better === "zero" ? "closest to zero" : better;
  const known = cells.some(({half}) => half !== "");
  const many = cells.some(({seeds}) => seeds.length > 1);
  return frame({
    width,
    document,
    title: named,
    subtitle: `${[unit, recipeTitle(selection, study.arms), seedNote(study, selection.seed)].filter(Boolean).join("; ")}; ${best} is better`,
    note: [
      isLevel
        ? "Bold: the best arm of its row. The tint runs from the worst to the best number of the study."
        : `Bold: the 95\u00a0% interval excludes zero, ${intervalScope(study, selection)}. Teal: lower than label only; brown: higher.`,
      known ? "Under the pooled numbers: half of their 95\u00a0% intervals’ width." : "",
      many && width >= WIDTHS.middle
        ? "Ticks: single trainings, from the least to the greatest of the study."
        : ""
    ]
      .filter(Boolean)
      .join(" "),
    alt: altText(cubes, cells, isLevel),
    panels: [
      {
        svg: drawMatrix(cubes, options, {columns, rows, cells}),
        rows: () =>
          cells.map(({column: {system}, row: {corpus, axis}, value}) => ({
            ...{system, corpus, axis, measure: selection.measure, value}
          }))
      }
    ]
  });
}

function altText({study}: Cubes, cells: MatrixCell[], isLevel: boolean): string {
  const strong = cells.filter((cell) => cell.strong);
  const said = strong.map(({row, column, title}) => {
    const place = `${corpusTitle(study, row.corpus)}, ${axisTitle(study, row.axis)}`;
    return `${place}: ${column.title} ${title.split("\n")[1]!.replace(" against label only", "")}`;
  });
  if (isLevel) return `${cells.length} numbers. Best arms: ${said.join("; ")}.`;
  const told = `Told from zero: ${strong.length} of ${cells.length} differences`;
  return said.length === 0 ? `${told}.` : `${told}. ${said.join("; ")}.`;
}

function drawMatrix(
  {study}: Cubes,
  options: FigureOptions,
  {columns, rows, cells}: {columns: MatrixColumn[]; rows: MatrixRow[]; cells: MatrixCell[]}
): SVGSVGElement {
  const {width, document, link, selection} = options;
  const narrow = isNarrow(options);
  const isLevel = selection.view === "level";
  const grid = gridOf(columns, rows, width, narrow);
  const svg = sheet(width, grid.height, document);
  drawHeads(svg, columns, grid, narrow);
  drawRowNames(svg, study, rows, {grid, narrow});
  const level = add(svg, "g", {class: "level"});
  const texts = add(svg, "g", {
    class: "number",
    fill: INK,
    "font-size": narrow ? 11 : 12.5,
    "pointer-events": "none"
  });
  const halves = add(svg, "g", {
    ...{class: "half-width", fill: INK, "font-size": narrow ? 9.5 : 11, "pointer-events": "none"}
  });
  const ticks = new Map<string, string>();
  for (const cell of cells) {
    const [x, y] = [grid.x[columns.indexOf(cell.column)]!, grid.y[rows.indexOf(cell.row)]!];
    const {kind, system, color} = cell.column;
    const href = kind === "arm" ? link?.({arm: system, ...cell.row}) : undefined;
    const parent = href ? add(level, "a", linkAttributes(href, cell.title)) : level;
    const box = add(parent, "rect", {
      ...{x: round(x), y, width: round(grid.cell), height: heightOf(cell.row) - 1.5},
      ...{
        fill: isLevel ? INK : cell.tint < 0 ? LESS : MORE,
        "fill-opacity": round(0.03 + 0.27 * Math.abs(cell.tint))
      }
    });
    add(box, "title", {}, cell.title);
    const middle = round(x + grid.cell / 2);
    const withTicks = width >= WIDTHS.middle && cell.seeds.length > 1;
    const weight = cell.strong ? 700 : null;
    add(texts, "text", {x: middle, y: y + (withTicks ? 14 : 16), "font-weight": weight}, cell.text);
    if (cell.half) add(halves, "text", {x: middle, y: y + (withTicks ? 27 : 29)}, cell.half);
    if (withTicks) ticks.set(color, (ticks.get(color) ?? "") + seedTicks(cell, x, y, grid.cell));
  }
  for (const [color, d] of ticks)
    add(svg, "path", {class: "seed", d, stroke: color, "stroke-width": 1.25, "pointer-events": "none"});
  return svg;
}

function seedTicks({seeds, row}: MatrixCell, x: number, y: number, cell: number): string {
  return seeds.map((seed) => `M${round(x + 3 + seed * (cell - 6))},${y + heightOf(row) - 6.5}v4`).join("");
}

/** Baselines stand a little apart from the arms; on a narrow page each corpus' name has a line of its own. */
function gridOf(columns: MatrixColumn[], rows: MatrixRow[], width: number, narrow: boolean): Grid {
  const [left, top] = narrow ? [122, 118] : [272, 58];
  const apart = columns.some(({kind}) => kind === "baseline") ? (narrow ? 8 : 24) : 0;
  const step = Math.min(110, (width - left - apart - 4) / columns.length);
  const baselines = columns.filter(({kind}) => kind === "baseline").length;
  const x = columns.map((_, i) => left + i * step + (i >= baselines ? apart : 0));
  const y: number[] = [];
  let at = top;
  rows.forEach((row, i) => {
    const heads = row.corpus !== rows[i - 1]?.corpus;
    if (heads && i > 0) at += narrow ? ROW_HEIGHT : 5;
    else if (narrow && heads) at += ROW_HEIGHT - 4;
    y.push(at);
    at += heightOf(row);
  });
  return {left, top, cell: step - 2, x, y, height: at + 4};
}

function drawHeads(svg: Element, columns: MatrixColumn[], {x, top, cell}: Grid, narrow: boolean): void {
  const longest = Math.max(...columns.flatMap(({title}) => headLines(title).map(({length}) => length)));
  const size = narrow ? 12 : Math.max(9.5, Math.min(12, (cell + 2) / (longest * BOLD_CHARACTER)));
  const heads = add(svg, "g", {class: "system", "font-weight": 600, "font-size": round(size)});
  columns.forEach(({title, short, textColor}, i) => {
    const middle = round(x[i]! + cell / 2);
    if (narrow) {
      const turned = {transform: `translate(${middle + 4},${top - 6}) rotate(-90)`, "text-anchor": "start"};
      add(heads, "text", {...turned, fill: textColor}, short);
      return;
    }
    const lines = headLines(title);
    lines.forEach((line, k) =>
      add(heads, "text", {x: middle, y: top - 10 - 14 * (lines.length - 1 - k), fill: textColor}, line)
    );
  });
}

/** The last word on a line of its own; a name with hyphens ends its first line at one. */
function headLines(title: string): string[] {
  const lines = title.split(/ (?=\S+$)/);
  return lines.flatMap((line) => (line.length > 12 ? line.split(/(?<=-)(?=[^-]+$)/) : [line]));
}

function drawRowNames(
  svg: Element,
  study: AllCubes["study"],
  rows: MatrixRow[],
  {grid, narrow}: {grid: Grid; narrow: boolean}
): void {
  const axes = add(svg, "g", {
    class: "axis",
    "text-anchor": "end",
    fill: MUTED,
    "font-size": narrow ? 11 : 12.5
  });
  const corpora = add(svg, "g", {class: "corpus", "text-anchor": "start", "font-weight": 600});
  rows.forEach(({corpus, axis}, i) => {
    const y = grid.y[i]! + 16;
    add(axes, "text", {x: grid.left - 8, y}, axisTitle(study, axis));
    if (corpus !== rows[i - 1]?.corpus)
      add(corpora, "text", {x: 0, y: narrow ? y - ROW_HEIGHT + 3 : y}, corpusTitle(study, corpus));
  });
}
