/** Mean entropy against accuracy, one point a run and setting: as measured, and with means of settings and modes taken away. */
import {rollup, mean as meanOf} from "d3";
import type {Mode} from "../core/arms.js";
import {MODES} from "../core/arms.js";
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {LayerRow, LevelRow} from "../core/cubes.js";
import {formatCount, formatNumber, formatSigned} from "../core/format.js";
import {MODE_LOOKS} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import {lowerFirst, sourceTitle} from "./entropy-source.js";
import {axisTitle, corpusTitle, isNarrow} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {add, sheet} from "./elements.js";
import {emptyFigure, frame} from "./frame.js";
import type {Panel} from "./frame.js";
import {MUTED, domainOf} from "./marks.js";
import {drawMarkers, plane} from "./plane.js";

type Cubes = Pick<AllCubes, "study" | "levels" | "layers">;

interface RunPoint {
  mode: Mode;
  setting: string;
  entropy: number;
  accuracy: number;
  title: string;
}

/** Two panels side by side: the raw cloud can slope one way and the cloud within settings and modes the other. */
export function runScatter(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "Mean entropy and accuracy of every run in every setting";
  const points = runPoints(cubes, options);
  if (points.length < 3)
    return emptyFigure({
      width,
      document,
      title,
      reason: "Fewer than three runs have both entropy and accuracy in this selection."
    });
  const within = lessMeans(points);
  const narrow = isNarrow(options);
  const less = narrow ? "Less both means" : "Less means of setting and mode";
  const each = narrow ? width : (width - 40) / 2;
  const [raw, demeaned] = [correlation(points), correlation(within)];
  const left = scatterPanel(options, each, points, {head: `As measured${rText(raw)}`, of: ""});
  const right = scatterPanel(options, each, within, {
    head: `${less}${rText(demeaned)}`,
    of: " less means"
  });
  const height = Number(left.svg.getAttribute("height"));
  return frame({
    width,
    document,
    title,
    subtitle: `${lowerFirst(sourceTitle(selection.estimator, selection.layer))}; ${formatCount(points.length)} points: runs × settings`,
    legend: MODES.filter((mode) => points.some((point) => point.mode === mode)),
    note: `Differences between settings and differences between modes both make part of the slope as measured; “${less}” takes both away. Points of one seed or setting are not independent.`,
    alt: `Correlation over ${points.length} points: ${formatSigned(raw, 2)} as measured, ${formatSigned(demeaned, 2)} less means of settings and modes.`,
    panels: narrow ? [left, {...right, dy: 14}] : [left, {...right, x: each + 40, dy: -height}]
  });
}

function runPoints({study, levels, layers}: Cubes, {selection}: FigureOptions): RunPoint[] {
  const {estimator, layer} = selection;
  const seeds = selection.seed === "all" ? study.seeds : [selection.seed];
  const settings = study.settings.filter(
    ({corpus, axis}) =>
      (selection.corpus === "all" || corpus === selection.corpus) &&
      (selection.axis === "all" || axis === selection.axis)
  );
  const points: RunPoint[] = [];
  for (const {id, mode} of selectedArms(selection, study))
    for (const seed of seeds)
      for (const {corpus, axis} of settings) {
        const cell = {seed, corpus, axis};
        const [level] = rowsWhere<LevelRow>(levels, {...cell, system: id, measure: "accuracy"});
        const entropy =
          estimator === "label_entropy"
            ? rowsWhere<LevelRow>(levels, {...cell, system: id, measure: "label_entropy"})[0]?.value
            : rowsWhere<LayerRow>(layers, {...cell, arm: id, estimator, layer})[0]?.mean;
        if (!level || level.value === null || entropy == null) continue;
        const setting = `${corpusTitle(study, corpus)}, ${axisTitle(study, axis)}`;
        const title = `${MODE_LOOKS[mode].title} · ${setting} · seed ${seed}\naccuracy ${formatNumber(level.value * 100, 1)} %, mean entropy ${formatNumber(entropy, 3)} nats\nn = ${formatCount(level.n)}`;
        points.push({mode, setting, entropy, accuracy: level.value * 100, title});
      }
  return points;
}

