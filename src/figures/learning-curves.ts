/** Learning curves of arms: mean loss over seeds with the seeds' range, label part and explanation part apart. */
import {rowsWhere} from "../core/cube-index.js";
import {armCurves, finalLoss, lossOf, meanCurve} from "../core/learning-curves.js";
import type {ArmCurves, CurvePoint, LossPart} from "../core/learning-curves.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {formatCount, formatCounted, formatNumber} from "../core/format.js";
import {MODE_LOOKS, modeColor, recipeTitle} from "../core/palette.js";
import {modeRows} from "./drawn.js";
import {sheet} from "./elements.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import type {Panel} from "./frame.js";
import {drawBand, drawLine, drawMarkers, nameLines, plane} from "./plane.js";
import type {Axis, Plane} from "./plane.js";
import type {Reading} from "./readings.js";
import {lineMeans, stepArea, stepAxis} from "./step-axis.js";

type Cubes = Pick<AllCubes, "study" | "runs" | "curves">;

interface DrawnArm extends ArmCurves {
  mean: CurvePoint[];
}

const PARTS: Record<LossPart, {title: string; note: string}> = {
  label: {
    title: "Training loss of the label part",
    note: "The label is the same in every mode, so these lines can be compared."
  },
  explanation: {
    title: "Training loss of the explanation part",
    note: "Not comparable across modes: drawn words are harder to foresee than sentences. Read each line for whether it still falls."
  }
};

/** The label part of all arms in one plane. */
export const labelLoss = (cubes: Cubes, options: FigureOptions) => curvesFigure(cubes, options, "label");

/** The explanation part of all arms that have one. */
export const explanationLoss = (cubes: Cubes, options: FigureOptions) =>
  curvesFigure(cubes, options, "explanation");

function curvesFigure(cubes: Cubes, options: FigureOptions, part: LossPart): SVGSVGElement {
  const {selection, width, document} = options;
  const {title, note} = PARTS[part];
  const arms = armCurves(cubes, selection, part).map((arm) => ({...arm, mean: meanCurve(arm.curves)}));
  if (arms.length === 0) {
    const reason =
      part === "label"
        ? "No run of this selection has left a loss curve."
        : "No run of this selection has left a loss of an explanation part.";
    return emptyFigure({width, document, title, reason});
  }
  return frame({
    width,
    document,
    title,
    subtitle: `nats a token by step, on a logarithmic scale; ${recipeTitle(selection, cubes.study.arms)}; ${lineMeans(arms.map(({curves}) => curves.length))}`,
    note: `Bands: lowest to highest training of each mode, not a confidence interval. ${note}`,
    alt: `Over the last tenth of the steps: ${arms.map((arm) => `${MODE_LOOKS[arm.mode].title} ${rangeWords(arm)}`).join("; ")} nats a token.`,
    panels: [curvesPanel(cubes, options, arms, part)]
  });
}

function rangeWords({curves}: ArmCurves): string {
  const ends = curves.map(finalLoss);
  const mean = ends.reduce((sum, end) => sum + end, 0) / ends.length;
  const range =
    ends.length > 1 ? ` (${formatNumber(Math.min(...ends))} to ${formatNumber(Math.max(...ends))})` : "";
  return `${formatNumber(mean)}${range}`;
}

function curvesPanel(cubes: Cubes, options: FigureOptions, arms: DrawnArm[], part: LossPart): Panel {
  const {width, document} = options;
  const {area, height} = stepArea(options);
  const svg = sheet(width, height, document);
  const field = plane(svg, area, {
    x: stepAxis(options, lastStep(arms)),
    y: logAxis(lossRange(cubes, part))
  });
  for (const {mode, mean} of arms)
    drawBand(
      field,
      mean.map(({step, low, high}) => ({x: step, low: Math.log(low), high: Math.log(high)})),
      modeColor(mode)
    );
  for (const {mode, mean} of arms) {
    const points = mean.map(({step, mean: loss}) => ({x: step, y: Math.log(loss)}));
    drawLine(field, points, {stroke: modeColor(mode), width: 1.75});
    drawMarkers(field, mode, points.slice(-1));
  }
  nameLines(
    field,
    arms.map(({mode, mean}) => ({mode, value: Math.log(mean.at(-1)!.mean)}))
  );
  return {
    svg,
    readings: () => arms.flatMap((arm) => readingsOf(field, arm)),
    rows: () => modeRows(arms.map(({mode, mean}) => ({mode, rows: mean})))
  };
}

const lastStep = (arms: DrawnArm[]) => Math.max(...arms.map(({mean}) => mean.at(-1)!.step));

/** Over every training, shown or not, so that the scale stays when modes are toggled. */
function lossRange({runs, curves}: Cubes, part: LossPart): [number, number] {
  const trained = new Set(rowsWhere(runs, {kind: "train"}).map(({run}) => run));
  let [least, most] = [Infinity, 0];
  for (const row of curves) {
    const loss = lossOf(row, part);
    if (loss === null || loss <= 0 || !trained.has(row.run)) continue;
    if (loss < least) least = loss;
    if (loss > most) most = loss;
  }
  return [least, most];
}

/** Losses fall by factors: on a logarithmic scale the late steps, which decide, are as legible as the first. */
function logAxis([least, most]: [number, number]): Axis {
  const ticks = lossTicks(least, most);
  const names = new Map(ticks.map(({value, name}) => [Math.log(value), name]));
  return {
    domain: [Math.log(least * 0.97), Math.log(most * 1.03)],
    ticks: [...names.keys()],
    format: (value) => names.get(value) ?? "",
    grid: true
  };
}

/** Between ticks, as a share of the axis: two lines of text, about. */
const LEAST_GAP = 0.06;

/** Round losses between two, down to where the losses end, or both where hardly any lies between; no two of them are called the same. */
export function lossTicks(least: number, most: number): {value: number; name: string}[] {
  const ticksOf = (digits: number[]) =>
    [-4, -3, -2, -1, 0, 1]
      .flatMap((power) => digits.map((digit) => digit * 10 ** power))
      .filter((tick) => tick >= least * 0.97 && tick <= most * 1.03);
  const round = [
    [1, 2, 5],
    [1, 1.5, 2, 3, 4, 5, 7]
  ]
    .map(ticksOf)
    .find(({length}) => length > 2);
  if (round) {
    const room = LEAST_GAP * Math.log(most / least);
    const below = ticksOf([1.5, 1.25]).filter((tick) => tick < round[0]!).sort((a, b) => b - a); // prettier-ignore
    const ticks = [...round];
    for (const tick of below) if (Math.log(ticks[0]! / tick) >= room) ticks.unshift(tick);
    return ticks.map((value) => ({value, name: String(Number(value.toPrecision(6)))}));
  }
  const ticks = [least, most];
  const named = (digits: number) =>
    new Map(ticks.map((value) => [String(Number(value.toPrecision(digits))), value]));
  const names = [2, 3, 4].map(named).find(({size}) => size === ticks.length) ?? named(2);
  return [...names].map(([name, value]) => ({value, name}));
}

function readingsOf(field: Plane, {mode, mean, curves}: DrawnArm): Reading[] {
  return mean.map(({step, mean: loss, low, high}) => ({
    x: field.x(step),
    y: field.y(Math.log(loss)),
    title:
      `${MODE_LOOKS[mode].title} · step ${formatCount(step)}\n${formatNumber(loss, 3)} nats a token` +
      (curves.length > 1
        ? `\n${formatCounted(curves.length, "training")}: ${formatNumber(low, 3)} to ${formatNumber(high, 3)}`
        : "")
  }));
}
