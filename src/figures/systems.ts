/** All systems of a study on one scale: every arm and every shortcut baseline, with seeds as ticks. */
import * as Plot from "@observablehq/plot";
import {compareArms, parseArm} from "../core/arms.js";
import type {Mode} from "../core/arms.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {LevelRow} from "../core/cubes.js";
import {formatCount, formatLevelInterval, formatNumber, shownScale, unitOf} from "../core/format.js";
import {formatMeasure, measureOf} from "../core/measures.js";
import {BASELINE_TITLES, armTitle} from "../core/palette.js";
import {sampleNote, scopeTitle, isNarrow} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {INK, MUTED, PAPER, domainOf, gridX, intervalDots, panel} from "./marks.js";
import type {IntervalDatum} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "levels">;

interface SystemDatum extends IntervalDatum {
  key: string;
  baseline: boolean;
  level: LevelRow;
}

const ROW_HEIGHT = 24;

/** Levels with intervals in the selected cell; arms in figure order, then baselines. */
export function systemsComparison(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const {title, better} = measureOf(selection.measure);
  const cell = cubes.levels.filter(
    ({measure, corpus, axis, value}) =>
      measure === selection.measure &&
      corpus === selection.corpus &&
      axis === selection.axis &&
      value !== null
  );
  const data = systemData(cubes, cell, options);
  if (data.length === 0)
    return emptyFigure({width, document, title, reason: "No system has this measure in this selection."});
  return frame({
    width,
    document,
    title: `${title} of every arm and shortcut baseline`,
    subtitle: `${[unitOf(selection.measure), scopeTitle(cubes, selection)].filter(Boolean).join("; ")}; ${sampleNote(cubes, "all", data[0]!.level.n, data[0]!.level.dialogues)}; ${better} is better`,
    keys: [
      {text: "one seed", sign: "tick"},
      {text: "shortcut baseline", sign: "hollow"}
    ],
    note: "Lines: 95 % intervals, dialogues resampled. A baseline sees only a shortcut: the majority label, the length, or word counts.",
    alt: `${data.map(({key, level}) => `${key}: ${formatMeasure(level.measure, level.value)} ${formatLevelInterval(level.low, level.high, level.measure)}`).join("; ")}.`,
    panels: [{svg: systemsPanel(cubes, cell, options, data)}]
  });
}

function systemTitle({study}: Cubes, {kind, system}: LevelRow): string {
  return kind === "arm"
    ? armTitle(system, study.arms)
    : (BASELINE_TITLES[system as keyof typeof BASELINE_TITLES] ?? system);
}

function systemData(cubes: Cubes, cell: LevelRow[], {selection, link}: FigureOptions): SystemDatum[] {
  const scale = shownScale(selection.measure);
  const shown = cell.filter(
    ({seed, kind, system}) => seed === "all" && (kind === "baseline" || isShown(system, selection.modes))
  );
  shown.sort((a, b) =>
    a.kind === "arm" && b.kind === "arm"
      ? compareArms(parseArm(a.system), parseArm(b.system))
      : a.kind === b.kind
        ? 0
        : a.kind === "arm"
          ? -1
          : 1
  );
  return shown.map((level) => ({
    key: systemTitle(cubes, level),
    level,
    baseline: level.kind === "baseline",
    mode: level.kind === "arm" ? parseArm(level.system).mode : "label-only",
    filled: level.kind === "arm",
    value: level.value! * scale,
    low: level.low === null ? null : level.low * scale,
    high: level.high === null ? null : level.high * scale,
    href: level.kind === "arm" ? link?.({arm: level.system}) : undefined,
    title: `${systemTitle(cubes, level)}\n${formatMeasure(level.measure, level.value)} ${formatLevelInterval(level.low, level.high, level.measure)}\nn = ${formatCount(level.n)}, ${formatCount(level.dialogues)} dialogues`
  }));
}

function isShown(arm: string, modes: Mode[]): boolean {
  const {mode} = parseArm(arm);
  return mode === "label-only" || modes.includes(mode);
}

function systemsPanel(
  cubes: Cubes,
  cell: LevelRow[],
  options: FigureOptions,
  data: SystemDatum[]
): SVGSVGElement {
  const {selection, width, document} = options;
  const narrow = isNarrow(options);
  const scale = shownScale(selection.measure);
  const keys = data.map(({key}) => key);
  const nameOf = (row: LevelRow) => systemTitle(cubes, row);
  const seeds = cell.filter((row) => row.seed !== "all" && keys.includes(nameOf(row)));
  const domain = domainOf(
    cell.flatMap(({value, low, high}) =>
      [value, low, high].map((each) => (each === null ? null : each * scale))
    )
  );
  return panel(
    {
      width,
      height: keys.length * (narrow ? ROW_HEIGHT + 18 : ROW_HEIGHT) + 34,
      marginLeft: narrow ? 10 : 290,
      marginRight: 54,
      marginTop: narrow ? 16 : 4,
      marginBottom: 26,
      x: {domain, label: null},
      y: {domain: keys, padding: 0.2, axis: null},
      marks: [
        gridX(narrow ? 4 : 8),
        ...(narrow ? [] : [Plot.axisY({tickSize: 0, tickPadding: 12, label: null})]),
        Plot.axisX({ticks: narrow ? 4 : 8, tickSize: 0, label: null, fill: MUTED}),
        Plot.tickX(seeds, {
          x: (row: LevelRow) => row.value! * scale,
          y: nameOf,
          stroke: INK,
          strokeOpacity: 0.35,
          insetTop: narrow ? 10 : 4,
          insetBottom: narrow ? 10 : 4,
          className: "seed"
        }),
        ...intervalDots(data, {y: ({key}) => key}),
        ...(narrow ? [namesAboveRows(data)] : []),
        Plot.text(data, {
          y: "key",
          text: (d: SystemDatum) => formatNumber(d.value, scale === 100 ? 1 : 3),
          frameAnchor: "right",
          textAnchor: "start",
          dx: 10,
          fill: MUTED,
          className: "number"
        })
      ]
    },
    document
  );
}

/** Names over their rows, where the drawing has no room beside them; the halo keeps the grid off the words. */
function namesAboveRows(data: SystemDatum[]): Plot.Markish {
  return Plot.text(data, {
    y: "key",
    text: "key",
    frameAnchor: "left",
    textAnchor: "start",
    dx: -10,
    dy: -16,
    fontSize: 12,
    stroke: PAPER,
    strokeWidth: 5,
    fill: INK,
    className: "name"
  });
}