/** What the means of settings and modes are taken from. */
export type Measured = Pick<RunPoint, "mode" | "setting" | "entropy" | "accuracy">;

/** Distance from a mean below which only rounding is left, which correlates by chance and has no scale. */
const NO_SPREAD = 1e-9;

/** Sweeps over settings and modes: one is exact where every mode has every setting, others are for gaps. */
const SWEEPS = 20;

/** Points less the additive effects of their setting and of their mode: both sets of means become zero. */
export function lessMeans<P extends Measured>(points: P[]): P[] {
  let left = points;
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    left = centred(
      centred(left, ({setting}) => setting),
      ({mode}) => mode
    );
  const clean = (value: number) => (Math.abs(value) < NO_SPREAD ? 0 : value);
  return left.map((point) => ({
    ...point,
    entropy: clean(point.entropy),
    accuracy: clean(point.accuracy)
  }));
}

function centred<P extends Measured>(points: P[], groupOf: (point: P) => string): P[] {
  const means = rollup(
    points,
    (group) => ({entropy: meanOf(group, (d) => d.entropy)!, accuracy: meanOf(group, (d) => d.accuracy)!}),
    groupOf
  );
  return points.map((point) => {
    const mean = means.get(groupOf(point))!;
    return {...point, entropy: point.entropy - mean.entropy, accuracy: point.accuracy - mean.accuracy};
  });
}

/** Pearson's r; null where either side does not vary. */
function correlation(points: RunPoint[]): number | null {
  const [mx, my] = [meanOf(points, (d) => d.entropy)!, meanOf(points, (d) => d.accuracy)!];
  const sum = (f: (d: RunPoint) => number) => points.reduce((total, d) => total + f(d), 0);
  const [sx, sy] = [
    Math.sqrt(sum((d) => (d.entropy - mx) ** 2)),
    Math.sqrt(sum((d) => (d.accuracy - my) ** 2))
  ];
  return sx < NO_SPREAD || sy < NO_SPREAD
    ? null
    : sum((d) => (d.entropy - mx) * (d.accuracy - my)) / (sx * sy);
}

const rText = (r: number | null) => (r === null ? "" : `: r = ${formatSigned(r, 2)}`);

function scatterPanel(
  {document}: FigureOptions,
  width: number,
  points: RunPoint[],
  {head, of}: {head: string; of: string}
): Panel {
  const height = Math.min(340, width * 0.8);
  const svg = sheet(width, height, document);
  const area = plane(
    svg,
    {left: 58, top: 28, width: width - 68, height: height - 70},
    {
      x: {domain: domainOf(points.map(({entropy}) => entropy)), ticks: 5, grid: true},
      y: {domain: domainOf(points.map(({accuracy}) => accuracy)), ticks: 5, grid: true}
    }
  );
  for (const mode of MODES) {
    const own = points.filter((point) => point.mode === mode);
    if (own.length > 0)
      drawMarkers(
        area,
        mode,
        own.map(({entropy, accuracy}) => ({x: entropy, y: accuracy})),
        {size: 34, opacity: 0.75}
      );
  }
  add(svg, "text", {x: 58, y: 12, "text-anchor": "start", "font-weight": 600}, head);
  const middle = 58 + (width - 68) / 2;
  add(svg, "text", {x: middle, y: height - 6, fill: MUTED}, `mean entropy${of} (nats)`);
  const turned = `translate(11,${28 + (height - 70) / 2}) rotate(-90)`;
  add(svg, "text", {transform: turned, fill: MUTED}, `accuracy${of} (%)`);
  const readings = () =>
    points.map(({entropy, accuracy, title}) => ({x: area.x(entropy), y: area.y(accuracy), title}));
  return {svg, readings, rows: () => points.map((point) => ({panel: head, ...point}))};
}
