/** Accuracy on the test rows along training, one line an arm: where an explanation speeds learning up or slows it down. */
import {scaleLinear} from "d3";
import {accuracyAlong} from "../core/along-training.js";
import type {AlongArm} from "../core/along-training.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {formatCount, formatCounted, formatNumber} from "../core/format.js";
import {MODE_LOOKS, modeColor, recipeTitle} from "../core/palette.js";
import {bestShortcut} from "./best-shortcut.js";
import {modeRows} from "./drawn.js";
import {sheet} from "./elements.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import type {Panel} from "./frame.js";
import {drawBand, drawLine, drawMarkers, drawReference, nameLines, plane} from "./plane.js";
import type {Plane} from "./plane.js";
import type {Reading} from "./readings.js";
import {lineMeans, stepArea, stepAxis} from "./step-axis.js";

type Cubes = Pick<AllCubes, "study" | "runs" | "along" | "levels">;

const TITLE = "Accuracy along training";
/** About how many ticks stand at the accuracy. */
const TICKS = 5;

export function alongTraining(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const arms = accuracyAlong(cubes, selection);
  if (arms.length === 0) {
    const reason =
      cubes.along.length === 0
        ? "This study scored its models only at the end of training."
        : "No run of this selection was scored along its training.";
    return emptyFigure({width, document, title: TITLE, reason});
  }
  const shortcut = bestShortcut(cubes, {measure: "accuracy", corpus: "all", axis: "all"});
  return frame({
    width,
    document,
    title: TITLE,
    subtitle: `% of test rows labelled right, by training step; ${recipeTitle(selection, cubes.study.arms)}; ${lineMeans(arms.map(({seeds}) => seeds))}`,
    keys: shortcut ? [{text: `best shortcut: ${shortcut.text}`, sign: "dashed"}] : [],
    note: `Bands: lowest to highest training of each mode, not a confidence interval. The last point is the finished model${options.paper ? "" : ", shown on all other pages"}; before it the learning rate is still falling.`,
    alt: `${arms.map(inWords).join("; ")}.${shortcut ? ` Best shortcut: ${shortcut.text}.` : ""}`,
    panels: [panelOf(cubes, options, arms, shortcut && shortcut.value / 100)]
  });
}

const percent = (share: number) => `${formatNumber(100 * share, 1)} %`;

function inWords({mode, points}: AlongArm): string {
  const [first, last] = [points[0]!, points.at(-1)!];
  const end = `${percent(last.mean)} at step ${formatCount(last.step)}`;
  const from = first === last ? "" : `${percent(first.mean)} at step ${formatCount(first.step)} to `;
  return `${MODE_LOOKS[mode].title} ${from}${end}`;
}

function panelOf(
  cubes: Cubes,
  options: FigureOptions,
  arms: AlongArm[],
  shortcut: number | undefined
): Panel {
  const {width, document} = options;
  const {area, height} = stepArea(options);
  const svg = sheet(width, height, document);
  const last = Math.max(...arms.map(({points}) => points.at(-1)!.step));
  const field = plane(svg, area, {
    x: stepAxis(options, last),
    y: {
      domain: rangeOf(cubes, shortcut),
      ticks: TICKS,
      format: (share) => formatNumber(100 * share, 0),
      grid: true
    }
  });
  if (shortcut !== undefined) drawReference(field, {x: 0, y: shortcut}, {x: last, y: shortcut});
  for (const {mode, points} of arms)
    drawBand(
      field,
      points.map(({step, low, high}) => ({x: step, low, high})),
      modeColor(mode)
    );
  for (const {mode, points} of arms) {
    const line = points.map(({step, mean}) => ({x: step, y: mean}));
    drawLine(field, line, {stroke: modeColor(mode), width: 1.75});
    drawMarkers(field, mode, line);
  }
  nameLines(
    field,
    arms.map(({mode, points}) => ({mode, value: points.at(-1)!.mean}))
  );
  return {
    svg,
    readings: () => arms.flatMap((arm) => readingsOf(field, arm)),
    rows: () => modeRows(arms.map(({mode, points}) => ({mode, rows: points})))
  };
}

/** Over every training, shown or not, so that the scale stays when modes are toggled; from tick to tick. */
function rangeOf({along}: Cubes, shortcut: number | undefined): [number, number] {
  let [least, most] = [shortcut ?? 1, shortcut ?? 0];
  for (const {measure, value} of along) {
    if (measure !== "accuracy") continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const margin = most > least ? 0 : 0.02;
  const [from, to] = scaleLinear([least - margin, most + margin], [0, 1])
    .nice(TICKS)
    .domain();
  return [Math.max(0, from!), Math.min(1, to!)];
}

function readingsOf(field: Plane, {mode, points, seeds}: AlongArm): Reading[] {
  return points.map(({step, mean, low, high}) => ({
    x: field.x(step),
    y: field.y(mean),
    title:
      `${MODE_LOOKS[mode].title} · step ${formatCount(step)}\n${percent(mean)} right` +
      (seeds > 1 ? `\n${formatCounted(seeds, "training")}: ${percent(low)} to ${percent(high)}` : "")
  }));
}
