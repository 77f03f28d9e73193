/** Difference to label-only in entropy at every layer in every setting: one map a mode, under one scale of colours. */
import type {Mode} from "../core/arms.js";
import type {LayerRow} from "../core/cubes.js";
import {formatCount, formatNumber, formatSigned} from "../core/format.js";
import {MODE_LOOKS, modeTextColor} from "../core/palette.js";
import {ESTIMATOR_TITLES, layerTitle, lowerFirst} from "./entropy-source.js";
import {modeRows} from "./drawn.js";
import {add, sheet} from "./elements.js";
import type {Attributes} from "./elements.js";
import {axisTitle, corpusTitle, seedNote} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {settingCells} from "./heat-cells.js";
import type {HeatCell, HeatMap} from "./heat-cells.js";
import {entropyStudy, layerAxis, layerIntervalScope, noLayers} from "./layer-rows.js";
import type {LayerCubes} from "./layer-rows.js";
import {INK, LESS, MORE, MUTED} from "./marks.js";
import type {Reading} from "./readings.js";

/** Steps of strength on either side of zero. */
const STEPS = 6;
const HEAD = 28;
const FOOT = 26;
const GAP = 18;
/** Least width of a cell, and of a map, in pixels. */
const LEAST_CELL = 8;
const LEAST_MAP = 84;
/** Mean width of a character of a map's name. */
const NAME_CHARACTER = 7.2;

interface Place {
  left: number;
  top: number;
  columns: number;
  each: number;
  rowHeight: number;
  /** Tops of the settings' rows, in pixels from a map's top. */
  rows: number[];
  height: number;
}

/** One map a mode: layers along, settings down. Cells whose interval holds zero are small. */
export function layerHeatMap(cubes: LayerCubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "Where entropy differs from label only: every layer in every setting";
  const {maps, most, settings} = settingCells(cubes, selection);
  if (maps.length === 0) {
    const reason = noLayers(selection, "No differences by setting in this selection.");
    return emptyFigure({width, document, title, reason});
  }
  const place = placeMaps(options, settings, maps.length, cubes.study.layers);
  const lines = Math.ceil(maps.length / place.columns);
  const svg = sheet(width, place.top + lines * (HEAD + place.height + FOOT), document);
  drawScale(svg, most);
  maps.forEach((map, i) => drawMap(svg, cubes, options, map, cornerOf(place, i), place, {most, settings, first: i % place.columns === 0})); // prettier-ignore
  const undecided = maps.flatMap(({cells}) => cells).filter(({decided}) => !decided).length;
  return frame({
    width,
    document,
    title,
    subtitle: `${lowerFirst(ESTIMATOR_TITLES[selection.estimator])}, nats; paired on test row and seed; ${formatCount(settings.length)} settings; ${seedNote(entropyStudy(cubes, selection), selection.seed)}`,
    note: noteOf(cubes, options, undecided),
    alt: `${maps.map((map) => `${MODE_LOOKS[map.mode].title}: ${mapWords(cubes, map)}`).join("; ")}.`,
    panels: [
      {
        svg,
        readings: () => maps.flatMap((map, i) => readingsOf(cubes, map, cornerOf(place, i), place)),
        rows: () => modeRows(maps.map(({mode, cells}) => ({mode, rows: cells.map(({row}) => row)})))
      }
    ]
  });
}

function noteOf(cubes: LayerCubes, {selection}: FigureOptions, undecided: number): string {
  const scope = layerIntervalScope(cubes, selection);
  return scope !== null
    ? `Small cells (${formatCount(undecided)}): the 95 % interval, ${scope}, holds zero. Without the embedding, which is that of one token, often the same in every row. With so many cells some intervals miss zero by chance: look for patterns, not for single cells.`
    : "No intervals here: which cells are decided can't be said.";
}

