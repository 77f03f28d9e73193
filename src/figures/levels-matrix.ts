/** The matrix of levels: one row a setting, one column a system, shortcut baselines beside the arms. */
import * as Plot from "@observablehq/plot";
import type {AllCubes} from "../core/cubes-reader.js";
import type {LevelRow} from "../core/cubes.js";
import {formatCell, formatCount, formatLevelInterval, unitOf} from "../core/format.js";
import {formatMeasure, measureOf} from "../core/measures.js";
import {BASELINE_TITLES, MODE_LOOKS, modeTextColor, recipeTitle} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import {axisTitle, corpusTitle, isNarrow, seedNote} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {INK, MUTED, panel} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "levels">;

interface Column {
  id: string;
  title: string;
  /** Where the column is narrow. */
  short: string;
  color: string;
}

interface MatrixCell extends LevelRow {
  row: string;
  /** Opacity of the fill: 0 is the worst value in the matrix, 1 the best. */
  share: number;
  best: boolean;
}

const ROW_HEIGHT = 22;
const GAP = "between baselines and arms";

/** Levels as numbers on a tint, darker is better; the best arm of each row is bold. */
export function levelsMatrix(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const {title, better} = measureOf(selection.measure);
  const columns = columnsOf(cubes, options);
  const cells = cellsOf(cubes, options, columns);
  if (cells.length === 0)
    return emptyFigure({width, document, title, reason: "No system has this measure in this selection."});
  const best = cells.filter(({best}) => best);
  return frame({
    width,
    document,
    title: `${title} in every setting`,
    subtitle: `${[unitOf(selection.measure), recipeTitle(selection, cubes.study.arms), seedNote(cubes.study, selection.seed)].filter(Boolean).join("; ")}; ${better} is better`,
    note: "Bold: the best arm of its row. The tint runs from the worst to the best number of the table.",
    alt: `${cells.length} numbers. Best arms: ${best.map((cell) => `${corpusTitle(cubes.study, cell.corpus)}, ${axisTitle(cubes.study, cell.axis)}: ${columns.find(({id}) => id === cell.system)!.title} ${formatMeasure(cell.measure, cell.value)}`).join("; ")}.`,
    panels: [{svg: matrixPanel(cubes, options, columns, cells)}]
  });
}

function columnsOf({study}: Cubes, options: FigureOptions): Column[] {
  const arms = selectedArms(options.selection, study).map(({id, mode}) => ({
    id,
    title: MODE_LOOKS[mode].title,
    short: MODE_LOOKS[mode].title,
    color: modeTextColor(mode)
  }));
  const baselines = study.baselines.map((id) => ({
    id: `baseline ${id}`,
    title: BASELINE_TITLES[id],
    short: id === "bag-of-words" ? "Word counts" : BASELINE_TITLES[id],
    color: MUTED
  }));
  return [...baselines, ...arms];
}

function cellsOf({study, levels}: Cubes, {selection}: FigureOptions, columns: Column[]): MatrixCell[] {
  const ids = new Set(columns.map(({id}) => id));
  const rows = levels
    .map((level) => ({
      ...level,
      system: level.kind === "baseline" ? `baseline ${level.system}` : level.system
    }))
    .filter(
      ({system, kind, seed, corpus, axis, measure, value}) =>
        ids.has(system) &&
        measure === selection.measure &&
        value !== null &&
        seed === (kind === "arm" ? selection.seed : "all") &&
        (corpus !== "all" || axis === "all") &&
        (corpus === "all" ||
          (axis !== "all" && (selection.corpus === "all" || corpus === selection.corpus))) &&
        (axis === "all" || selection.axis === "all" || axis === selection.axis)
    );
  const values = rows.map(({value}) => value!);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const higher = measureOf(selection.measure).better === "higher";
  const score = (value: number) =>
    high === low ? 0.5 : (higher ? value - low : high - value) / (high - low);
  const bestOf = new Map<string, number>();
  const keyed = rows.map((row) => ({...row, row: `${row.corpus} ${row.axis}`, share: score(row.value!)}));
  for (const {row, share, kind} of keyed)
    if (kind === "arm") bestOf.set(row, Math.max(share, bestOf.get(row) ?? -1));
  const place = new Map(study.settings.map(({corpus, axis}, i) => [`${corpus} ${axis}`, i + 1]));
  return keyed
    .map((cell) => ({...cell, best: cell.kind === "arm" && cell.share === bestOf.get(cell.row)}))
    .sort((a, b) => (place.get(a.row) ?? 0) - (place.get(b.row) ?? 0));
}

