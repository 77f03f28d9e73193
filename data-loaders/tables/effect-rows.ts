/** Rows of `effects.json` and `across.json`: paired differences to label-only, and their mean over settings. */
import type {AcrossRow, EffectRow} from "../../src/core/cubes.js";
import {MEASURE_IDS} from "../../src/core/statistics/cell-measures.js";
import {randomEffects} from "../../src/core/statistics/random-effects.js";
import {coverageOf, differenceOf, estimateOf, type SeedEstimate} from "./estimates.js";
import type {Pair} from "./systems.js";
import {ALL, type Cell, type TestLayout} from "./test-layout.js";

/** What an arm is compared with, seed by seed. */
export interface Comparisons {
  arm: string;
  seeds: string[];
  /** With label-only; empty where it has no run. */
  pairs: Pair[];
  /** With the explanation arm that differs in nothing else. */
  rivals: Pair[];
}

/** All cells, over all seeds and seed by seed. Arms without label-only beside them have effects of null. */
export function effectRows({arm, seeds, pairs, rivals}: Comparisons, {cells}: TestLayout): EffectRow[] {
  return cells.flatMap((cell, c) => [
    ...rowsOf(arm, ALL, present(pairs, c), present(rivals, c), cell, c),
    ...seeds.flatMap((seed) =>
      rowsOf(
        arm,
        seed,
        present(pairs, c).filter((pair) => pair.seed === seed),
        null,
        cell,
        c
      )
    )
  ]);
}

/** Pairs with rows in a cell. */
function present(pairs: Pair[], cell: number): Pair[] {
  return pairs.filter(({arm}) => arm.cells[cell]!.n > 0);
}

function rowsOf(
  arm: string,
  seed: string,
  pairs: Pair[],
  rivals: Pair[] | null,
  cell: Cell,
  c: number
): EffectRow[] {
  const place = {arm, seed, corpus: cell.corpus, axis: cell.axis};
  const counted = coverageOf(
    pairs.map((pair) => pair.arm),
    c
  );
  const flips = {gained: flipsIn(pairs, "gained", cell), lost: flipsIn(pairs, "lost", cell)};
  return MEASURE_IDS.map((measure, m): EffectRow => {
    const {value: effect, ...uncertain} = estimateOf(
      pairs.map((pair) => differenceOf(pair, c, m)),
      cell
    );
    const row = {...place, measure, effect, ...uncertain, ...flips};
    return rivals === null
      ? {...row, ...NOT_COMPARED, ...counted}
      : {...row, ...againstExplanation(rivals, cell, c, m), ...counted};
  });
}

type Versus = Required<
  Pick<
    EffectRow,
    | "versus_explanation"
    | "versus_explanation_low"
    | "versus_explanation_high"
    | "versus_explanation_low_trainings"
    | "versus_explanation_high_trainings"
  >
>;
const NOT_COMPARED: Versus = {
  versus_explanation: null,
  versus_explanation_low: null,
  versus_explanation_high: null,
  versus_explanation_low_trainings: null,
  versus_explanation_high_trainings: null
};

function againstExplanation(rivals: Pair[], cell: Cell, c: number, measure: number): Versus {
  const found = estimateOf(
    rivals.map((pair) => differenceOf(pair, c, measure)),
    cell
  );
  return {
    versus_explanation: found.value,
    versus_explanation_low: found.low,
    versus_explanation_high: found.high,
    versus_explanation_low_trainings: found.low_trainings,
    versus_explanation_high_trainings: found.high_trainings
  };
}

function flipsIn(pairs: Pair[], which: "gained" | "lost", {settings}: Cell): number {
  return pairs.reduce((sum, pair) => sum + settings.reduce((n, setting) => n + pair[which][setting]!, 0), 0);
}

/** Mean effect over the settings of each cell that holds two at least. */
export function acrossRows({arm, pairs}: Comparisons, layout: TestLayout): AcrossRow[] {
  const {cells, settings} = layout;
  const placeOf = settings.map(({corpus, axis}) =>
    cells.findIndex((cell) => cell.corpus === corpus && cell.axis === axis)
  );
  return MEASURE_IDS.flatMap((measure, m) => {
    const effects = placeOf.map((c) => settingEffect(present(pairs, c), cells[c]!, c, m));
    const covariance = covarianceOf(effects, layout);
    return cells.flatMap(({corpus, axis, settings: members}): AcrossRow[] => {
      const known = members.filter((setting) => effects[setting] !== null);
      if (known.length < 2) return [];
      const {mean, low, high, between, predicted_low, predicted_high} = randomEffects(
        known.map((setting) => effects[setting]!.value),
        known.map((a) => known.map((b) => covariance[a]![b]!))
      );
      const place = {arm, corpus, axis, measure, settings: known.length};
      return [{...place, mean, low, high, between, predicted_low, predicted_high}];
    });
  });
}

/** A setting's effect, mean over seeds, with its influences by dialogue; null where it is undefined. */
interface SettingEffect extends SeedEstimate {
  cell: Cell;
}

function settingEffect(pairs: Pair[], cell: Cell, c: number, measure: number): SettingEffect | null {
  const seeds = pairs.map((pair) => differenceOf(pair, c, measure));
  if (seeds.length === 0 || !seeds.every(({value}) => Number.isFinite(value))) return null;
  const influence = new Float64Array(cell.dialogues);
  for (const seed of seeds)
    for (let g = 0; g < influence.length; ++g) influence[g]! += seed.influence[g]! / seeds.length;
  return {cell, value: seeds.reduce((sum, {value}) => sum + value, 0) / seeds.length, influence};
}

/**
 * Sampling covariance of the settings' effects: Σ over shared dialogues of the product of their influences, times
 * G/(G−1). Settings of different corpora share none.
 */
function covarianceOf(effects: (SettingEffect | null)[], {dialogues}: TestLayout): number[][] {
  const spread = effects.map((effect) => {
    const by = new Float64Array(dialogues);
    effect?.cell.dialogueIds.forEach((id, g) => (by[id] = effect.influence[g]!));
    return by;
  });
  return effects.map((a, i) =>
    effects.map((b, j) => {
      if (!a || !b) return NaN;
      if (a.cell.corpus !== b.cell.corpus) return 0;
      const own = Math.max(a.cell.dialogues, b.cell.dialogues);
      let sum = 0;
      for (const id of a.cell.dialogueIds) sum += spread[i]![id]! * spread[j]![id]!;
      return (own / (own - 1)) * sum;
    })
  );
}
