/** Entropy by layer: levels of all modes, differences to label-only, and right against wrong answers. */
import type {LayerRow} from "../core/cubes.js";
import {formatCount, formatNumber, formatSigned} from "../core/format.js";
import {MODE_LOOKS, modeColor} from "../core/palette.js";
import {layerTitle} from "./entropy-source.js";
import {modeRows} from "./drawn.js";
import {sheet} from "./elements.js";
import {isNarrow} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import type {Panel} from "./frame.js";
import {
  effectEnds,
  layerAxis,
  layerIntervalNote,
  layerSubtitle,
  layersByMode,
  levelEnds,
  markedLayers,
  noLayers,
  scaleValues
} from "./layer-rows.js";
import type {LayerCubes, ModeLayers} from "./layer-rows.js";
import {domainOf} from "./marks.js";
import {columnsFor, multiples} from "./multiples.js";
import {drawBand, drawLine, drawMarkers, drawZero, nameLines, plane} from "./plane.js";
import type {Axis, Plane} from "./plane.js";
import type {Reading} from "./readings.js";

type Value = (row: LayerRow) => number;

/** Mean entropy by layer, one line a mode, with bands. */
export function layerProfiles(cubes: LayerCubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const {layers} = cubes.study;
  const title = "Entropy by layer";
  const modes = layersByMode(cubes, selection, ({mean}) => mean !== null);
  if (modes.length === 0) {
    const reason = noLayers(selection, "No entropies in this selection.");
    return emptyFigure({width, document, title, reason});
  }
  const narrow = isNarrow(options);
  const area = {left: 44, top: 14, width: width - (narrow ? 176 : 200), height: narrow ? 236 : 300};
  const svg = sheet(width, area.top + area.height + 44, document);
  const y = domainOf(scaleValues(cubes, selection, levelEnds));
  const axes = {x: {...layerAxis(layers, area.width), title: "layer"}, y: {domain: y, ticks: 5, grid: true}};
  const field = plane(svg, area, axes);
  for (const {mode, rows} of modes)
    drawBand(
      field,
      rows.map(({layer, low, high}) => ({x: layer, low, high})),
      modeColor(mode)
    );
  for (const each of modes) drawProfile(field, each, (row) => row.mean!, layers);
  nameLines(
    field,
    modes.map(({mode, rows}) => ({mode, value: rows.at(-1)!.mean!}))
  );
  return frame({
    width,
    document,
    title,
    subtitle: layerSubtitle(cubes, selection, modes),
    note: `${layerIntervalNote(cubes, selection)} Read at the decision position, whose next token is the label.`,
    alt: altByMode(modes, ([first, last]) => `${atLayer(first.mean, first)}, ${atLayer(last.mean, last)}`),
    panels: [
      {
        svg,
        readings: () => modes.flatMap((each) => readingsOn(field, each, levelWords, (row) => [row.mean!])),
        rows: () => modeRows(modes)
      }
    ]
  });
}

const atLayer = (value: number | null, {layer}: LayerRow) =>
  `${formatNumber(value, 3)} nats at ${layerTitle(layer)}`;

function drawProfile(field: Plane, {mode, rows}: ModeLayers, value: Value, layers: number): void {
  const point = (row: LayerRow) => ({x: row.layer, y: value(row)});
  drawLine(field, rows.map(point), {stroke: modeColor(mode)});
  drawMarkers(field, mode, markedLayers(rows, layers).map(point));
}

function levelWords({mean, low, high, n}: LayerRow): string[] {
  return [`${formatNumber(mean, 3)} nats${interval(low, high, formatNumber)}`, `n = ${formatCount(n)}`];
}

function interval(low: number | null, high: number | null, format: typeof formatNumber): string {
  return low === null || high === null ? "" : ` [${format(low, 3)}, ${format(high, 3)}]`;
}

/** Paired differences to label-only by layer, one small multiple a mode. */
export function layerEffects(cubes: LayerCubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "Difference to label only in entropy, by layer";
  const all = layersByMode(cubes, selection, ({effect}) => effect !== null);
  const modes = all.filter(({mode}) => mode !== "label-only");
  if (modes.length === 0) {
    const reason = noLayers(selection, "No differences in this selection.");
    return emptyFigure({width, document, title, reason});
  }
  const domain = domainOf(scaleValues(cubes, selection, effectEnds, 0), {through: 0});
  const panel = smallMultiples(cubes, options, modes, domain, {
    draw(field, {mode, rows}) {
      drawZero(field);
      drawBand(field, rows.map((row) => ({x: row.layer, low: row.effect_low, high: row.effect_high})), modeColor(mode)); // prettier-ignore
      drawProfile(field, {mode, rows}, (row) => row.effect!, cubes.study.layers);
    },
    words: (row) => [differenceWords(row), `n = ${formatCount(row.n)}`],
    values: (row) => [row.effect!]
  });
  return frame({
    width,
    document,
    title,
    subtitle: layerSubtitle(cubes, selection, modes),
    note: `${layerIntervalNote(cubes, selection)} Paired on test row and seed. Below zero: more concentrated than label-only.`,
    alt: altByMode(modes, ([, last]) => `${differenceWords(last)} at ${layerTitle(last.layer)}`),
    panels: [panel]
  });
}

