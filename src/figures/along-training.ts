/** Accuracy on the test rows along training, one line an arm: where an explanation speeds learning up or slows it down. */
import {accuracyAlong} from "../core/along-training.js";
import type {AlongArm} from "../core/along-training.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {formatCount, formatCounted, formatNumber} from "../core/format.js";
import {MODE_LOOKS, modeColor, recipeTitle} from "../core/palette.js";
import {sheet} from "./elements.js";
import {isNarrow} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import type {Panel} from "./frame.js";
import {drawBand, drawLine, drawMarkers, nameLines, plane} from "./plane.js";
import type {Plane} from "./plane.js";
import type {Reading} from "./readings.js";

type Cubes = Pick<AllCubes, "study" | "runs" | "along">;

const TITLE = "Accuracy along training";

export function alongTraining(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const arms = accuracyAlong(cubes, selection);
  if (arms.length === 0) {
    const reason =
      cubes.along.length === 0
        ? "Runs of this study were scored at their end alone. The study’s key capture.along names the parts of training after which they are scored too."
        : "No run of this selection was scored along its training.";
    return emptyFigure({width, document, title: TITLE, reason});
  }
  const trainings = arms.reduce((sum, {seeds}) => sum + seeds, 0);
  return frame({
    width,
    document,
    title: TITLE,
    subtitle: `right labels of the test rows in per cent, by step; ${recipeTitle(selection, cubes.study.arms)}; mean of ${formatCounted(trainings, "training")} in ${formatCounted(arms.length, "arm")}`,
    note: "Bands: from the lowest to the highest training of an arm, not an interval. The last point is the end of training, which all other pages show; the learning rate falls until then.",
    alt: `${arms.map(inWords).join("; ")}.`,
    panels: [panelOf(cubes, options, arms)]
  });
}

const percent = (share: number) => `${formatNumber(100 * share, 1)} %`;

function inWords({mode, points}: AlongArm): string {
  const [first, last] = [points[0]!, points.at(-1)!];
  const end = `${percent(last.mean)} at step ${formatCount(last.step)}`;
  const from = first === last ? "" : `${percent(first.mean)} at step ${formatCount(first.step)} to `;
  return `${MODE_LOOKS[mode].title} ${from}${end}`;
}

function panelOf(cubes: Cubes, options: FigureOptions, arms: AlongArm[]): Panel {
  const {width, document} = options;
  const narrow = isNarrow(options);
  const area = {left: 40, top: 14, width: width - (narrow ? 172 : 196), height: narrow ? 220 : 280};
  const svg = sheet(width, area.top + area.height + 28, document);
  const last = Math.max(...arms.map(({points}) => points.at(-1)!.step));
  const field = plane(svg, area, {
    x: {domain: [0, last], ticks: narrow ? 3 : 6, format: (step) => formatCount(step)},
    y: {domain: rangeOf(cubes), ticks: 5, format: (share) => formatNumber(100 * share, 0), grid: true}
  });
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
  return {svg, readings: () => arms.flatMap((arm) => readingsOf(field, arm))};
}

/** Over every training, shown or not, so that the scale stays when modes are toggled. */
function rangeOf({along}: Cubes): [number, number] {
  let [least, most] = [1, 0];
  for (const {measure, value} of along) {
    if (measure !== "accuracy") continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const margin = Math.max(0.02, 0.06 * (most - least));
  return [Math.max(0, least - margin), Math.min(1, most + margin)];
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
