/** All systems of a study on one scale: every arm and every shortcut baseline, with seeds as ticks. */
import {compareArms, parseArm} from "../core/arms.js";
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {LevelRow} from "../core/cubes.js";
import {formatCount, formatLevelInterval, formatNumber, shownScale, unitOf} from "../core/format.js";
import {intervalOf, shownInterval} from "../core/intervals.js";
import {formatMeasure, measureOf} from "../core/measures.js";
import {BASELINE_TITLES, armTitle, modeTextColor} from "../core/palette.js";
import type {Selection} from "../core/selection.js";
import type {Interval} from "../core/statistics/cluster-bootstrap.js";
import {isNarrow, sampleNote, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {shownIntervalNote} from "./interval-note.js";
import {intervalPanels} from "./interval-panels.js";
import type {PlacedDatum} from "./interval-panels.js";
import {steadyDomain} from "./steady-domain.js";

type Cubes = Pick<AllCubes, "study" | "levels">;
type SystemDatum = PlacedDatum & {level: LevelRow};

/** Levels with intervals in the selected cell; arms in figure order, then baselines. */
export function systemsComparison(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const {measure, corpus, axis} = selection;
  const {title, better} = measureOf(measure);
  const data = systemData(cubes, options);
  if (data.length === 0)
    return emptyFigure({width, document, title, reason: "No system has this measure in this selection."});
  const narrow = isNarrow(options);
  const {level} = data[0]!;
  const many = data.some(({seeds = []}) => seeds.length > 1);
  return frame({
    width,
    document,
    title: `${title} of every arm and shortcut baseline`,
    subtitle: `${[unitOf(selection.measure), scopeTitle(cubes, selection)].filter(Boolean).join("; ")}; ${sampleNote(cubes, selection.seed, level.n, level.dialogues)}; ${better === "zero" ? "closest to zero" : better} is better`,
    keys: [
      ...(many ? [{text: "one seed", sign: "tick" as const}] : []),
      ...(data.some(({baseline}) => baseline) ? [{text: "shortcut baseline", sign: "square" as const}] : [])
    ],
    note: `${shownIntervalNote(
      cubes.study,
      selection,
      data.some(({low}) => low !== null)
    )} A baseline sees only a shortcut: the majority label, the length, or word counts; it has no seeds, so its interval is over dialogues.`,
    alt: `${data.map((datum) => altPart(datum, selection)).join("; ")}.`,
    panels: [
      {
        svg: intervalPanels({
          width,
          document,
          stacked: false,
          columns: [{key: ""}],
          rows: data.map(({row, mode, baseline}) => ({
            key: row,
            label: row,
            color: baseline ? undefined : modeTextColor(mode)
          })),
          data,
          domain: steadyDomain(rowsWhere(cubes.levels, {measure, corpus, axis}), ({value}) => value, {
            scale: shownScale(measure)
          }),
          marginRight: 54,
          labelsAbove: narrow
        })
      }
    ]
  });
}

function altPart({row, level}: SystemDatum, selection: Selection): string {
  const {low, high} = levelInterval(level, selection);
  return `${row}: ${formatMeasure(level.measure, level.value)} ${formatLevelInterval(low, high, level.measure)}`.trim();
}

/** Baselines have no seeds: theirs is over dialogues, whatever is shown of arms. */
function levelInterval(level: LevelRow, selection: Selection): Interval {
  return level.kind === "baseline" ? intervalOf(level, "dialogues") : shownInterval(level, selection);
}

function systemTitle({study}: Cubes, {kind, system}: LevelRow): string {
  return kind === "arm"
    ? armTitle(system, study.arms)
    : (BASELINE_TITLES[system as keyof typeof BASELINE_TITLES] ?? system);
}

function systemData(cubes: Cubes, {selection, link}: FigureOptions): SystemDatum[] {
  const {measure, seed, corpus, axis} = selection;
  const cell = rowsWhere(cubes.levels, {measure, corpus, axis}).filter(({value}) => value !== null);
  const arms = cell
    .filter((row) => row.kind === "arm" && row.seed === seed && isShown(row.system, selection))
    .sort((a, b) => compareArms(parseArm(a.system), parseArm(b.system)));
  const baselines = cell.filter((row) => row.kind === "baseline" && row.seed === "all");
  const scale = shownScale(measure);
  return [...arms, ...baselines].map((level): SystemDatum => {
    const {kind, system} = level;
    const {low, high} = levelInterval(level, selection);
    const seeds =
      kind === "arm"
        ? cell.filter((row) => row.system === system && row.kind === "arm" && row.seed !== "all")
        : [];
    const name = systemTitle(cubes, level);
    const bySeed = seeds.map((row) => `seed ${row.seed}: ${formatMeasure(measure, row.value)}`).join(", ");
    return {
      level,
      column: "",
      row: name,
      mode: kind === "arm" ? parseArm(system).mode : "label-only",
      baseline: kind === "baseline",
      value: level.value! * scale,
      low: low === null ? null : low * scale,
      high: high === null ? null : high * scale,
      seeds: seeds.map(({value}) => value! * scale),
      href: kind === "arm" ? link?.({arm: system}) : undefined,
      text: formatNumber(level.value! * scale, scale === 100 ? 1 : 3),
      title: `${name}\n${formatMeasure(measure, level.value)} ${formatLevelInterval(low, high, measure)}\nn = ${formatCount(level.n)}, ${formatCount(level.dialogues)} dialogues${bySeed ? `\n${bySeed}` : ""}`
    };
  });
}

/** Any order and reduction, of the token budget chosen. */
function isShown(arm: string, {modes, tokens: chosen}: Selection): boolean {
  const {mode, tokens = ""} = parseArm(arm);
  return mode === "label-only" || (tokens === chosen && modes.includes(mode));
}
