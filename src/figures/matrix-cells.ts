/** The cells of the setting × arm matrix: levels, or differences to label-only, with their seeds. */
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {EffectRow, LevelRow, MeasureId} from "../core/cubes.js";
import {
  formatCell,
  formatCount,
  formatEffectInterval,
  formatLevelInterval,
  formatSigned,
  shownScale
} from "../core/format.js";
import {intervalOf, shownInterval} from "../core/intervals.js";
import {formatEffect, formatMeasure, goodness} from "../core/measures.js";
import {BASELINE_TITLES, MODE_LOOKS, modeColor, modeTextColor} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import {axisTitle, corpusTitle} from "./figure.js";
import {MUTED} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "levels" | "effects">;

export interface MatrixColumn {
  system: string;
  kind: "arm" | "baseline";
  title: string;
  /** Where the column is narrow. */
  short: string;
  textColor: string;
  color: string;
}

export interface MatrixRow {
  corpus: string;
  axis: string;
}

export interface MatrixCell {
  column: MatrixColumn;
  row: MatrixRow;
  value: number;
  text: string;
  /** `±3.2`: half of a pooled number's interval; empty where there is none, and for single settings. */
  half: string;
  /** Exact values in words. */
  title: string;
  /** Of a level from 0 (worst) to 1 (best); of a difference from −1 (lower) over 0 to 1 (higher), good or bad. */
  tint: number;
  /** The best arm of its row, or a difference whose interval excludes zero. */
  strong: boolean;
  /** Places of single trainings on the matrix' scale, from 0 to 1. */
  seeds: number[];
}

/** Arms of the selection, after the baselines where levels are shown. */
export function matrixColumns({study}: Cubes, selection: Selection): MatrixColumn[] {
  const isLevel = selection.view === "level";
  const arms = selectedArms(selection, study)
    .filter(({mode}) => isLevel || mode !== "label-only")
    .map(({id, mode}): MatrixColumn => {
      const {title} = MODE_LOOKS[mode];
      const colors = {textColor: modeTextColor(mode), color: modeColor(mode)};
      return {system: id, kind: "arm", title, short: title, ...colors};
    });
  const baselines = (isLevel ? study.baselines : []).map((id): MatrixColumn => {
    const title = BASELINE_TITLES[id];
    const short = id === "bag-of-words" ? "Word counts" : title;
    return {system: id, kind: "baseline", title, short, textColor: MUTED, color: MUTED};
  });
  return [...baselines, ...arms];
}

/** All pooled, then every setting of the selection. */
export function matrixRows({study}: Cubes, {corpus, axis}: Selection): MatrixRow[] {
  const settings = study.settings.filter(
    (one) => (corpus === "all" || one.corpus === corpus) && (axis === "all" || one.axis === axis)
  );
  return [{corpus: "all", axis}, ...settings];
}

/** Cells that have a value, row by row. */
export function matrixCells(
  cubes: Cubes,
  selection: Selection,
  {columns, rows}: {columns: MatrixColumn[]; rows: MatrixRow[]}
): MatrixCell[] {
  return selection.view === "level"
    ? levelCells(cubes, selection, columns, rows)
    : effectCells(cubes, selection, columns, rows);
}

function levelCells(
  {study, levels}: Cubes,
  selection: Selection,
  columns: MatrixColumn[],
  rows: MatrixRow[]
): MatrixCell[] {
  const {measure} = selection;
  const all = rowsWhere(levels, {measure}).flatMap(({value}) => (value === null ? [] : [value]));
  const range = extent(all);
  const [worst, best] = extent(all.map((value) => goodness(measure, value)));
  const tables = columns.map((column) =>
    tableOf(rowsWhere(levels, {measure, system: column.system, kind: column.kind}))
  );
  return rows.flatMap((row) => {
    const cells = columns.flatMap((column, i): MatrixCell[] => {
      const seed = column.kind === "arm" ? selection.seed : "all";
      const of = (seedOf: string) => tables[i]!.get(keyOf({...row, seed: seedOf}));
      const level = of(seed);
      if (!level || level.value === null) return [];
      const seeds = bySeed(study.seeds, of, ({value}) => value);
      const {low, high} =
        column.kind === "arm" ? shownInterval(level, selection) : intervalOf(level, "dialogues");
      const good = goodness(measure, level.value);
      return [
        {
          ...{column, row, value: level.value, strong: false, text: formatCell(level.value, measure)},
          half: halfOf(row, low, high, measure),
          tint: best === worst ? 0.5 : (good - worst) / (best - worst),
          seeds: seeds.map(({value}) => share(value, range)),
          title: words(study, {column, row, ...level}, [
            `${formatMeasure(measure, level.value)} ${formatLevelInterval(low, high, measure)}`,
            seeds.map(({seed: name, value}) => `seed ${name}: ${formatMeasure(measure, value)}`).join(", ")
          ])
        }
      ];
    });
    const arms = cells.filter(({column}) => column.kind === "arm");
    const top = Math.max(...arms.map(({value}) => goodness(measure, value)));
    for (const cell of arms) cell.strong = goodness(measure, cell.value) === top;
    return cells;
  });
}

