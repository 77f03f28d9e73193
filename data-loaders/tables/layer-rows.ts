/** Rows of `layers.json`: means of activation entropy by layer, and their paired differences to label-only. */
import type {Estimator} from "../../src/core/contract.js";
import type {LayerRow} from "../../src/core/cubes.js";
import {clusterMean, type MeanWithInterval} from "../../src/core/statistics/cluster-mean.js";
import type {EntropySeries} from "./entropy-series.js";
import type {Cell, TestRows} from "./test-rows.js";

type SeedValues = EntropySeries["seeds"][number];

/** All cells of one series, pooled over seeds and seed by seed. `base` is the same series of label-only, absent for itself. */
export function layerRows(
  arm: string,
  series: EntropySeries,
  base: EntropySeries | undefined,
  test: TestRows
): LayerRow[] {
  const selections: [string, SeedValues[]][] = [["all", series.seeds], ...series.seeds.map(singly)];
  return selections.flatMap(([seed, seeds]) =>
    test.cells.map((cell) => layerRow(arm, seed, series, seeds, base, cell))
  );
}

function singly(seed: SeedValues): [string, SeedValues[]] {
  return [seed.scores.seed, [seed]];
}

function layerRow(
  arm: string,
  seed: string,
  {layer, estimator}: EntropySeries,
  seeds: SeedValues[],
  base: EntropySeries | undefined,
  cell: Cell
): LayerRow {
  const level = meanOver(cell, seeds, ({values}, row) => values[row]!);
  const effect = meanOver(cell, seeds, ({values, scores}, row) => {
    const other = base?.seeds.find((one) => one.scores.seed === scores.seed);
    return other ? values[row]! - other.values[row]! : NaN;
  });
  const only = (right: boolean) =>
    meanOver(cell, seeds, ({values, scores}, row) =>
      scores.scored[row] && (scores.predicted[row] === scores.gold[row]) === right ? values[row]! : NaN
    ).mean;
  return {
    arm,
    seed,
    corpus: cell.corpus,
    axis: cell.axis,
    layer,
    estimator: estimator as Estimator,
    mean: level.mean,
    low: level.low,
    high: level.high,
    correct: only(true),
    wrong: only(false),
    effect: effect.mean,
    effect_low: effect.low,
    effect_high: effect.high,
    n: Math.round(level.n / seeds.length)
  };
}

/** Mean over rows × seeds where the value is a number, clustered by dialogue. */
function meanOver(
  {rows, dialogue, dialogues}: Cell,
  seeds: SeedValues[],
  valueAt: (seed: SeedValues, row: number) => number
): MeanWithInterval {
  const sums = new Float64Array(dialogues);
  const counts = new Float64Array(dialogues);
  for (const seed of seeds) {
    for (let i = 0; i < rows.length; ++i) {
      const value = valueAt(seed, rows[i]!);
      if (!Number.isFinite(value)) continue;
      sums[dialogue[i]!]! += value;
      counts[dialogue[i]!]! += 1;
    }
  }
  return clusterMean(sums, counts);
}
