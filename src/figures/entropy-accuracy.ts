/** Does low entropy mean a right label: accuracy by fifth of entropy, fifths taken within each setting and seed. */
import {MODES} from "../core/arms.js";
import type {Mode} from "../core/arms.js";
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {IntervalKind, QuintileRow} from "../core/cubes.js";
import {formatCount, formatNumber} from "../core/format.js";
import {intervalOf, kindAmong} from "../core/intervals.js";
import {MODE_LOOKS, modeColor} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import {intervalScope} from "../core/sentences/phrases.js";
import {sourceLayer, sourceTitle} from "./entropy-source.js";
import {modeRows} from "./drawn.js";
import {sheet} from "./elements.js";
import {isNarrow, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {domainOf} from "./marks.js";
import {drawIntervals, drawLine, drawMarkers, nameLines, plane} from "./plane.js";
import type {Reading} from "./readings.js";

type Cubes = Pick<AllCubes, "study" | "quintiles">;

interface Fifths {
  mode: Mode;
  rows: readonly QuintileRow[];
}

/** One line a mode. */
export function accuracyByFifth(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "Accuracy by fifth of entropy";
  const modes = fifthsOf(cubes, options);
  if (modes.length === 0)
    return emptyFigure({width, document, title, reason: "No entropies in this selection."});
  const {svg, readings} = fifthsPanel(modes, options);
  return frame({
    width,
    document,
    title,
    subtitle: `%; ${sourceTitle(selection.estimator, selection.layer)}; ${scopeTitle(cubes, selection)}; all seeds; n = ${formatCount(modes[0]!.rows[0]!.n)} rows × seeds in each fifth`,
    note: `Lines: 95 % intervals ${intervalScope(cubes.study, {...selection, seed: "all", interval: kindOf(modes, options)})}. Modes stand side by side for legibility. Fifths are taken within each setting and seed, so that easy settings do not fill one fifth.`,
    alt: `${modes
      .map(
        ({mode, rows}) =>
          `${MODE_LOOKS[mode].title}: ${formatNumber(rows[0]!.accuracy * 100, 1)} % in the lowest fifth, ${formatNumber(rows.at(-1)!.accuracy * 100, 1)} % in the highest`
      )
      .join("; ")}.`,
    panels: [{svg, readings, rows: () => modeRows(withEnds(modes, kindOf(modes, options)))}]
  });
}

function fifthsOf({study, quintiles}: Cubes, {selection}: FigureOptions): Fifths[] {
  const {corpus, axis, estimator} = selection;
  const layer = sourceLayer(estimator, selection.layer);
  return selectedArms(selection, study)
    .map(({id, mode}) => {
      const rows = rowsWhere<QuintileRow>(quintiles, {arm: id, corpus, axis, layer, estimator});
      return {mode, rows: [...rows].sort((a, b) => a.quintile - b.quintile)};
    })
    .filter(({rows}) => rows.length > 0)
    .sort((a, b) => MODES.indexOf(a.mode) - MODES.indexOf(b.mode));
}

/** With the ends of the intervals that are drawn. */
const withEnds = (modes: Fifths[], kind: IntervalKind) =>
  modes.map(({mode, rows}) => ({mode, rows: rows.map((row) => ({...row, ...intervalOf(row, kind)}))}));

/** Fifths are of all seeds, whichever is selected. */
const kindOf = (modes: Fifths[], {selection}: FigureOptions) =>
  kindAmong(
    modes.flatMap(({rows}) => rows.map(({low_trainings}) => low_trainings)),
    {...selection, seed: "all"}
  );

const percent = (value: number | null) => (value === null ? null : value * 100);

/** Pixels between modes in one fifth, and the share of a fifth that all of them may take. */
const [APART, MOST_SPREAD] = [9, 0.7];

function fifthsPanel(
  modes: Fifths[],
  options: FigureOptions
): {svg: SVGSVGElement; readings: () => Reading[]} {
  const {width, document} = options;
  const narrow = isNarrow(options);
  const [height, right] = narrow ? [296, 124] : [356, 150];
  const svg = sheet(width, height, document);
  const values = modes.flatMap(({rows}) =>
    rows.flatMap(({accuracy, low, high, low_trainings, high_trainings}) =>
      [accuracy, low, high, low_trainings ?? null, high_trainings ?? null].map(percent)
    )
  );
  const kind = kindOf(modes, options);
  const endsOf = (row: QuintileRow) =>
    kind === "dialogues"
      ? {low: percent(row.low), high: percent(row.high)}
      : {low: percent(row.low_trainings ?? null), high: percent(row.high_trainings ?? null)};
  const area = plane(
    svg,
    {left: 44, top: 14, width: width - 44 - right, height: height - 60},
    {
      x: {
        domain: [0.8, 5.2],
        ticks: [1, 2, 3, 4, 5],
        format: (fifth) => (fifth === 1 ? "lowest" : fifth === 5 ? "highest" : String(fifth)),
        title: "fifth of entropy"
      },
      y: {domain: domainOf(values), ticks: 5, grid: true}
    }
  );
  const apart = Math.min(APART / (area.x(1) - area.x(0)), MOST_SPREAD / modes.length);
  const place = (i: number, {quintile}: QuintileRow) => quintile + (i - (modes.length - 1) / 2) * apart;
  modes.forEach(({mode, rows}, i) => {
    const points = rows.map((row) => ({x: place(i, row), y: row.accuracy * 100}));
    const spans = rows.map((row) => ({x: place(i, row), ...endsOf(row)}));
    drawIntervals(area, spans, modeColor(mode));
    drawLine(area, points, {stroke: modeColor(mode)});
    drawMarkers(area, mode, points);
  });
  nameLines(
    area,
    modes.map(({mode, rows}) => ({mode, value: rows.at(-1)!.accuracy * 100}))
  );
  const readings = () =>
    modes.flatMap(({mode, rows}, i) =>
      rows.map((row) => ({
        x: area.x(place(i, row)),
        y: area.y(row.accuracy * 100),
        title: `${MODE_LOOKS[mode].title} · fifth ${row.quintile}, mean entropy ${formatNumber(row.entropy, 3)} nats\naccuracy ${formatNumber(row.accuracy * 100, 1)} % [${formatNumber(endsOf(row).low, 1)}, ${formatNumber(endsOf(row).high, 1)}]\nn = ${formatCount(row.n)}`
      }))
    );
  return {svg, readings};
}
