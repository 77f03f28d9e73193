/** Accuracy against sharpness: is an arm as sure on average as it is right, and by how much not? */
import type {Mode} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {LevelRow} from "../core/cubes.js";
import {cellLevels, levelOf, overconfidenceOf, pointsText} from "../core/calibration.js";
import {formatCount, formatNumber} from "../core/format.js";
import {shownInterval} from "../core/intervals.js";
import {MODE_LOOKS, modeColor} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import {columnHeight, drawDotColumn} from "./dot-columns.js";
import type {DotRow} from "./dot-columns.js";
import {add, sheet} from "./elements.js";
import {sampleNote, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {shownIntervalNote} from "./interval-note.js";
import {MUTED, domainOf} from "./marks.js";
import {drawIntervals, drawMarkers, drawReference, drawWidths, plane} from "./plane.js";
import type {Plane} from "./plane.js";
import type {Reading} from "./readings.js";
import {estimateValues, rowsOnScale, steadyDomain} from "./steady-domain.js";

type Cubes = Pick<AllCubes, "study" | "levels">;

interface Pair {
  accuracy: LevelRow;
  sharpness: LevelRow;
}
interface ArmPairs {
  mode: Mode;
  id: string;
  mean: Pair;
  seeds: Pair[];
}

/** One point an arm, a smaller one a seed; on the diagonal an arm is calibrated on average. */
export function confidenceAccuracy(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "Accuracy against mean confidence (sharpness)";
  const arms = armPairs(cubes, options);
  if (arms.length === 0) {
    const reason = "No arm has both accuracy and sharpness in this selection.";
    return emptyFigure({width, document, title, reason});
  }
  const beside = width >= 800;
  const side = beside ? 380 : Math.min(width - 60, 420);
  const over = arms.flatMap(({id, mode}) => overRow(cubes, options, id, mode));
  const below = over.length > 0 && !beside ? columnHeight(over.length) + 20 : 0;
  const svg = sheet(width, side + 60 + below, document);
  const domain = pairDomain(cubes, options);
  const axis = {domain, ticks: 5, grid: true};
  const field = plane(
    svg,
    {left: 44, top: 24, width: side, height: side},
    {x: {...axis, title: "mean confidence, %"}, y: axis}
  );
  drawReference(field, {x: domain[0], y: domain[0]}, {x: domain[1], y: domain[1]});
  for (const arm of arms) drawPairs(field, arm, options);
  sideNames(field);
  const place = beside
    ? {left: side + 44 + 190, top: 40, width: width - side - 44 - 190}
    : {left: 136, top: side + 72, width: width - 136};
  const listOver =
    over.length > 0 ? drawDotColumn(svg, place, overColumn(cubes, options, over, beside), true) : () => [];
  return frame({
    width,
    document,
    title,
    subtitle: `accuracy, %; ${scopeTitle(cubes, selection)}; ${sampleNote(cubes, selection.seed, arms[0]!.mean.accuracy.n, arms[0]!.mean.accuracy.dialogues)}`,
    legend: arms.map(({mode}) => mode),
    keys: [
      {text: "sure as often as right", sign: "dashed"},
      {text: "one seed (small)", sign: "hollow"}
    ],
    note: `${shownIntervalNote(cubes.study, selection, hasInterval(arms, options))} On average only: an arm on the diagonal can still be too sure of some labels and not sure enough of others.`,
    alt: `${arms.map(({mode, id, mean}) => `${MODE_LOOKS[mode].title}: accuracy ${formatNumber(mean.accuracy.value! * 100, 1)} %, mean confidence ${formatNumber(mean.sharpness.value! * 100, 1)} %${overText(cubes, options, id)}`).join("; ")}.`,
    panels: [
      {
        svg,
        readings: () => [...arms.flatMap((arm) => readingsOf(field, arm)), ...listOver()],
        rows: () => [
          ...arms.flatMap((arm) => pairRows(arm, options)),
          ...over.map((row) => ({quantity: "confidence less accuracy, points", ...row}))
        ]
      }
    ]
  });
}

function overText(cubes: Cubes, {selection}: FigureOptions, id: string): string {
  const over = overconfidenceOf(cubes, selection, id);
  return over ? `, confidence less accuracy ${pointsText(over)} points` : "";
}

function armPairs(cubes: Cubes, {selection}: FigureOptions): ArmPairs[] {
  const pairOf = (id: string, seed: string): Pair[] => {
    const accuracy = levelOf(cubes, selection, "accuracy", {system: id, seed});
    const sharpness = levelOf(cubes, selection, "sharpness", {system: id, seed});
    return accuracy && sharpness ? [{accuracy, sharpness}] : [];
  };
  return selectedArms(selection, cubes.study).flatMap(({id, mode}) => {
    const [mean] = pairOf(id, selection.seed);
    const seeds = selection.seed === "all" ? cubes.study.seeds.flatMap((seed) => pairOf(id, seed)) : [];
    return mean ? [{mode, id, mean, seeds}] : [];
  });
}

/** What is drawn of an arm: both coordinates, in percent, of the mean and of each seed. */
function pairRows({mode, mean, seeds}: ArmPairs, {selection}: FigureOptions): object[] {
  return [mean, ...seeds].flatMap((pair) =>
    (["accuracy", "sharpness"] as const).map((measure) => {
      const {seed, value, n} = pair[measure];
      const {low, high} = pair === mean ? shownInterval(pair[measure], selection) : {low: null, high: null};
      const [at, from, to] = [value, low, high].map((each) => (each === null ? null : each * 100));
      return {quantity: `${measure === "accuracy" ? "accuracy" : "mean confidence"}, %`, mode, seed, value: at, low: from, high: to, n}; // prettier-ignore
    })
  );
}

function hasInterval(arms: ArmPairs[], {selection}: FigureOptions): boolean {
  return arms.some(({mean}) => shownInterval(mean.accuracy, selection).low !== null);
}

/** One domain for both axes, of all arms and seeds, so that the diagonal stays where it is. */
function pairDomain(cubes: Cubes, {selection}: FigureOptions): [number, number] {
  const rows = (["accuracy", "sharpness"] as const).flatMap((measure) => [
    ...cellLevels(cubes, selection, measure)
  ]);
  const arms = rows.filter(({kind}) => kind === "arm");
  const values = arms.flatMap((row) => [row.value, ...Object.values(shownInterval(row, selection))]);
  const [low, high] = domainOf(values.map((value) => (value === null ? null : value * 100)));
  return [Math.max(0, low), Math.min(100, high)];
}

function drawPairs(field: Plane, {mode, mean, seeds}: ArmPairs, {selection}: FigureOptions): void {
  const points = (pairs: Pair[]) =>
    pairs.map(({accuracy, sharpness}) => ({x: sharpness.value! * 100, y: accuracy.value! * 100}));
  const [center] = points([mean]);
  const [along, up] = [shownInterval(mean.sharpness, selection), shownInterval(mean.accuracy, selection)];
  const percent = ({low, high}: typeof up) => ({
    low: low === null ? null : low * 100,
    high: high === null ? null : high * 100
  });
  drawWidths(field, [{y: center!.y, ...percent(along)}], modeColor(mode));
  drawIntervals(field, [{x: center!.x, ...percent(up)}], modeColor(mode));
  drawMarkers(field, mode, points(seeds), {size: 26, hollow: true, className: "seed"});
  drawMarkers(field, mode, [center!], {size: 74});
}

/** Which side of the diagonal is which. */
function sideNames({group, left, top, width, height}: Plane): void {
  const style = {fill: MUTED, "font-size": 11.5};
  add(
    group,
    "text",
    {...style, x: left + 8, y: top + 16, "text-anchor": "start"},
    "more often right than sure"
  );
  add(
    group,
    "text",
    {...style, x: left + width - 8, y: top + height - 10, "text-anchor": "end"},
    "surer than right"
  );
}

function overRow(cubes: Cubes, {selection}: FigureOptions, id: string, mode: Mode): DotRow[] {
  const over = overconfidenceOf(cubes, selection, id);
  if (!over) return [];
  const seeds = cubes.study.seeds.flatMap(
    (seed) => levelOf(cubes, selection, "overconfidence", {system: id, seed}) ?? []
  );
  const singles = selection.seed === "all" ? seeds.map(({value}) => value! * 100) : [];
  return [
    {...over, mode, singles, text: pointsText({...over, low: null}), title: `${pointsText(over)} points`}
  ];
}

function overColumn(cubes: Cubes, {selection}: FigureOptions, rows: DotRow[], beside: boolean) {
  const cell = cellLevels(cubes, selection, "overconfidence").filter(({kind}) => kind === "arm");
  const holds = {
    armOf: ({system}: LevelRow) => system,
    valuesOf: (row: LevelRow) => estimateValues(row.value, row),
    through: 0
  };
  const rowsHeld = rowsOnScale(cell, cubes.study, selection, holds);
  const domain = steadyDomain(rowsHeld, ({value}) => value, {scale: 100, through: 0});
  return {
    title: beside ? "Confidence less accuracy, points" : "Confidence less accuracy",
    rows,
    domain,
    reference: 0
  };
}

function readingsOf(field: Plane, {mode, mean, seeds}: ArmPairs): Reading[] {
  return [mean, ...seeds].map(({accuracy, sharpness}) => ({
    x: field.x(sharpness.value! * 100),
    y: field.y(accuracy.value! * 100),
    title:
      `${MODE_LOOKS[mode].title} · ${accuracy.seed === "all" ? "mean of seeds" : `seed ${accuracy.seed}`}\n` +
      `accuracy ${formatNumber(accuracy.value! * 100, 1)} %, mean confidence ${formatNumber(sharpness.value! * 100, 1)} %\n` +
      `n = ${formatCount(accuracy.n)}`
  }));
}
