/** Mean entropy against accuracy, one point a run and setting: as measured, and with each setting's mean taken away. */
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

/** Two panels side by side: the raw cloud can slope one way and the cloud within settings the other. */
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
  const within = centred(points);
  const narrow = isNarrow(options);
  const each = narrow ? width : (width - 40) / 2;
  const [raw, demeaned] = [correlation(points), correlation(within)];
  const left = scatterPanel(options, each, points, {head: "As measured", r: raw});
  const right = scatterPanel(options, each, within, {head: "Less the mean of each setting", r: demeaned});
  const height = Number(left.getAttribute("height"));
  return frame({
    width,
    document,
    title,
    subtitle: `accuracy in % (upwards) by ${lowerFirst(sourceTitle(selection.estimator, selection.layer))} in nats (to the right); ${formatCount(points.length)} points: runs × settings`,
    legend: MODES.filter((mode) => points.some((point) => point.mode === mode)),
    note: "Settings differ in difficulty and in entropy for reasons that have nothing to do with a mode; the right panel takes that away. Points of one seed or setting are not independent.",
    alt: `Correlation over ${points.length} points: ${formatSigned(raw, 2)} as measured, ${formatSigned(demeaned, 2)} within settings.`,
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

/** Points less the mean of their setting. */
function centred(points: RunPoint[]): RunPoint[] {
  const means = rollup(
    points,
    (group) => ({entropy: meanOf(group, (d) => d.entropy)!, accuracy: meanOf(group, (d) => d.accuracy)!}),
    ({setting}) => setting
  );
  return points.map((point) => {
    const mean = means.get(point.setting)!;
    return {...point, entropy: point.entropy - mean.entropy, accuracy: point.accuracy - mean.accuracy};
  });
}

function correlation(points: RunPoint[]): number {
  const [mx, my] = [meanOf(points, (d) => d.entropy)!, meanOf(points, (d) => d.accuracy)!];
  const sum = (f: (d: RunPoint) => number) => points.reduce((total, d) => total + f(d), 0);
  const denominator = Math.sqrt(sum((d) => (d.entropy - mx) ** 2) * sum((d) => (d.accuracy - my) ** 2));
  return denominator === 0 ? NaN : sum((d) => (d.entropy - mx) * (d.accuracy - my)) / denominator;
}

function scatterPanel(
  {document}: FigureOptions,
  width: number,
  points: RunPoint[],
  {head, r}: {head: string; r: number}
): SVGSVGElement {
  const modes = MODES.filter((mode) => points.some((point) => point.mode === mode));
  return panel(
    {
      width,
      height: Math.min(340, width * 0.8),
      marginLeft: 44,
      marginRight: 10,
      marginTop: 28,
      marginBottom: 26,
      x: {domain: domainOf(points.map(({entropy}) => entropy)), label: null},
      y: {domain: domainOf(points.map(({accuracy}) => accuracy)), label: null},
      marks: [
        Plot.gridX({ticks: 5, stroke: RULE, strokeOpacity: 1}),
        Plot.gridY({ticks: 5, stroke: RULE, strokeOpacity: 1}),
        Plot.axisX({ticks: 5, tickSize: 0, label: null, fill: MUTED}),
        Plot.axisY({ticks: 5, tickSize: 0, label: null, fill: MUTED}),
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
        Plot.text([`${head}: r = ${formatSigned(r, 2)}`], {
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
