/** Mean entropy against accuracy, one point a run and setting: as measured, and with means of settings and modes taken away. */
import * as Plot from "@observablehq/plot";
import {rollup, mean as meanOf} from "d3";
import type {Mode} from "../core/arms.js";
import {MODES} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {formatCount, formatNumber, formatSigned} from "../core/format.js";
import {MODE_LOOKS, modeColor} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import {lowerFirst, sourceTitle} from "./entropy-source.js";
import {axisTitle, corpusTitle, isNarrow} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {MUTED, RULE, domainOf, markerOf, panel} from "./marks.js";

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
  const each = narrow ? width : (width - 40) / 2;
  const [raw, demeaned] = [correlation(points), correlation(within)];
  const left = scatterPanel(options, each, points, {head: `As measured${rText(raw)}`, of: ""});
  const right = scatterPanel(options, each, within, {
    head: `Less means of setting and mode${rText(demeaned)}`,
    of: " less means"
  });
  const height = Number(left.getAttribute("height"));
  return frame({
    width,
    document,
    title,
    subtitle: `${lowerFirst(sourceTitle(selection.estimator, selection.layer))}; ${formatCount(points.length)} points: runs × settings`,
    legend: MODES.filter((mode) => points.some((point) => point.mode === mode)),
    note: "Differences between settings and differences between modes both make part of the slope as measured; the right panel takes both away. Points of one seed or setting are not independent.",
    alt: `Correlation over ${points.length} points: ${formatSigned(raw, 2)} as measured, ${formatSigned(demeaned, 2)} less means of settings and modes.`,
    panels: narrow
      ? [{svg: left}, {svg: right, dy: 14}]
      : [{svg: left}, {svg: right, x: each + 40, dy: -height}]
  });
}

function runPoints({study, levels, layers}: Cubes, {selection}: FigureOptions): RunPoint[] {
  const modeOf = new Map(selectedArms(selection, study).map(({id, mode}) => [id, mode]));
  const key = (row: {seed: string; corpus: string; axis: string}, arm: string) =>
    `${arm} ${row.seed} ${row.corpus} ${row.axis}`;
  const shown = (row: {seed: string; corpus: string; axis: string}) =>
    (selection.seed === "all" ? row.seed !== "all" : row.seed === selection.seed) &&
    (selection.corpus === "all" ? row.corpus !== "all" : row.corpus === selection.corpus) &&
    (selection.axis === "all" ? row.axis !== "all" : row.axis === selection.axis);
  const entropies = new Map<string, number | null>(
    selection.estimator === "label_entropy"
      ? levels
          .filter((row) => row.measure === "label_entropy")
          .map((row) => [key(row, row.system), row.value])
      : layers
          .filter((row) => row.estimator === selection.estimator && row.layer === selection.layer)
          .map((row) => [key(row, row.arm), row.mean])
  );
  return levels.flatMap((row) => {
    const mode = modeOf.get(row.system);
    const entropy = entropies.get(key(row, row.system));
    if (!mode || row.measure !== "accuracy" || row.value === null || entropy == null || !shown(row))
      return [];
    const setting = `${corpusTitle(study, row.corpus)}, ${axisTitle(study, row.axis)}`;
    const title = `${MODE_LOOKS[mode].title} · ${setting} · seed ${row.seed}\naccuracy ${formatNumber(row.value * 100, 1)} %, mean entropy ${formatNumber(entropy, 3)} nats\nn = ${formatCount(row.n)}`;
    return {mode, setting, entropy, accuracy: row.value * 100, title};
  });
}

/** What the means of settings and modes are taken from. */
export type Measured = Pick<RunPoint, "mode" | "setting" | "entropy" | "accuracy">;

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
  return left;
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

/** Spread below which only rounding is left, which correlates by chance. */
const NO_SPREAD = 1e-9;

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
): SVGSVGElement {
  const modes = MODES.filter((mode) => points.some((point) => point.mode === mode));
  const axis = {ticks: 5, tickSize: 0, fill: MUTED, labelAnchor: "center", labelArrow: "none"} as const;
  return panel(
    {
      width,
      height: Math.min(340, width * 0.8),
      marginLeft: 58,
      marginRight: 10,
      marginTop: 28,
      marginBottom: 42,
      x: {domain: domainOf(points.map(({entropy}) => entropy)), label: null},
      y: {domain: domainOf(points.map(({accuracy}) => accuracy)), label: null},
      marks: [
        Plot.gridX({ticks: 5, stroke: RULE, strokeOpacity: 1}),
        Plot.gridY({ticks: 5, stroke: RULE, strokeOpacity: 1}),
        Plot.axisX({...axis, label: `mean entropy${of} (nats)`}),
        Plot.axisY({...axis, label: `accuracy${of} (%)`}),
        ...modes.map((mode) =>
          Plot.dot(
            points.filter((point) => point.mode === mode),
            {
              x: "entropy",
              y: "accuracy",
              r: 3.25,
              symbol: markerOf(mode) as Plot.SymbolType,
              fill: modeColor(mode),
              fillOpacity: 0.75,
              title: "title",
              className: "value"
            }
          )
        ),
        Plot.text([head], {
          frameAnchor: "top-left",
          textAnchor: "start",
          dy: -18,
          fontWeight: 600,
          className: "head"
        })
      ]
    },
    document
  );
}