function effectCells(
  {study, effects}: Cubes,
  selection: Selection,
  columns: MatrixColumn[],
  rows: MatrixRow[]
): MatrixCell[] {
  const {measure} = selection;
  const scale = shownScale(measure);
  const all = rowsWhere(effects, {measure}).flatMap(({effect}) => (effect === null ? [] : [effect]));
  const most = Math.max(...all.map(Math.abs), Number.MIN_VALUE);
  const tables = columns.map(({system}) => tableOf(rowsWhere(effects, {measure, arm: system})));
  return rows.flatMap((row) =>
    columns.flatMap((column, i): MatrixCell[] => {
      const of = (seed: string) => tables[i]!.get(keyOf({...row, seed}));
      const effect = of(selection.seed);
      if (!effect || effect.effect === null) return [];
      const seeds = bySeed(study.seeds, of, (each) => each.effect);
      const {low, high} = shownInterval(effect, selection);
      return [
        {
          ...{column, row, value: effect.effect},
          text: formatSigned(effect.effect * scale, scale === 100 ? 1 : 2),
          half: halfOf(row, low, high, measure),
          tint: effect.effect / most,
          strong: low !== null && high !== null && (low > 0 || high < 0),
          seeds: seeds.map(({value}) => share(value, [-most, most])),
          title: words(study, {column, row, ...effect}, [
            `${formatEffect(measure, effect.effect)} ${formatEffectInterval(low, high, measure)} against label only`,
            `${formatCount(effect.gained)} gained, ${formatCount(effect.lost)} lost`,
            seeds.map(({seed, value}) => `seed ${seed}: ${formatEffect(measure, value)}`).join(", ")
          ])
        }
      ];
    })
  );
}

function halfOf({corpus}: MatrixRow, low: number | null, high: number | null, measure: MeasureId): string {
  return corpus === "all" && low !== null && high !== null ? `±${formatCell((high - low) / 2, measure)}` : "";
}

function words(
  study: AllCubes["study"],
  {column, row, n, dialogues}: {column: MatrixColumn; row: MatrixRow; n: number; dialogues: number},
  lines: string[]
): string {
  return [
    `${column.title} · ${corpusTitle(study, row.corpus)} · ${axisTitle(study, row.axis)}`,
    ...lines.map((line) => line.trim()).filter((line) => line !== ""),
    `n = ${formatCount(n)}, ${formatCount(dialogues)} dialogues`
  ].join("\n");
}

type Placed = {corpus: string; axis: string; seed: string};

function keyOf({corpus, axis, seed}: Placed): string {
  return `${corpus} ${axis} ${seed}`;
}

function tableOf<R extends LevelRow | EffectRow>(rows: readonly R[]): Map<string, R> {
  return new Map(rows.map((row) => [keyOf(row), row]));
}

function bySeed<R>(
  seeds: string[],
  of: (seed: string) => R | undefined,
  valueOf: (row: R) => number | null
): {seed: string; value: number}[] {
  return seeds.flatMap((seed) => {
    const row = of(seed);
    const value = row && valueOf(row);
    return typeof value === "number" ? [{seed, value}] : [];
  });
}

function extent(values: number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

function share(value: number, [low, high]: [number, number]): number {
  return high === low ? 0.5 : (value - low) / (high - low);
}