function mapWords({study}: LayerCubes, {cells}: HeatMap): string {
  const most = cells.reduce((a, b) => (Math.abs(b.row.effect!) > Math.abs(a.row.effect!) ? b : a));
  const [less, more] = [-1, 1].map(
    (sign) => cells.filter((cell) => cell.decided && Math.sign(cell.row.effect!) === sign).length
  );
  return `of ${formatCount(cells.length)} cells ${less} lower, ${more} higher, ${cells.length - less! - more!} undecided; largest ${formatSigned(most.row.effect, 3)} nats at ${layerTitle(most.row.layer)} in ${settingTitle(study, most.row)}`;
}

const settingTitle = (study: LayerCubes["study"], {corpus, axis}: Pick<LayerRow, "corpus" | "axis">) =>
  `${corpusTitle(study, corpus)}, ${axisTitle(study, axis)}`;

type Setting = {corpus: string; axis: string};

/** On a narrow drawing corpora are headings over their rows, else they stand at the left of them. */
function placeMaps({width}: FigureOptions, settings: Setting[], maps: number, layers: number): Place {
  const narrow = width < 500;
  const left = narrow ? 122 : 236;
  const fit = Math.floor((width - left - 6 + GAP) / (Math.max(layers * LEAST_CELL, LEAST_MAP) + GAP));
  const columns = Math.ceil(maps / Math.ceil(maps / Math.max(1, Math.min(maps, fit))));
  const room = (width - left - (columns - 1) * GAP - 6) / columns;
  const each = Math.floor(room / layers) * layers; // cells of whole pixels: sharp, and short to write
  const rowHeight = settings.length > 12 ? 13 : 18;
  let y = 0;
  const rows = settings.map(({corpus}, i) => {
    const begins = settings[i - 1]?.corpus !== corpus;
    if (begins) y += narrow ? 15 : i > 0 ? 4 : 0;
    y += rowHeight;
    return y - rowHeight;
  });
  return {left, top: 26, columns, each, rowHeight, rows, height: y};
}

const cornerOf = ({left, top, columns, each, height}: Place, i: number) => ({
  x: left + (i % columns) * (each + GAP),
  y: top + Math.floor(i / columns) * (HEAD + height + FOOT) + HEAD
});

interface Drawing {
  most: number;
  settings: Setting[];
  /** Whether the map names the settings. */
  first: boolean;
}

function drawMap(
  svg: SVGSVGElement,
  {study}: LayerCubes,
  {width}: FigureOptions,
  {mode, cells}: HeatMap,
  corner: {x: number; y: number},
  place: Place,
  {most, settings, first}: Drawing
): void {
  const group = add(svg, "g", {class: "map", "data-mode": mode});
  const {title, short} = MODE_LOOKS[mode];
  const name = title.length * NAME_CHARACTER > place.each + GAP - 4 ? short : title;
  const style = {x: corner.x, y: corner.y - 8, "text-anchor": "start", "font-weight": 600, class: "mode"};
  add(group, "text", {...style, fill: modeTextColor(mode)}, name);
  const paths = new Map<number, string>();
  for (const cell of cells) {
    const {x, y, width: w, height: h} = boxOf(cell, corner, place, study.layers);
    const step = stepOf(cell.row.effect!, most);
    const [dx, dy] = cell.decided ? [0, 0] : [Math.round(w * 0.28), Math.round(h * 0.28)];
    const [across, down] = [Math.max(1, w - 1 - 2 * dx), h - 1 - 2 * dy];
    const d = `M${x + dx},${y + dy}h${across}v${down}h${-across}z`;
    paths.set(step, (paths.get(step) ?? "") + d);
  }
  for (const [step, d] of paths) add(group, "path", {class: "cells", d, ...shade(step)});
  if (first) nameSettings(group, study, settings, corner, place, width < 500);
  const {ticks, format} = layerAxis(study.layers, place.each);
  for (const layer of (ticks as number[]).filter((tick) => tick > 0)) {
    const {x, width: w} = boxOf({row: {layer}, place: 0} as HeatCell, corner, place, study.layers);
    add(
      group,
      "text",
      {x: (x + w / 2).toFixed(1), y: corner.y + place.height + 15, fill: MUTED, "font-size": 11},
      format!(layer)
    );
  }
}

