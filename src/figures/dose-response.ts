/** Accuracy or any measure, calibration and entropy against how long the text beside the label is, by mode. */
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {IntervalKind, LayerRow, MeasureId} from "../core/cubes.js";
import {budgetCount, entropyCurves, entropyKind, longestDose, measureCurves} from "../core/dose-response.js";
import type {DoseCurve, DosePoint} from "../core/dose-response.js";
import {
  effectUnitOf,
  formatEffectInterval,
  formatLevelInterval,
  formatNumber,
  formatSigned,
  shownScale,
  unitOf
} from "../core/format.js";
import {formatEffect, formatMeasure, measureOf} from "../core/measures.js";
import {MODE_LOOKS, recipeTitle} from "../core/palette.js";
import type {Selection} from "../core/selection.js";
import {drawDoses, tokensText} from "./dose-panel.js";
import type {Response} from "./dose-panel.js";
import {sheet} from "./elements.js";
import {lowerFirst, sourceTitle} from "./entropy-source.js";
import {isNarrow, sampleNote, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {effectEnds, entropyStudy, levelEnds} from "./layer-rows.js";
import {shownIntervalNote} from "./interval-note.js";
import {domainOf} from "./marks.js";
import type {Reading} from "./readings.js";
import {estimateValues, rowsOnScale, steadyDomain} from "./steady-domain.js";

type Cubes = Pick<AllCubes, "study" | "levels" | "effects" | "layers">;

/** The selected measure against dose. */
export function doseMeasure(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection} = options;
  const name = measureOf(selection.measure).title;
  return doseFigure(cubes, options, {
    title: `${name} by length of text`,
    unit: unitText(selection, selection.measure),
    responses: [measureResponse(cubes, selection, selection.measure)]
  });
}

const CALIBRATION = {ece: "Calibration error (ECE)", overconfidence: "Overconfidence"} as const;

/** Calibration error and overconfidence against dose. */
export function doseCalibration(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection} = options;
  const shown = (["ece", "overconfidence"] as const).filter((id) => cubes.study.measures.includes(id));
  return doseFigure(cubes, options, {
    title: "Calibration by length of text",
    unit: "0 is calibrated",
    responses: shown.map((id) => ({
      ...measureResponse(cubes, selection, id),
      title: [CALIBRATION[id], unitText(selection, id)].filter(Boolean).join(", ")
    }))
  });
}

/** Entropy at the selected layer against dose. */
export function doseEntropy(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection} = options;
  const {estimator, layer} = selection;
  return doseFigure(cubes, options, {
    title: "Entropy by length of text",
    unit: `nats; ${lowerFirst(sourceTitle(estimator, layer))}`,
    responses: [entropyResponse(cubes, selection)],
    ...(estimator === "label_entropy" ? {} : {trained: entropyStudy(cubes, selection)}),
    interval: estimator === "label_entropy" ? undefined : entropyKind(cubes, selection)
  });
}

function unitText({view}: Selection, measure: MeasureId): string {
  return view === "effect" ? effectUnitOf(measure) : unitOf(measure);
}

function measureResponse(cubes: Cubes, selection: Selection, measure: MeasureId): Response {
  const difference = selection.view === "effect";
  const {better, biased = false} = measureOf(measure);
  const zero = difference || better === "zero" || biased;
  const scale = shownScale(measure);
  const domain = measureDomain(cubes, selection, measure, zero);
  const say = ({value, low, high}: DosePoint) =>
    (difference
      ? [formatEffect(measure, value), formatEffectInterval(low, high, measure)]
      : [formatMeasure(measure, value), formatLevelInterval(low, high, measure)]
    )
      .filter(Boolean)
      .join(" ");
  return {curves: measureCurves(cubes, selection, measure), domain, scale, difference, zero, say};
}

/** Of every arm and seed, so that toggles leave it as it is. */
function measureDomain(
  {study, effects, levels}: Cubes,
  selection: Selection,
  measure: MeasureId,
  zero: boolean
): [number, number] {
  const {corpus, axis, view} = selection;
  const options = {scale: shownScale(measure), ...(zero ? {through: 0} : {})};
  const through = zero ? {through: 0} : {};
  if (view === "effect") {
    const rows = rowsOnScale(rowsWhere(effects, {corpus, axis, measure}), study, selection, {
      armOf: ({arm}) => arm,
      valuesOf: (row) => estimateValues(row.effect, row),
      ...through
    });
    return steadyDomain(rows, ({effect}) => effect, options);
  }
  const rows = rowsOnScale(rowsWhere(levels, {kind: "arm", corpus, axis, measure}), study, selection, {
    armOf: ({system}) => system,
    valuesOf: (row) => estimateValues(row.value, row),
    ...through
  });
  return steadyDomain(rows, ({value}) => value, options);
}

function entropyResponse(cubes: Cubes, selection: Selection): Response {
  const {estimator, corpus, axis, layer} = selection;
  if (estimator === "label_entropy") return measureResponse(cubes, selection, "label_entropy");
  const difference = selection.view === "effect";
  const rows = ["all", ...cubes.study.seeds].flatMap((seed) =>
    rowsWhere(cubes.layers, {estimator, corpus, axis, seed}).filter((row) => row.layer === layer)
  );
  const valuesOf = (row: LayerRow) => (difference ? effectEnds(row) : levelEnds(row));
  const values = rowsOnScale(rows, cubes.study, selection, {
    armOf: ({arm}) => arm,
    valuesOf,
    ...(difference ? {through: 0} : {})
  }).flatMap(valuesOf);
  const format = difference ? formatSigned : formatNumber;
  const say = ({value, low, high}: DosePoint) =>
    `${format(value, 3)} nats${low === null || high === null ? "" : ` [${format(low, 3)}, ${format(high, 3)}]`}`;
  const domain = domainOf(values, difference ? {through: 0} : {});
  return {curves: entropyCurves(cubes, selection), domain, scale: 1, difference, zero: difference, say};
}

