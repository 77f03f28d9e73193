/** Does entropy say when a model is wrong: accuracy by fifth, correlations pooled and within settings, AUROC. */
import * as Plot from "@observablehq/plot";
import {MODES} from "../core/arms.js";
import type {Mode} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {RelationRow} from "../core/cubes.js";
import {formatCount, formatNumber, formatSigned} from "../core/format.js";
import {MODE_LOOKS, modeColor} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import {ESTIMATOR_TITLES, SHORT_ESTIMATOR_TITLES, sourceLayer, sourceTitle} from "./entropy-source.js";
import {isNarrow, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {labelLineEnds, modeLines} from "./lines.js";
import {INK, MUTED, PAPER, domainOf, gridX, gridY, intervalDots, markerOf, panel, zeroLine} from "./marks.js";
import type {IntervalDatum} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "quintiles" | "relations">;

const NO_ENTROPY = "No entropies in this selection.";

function ofSelection<R extends {arm: string; corpus: string; axis: string}>(
  {study}: Cubes,
  {selection}: FigureOptions,
  rows: R[]
): (R & {mode: Mode})[] {
  const modeOf = new Map(selectedArms(selection, study).map(({id, mode}) => [id, mode]));
  return rows
    .flatMap((row) => {
      const mode = modeOf.get(row.arm);
      return mode && row.corpus === selection.corpus && row.axis === selection.axis ? [{...row, mode}] : [];
    })
    .sort((a, b) => MODES.indexOf(a.mode) - MODES.indexOf(b.mode));
}

function atSource<R extends {layer: number; estimator: string}>({selection}: FigureOptions, rows: R[]): R[] {
  const layer = sourceLayer(selection.estimator, selection.layer);
  return rows.filter((row) => row.estimator === selection.estimator && row.layer === layer);
}

/** Accuracy by fifth of entropy, fifths taken within each setting and seed; one line a mode. */
export function accuracyByFifth(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "Accuracy by fifth of entropy";
  const rows = atSource(options, ofSelection(cubes, options, cubes.quintiles));
  if (rows.length === 0) return emptyFigure({width, document, title, reason: NO_ENTROPY});
  const percent = (value: number | null) => (value === null ? null : value * 100);
  const modes = modesIn(rows);
  const aside = (mode: Mode) => (modes.indexOf(mode) - (modes.length - 1) / 2) * 0.06;
  const data = rows.map((row) => ({
    mode: row.mode,
    x: row.quintile + aside(row.mode),
    value: row.accuracy * 100,
    low: percent(row.low),
    high: percent(row.high),
    title: `${MODE_LOOKS[row.mode].title} · fifth ${row.quintile}, mean entropy ${formatNumber(row.entropy, 3)} nats\naccuracy ${formatNumber(row.accuracy * 100, 1)} % [${formatNumber(percent(row.low), 1)}, ${formatNumber(percent(row.high), 1)}]\nn = ${formatCount(row.n)}`
  }));
  const narrow = isNarrow(options);
  const svg = panel(
    {
      width,
      height: narrow ? 280 : 340,
      marginLeft: 44,
      marginRight: narrow ? 124 : 150,
      marginTop: 14,
      marginBottom: 30,
      x: {domain: [0.85, 5.15], inset: 4, label: null},
      y: {domain: domainOf(data.flatMap(({value, low, high}) => [value, low, high])), label: null},
      marks: [
        gridY(5),
        Plot.axisY({ticks: 5, tickSize: 0, label: null, fill: MUTED}),
        Plot.axisX({
          ticks: [1, 2, 3, 4, 5],
          tickSize: 0,
          label: null,
          fill: MUTED,
          tickFormat: (fifth: number) => (fifth === 1 ? "lowest" : fifth === 5 ? "highest" : String(fifth))
        }),
        ...modeLines(data, "rules")
      ]
    },
    document
  );
  return frame({
    width,
    document,
    title,
    subtitle: `%; ${sourceTitle(selection.estimator, selection.layer)}; ${scopeTitle(cubes, selection)}; all seeds; n = ${formatCount(rows[0]!.n)} rows × seeds in each fifth`,
    note: "Lines: 95 % intervals. Modes stand side by side for legibility. Fifths are taken within each setting and seed, so that easy settings do not fill one fifth.",
    alt: `${modes
      .map((mode) => {
        const own = rows.filter((row) => row.mode === mode).sort((a, b) => a.quintile - b.quintile);
        return `${MODE_LOOKS[mode].title}: ${formatNumber(own[0]!.accuracy * 100, 1)} % in the lowest fifth, ${formatNumber(own.at(-1)!.accuracy * 100, 1)} % in the highest`;
      })
      .join("; ")}.`,
    panels: [{svg: labelLineEnds(svg, data)}]
  });
}

const modesIn = (rows: {mode: Mode}[]) => MODES.filter((mode) => rows.some((row) => row.mode === mode));

type Dumbbell = IntervalDatum & {pooled: number | null; row: string};

/** Correlation of entropy with being right: all rows pooled against within settings, with the gap between them drawn. */
export function correlationDumbbells(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "Correlation of entropy with being right: pooled and within settings";
  const rows = atSource(options, ofSelection(cubes, options, cubes.relations)).filter(
    ({within}) => within !== null
  );
  if (rows.length === 0)
    return emptyFigure({width, document, title, reason: "No correlation can be computed in this selection."});
  const data = rows.map((row) => ({
    mode: row.mode,
    row: row.mode,
    value: row.within!,
    low: row.within_low,
    high: row.within_high,
    pooled: row.pooled,
    title: relationTitle(row)
  }));
  return frame({
    width,
    document,
    title,
    subtitle: `Pearson’s r; ${sourceTitle(selection.estimator, selection.layer)}; ${scopeTitle(cubes, selection)}; all seeds; n = ${formatCount(rows[0]!.n)} rows × seeds`,
    keys: [
      {text: "within settings", sign: "filled"},
      {text: "pooled", sign: "hollow"}
    ],
    note: "Lines: 95 % intervals of the correlation within settings. A gap between the two is what differences between settings add.",
    alt: `${rows.map((row) => `${MODE_LOOKS[row.mode].title}: within ${formatSigned(row.within, 2)} [${formatSigned(row.within_low, 2)}, ${formatSigned(row.within_high, 2)}], pooled ${formatSigned(row.pooled, 2)}`).join("; ")}.`,
    panels: [{svg: dumbbellPanel(options, data)}]
  });
}

function relationTitle(row: RelationRow & {mode: Mode}): string {
  return `${MODE_LOOKS[row.mode].title} · ${sourceTitle(row.estimator, row.layer)}\nwithin settings ${formatSigned(row.within, 3)} [${formatSigned(row.within_low, 3)}, ${formatSigned(row.within_high, 3)}]; pooled ${formatSigned(row.pooled, 3)}\nAUROC ${formatNumber(row.auroc, 3)}; n = ${formatCount(row.n)}`;
}

function dumbbellPanel(options: FigureOptions, data: Dumbbell[]): SVGSVGElement {
  const {width, document} = options;
  const narrow = isNarrow(options);
  const joined = data.filter(({pooled}) => pooled !== null);
  return panel(
    {
      width,
      height: data.length * 28 + 34,
      marginLeft: narrow ? 122 : 142,
      marginRight: 24,
      marginTop: 6,
      marginBottom: 26,
      x: {
        domain: domainOf(
          data.flatMap(({value, low, high, pooled}) => [value, low, high, pooled]),
          {through: 0}
        ),
        label: null
      },
      y: {domain: data.map(({row}) => row), padding: 0.2, label: null},
      marks: [
        gridX(narrow ? 4 : 8),
        zeroLine(),
        Plot.axisY({
          tickSize: 0,
          tickPadding: 10,
          label: null,
          tickFormat: (mode: Mode) => MODE_LOOKS[mode].title
        }),
        Plot.axisX({ticks: narrow ? 4 : 8, tickSize: 0, label: null, fill: MUTED}),
        Plot.ruleY(joined, {
          y: "row",
          x1: "value",
          x2: "pooled",
          stroke: ({mode}: Dumbbell) => modeColor(mode),
          strokeDasharray: "2,3",
          className: "gap"
        }),
        ...intervalDots(data, {y: ({row}) => row}),
        ...joined.map((d) =>
          Plot.dot([d], {
            x: "pooled",
            y: "row",
            r: 4.5,
            symbol: markerOf(d.mode) as Plot.SymbolType,
            stroke: modeColor(d.mode),
            strokeWidth: 1.5,
            fill: PAPER,
            title: "title",
            className: "pooled"
          })
        )
      ]
    },
    document
  );
}

/** AUROC of every entropy as a detector of errors, at the selected layer and at the output. */
export function errorDetectors(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "Which entropy tells errors from right answers?";
  const rows = ofSelection(cubes, options, cubes.relations).filter(
    ({layer, estimator, auroc}) => auroc !== null && layer === sourceLayer(estimator, selection.layer)
  );
  if (rows.length === 0)
    return emptyFigure({
      width,
      document,
      title,
      reason: "No arm was both right and wrong in this selection."
    });
  const narrow = isNarrow(options);
  const sources = [...new Set(rows.map(({estimator}) => estimator))].sort(
    (a, b) => meanAuroc(rows, b) - meanAuroc(rows, a)
  );
  const svg = panel(
    {
      width,
      height: sources.length * 26 + 36,
      marginLeft: narrow ? 116 : 272,
      marginRight: 24,
      marginTop: 6,
      marginBottom: 26,
      x: {
        domain: domainOf(
          rows.map(({auroc}) => auroc),
          {through: 0.5}
        ),
        label: null
      },
      y: {domain: sources, padding: 0.2, label: null},
      marks: [
        gridX(narrow ? 3 : 8),
        Plot.ruleX([0.5], {stroke: INK, strokeOpacity: 0.55}),
        Plot.axisY({
          tickSize: 0,
          tickPadding: 10,
          label: null,
          tickFormat: (source: keyof typeof ESTIMATOR_TITLES) =>
            (narrow ? SHORT_ESTIMATOR_TITLES : ESTIMATOR_TITLES)[source]
        }),
        Plot.axisX({ticks: narrow ? 3 : 8, tickSize: 0, label: null, fill: MUTED}),
        ...modesIn(rows).map((mode) =>
          Plot.dot(
            rows.filter((row) => row.mode === mode),
            {
              x: "auroc",
              y: "estimator",
              r: 4.5,
              symbol: markerOf(mode) as Plot.SymbolType,
              fill: modeColor(mode),
              fillOpacity: 0.9,
              title: relationTitle,
              className: "value"
            }
          )
        )
      ]
    },
    document
  );
  return frame({
    width,
    document,
    title,
    subtitle: `AUROC, .5 is chance; activation entropies at layer ${selection.layer}; ${scopeTitle(cubes, selection)}; all seeds; n = ${formatCount(rows[0]!.n)} rows × seeds`,
    legend: modesIn(rows),
    alt: `${sources
      .map(
        (source) =>
          `${ESTIMATOR_TITLES[source]}: ${rows
            .filter(({estimator}) => estimator === source)
            .map(({mode, auroc}) => `${MODE_LOOKS[mode].title} ${formatNumber(auroc, 3)}`)
            .join(", ")}`
      )
      .join("; ")}.`,
    panels: [{svg}]
  });
}

function meanAuroc(rows: RelationRow[], source: string): number {
  const own = rows.filter(({estimator}) => estimator === source);
  return own.reduce((sum, {auroc}) => sum + (auroc ?? 0), 0) / own.length;
}
