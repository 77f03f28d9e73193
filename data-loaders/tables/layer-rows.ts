/** Rows of `layers.json`: means of activation entropy by layer, and their paired differences to label-only. */
import type {Estimator} from "../../src/core/contract.js";
import type {LayerRow} from "../../src/core/cubes.js";
import {groupsOf, type DialogueMoments} from "./dialogue-moments.js";
import type {EntropyMoments, MeanMoments, OutcomeSums} from "./entropy-moments.js";
import type {EntropySeries} from "./entropy-series.js";
import {RIGHT, WRONG} from "./summary.js";
import {ALL, type TestLayout} from "./test-layout.js";

/** All cells of one series, pooled over seeds and seed by seed. */
export function layerRows(
  arm: string,
  {layer, estimator, seeds}: EntropySeries,
  moments: EntropyMoments,
  layout: TestLayout
): LayerRow[] {
  const {centre, differenceCentre} = moments;
  const {ofCell} = groupsOf(layout);
  const sums = moments.seeds.map((own) => own.sums);
  const selections: [string, MeanMoments, OutcomeSums[]][] = [
    [ALL, moments.pooled, sums],
    ...seeds.map(({seed}, s): [string, MeanMoments, OutcomeSums[]] => [
      seed,
      moments.seeds[s]!.means,
      [sums[s]!]
    ])
  ];
  return selections.flatMap(([seed, {levels, effects}, chosen]) =>
    layout.cells.map(({corpus, axis, settings}, c): LayerRow => {
      const level = meanOf(levels, ofCell[c]!, centre);
      const effect = meanOf(effects, ofCell[c]!, differenceCentre);
      return {
        arm,
        seed,
        layer,
        estimator: estimator as Estimator,
        corpus,
        axis,
        mean: level.mean,
        low: level.low,
        high: level.high,
        correct: outcomeMean(chosen, settings, RIGHT),
        wrong: outcomeMean(chosen, settings, WRONG),
        effect: effect.mean,
        effect_low: effect.low,
        effect_high: effect.high,
        n: Math.round(level.n / chosen.length)
      };
    })
  );
}

/** The mean over the rows of some groups, clustered by dialogue. */
function meanOf(
  moments: DialogueMoments,
  groups: number[],
  centre: number
): {mean: number | null; low: number | null; high: number | null; n: number} {
  const n = moments.total(groups, 1);
  if (n === 0) return {mean: null, low: null, high: null, n};
  const shifted = moments.total(groups, 0) / n;
  const mean = centre + shifted;
  const {low, high} = moments.uncertainty(groups, mean, [1 / n, -shifted / n]);
  return {mean, low, high, n};
}

/** Mean over the rows of some settings that are right, or wrong; null where there are none. */
function outcomeMean(seeds: OutcomeSums[], settings: readonly number[], outcome: number): number | null {
  let [sum, n] = [0, 0];
  for (const {entropy, rows} of seeds)
    for (const setting of settings) {
      sum += entropy[3 * setting + outcome]!;
      n += rows[3 * setting + outcome]!;
    }
  return n > 0 ? sum / n : null;
}