interface DoseFigure {
  title: string;
  unit: string;
  responses: Response[];
  /** The kind of the intervals, where it may not be the selection's. */
  interval?: IntervalKind | undefined;
  /** With the seeds that have these values, where they may be fewer than the study's. */
  trained?: AllCubes["study"];
}

function doseFigure(
  cubes: Cubes,
  options: FigureOptions,
  {title, unit, responses, interval, trained}: DoseFigure
) {
  const {selection, width, document} = options;
  const {study} = cubes;
  const drawn = responses.filter(({curves}) => curves.length > 0);
  const first = drawn[0]?.curves[0]?.points.at(-1);
  if (!first) return emptyFigure({width, document, title, reason: whyEmpty(cubes, selection)});
  const points = drawn.flatMap(({curves}) => curves.flatMap((curve) => curve.points));
  const known = points.some(({low}) => low !== null);
  return frame({
    width,
    document,
    title,
    subtitle: [
      [selection.view === "effect" ? "difference to label only" : "", unit].filter(Boolean).join(", "),
      recipeTitle({...selection, tokens: ""}, study.arms),
      scopeTitle(cubes, selection),
      sampleNote({study: trained ?? study}, selection.seed, first.n)
    ]
      .filter(Boolean)
      .join("; "),
    note: [
      shownIntervalNote(study, interval ? {...selection, interval} : selection, known),
      known ? unlinedNote(drawn) : "",
      points.some(({seeds}) => seeds.length > 0) ? "Faint markers: single trainings." : "",
      "Modes stand a little apart sideways; a thin line leads to a mode’s only length.",
      budgetCount(study) === 1 ? "This study has one length, so that a line has two ends and no shape." : ""
    ]
      .filter(Boolean)
      .join(" "),
    alt: altOf(drawn),
    panels: [{...dosePanels(drawn, longestDose(study), options), rows: () => drawn.flatMap(doseRows)}]
  });
}

/** What is drawn of a response, in the units of its axis. */
function doseRows({title, curves, scale}: Response): object[] {
  const shown = (value: number | null) => (value === null ? null : value * scale);
  return curves.flatMap(({mode, points}) =>
    points.map((point) => ({
      ...{...(title ? {response: title} : {}), mode, ...point},
      ...{
        value: shown(point.value),
        low: shown(point.low),
        high: shown(point.high),
        seeds: point.seeds.map(shown)
      }
    }))
  );
}

/** Which of several responses have no intervals, and why: levels of biased measures only. */
function unlinedNote(responses: Response[]): string {
  const unlined = responses.filter(({curves}) =>
    curves.every(({points}) => points.every(({low}) => low === null))
  );
  return unlined.map(({title}) => `${title} has none: it is too high in small samples.`).join(" ");
}

/** One response over the whole width; two beside each other where there is room, else below each other. */
function dosePanels(
  responses: Response[],
  longest: number,
  options: FigureOptions
): {svg: SVGSVGElement; readings: () => Reading[]} {
  const {width, document} = options;
  const narrow = isNarrow(options);
  const beside = width >= 800;
  const [top, height, right] = [
    responses.some(({title}) => title) ? 42 : 14,
    narrow ? 220 : 280,
    narrow ? 124 : 140
  ];
  const each = beside ? width / responses.length : width;
  const svg = sheet(width, (beside ? 1 : responses.length) * (top + height + 46), document);
  const lists = responses.map((response, i) => {
    const [left, down] = beside ? [i * each + 48, 0] : [48, i * (top + height + 46)];
    const area = {left, top: down + top, width: each - 48 - right, height};
    return drawDoses(svg, area, response, {longest, ticks: narrow || each < 500 ? 4 : 8});
  });
  return {svg, readings: () => lists.flatMap((list) => list())};
}

function whyEmpty({study}: Cubes, selection: Selection): string {
  if (study.lengths.length === 0) return "These tables hold no lengths of texts.";
  if (selection.modes.length === 0) return "All modes are hidden.";
  return `No mode shown was trained with ${recipeTitle({...selection, tokens: ""})} and has a value here.`;
}

function altOf(responses: Response[]): string {
  const parts = responses.map(({curves, say, title, difference}) => {
    const said = curves.flatMap((curve, i) => saidOf(curve, i === 0 && !difference, say));
    return `${title ? `${title}: ` : ""}${said.join("; ")}.`;
  });
  return parts.join(" ");
}

function saidOf({mode, points}: DoseCurve, withBase: boolean, say: Response["say"]): string[] {
  const start = points.filter(({tokens}) => tokens === 0 && withBase);
  const doses = points.filter(({tokens}) => tokens > 0);
  return [
    ...start.map((point) => `${MODE_LOOKS["label-only"].title} ${say(point)}`),
    `${MODE_LOOKS[mode].title} ${doses.map((point) => `${say(point)} at ${tokensText(point.tokens)}`).join(", ")}`
  ];
}