function differenceWords({effect, effect_low, effect_high}: LayerRow): string {
  return `${formatSigned(effect, 3)} nats${interval(effect_low, effect_high, formatSigned)}`;
}

/** Entropy by layer where the arm was right, and where it was wrong. */
export function layerCorrectness(cubes: LayerCubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "Entropy by layer where the label was right, and where it was wrong";
  const modes = layersByMode(cubes, selection, ({correct, wrong}) => correct !== null && wrong !== null);
  if (modes.length === 0) {
    const reason = noLayers(selection, "No arm was both right and wrong in this selection.");
    return emptyFigure({width, document, title, reason});
  }
  const {layers} = cubes.study;
  const domain = domainOf(scaleValues(cubes, selection, ({correct, wrong}) => [correct, wrong]));
  const panel = smallMultiples(cubes, options, modes, domain, {
    draw(field, {mode, rows}) {
      const wrong = rows.map((row) => ({x: row.layer, y: row.wrong!}));
      drawLine(field, wrong, {stroke: modeColor(mode), dash: "3,3", className: "line wrong"});
      drawProfile(field, {mode, rows}, (row) => row.correct!, layers);
    },
    words: ({correct, wrong}) => [
      `right ${formatNumber(correct, 3)} nats, wrong ${formatNumber(wrong, 3)} nats`,
      `wrong − right ${formatSigned(wrong! - correct!, 3)} nats`
    ],
    values: ({correct, wrong}) => [correct!, wrong!]
  });
  return frame({
    width,
    document,
    title,
    subtitle: layerSubtitle(cubes, selection, modes),
    keys: [
      {text: "right", sign: "solid"},
      {text: "wrong", sign: "dashed"}
    ],
    note: "Means over the test rows that an arm got right, and wrong; these are different rows for each arm, pooled over settings and seeds, so that hard settings weigh more among the wrong; there are no intervals for them.",
    alt: altByMode(
      modes,
      ([, last]) =>
        `right ${formatNumber(last.correct, 3)}, wrong ${formatNumber(last.wrong, 3)} nats at ${layerTitle(last.layer)}`
    ),
    panels: [panel]
  });
}

interface Drawn {
  draw: (field: Plane, each: ModeLayers) => void;
  words: (row: LayerRow) => string[];
  values: (row: LayerRow) => number[];
}

function smallMultiples(
  {study}: LayerCubes,
  {width, document}: FigureOptions,
  shown: ModeLayers[],
  domain: readonly [number, number],
  {draw, words, values}: Drawn
): Panel {
  const modes = shown.map(({mode}) => mode);
  const room = width / columnsFor(width, modes.length) - 20;
  const y: Axis = {domain, ticks: 4, grid: true};
  const {svg, planes} = multiples({
    width,
    document,
    modes,
    x: layerAxis(study.layers, room),
    y,
    along: "layer",
    height: 144,
    left: 48
  });
  planes.forEach(([, field], i) => draw(field, shown[i]!));
  return {
    svg,
    readings: () => planes.flatMap(([, field], i) => readingsOn(field, shown[i]!, words, values)),
    rows: () => modeRows(shown)
  };
}

/** One reading a value and layer of a mode. */
function readingsOn(
  {x, y}: Plane,
  {mode, rows}: ModeLayers,
  words: (row: LayerRow) => string[],
  values: (row: LayerRow) => number[]
): Reading[] {
  return rows.flatMap((row) => {
    const title = [`${MODE_LOOKS[mode].title} · ${layerTitle(row.layer)}`, ...words(row)].join("\n");
    return values(row).map((value) => ({x: x(row.layer), y: y(value), title}));
  });
}

function altByMode(modes: ModeLayers[], say: (ends: [first: LayerRow, last: LayerRow]) => string): string {
  const parts = modes.map(({mode, rows}) => `${MODE_LOOKS[mode].title}: ${say([rows[0]!, rows.at(-1)!])}`);
  return `${parts.join("; ")}.`;
}