function matrixPanel(
  {study}: Cubes,
  options: FigureOptions,
  columns: Column[],
  cells: MatrixCell[]
): SVGSVGElement {
  const {width, document, selection} = options;
  const narrow = isNarrow(options);
  const rows = [...new Set(cells.map(({row}) => row))];
  const first = [...new Map(cells.map(({row, corpus}) => [corpus, row] as const).reverse())];
  const headed = new Map(first.map(([corpus, row]) => [row, `head ${corpus}`]));
  const domain = narrow ? rows.flatMap((row) => (headed.has(row) ? [headed.get(row)!, row] : [row])) : rows;
  const baselines = columns.filter(({id}) => id.startsWith("baseline "));
  const ids = [
    ...baselines.map(({id}) => id),
    ...(baselines.length > 0 ? [GAP] : []),
    ...columns.slice(baselines.length).map(({id}) => id)
  ];
  const axisOf = new Map(cells.map(({row, axis}) => [row, axisTitle(study, axis)]));
  const titleOf = (cell: MatrixCell) =>
    `${columns.find(({id}) => id === cell.system)!.title} · ${corpusTitle(study, cell.corpus)} · ${axisTitle(study, cell.axis)}\n` +
    `${formatMeasure(cell.measure, cell.value)} ${formatLevelInterval(cell.low, cell.high, cell.measure)}\nn = ${formatCount(cell.n)}`;
  const numbers = (of: MatrixCell[], fontWeight: number) =>
    Plot.text(of, {
      x: "system",
      y: "row",
      text: ({value}: MatrixCell) => formatCell(value, selection.measure),
      fontSize: narrow ? 11 : 12.5,
      fontWeight,
      className: "number"
    });
  return panel(
    {
      width,
      height: domain.length * ROW_HEIGHT + (narrow ? 130 : 74),
      marginLeft: narrow ? 128 : 272,
      marginRight: narrow ? 4 : 8,
      marginTop: narrow ? 126 : 70,
      marginBottom: 4,
      x: {domain: ids, padding: 0.04, axis: null},
      y: {domain, padding: 0.06, axis: null},
      marks: [
        Plot.cell(cells, {
          x: "system",
          y: "row",
          fill: INK,
          fillOpacity: (cell: MatrixCell) => 0.03 + 0.27 * cell.share,
          title: titleOf,
          className: "level"
        }),
        numbers(
          cells.filter(({best}) => !best),
          400
        ),
        numbers(
          cells.filter(({best}) => best),
          700
        ),
        Plot.text(columns, {
          x: "id",
          text: narrow
            ? "short"
            : (d: Column) =>
                d.title
                  .replace(" ", "\n")
                  .replace("classifier", "\nclassifier")
                  .replace("\n\n", "\n")
                  .replace(" \n", "\n"),
          fill: "color",
          fontWeight: 600,
          fontSize: 12,
          frameAnchor: "top",
          ...(narrow ? {rotate: -90, textAnchor: "start", dy: -6} : {dy: -10, lineAnchor: "bottom"}),
          className: "system"
        }),
        Plot.text(rows, {
          y: (row: string) => row,
          text: (row: string) => axisOf.get(row) ?? "",
          frameAnchor: "left",
          textAnchor: "end",
          dx: -8,
          fill: MUTED,
          fontSize: narrow ? 11 : 12.5
        }),
        Plot.text(first, {
          y: ([corpus, row]: readonly [string, string]) => (narrow ? `head ${corpus}` : row),
          text: ([corpus]: readonly [string, string]) => corpusTitle(study, corpus),
          frameAnchor: "left",
          textAnchor: "start",
          dx: narrow ? -126 : -270,
          fontWeight: 600,
          className: "corpus"
        })
      ]
    },
    document
  );
}
