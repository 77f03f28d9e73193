/** Reliability diagrams: how often an arm is right when it is so sure, one small multiple an arm. */
import type {Mode} from "../core/arms.js";
import {leaningOf, overconfidenceOf, percentOf, pointsText} from "../core/calibration.js";
import type {Overconfidence} from "../core/calibration.js";
import {CALIBRATION_BINS} from "../core/measures.js";
import {rowsWhere} from "../core/cube-index.js";
import type {IntervalKind, ReliabilityRow} from "../core/cubes.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {formatCount, formatNumber} from "../core/format.js";
import {intervalOf, kindAmong} from "../core/intervals.js";
import {MODE_LOOKS, modeColor} from "../core/palette.js";
import type {Selection} from "../core/selection.js";
import {intervalScope} from "../core/sentences/phrases.js";
import {byArm} from "./rows-by-arm.js";
import {modeRows} from "./drawn.js";
import {add} from "./elements.js";
import {isNarrow, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {BAR} from "./marks.js";
import {multiples} from "./multiples.js";
import {drawIntervals, drawLine, drawMarkers, drawReference} from "./plane.js";
import type {Plane} from "./plane.js";
import type {Reading} from "./readings.js";

type Cubes = Pick<AllCubes, "study" | "levels" | "reliability">;

interface ArmBins {
  mode: Mode;
  /** With the ends of the interval that is shown. */
  rows: ReliabilityRow[];
  total: number;
  over: Overconfidence;
}

const STRIP = 30;
/** Bins of fewer rows are drawn hollow and beside the line. */
const FEW = 10;
const BINS = {width: "equal width", mass: "equally many rows"};

/** Accuracy by confidence in bins of equal width. */
export const reliability = (cubes: Cubes, options: FigureOptions) => diagrams(cubes, options, "width");

/** The same in bins of equally many rows. */
export const reliabilityByMass = (cubes: Cubes, options: FigureOptions) => diagrams(cubes, options, "mass");

function diagrams(cubes: Cubes, options: FigureOptions, bins: keyof typeof BINS): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "Accuracy by confidence";
  const {arms, interval} = armBins(cubes, options, bins);
  if (arms.length === 0) {
    const reason = "These tables hold no confidences by bin for this selection.";
    return emptyFigure({width, document, title, reason});
  }
  const narrow = isNarrow(options);
  const percent = {domain: [0, 100] as const, ticks: [0, 25, 50, 75, 100], grid: true};
  const {svg, planes} = multiples({
    width,
    document,
    modes: arms.map(({mode}) => mode),
    x: percent,
    y: percent,
    left: 34,
    bottom: 30 + STRIP + 8,
    along: "mean confidence, %",
    say: (mode) => leaningText(arms.find((arm) => arm.mode === mode)!.over, narrow)
  });
  const most = Math.max(...arms.flatMap(({rows, total}) => rows.map(({n}) => n / total)));
  planes.forEach(([, field], i) => drawDiagram(field, arms[i]!, most, bins));
  return frame({
    width,
    document,
    title,
    subtitle: `%; accuracy upwards; ${scopeTitle(cubes, selection)}; ${CALIBRATION_BINS} bins of ${BINS[bins]}; n = ${formatCount(arms[0]!.total)} rows × seeds an arm`,
    keys: [{text: "sure as often as right", sign: "dashed"}],
    note: `${intervalWords(cubes, {...selection, interval})} ${fewWords(arms)}Bars below: share of rows in each bin. Below the diagonal the arm is surer than right. In points: mean confidence less accuracy, over or under where its interval excludes zero.`,
    alt: `${arms.map(sayArm).join("; ")}. ${intervalWords(cubes, {...selection, interval})}`,
    panels: [
      {
        svg,
        readings: () => planes.flatMap(([, field], i) => readingsOf(field, arms[i]!)),
        rows: () => modeRows(arms)
      }
    ]
  });
}

function intervalWords({study}: Cubes, selection: Selection): string {
  return selection.seed === "all"
    ? `Lines: 95 % intervals of the accuracy ${intervalScope(study, selection)}.`
    : "Bins have intervals for all seeds together only.";
}

/** How many bins leave the diagonal by more than their interval. */
function sayArm({mode, rows, over}: ArmBins): string {
  const known = rows.filter(({low}) => low !== null);
  const below = known.filter(({confidence, high}) => high! < confidence).length;
  const above = known.filter(({confidence, low}) => low! > confidence).length;
  const bins =
    known.length === 0
      ? ""
      : `, ${below} of ${known.length} bins with their interval below the diagonal, ${above} above`;
  return `${MODE_LOOKS[mode].title}: confidence less accuracy ${pointsText(over)} points${bins}`;
}

