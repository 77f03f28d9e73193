/** Risk and coverage: how many errors remain when a model keeps silent where it is least sure. */
import {cellLevels, levelOf} from "../core/calibration.js";
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {formatNumber} from "../core/format.js";
import {shownInterval} from "../core/intervals.js";
import {MODE_LOOKS, modeColor} from "../core/palette.js";
import {byArm} from "./rows-by-arm.js";
import {dotColumns} from "./dot-columns.js";
import type {DotRow} from "./dot-columns.js";
import {modeRows} from "./drawn.js";
import {sheet} from "./elements.js";
import {isNarrow, scopeTitle, seedNote} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import type {Panel} from "./frame.js";
import {shownIntervalNote} from "./interval-note.js";
import {drawLine, drawMarkers, nameLines, plane} from "./plane.js";
import {estimateValues, rowsOnScale, steadyDomain} from "./steady-domain.js";

type Cubes = Pick<AllCubes, "study" | "levels" | "riskCoverage">;

/** Error rate among the most confident rows, one line an arm, and the area under it with its interval. */
export function riskCoverage(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const {corpus, axis} = selection;
  const title = "Errors that remain when only the surest labels are kept";
  const cell = rowsWhere(cubes.riskCoverage, {corpus, axis});
  const arms = byArm(cubes, selection, cell).map((arm) => ({
    ...arm,
    rows: arm.rows.sort((a, b) => a.coverage - b.coverage)
  }));
  if (arms.length === 0) {
    const reason = "These tables hold no risk by coverage for this selection.";
    return emptyFigure({width, document, title, reason});
  }
  const narrow = isNarrow(options);
  const area = {left: 44, top: 12, width: width - (narrow ? 176 : 200), height: narrow ? 220 : 280};
  const svg = sheet(width, area.top + area.height + 44, document);
  const highest = Math.max(...cell.map(({risk}) => risk)) * 100;
  const field = plane(svg, area, {
    x: {domain: [0, 100], ticks: narrow ? [0, 50, 100] : 5, title: "share of rows kept, the surest first, %"},
    y: {domain: [0, highest * 1.04 || 1], ticks: 5, grid: true}
  });
  for (const {mode, rows} of arms) {
    const points = rows.map(({coverage, risk}) => ({x: coverage * 100, y: risk * 100}));
    drawLine(field, points, {stroke: modeColor(mode)});
    drawMarkers(field, mode, points.filter((_, i) => i % 4 === 3), {size: 36}); // prettier-ignore
  }
  nameLines(
    field,
    arms.map(({mode, rows}) => ({mode, value: rows.at(-1)!.risk * 100}))
  );
  const areas = arms.flatMap(({arm, mode}) => aurcRow(cubes, options, arm.id, mode));
  const readings = () =>
    arms.flatMap(({mode, rows}) =>
      rows.map(({coverage, risk}) => ({
        x: field.x(coverage * 100),
        y: field.y(risk * 100),
        title: `${MODE_LOOKS[mode].title} · the surest ${formatNumber(coverage * 100, 0)} % of rows\nerror rate ${formatNumber(risk * 100, 1)} %`
      }))
    );
  const half = (rows: {coverage: number; risk: number}[]) => rows.find(({coverage}) => coverage >= 0.499)!;
  return frame({
    width,
    document,
    title,
    subtitle: `error rate, %; ${scopeTitle(cubes, selection)}; ${seedNote(cubes.study, "all")}`,
    note: `At the right all rows are kept. Curves have no intervals; the area under them (AURC) does. ${
      areas.length > 0
        ? shownIntervalNote(
            cubes.study,
            selection,
            areas.some(({low}) => low != null)
          )
        : "These tables hold no AURC."
    } Lower is better: errors are few, and lie where the model is least sure.`,
    alt: `${arms.map(({mode, rows}, i) => `${MODE_LOOKS[mode].title}: errors ${formatNumber(half(rows).risk * 100, 1)} % in the surest half, ${formatNumber(rows.at(-1)!.risk * 100, 1)} % in all${areas[i] ? `, AURC ${areas[i].text}` : ""}`).join("; ")}.`,
    panels: [
      {svg, readings, rows: () => modeRows(arms)},
      ...(areas.length > 0 ? [aurcPanel(cubes, options, areas)] : [])
    ]
  });
}

function aurcRow(cubes: Cubes, {selection}: FigureOptions, system: string, mode: DotRow["mode"]): DotRow[] {
  const row = levelOf(cubes, selection, "aurc", {system, seed: selection.seed});
  if (!row) return [];
  const {low, high} = shownInterval(row, selection);
  const seeds = cubes.study.seeds.flatMap(
    (seed) => levelOf(cubes, selection, "aurc", {system, seed})?.value ?? []
  );
  const interval =
    low === null || high === null ? "" : ` [${formatNumber(low, 3)}, ${formatNumber(high, 3)}]`;
  const text = formatNumber(row.value, 3);
  return [{mode, value: row.value!, low, high, singles: seeds, text, title: `${text}${interval}`}];
}

function aurcPanel(cubes: Cubes, {selection, width, document}: FigureOptions, rows: DotRow[]): Panel {
  const cell = cellLevels(cubes, selection, "aurc").filter(({kind}) => kind === "arm");
  const held = rowsOnScale(cell, cubes.study, selection, {
    armOf: ({system}) => system,
    valuesOf: (row) => estimateValues(row.value, row)
  });
  const domain = steadyDomain(held, ({value}) => value, {scale: 1});
  const title = isNarrow({width}) ? "Area under the curve (AURC)" : "Area under risk–coverage curve (AURC)";
  const columns = [{title, rows, domain}];
  return {...dotColumns({width, document, columns, perRow: 1}), dy: 10};
}