function boxOf(
  {row, place: setting}: HeatCell,
  corner: {x: number; y: number},
  place: Place,
  layers: number
) {
  const width = place.each / layers;
  return {
    x: corner.x + (row.layer - 1) * width,
    y: corner.y + place.rows[setting]!,
    width,
    height: place.rowHeight
  };
}

/** −6 to 6; a difference of nothing is in the weakest step of either side. */
function stepOf(effect: number, most: number): number {
  const strength = Math.max(1, Math.ceil((Math.abs(effect) / (most || 1)) * STEPS));
  return effect < 0 ? -strength : strength;
}

/** Stronger is more opaque, so that the same steps stand out from white and from black paper. */
function shade(step: number): Attributes {
  const opacity = 0.14 + 0.86 * ((Math.abs(step) - 1) / (STEPS - 1)) ** 1.1;
  const fill = step < 0 ? LESS : MORE;
  const outline = Math.abs(step) === 1 ? {stroke: fill, "stroke-opacity": 0.4, "stroke-width": 0.75} : {};
  return {fill, "fill-opacity": Math.round(100 * opacity) / 100, ...outline};
}

function nameSettings(
  group: Element,
  study: LayerCubes["study"],
  settings: Setting[],
  {x, y}: {x: number; y: number},
  {rows, rowHeight, left}: Place,
  narrow: boolean
): void {
  const size = {"font-size": rowHeight < 16 ? 11 : 12};
  settings.forEach(({corpus, axis}, i) => {
    const middle = y + rows[i]! + rowHeight / 2 + 4;
    add(
      group,
      "text",
      {...size, x: x - 7, y: middle, "text-anchor": "end", fill: MUTED},
      axisTitle(study, axis)
    );
    if (settings[i - 1]?.corpus === corpus) return;
    const name = {
      ...size,
      x: x - left,
      "text-anchor": "start",
      "font-weight": 600,
      fill: INK,
      class: "corpus"
    };
    add(
      group,
      "text",
      {...name, y: narrow ? middle - rowHeight / 2 - 9 : middle},
      corpusTitle(study, corpus)
    );
  });
}

/** The scale of colours, from the largest fall to the largest rise. */
function drawScale(svg: SVGSVGElement, most: number): void {
  const group = add(svg, "g", {class: "scale"});
  const steps = Array.from({length: 2 * STEPS}, (_, i) => (i < STEPS ? i - STEPS : i - STEPS + 1));
  const text = {y: 12, fill: MUTED, "text-anchor": "start", "font-size": 11.5};
  const low = `${formatNumber(-most, most < 0.1 ? 3 : 2)} nats`;
  add(group, "text", {...text, x: 0}, low);
  const from = 10 + low.length * 6.2;
  steps.forEach((step, i) => add(group, "path", {d: `M${from + i * 12},2h11.5v12h-11.5z`, ...shade(step)}));
  add(group, "text", {...text, x: from + steps.length * 12 + 8}, `${formatSigned(most, most < 0.1 ? 3 : 2)}`);
}

function readingsOf(
  {study}: LayerCubes,
  {mode, cells}: {mode: Mode; cells: HeatCell[]},
  corner: {x: number; y: number},
  place: Place
): Reading[] {
  return cells.map((cell) => {
    const {x, y, width, height} = boxOf(cell, corner, place, study.layers);
    const {layer, effect, effect_low, effect_high, n} = cell.row;
    const interval =
      effect_low === null ? "" : ` [${formatSigned(effect_low, 3)}, ${formatSigned(effect_high, 3)}]`;
    const title = `${MODE_LOOKS[mode].title} · ${settingTitle(study, cell.row)} · ${layerTitle(layer)}\n${formatSigned(effect, 3)} nats${interval}\nn = ${formatCount(n)}`;
    return {x: x + width / 2, y: y + height / 2, width, height, title};
  });
}
