/** Training loss of every run: label part and explanation part apart, one small multiple a mode. */
import * as Plot from "@observablehq/plot";
import {ticks} from "d3";
import {MODES, parseArm} from "../core/arms.js";
import type {Mode} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {formatCounted, formatNumber} from "../core/format.js";
import {MODE_LOOKS, modeColor, modeTextColor, recipeTitle} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import {isNarrow} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {MUTED, RULE, domainOf, panel} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "runs" | "curves">;

interface LossPoint {
  mode: Mode;
  run: string;
  part: "label" | "explanation";
  step: number;
  loss: number;
}

/** One thin line a seed and part; all modes share one scale. */
export function lossCurves(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "Training loss, label part and explanation part apart";
  const points = lossPoints(cubes, options);
  if (points.length === 0)
    return emptyFigure({width, document, title, reason: "No run of this selection has left a loss curve."});
  const runs = new Set(points.map(({run}) => run)).size;
  const modes = MODES.filter((mode) => points.some((point) => point.mode === mode));
  const lastOf = (mode: Mode, part: LossPoint["part"]) => {
    const own = points.filter((point) => point.mode === mode && point.part === part);
    const end = Math.max(...own.map(({step}) => step));
    const last = own.filter(({step}) => step === end);
    return last.reduce((sum, {loss}) => sum + loss, 0) / last.length;
  };
  return frame({
    width,
    document,
    title,
    subtitle: `nats a token by step; ${recipeTitle(selection, cubes.study.arms)}; ${formatCounted(runs, "run")}, one line a seed`,
    keys: [
      {text: "label part", sign: "solid"},
      {text: "explanation part", sign: "dashed"}
    ],
    note: "Losses of the explanation part are not comparable across modes: drawn words are harder to foresee than sentences.",
    alt: `At the last step: ${modes.map((mode) => `${MODE_LOOKS[mode].title}: label ${formatNumber(lastOf(mode, "label"), 2)}${points.some((p) => p.mode === mode && p.part === "explanation") ? `, explanation ${formatNumber(lastOf(mode, "explanation"), 2)}` : ""} nats a token`).join("; ")}.`,
    panels: curvePanels(options, points, modes)
  });
}

function lossPoints({study, runs, curves}: Cubes, {selection}: FigureOptions): LossPoint[] {
  const arms = new Set(selectedArms(selection, study).map(({id}) => id));
  const modeOf = new Map(
    runs
      .filter(
        ({kind, system, seed}) =>
          kind === "train" && arms.has(system) && (selection.seed === "all" || seed === selection.seed)
      )
      .map(({run, system}) => [run, parseArm(system).mode])
  );
  return curves.flatMap(({run, step, loss, loss_label, loss_explanation}) => {
    const mode = modeOf.get(run);
    if (!mode) return [];
    const label = {mode, run, part: "label" as const, step, loss: loss_label ?? loss};
    return loss_explanation === null
      ? [label]
      : [label, {mode, run, part: "explanation" as const, step, loss: loss_explanation}];
  });
}

/** First and last round step, kept inside their panel, so that neighbours do not touch. */
function endTicks([low, high]: [number, number]): Plot.Markish[] {
  const steps = ticks(low, high, 3);
  const tick = (step: number, textAnchor: "start" | "end") =>
    Plot.axisX([step], {tickSize: 0, label: null, fill: MUTED, textAnchor});
  return [
    tick(steps[0]!, "start"),
    ...steps
      .slice(1)
      .slice(-1)
      .map((step) => tick(step, "end"))
  ];
}

function curvePanels(options: FigureOptions, points: LossPoint[], modes: Mode[]): {svg: SVGSVGElement}[] {
  const {width, document} = options;
  const perRow = isNarrow(options) ? 2 : Math.max(4, Math.min(7, modes.length));
  const rows = Array.from({length: Math.ceil(modes.length / perRow)}, (_, i) =>
    modes.slice(i * perRow, (i + 1) * perRow)
  );
  const y = domainOf(
    points.map(({loss}) => loss),
    {through: 0, pad: 0.02}
  );
  const x = domainOf(
    points.map(({step}) => step),
    {through: 0, pad: 0}
  );
  return rows.map((group) => {
    const fx = [...group, ...Array.from({length: perRow - group.length}, (_, i) => `empty ${i}`)];
    const part = (name: LossPoint["part"], dash?: string) =>
      Plot.line(
        points.filter((point) => point.part === name && group.includes(point.mode)),
        {
          fx: "mode",
          x: "step",
          y: "loss",
          z: "run",
          stroke: (point: LossPoint) => modeColor(point.mode),
          strokeWidth: 1.25,
          ...(dash ? {strokeDasharray: dash} : {}),
          className: "curve"
        }
      );
    const svg = panel(
      {
        width,
        height: 190,
        marginLeft: 34,
        marginRight: 14,
        marginTop: 28,
        marginBottom: 26,
        x: {domain: x, label: null},
        y: {domain: [Math.max(0, y[0]), y[1]], label: null},
        fx: {domain: fx, padding: 0.12, axis: null},
        marks: [
          Plot.gridY({ticks: 4, stroke: RULE, strokeOpacity: 1}),
          Plot.axisY({ticks: 4, tickSize: 0, label: null, fill: MUTED, facetAnchor: "left"}),
          ...endTicks(x),
          part("label"),
          part("explanation", "3,2"),
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
