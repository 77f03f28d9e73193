/** One example's entropy by layer: what each arm's layers held where the label is decided, mean over seeds. */
import type {AllCubes} from "../core/cubes-reader.js";
import type {Estimator} from "../core/contract.js";
import {formatNumber} from "../core/format.js";
import {MODE_LOOKS, modeColor} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import {ESTIMATOR_TITLES} from "./entropy-source.js";
import {sheet} from "./elements.js";
import {isNarrow, seedNote} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {domainOf} from "./marks.js";
import {drawLine, drawMarkers, nameLines, plane} from "./plane.js";
import type {Reading} from "./readings.js";

/** Entropy at one layer in nats, mean over an arm's seeds. */
export interface ExampleLayer {
  arm: string;
  layer: number;
  entropy: number | null;
}

const TITLE = "Entropy by layer of this example";

/** One line an arm of the selection; no interval, since one example is no sample. */
export function exampleLayers(
  {study}: Pick<AllCubes, "study">,
  rows: readonly ExampleLayer[],
  estimator: Estimator,
  options: FigureOptions
): SVGSVGElement {
  const {selection, width, document} = options;
  const lines = selectedArms(selection, study)
    .map(({id, mode}) => ({
      mode,
      points: rows
        .filter(({arm, entropy}) => arm === id && entropy !== null)
        .map(({layer, entropy}) => ({x: layer, y: entropy!}))
        .sort((a, b) => a.x - b.x)
    }))
    .filter(({points}) => points.length > 0);
  if (lines.length === 0)
    return emptyFigure({
      width,
      document,
      title: TITLE,
      reason: `The database holds no ${ESTIMATOR_TITLES[estimator].toLowerCase()} entropies of this example.`
    });
  const narrow = isNarrow(options);
  const height = narrow ? 230 : 280;
  const svg = sheet(width, height, document);
  const layers = [...new Set(lines.flatMap(({points}) => points.map(({x}) => x)))].sort((a, b) => a - b);
  const [first, last] = [layers[0]!, layers.at(-1)!];
  const area = plane(
    svg,
    {left: 48, top: 12, width: width - 48 - 128, height: height - 46},
    {
      x: {
        domain: [first, Math.max(last, first + 1)],
        ticks: layers.length <= 9 ? layers : 6,
        format: (layer) => (layer === 0 ? "emb." : Number.isInteger(layer) ? String(layer) : "")
      },
      y: {domain: domainOf(lines.flatMap(({points}) => points.map(({y}) => y))), ticks: 5, grid: true}
    }
  );
  for (const {mode, points} of lines) {
    drawLine(area, points, {stroke: modeColor(mode)});
    drawMarkers(area, mode, points);
  }
  nameLines(
    area,
    lines.map(({mode, points}) => ({mode, value: points.at(-1)!.y}))
  );
  const readings = (): Reading[] =>
    lines.flatMap(({mode, points}) =>
      points.map(({x, y}) => ({
        x: area.x(x),
        y: area.y(y),
        title: `${MODE_LOOKS[mode].title} · ${x === 0 ? "embedding" : `layer ${x}`}\n${formatNumber(y, 3)} nats`
      }))
    );
  return frame({
    width,
    document,
    title: TITLE,
    subtitle: `${ESTIMATOR_TITLES[estimator]}, nats, at the decision position; ${seedNote(study, "all")}`,
    alt: `${lines
      .map(
        ({mode, points}) =>
          `${MODE_LOOKS[mode].title}: ${formatNumber(points[0]!.y, 3)} nats at ${points[0]!.x === 0 ? "the embedding" : `layer ${points[0]!.x}`}, ${formatNumber(points.at(-1)!.y, 3)} at layer ${points.at(-1)!.x}`
      )
      .join("; ")}.`,
    panels: [{svg, readings}]
  });
}
