/** Rows of `layers.json`: means of activation entropy by layer, and their paired differences to label-only. */
import type {Estimator} from "../../src/core/contract.js";
import type {LayerRow, Uncertain} from "../../src/core/cubes.js";
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import {groupsOf, intervalsOf, ratiosOf, type DialogueMoments} from "./dialogue-moments.js";
import type {EntropyMoments, OutcomeSums} from "./entropy-moments.js";
import type {EntropySeries} from "./entropy-series.js";
import {ALL, type TestLayout} from "./test-layout.js";

/**
 * All cells of one series, pooled over seeds and seed by seed. Properties are named one by one here and wherever there are
 * many rows: those behind a spread cost hundreds of times as much in Node 20.
 */
export function layerRows(
  arm: string,
  {layer, estimator, seeds}: EntropySeries,
  {pooled, seeds: apart, centre, differenceCentre}: EntropyMoments,
  layout: TestLayout
): LayerRow[] {
  const {ofCell} = groupsOf(layout);
  const rowsOf = (
    seed: string,
    own: EntropyMoments["pooled"],
    members: EntropyMoments["seeds"]
  ): LayerRow[] =>
    layout.cells.map(({corpus, axis, settings}, c) => {
      const meanIn = (which: "levels" | "effects", shift: number) =>
        meanOver(
          own[which],
          members.map(({moments}) => moments[which]),
          ofCell[c]!,
          shift
        );
      const [level, effect] = [meanIn("levels", centre), meanIn("effects", differenceCentre)];
      const sums = members.map((one) => one.sums);
      return {
        arm,
        seed,
        layer,
        estimator: estimator as Estimator,
        corpus,
        axis,
        mean: level.value,
        low: level.low,
        high: level.high,
        low_trainings: level.low_trainings,
        high_trainings: level.high_trainings,
        correct: outcomeMean(sums, settings, 1),
        wrong: outcomeMean(sums, settings, 0),
        effect: effect.value,
        effect_low: effect.low,
        effect_high: effect.high,
        effect_low_trainings: effect.low_trainings,
        effect_high_trainings: effect.high_trainings,
        n: Math.round(own.levels.total(ofCell[c]!, 1) / members.length)
      };
    });
  const all = rowsOf(ALL, pooled, apart);
  if (seeds.length === 1) return [...all, ...all.map((row) => ({...row, seed: seeds[0]!.seed}))];
  return [...all, ...seeds.flatMap(({seed}, s) => rowsOf(seed, apart[s]!.moments, [apart[s]!]))];
}

/** The mean over the rows of some groups, with both intervals. */
function meanOver(
  pooled: DialogueMoments,
  seeds: DialogueMoments[],
  groups: number[],
  shift: number
): Uncertain & {value: number | null} {
  const all = pooled.ratio(groups);
  if (!all) return {value: null, ...NO_UNCERTAINTY};
  const value = shift + all.value;
  return {value, ...intervalsOf({value, variance: all.variance}, ratiosOf(seeds, groups))};
}

/** Mean over the rows of some settings that are right, or wrong; null where there are none. */
function outcomeMean(seeds: OutcomeSums[], settings: readonly number[], right: 0 | 1): number | null {
  let [sum, n] = [0, 0];
  for (const {entropy, rows} of seeds)
    for (const setting of settings) {
      sum += entropy[2 * setting + right]!;
      n += rows[2 * setting + right]!;
    }
  return n > 0 ? sum / n : null;
}
