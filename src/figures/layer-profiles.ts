/** Entropy by layer: levels of all modes, differences to label-only, and right against wrong answers. */
import * as Plot from "@observablehq/plot";
import {MODES} from "../core/arms.js";
import type {Mode} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {LayerRow} from "../core/cubes.js";
import {formatCount, formatNumber, formatSigned} from "../core/format.js";
import {MODE_LOOKS, modeColor, modeTextColor} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import {ESTIMATOR_TITLES, layerTitle, lowerFirst} from "./entropy-source.js";
import {intervalNote, isNarrow, sampleNote, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {labelLineEnds, modeLines} from "./lines.js";
import type {LineDatum} from "./lines.js";
import {INK, MUTED, RULE, domainOf, gridY, panel} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "layers">;
type ModeRow = LayerRow & {mode: Mode};

const NO_LAYERS = "This estimator has no layers: choose one of the activation entropies to see them.";

/** Rows of the selected arms, cell, seed and estimator, label-only first. */
function selectedRows({study, layers}: Cubes, {selection}: FigureOptions): ModeRow[] {
  const modeOf = new Map(selectedArms(selection, study).map(({id, mode}) => [id, mode]));
  const rows = layers.flatMap((row) => {
    const mode = modeOf.get(row.arm);
    const shown =
      row.corpus === selection.corpus &&
      row.axis === selection.axis &&
      row.seed === selection.seed &&
      row.estimator === selection.estimator;
    return mode && shown ? [{...row, mode}] : [];
  });
  return rows.sort((a, b) => MODES.indexOf(a.mode) - MODES.indexOf(b.mode) || a.layer - b.layer);
}

function subtitleOf(cubes: Cubes, {selection}: FigureOptions, rows: LayerRow[]): string {
  return `nats; ${scopeTitle(cubes, selection)}; ${sampleNote(cubes, selection.seed, rows[0]!.n)}`;
}

function bandNote(seed: string): string {
  return seed === "all"
    ? "Bands: 95 % intervals, dialogues resampled; they may be narrower than the lines."
    : intervalNote(seed);
}

const layerAxis = (layers: number, narrow: boolean, most = narrow ? 8 : 12) =>
  Plot.axisX({
    ticks: Array.from({length: layers + 1}, (_, i) => i).filter(
      (i) => layers <= most || i % Math.ceil(layers / (most / 1.5)) === 0
    ),
    tickSize: 0,
    tickFormat: (layer: number) => (layer === 0 ? (narrow ? "emb." : "embedding") : String(layer)),
    label: null,
    fill: MUTED
  });

/** Mean entropy by layer, one line a mode, with bands. */
export function layerProfiles(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = `Entropy by layer (${lowerFirst(ESTIMATOR_TITLES[selection.estimator])})`;
  const rows = selectedRows(cubes, options);
  const data = rows.flatMap((row) =>
    row.mean === null ? [] : [lineDatum(row, row.mean, row.low, row.high)]
  );
  if (data.length === 0)
    return emptyFigure({
      width,
      document,
      title,
      reason: selection.estimator === "label_entropy" ? NO_LAYERS : "No entropies in this selection."
    });
  const narrow = isNarrow(options);
  const scale = cubes.layers.filter(
    ({estimator, corpus, axis}) =>
      estimator === selection.estimator && corpus === selection.corpus && axis === selection.axis
  );
  const svg = panel(
    {
      width,
      height: narrow ? 280 : 340,
      marginLeft: 44,
      marginRight: narrow ? 124 : 150,
      marginTop: 14,
      marginBottom: 28,
      x: {domain: [0, cubes.study.layers], inset: 8, label: null},
      y: {domain: domainOf(scale.flatMap(({mean, low, high}) => [mean, low, high])), label: null},
      marks: [
        gridY(5),
        Plot.axisY({ticks: 5, tickSize: 0, label: null, fill: MUTED}),
        layerAxis(cubes.study.layers, narrow),
        ...modeLines(data)
      ]
    },
    document
  );
  return frame({
    width,
    document,
    title,
    subtitle: subtitleOf(cubes, options, rows),
    note: `${bandNote(selection.seed)} Read at the decision position, whose next token is the label.`,
    alt: altByMode(
      rows,
      (first, last) =>
        `${formatNumber(first.mean, 3)} nats at ${layerTitle(first.layer)}, ${formatNumber(last.mean, 3)} at ${layerTitle(last.layer)}`
    ),
    panels: [{svg: labelLineEnds(svg, data)}]
  });
}

/** Paired differences to label-only by layer, one small multiple a mode. */
export function layerEffects(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = `Difference to label only in entropy, by layer`;
  const rows = selectedRows(cubes, options).filter(
    ({mode, effect}) => mode !== "label-only" && effect !== null
  );
  if (rows.length === 0)
    return emptyFigure({
      width,
      document,
      title,
      reason: selection.estimator === "label_entropy" ? NO_LAYERS : "No differences in this selection."
    });
  const data = rows.map((row) => lineDatum(row, row.effect!, row.effect_low, row.effect_high, row.mode));
  const scale = cubes.layers.filter(
    ({estimator, corpus, axis}) =>
      estimator === selection.estimator && corpus === selection.corpus && axis === selection.axis
  );
  const domain = domainOf(
    scale.flatMap(({effect, effect_low, effect_high}) => [effect, effect_low, effect_high]),
    {through: 0}
  );
  return frame({
    width,
    document,
    title,
    subtitle: `${lowerFirst(ESTIMATOR_TITLES[selection.estimator])}, ${subtitleOf(cubes, options, rows)}`,
    note: `${bandNote(selection.seed)} Paired on test row and seed. Below zero: more concentrated than label-only.`,
    alt: altByMode(
      rows,
      (_, last) =>
        `${formatSigned(last.effect, 3)} nats [${formatSigned(last.effect_low, 3)}, ${formatSigned(last.effect_high, 3)}] at ${layerTitle(last.layer)}`
    ),
    panels: smallMultiples(cubes, options, data, domain, 0)
  });
}

/** Entropy by layer where the arm was right, and where it was wrong. */
export function layerCorrectness(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "Entropy by layer where the label was right, and where it was wrong";
  const rows = selectedRows(cubes, options).filter(({correct, wrong}) => correct !== null && wrong !== null);
  if (rows.length === 0)
    return emptyFigure({
      width,
      document,
      title,
      reason:
        selection.estimator === "label_entropy"
          ? NO_LAYERS
          : "No arm was both right and wrong in this selection."
    });
  const right = rows.map((row) => ({
    ...lineDatum(row, row.correct!, null, null, row.mode),
    title: correctnessTitle(row)
  }));
  const wrong = rows.map((row) => ({
    ...lineDatum(row, row.wrong!, null, null, row.mode),
    title: correctnessTitle(row)
  }));
  const domain = domainOf([...right, ...wrong].map(({value}) => value));
  return frame({
    width,
    document,
    title,
    subtitle: `${lowerFirst(ESTIMATOR_TITLES[selection.estimator])}, ${subtitleOf(cubes, options, rows)}`,
    keys: [
      {text: "right", sign: "solid"},
      {text: "wrong", sign: "dashed"}
    ],
    alt: altByMode(
      rows,
      (_, last) =>
        `right ${formatNumber(last.correct, 3)}, wrong ${formatNumber(last.wrong, 3)} nats at ${layerTitle(last.layer)}`
    ),
    panels: smallMultiples(cubes, options, right, domain, undefined, wrong)
  });
}

function correctnessTitle({mode, layer, correct, wrong}: ModeRow): string {
  return `${MODE_LOOKS[mode].title} · ${layerTitle(layer)}\nright ${formatNumber(correct, 3)} nats, wrong ${formatNumber(wrong, 3)} nats\ndifference ${formatSigned(wrong! - correct!, 3)} nats`;
}

function lineDatum(
  row: ModeRow,
  value: number,
  low: number | null,
  high: number | null,
  multiple?: Mode
): LineDatum {
  const interval =
    low === null || high === null ? "" : ` [${formatNumber(low, 3)}, ${formatNumber(high, 3)}]`;
  const title = `${MODE_LOOKS[row.mode].title} · ${layerTitle(row.layer)}\n${formatNumber(value, 3)} nats${interval}\nn = ${formatCount(row.n)}`;
  return {mode: row.mode, x: row.layer, value, low, high, title, ...(multiple ? {panel: multiple} : {})};
}

/** One row of small multiples on a wide page, rows of two on a narrow one; one scale for all. */
function smallMultiples(
  cubes: Cubes,
  options: FigureOptions,
  data: LineDatum[],
  domain: [number, number],
  zero?: number,
  dashed: LineDatum[] = []
): {svg: SVGSVGElement; dy?: number}[] {
  const {width, document} = options;
  const narrow = isNarrow(options);
  const modes = MODES.filter((mode) => data.some((d) => d.mode === mode));
  const perRow = narrow ? 2 : Math.max(4, Math.min(modes.length, 7));
  const groups = Array.from({length: Math.ceil(modes.length / perRow)}, (_, i) =>
    modes.slice(i * perRow, (i + 1) * perRow)
  );
  return groups.map((group) => {
    const inGroup = (d: LineDatum) => group.includes(d.mode);
    const fx = [...group, ...Array.from({length: perRow - group.length}, (_, i) => `empty ${i}`)];
    const svg = panel(
      {
        width,
        height: 200,
        marginLeft: 48,
        marginRight: 8,
        marginTop: 28,
        marginBottom: 28,
        x: {domain: [0, cubes.study.layers], inset: 8, label: null},
        y: {domain, label: null},
        fx: {domain: fx, padding: 0.1, axis: null},
        marks: [
          Plot.gridY({
            ticks: 4,
            stroke: RULE,
            strokeOpacity: 1,
            fx: null
          } as Plot.GridYOptions),
          ...(zero === undefined
            ? []
            : [
                Plot.ruleY(group, {y: () => zero, fx: (mode: Mode) => mode, stroke: INK, strokeOpacity: 0.55})
              ]),
          Plot.axisY({ticks: 4, tickSize: 0, label: null, fill: MUTED, facetAnchor: "left"}),
          layerAxis(cubes.study.layers, true, 6),
          ...(dashed.length > 0
            ? [
                Plot.line(dashed.filter(inGroup), {
                  fx: "panel",
                  x: "x",
                  y: "value",
                  z: "mode",
                  stroke: (d: LineDatum) => modeColor(d.mode),
                  strokeWidth: 2,
                  strokeDasharray: "3,3",
                  className: "line"
                })
              ]
            : []),
          ...modeLines(data.filter(inGroup)),
          Plot.text(group, {
            fx: (mode: Mode) => mode,
            text: (mode: Mode) => MODE_LOOKS[mode].title,
            fill: (mode: Mode) => modeTextColor(mode),
            fontWeight: 600,
            frameAnchor: "top-left",
            dy: -18,
            className: "mode"
          })
        ]
      },
      document
    );
    return {svg};
  });
}

function altByMode(rows: ModeRow[], say: (first: ModeRow, last: ModeRow) => string): string {
  const modes = MODES.filter((mode) => rows.some((row) => row.mode === mode));
  const parts = modes.map((mode) => {
    const own = rows.filter((row) => row.mode === mode);
    return `${MODE_LOOKS[mode].title}: ${say(own[0]!, own.at(-1)!)}`;
  });
  return `${parts.join("; ")}.`;
}
