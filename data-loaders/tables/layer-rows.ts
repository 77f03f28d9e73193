/** Rows of `layers.json`: means of activation entropy by layer, and their paired differences to label-only. */
import type {Estimator} from "../../src/core/contract.js";
import type {LayerRow} from "../../src/core/cubes.js";
import {DialogueMoments, groupsOf, type DialogueGroups} from "./dialogue-moments.js";
import {isFiniteNumber, type EntropySeries, type SeedSeries} from "./entropy-series.js";
import {RIGHT, WRONG} from "./summary.js";
import {ALL, type TestLayout} from "./test-layout.js";

/** All cells of one series, pooled over seeds and seed by seed. `base` is the same series of label-only, absent for itself. */
export function layerRows(
  arm: string,
  {layer, estimator, seeds}: EntropySeries,
  base: EntropySeries | undefined,
  layout: TestLayout
): LayerRow[] {
  const selections: [string, SeedSeries[]][] = [
    [ALL, seeds],
    ...seeds.map((one): [string, SeedSeries[]] => [one.seed, [one]])
  ];
  const differences = seeds.map((one) => differenceTo(base, one));
  return selections.flatMap(([seed, chosen]) => {
    const place = {arm, seed, layer, estimator: estimator as Estimator};
    const levels = new MeanByCell(
      chosen.map(({values}) => values),
      layout
    );
    const effects = new MeanByCell(
      chosen.flatMap((one) => differences[seeds.indexOf(one)] ?? []),
      layout
    );
    const outcomes = meansByOutcome(chosen, layout);
    return layout.cells.map(({corpus, axis, settings}, c): LayerRow => {
      const level = levels.in(c);
      const effect = effects.in(c);
      return {
        ...place,
        corpus,
        axis,
        mean: level.mean,
        low: level.low,
        high: level.high,
        correct: outcomes(settings, RIGHT),
        wrong: outcomes(settings, WRONG),
        effect: effect.mean,
        effect_low: effect.low,
        effect_high: effect.high,
        n: Math.round(level.n / chosen.length)
      };
    });
  });
}

/** A seed's values minus those of label-only with the same seed; null where it has none. */
function differenceTo(base: EntropySeries | undefined, {seed, values}: SeedSeries): Float64Array | null {
  const other = base?.seeds.find((one) => one.seed === seed)?.values;
  if (!other) return null;
  const out = new Float64Array(values.length);
  for (let row = 0; row < out.length; ++row) out[row] = values[row]! - other[row]!;
  return out;
}

/** The mean of columns over rows × columns where the value is a number, clustered by dialogue, for any cell. */
class MeanByCell {
  private readonly groups: DialogueGroups;
  /** Sum of values less `centre`, and number of values. */
  private readonly moments: DialogueMoments;
  /** Taken off all values: sums of squares of large numbers would lose digits. */
  private readonly centre: number;

  constructor(columns: Float64Array[], layout: TestLayout) {
    this.groups = groupsOf(layout);
    this.moments = new DialogueMoments(this.groups.count, 2);
    this.centre = roughMean(columns);
    this.fill(columns, layout);
  }

  private fill(columns: Float64Array[], {axis, dialogueStart, dialogueCorpus}: TestLayout): void {
    const {slots} = this.groups;
    const {moments, centre} = this;
    const vector = new Float64Array(2 * slots);
    const all = 2 * (slots - 1);
    for (let g = 0; g < dialogueCorpus.length; ++g) {
      vector.fill(0);
      for (let row = dialogueStart[g]!; row < dialogueStart[g + 1]!; ++row)
        for (const column of columns) {
          const value = column[row]! - centre;
          if (!isFiniteNumber(value)) continue;
          const at = 2 * axis[row]!;
          vector[at]! += value;
          vector[at + 1]! += 1;
          vector[all]! += value;
          vector[all + 1]! += 1;
        }
      for (let slot = 0; slot < slots; ++slot)
        if (vector[2 * slot + 1]! > 0) moments.add(dialogueCorpus[g]! * slots + slot, vector, 2 * slot);
    }
  }

  /** By the cell's number. */
  in(cell: number): {mean: number | null; low: number | null; high: number | null; n: number} {
    const groups = this.groups.ofCell[cell]!;
    const n = this.moments.total(groups, 1);
    if (n === 0) return {mean: null, low: null, high: null, n};
    const shifted = this.moments.total(groups, 0) / n;
    const mean = this.centre + shifted;
    const {low, high} = this.moments.uncertainty(groups, mean, [1 / n, -shifted / n]);
    return {mean, low, high, n};
  }
}

function roughMean(columns: Float64Array[]): number {
  let [sum, n] = [0, 0];
  for (const column of columns)
    for (let row = 0; row < column.length; ++row)
      if (isFiniteNumber(column[row]!)) {
        sum += column[row]!;
        n += 1;
      }
  return n > 0 ? sum / n : 0;
}

/** Mean over the rows of some settings that are right, or wrong; null where there are none. */
function meansByOutcome(
  seeds: SeedSeries[],
  {setting, settings}: TestLayout
): (members: readonly number[], outcome: number) => number | null {
  const sums = new Float64Array(3 * settings.length);
  const counts = new Float64Array(3 * settings.length);
  for (const {values, outcome} of seeds)
    for (let row = 0; row < values.length; ++row) {
      if (!isFiniteNumber(values[row]!)) continue;
      const at = 3 * setting[row]! + outcome[row]!;
      sums[at]! += values[row]!;
      counts[at]! += 1;
    }
  return (members, outcome) => {
    let [sum, n] = [0, 0];
    for (const member of members) {
      sum += sums[3 * member + outcome]!;
      n += counts[3 * member + outcome]!;
    }
    return n > 0 ? sum / n : null;
  };
}