/** Whether too few rows are in a bin to join it to its neighbours; two rows make a spike of any height. */
const isSparse = ({n}: ReliabilityRow) => n < FEW;

function fewWords(arms: ArmBins[]): string {
  const some = arms.some(({rows}) => rows.some(isSparse));
  return some ? `Hollow and beside the line: bins of fewer than ${FEW} rows. ` : "";
}

function armBins(
  cubes: Cubes,
  {selection}: FigureOptions,
  bins: "width" | "mass"
): {arms: ArmBins[]; interval: IntervalKind} {
  const {corpus, axis, seed} = selection;
  const shown = byArm(cubes, selection, rowsWhere(cubes.reliability, {corpus, axis, seed, bins}));
  const interval = kindAmong(
    shown.flatMap(({rows}) => rows.map(({low_trainings}) => low_trainings)),
    selection
  );
  const arms = shown.map(({arm, mode, rows}) => {
    const total = rows.reduce((sum, {n}) => sum + n, 0);
    return {
      mode,
      rows: rows
        .map((row) => Object.assign({}, row, intervalOf(row, interval)))
        .sort((a, b) => a.bin - b.bin),
      total,
      over: overconfidenceOf(cubes, selection, arm.id) ?? fromBins(rows, total)
    };
  });
  return {arms, interval};
}

/** Mean confidence less accuracy, from the bins; they hold all rows. */
function fromBins(rows: ReliabilityRow[], total: number): Overconfidence {
  const gap = rows.reduce((sum, {n, confidence, accuracy}) => sum + n * (confidence - accuracy), 0);
  return {value: (100 * gap) / total, low: null, high: null};
}

const LEANING = {
  wide: {over: "overconfident", under: "underconfident", open: "undecided"},
  narrow: {over: "over", under: "under", open: "open"}
};

function leaningText(over: Overconfidence, narrow: boolean): string {
  const words = LEANING[narrow ? "narrow" : "wide"];
  return over.low === null ? `${pointsText(over)} points` : `${words[leaningOf(over)]} ${pointsText(over)}`;
}

function drawDiagram(field: Plane, {mode, rows, total}: ArmBins, most: number, bins: "width" | "mass"): void {
  drawReference(field, {x: 0, y: 0}, {x: 100, y: 100});
  const points = rows.map(({confidence, accuracy}) => ({x: confidence * 100, y: accuracy * 100}));
  const spans = rows.map(({confidence, low, high}) => ({
    x: confidence * 100,
    low: percentOf(low),
    high: percentOf(high)
  }));
  drawIntervals(field, spans, modeColor(mode));
  const sparse = points.filter((_, i) => isSparse(rows[i]!));
  const full = points.filter((_, i) => !isSparse(rows[i]!));
  drawLine(field, full, {stroke: modeColor(mode), width: 1.5});
  if (sparse.length > 0) drawMarkers(field, mode, sparse, {size: 34, hollow: true, className: "sparse"});
  drawMarkers(field, mode, full, {size: 34});
  const base = field.top + field.height + 44 + STRIP;
  const wide = bins === "width" ? Math.max(2, field.width / CALIBRATION_BINS - 2) : 2;
  const bars = rows.map(({confidence, bin, n}) => {
    const at = bins === "width" ? (bin - 0.5) / CALIBRATION_BINS : confidence;
    const height = (n / total / most) * STRIP;
    return `M${(field.x(at * 100) - wide / 2).toFixed(1)},${base}v${(-height).toFixed(1)}h${wide.toFixed(1)}v${height.toFixed(1)}z`;
  });
  add(field.group, "path", {class: "shares", d: bars.join(""), fill: BAR});
}

function readingsOf(field: Plane, {mode, rows, total}: ArmBins): Reading[] {
  return rows.map(({confidence, accuracy, low, high, n}) => ({
    x: field.x(confidence * 100),
    y: field.y(accuracy * 100),
    title:
      `${MODE_LOOKS[mode].title} · mean confidence ${formatNumber(confidence * 100, 1)} %\n` +
      `accuracy ${formatNumber(accuracy * 100, 1)} %${low === null ? "" : ` [${formatNumber(low * 100, 1)}, ${formatNumber(high! * 100, 1)}]`}\n` +
      `n = ${formatCount(n)} rows, ${formatNumber((100 * n) / total, 1)} %`
  }));
}
