/**
 * Dose–response: what an arm does against how long its texts are. One curve a mode, from label-only at 0 tokens over
 * every token budget that was trained under the selected order and loss.
 */
import {MODES} from "./arms.js";
import type {Mode} from "./arms.js";
import {rowsWhere} from "./cube-index.js";
import type {AllCubes} from "./cubes-reader.js";
import type {EffectRow, IntervalKind, LayerRow, LevelRow, MeasureId, StudyFacts} from "./cubes.js";
import {kindAmong, layerOfKind, shownInterval} from "./intervals.js";
import type {Selection, StudyArm} from "./selection.js";
import type {Interval} from "./statistics/cluster-bootstrap.js";

/** An arm and how long its texts are. */
export interface Dose {
  arm: StudyArm;
  /** Mean tokens of its texts over the training rows: what a budget came to. */
  tokens: number;
}

/** A value at a dose, in the quantity's own unit. */
export interface DosePoint extends Interval {
  /** Arm id. */
  arm: string;
  tokens: number;
  value: number;
  n: number;
  /** Single trainings; empty where one seed is selected. */
  seeds: number[];
}

export interface DoseCurve {
  mode: Mode;
  /** From the shortest texts to the longest; label-only at 0 first, where it has a value. */
  points: DosePoint[];
}

/** Mean tokens of an arm's texts; undefined where the tables don't hold it. */
export function doseOf(
  {lengths}: Pick<StudyFacts, "lengths">,
  {mode, tokens}: Pick<StudyArm, "mode" | "tokens">
): number | undefined {
  if (mode === "label-only") return 0;
  return lengths.find((length) => length.mode === mode && length.tokens === tokens)?.mode_tokens;
}

/** The doses of each selected mode under the selected order and loss, ascending; every budget, whichever is selected. */
export function dosesByMode(
  study: Pick<StudyFacts, "arms" | "lengths">,
  {modes, order, reduction}: Selection
): {mode: Mode; doses: Dose[]}[] {
  return MODES.filter((mode) => mode !== "label-only" && modes.includes(mode)).flatMap((mode) => {
    const doses = study.arms
      .filter((arm) => arm.mode === mode && arm.order === order && arm.reduction === reduction)
      .flatMap((arm) => {
        const tokens = doseOf(study, arm);
        return tokens === undefined ? [] : [{arm, tokens}];
      })
      .sort((a, b) => a.tokens - b.tokens);
    return doses.length > 0 ? [{mode, doses}] : [];
  });
}

/** How many budgets the study trained with, label-only's 0 left out. */
export function budgetCount({arms}: Pick<StudyFacts, "arms">): number {
  const explained = arms.filter(({mode}) => mode !== "label-only");
  return new Set(explained.map(({tokens = ""}) => tokens)).size;
}

/** The longest texts of the study: how far the axis of doses goes, whatever is selected. */
export function longestDose({lengths}: Pick<StudyFacts, "lengths">): number {
  return Math.max(1, ...lengths.map(({mode_tokens}) => mode_tokens));
}

/** A measure against dose: levels, or paired differences to label-only, as the selection says. */
export function measureCurves(
  {study, levels, effects}: Pick<AllCubes, "study" | "levels" | "effects">,
  selection: Selection,
  measure: MeasureId
): DoseCurve[] {
  const {corpus, axis} = selection;
  if (selection.view === "effect")
    return curvesOf(study, selection, {
      rowOf: (arm, seed) => rowsWhere<EffectRow>(effects, {arm, seed, corpus, axis, measure})[0],
      valueOf: ({effect}) => effect,
      intervalOf: (row) => shownInterval(row, selection)
    });
  return curvesOf(study, selection, {
    rowOf: (system, seed) => rowsWhere<LevelRow>(levels, {system, seed, corpus, axis, measure})[0],
    valueOf: ({value}) => value,
    intervalOf: (row) => shownInterval(row, selection)
  });
}

/** Activation entropy at the selected layer against dose, in nats; the labels' entropy is a measure. */
export function entropyCurves(
  cubes: Pick<AllCubes, "study" | "levels" | "effects" | "layers">,
  selection: Selection
): DoseCurve[] {
  const {estimator, corpus, axis, layer, view} = selection;
  if (estimator === "label_entropy") return measureCurves(cubes, selection, "label_entropy");
  const rowsOf = (seed: string) => rowsWhere(cubes.layers, {estimator, corpus, axis, seed});
  const kind = entropyKind(cubes, selection);
  return curvesOf<LayerRow>(cubes.study, selection, {
    rowOf: (arm, seed) => {
      const row = rowsOf(seed).find((one) => one.arm === arm && one.layer === layer);
      return row && layerOfKind(row, kind);
    },
    valueOf: ({effect, mean}) => (view === "effect" ? effect : mean),
    intervalOf: ({low, high, effect_low, effect_high}) =>
      view === "effect" ? {low: effect_low, high: effect_high} : {low, high}
  });
}

/** Which intervals there are of activation entropies: those over trainings only where two of them recorded any. */
export function entropyKind({layers}: Pick<AllCubes, "layers">, selection: Selection): IntervalKind {
  const {estimator, corpus, axis, seed} = selection;
  const rows = rowsWhere(layers, {estimator, corpus, axis, seed});
  return kindAmong(
    rows.map(({low_trainings}) => low_trainings),
    selection
  );
}

/** How a cube is read at an arm and seed. */
interface Source<R> {
  rowOf: (arm: string, seed: string) => R | undefined;
  valueOf: (row: R) => number | null;
  intervalOf: (row: R) => Interval;
}

function curvesOf<R extends {n: number}>(
  study: Pick<StudyFacts, "arms" | "lengths" | "seeds">,
  selection: Selection,
  {rowOf, valueOf, intervalOf}: Source<R>
): DoseCurve[] {
  const seeds = selection.seed === "all" && study.seeds.length > 1 ? study.seeds : [];
  const pointOf = (arm: string, tokens: number): DosePoint[] => {
    const row = rowOf(arm, selection.seed);
    const value = row ? valueOf(row) : null;
    if (!row || value === null) return [];
    const singles = seeds.flatMap((seed) => {
      const single = rowOf(arm, seed);
      return single ? (valueOf(single) ?? []) : [];
    });
    return [{arm, tokens, value, ...intervalOf(row), n: row.n, seeds: singles}];
  };
  const base = selection.view === "effect" ? [] : pointOf("label-only", 0);
  return dosesByMode(study, selection).flatMap(({mode, doses}) => {
    const points = doses.flatMap(({arm, tokens}) => pointOf(arm.id, tokens));
    if (points.length === 0) return [];
    const start = selection.view === "effect" ? [noDose(points[0]!.n)] : base;
    return [{mode, points: [...start, ...points]}];
  });
}

/** Where differences to label-only start: zero, by definition and without any interval. */
function noDose(n: number): DosePoint {
  return {arm: "label-only", tokens: 0, value: 0, low: null, high: null, n, seeds: []};
}
