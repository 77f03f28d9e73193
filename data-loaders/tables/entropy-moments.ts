/**
 * All that the cubes hold of one series of entropies, from two passes over its rows: sums by setting first, whose means
 * the second takes off; then, dialogue by dialogue, what variances need.
 */
import {DialogueMoments, groupsOf} from "./dialogue-moments.js";
import {addFifths} from "./entropy-fifths.js";
import {FIFTHS, rankEntropies, type Ranks} from "./entropy-ranks.js";
import {isFiniteNumber, type EntropySeries, type SeedSeries} from "./entropy-series.js";
import {RIGHT, UNSCORED} from "./summary.js";
import type {TestLayout} from "./test-layout.js";

/** Sums by setting and outcome, `3 · setting + outcome`, over the rows of one seed that have an entropy. */
export interface OutcomeSums {
  entropy: Float64Array;
  rows: Float64Array;
}

/** Sums of one seed, or of all, by group of dialogues. */
export interface MeanMoments {
  /** Entropy less `centre`, and rows. */
  levels: DialogueMoments;
  /** Difference to label-only less `differenceCentre`, and rows. */
  effects: DialogueMoments;
}

export interface EntropyMoments {
  seeds: {sums: OutcomeSums; ranks: Ranks; means: MeanMoments}[];
  pooled: MeanMoments;
  /** Σ dx·dy, Σ dx², Σ dy² and rows, with x and y (being right) less the mean of their setting and seed. */
  within: DialogueMoments;
  /** By group and fifth: right rows, and rows. */
  fifths: DialogueMoments;
  /** By setting and fifth: Σ entropy. */
  fifthEntropy: Float64Array;
  /** Taken off all values: sums of squares of large numbers would lose digits. */
  centre: number;
  differenceCentre: number;
}

/** A seed as the second pass reads it. */
interface Column {
  values: Float64Array;
  /** The same entropy of label-only with this seed; null where there is none. */
  base: Float64Array | null;
  outcome: Uint8Array;
  /** Means of entropy and of being right, by setting. */
  entropyMean: Float64Array;
  rightMean: Float64Array;
}

/** @param base - The same series of label-only, absent for itself. */
export function momentsOf(
  {seeds}: EntropySeries,
  base: EntropySeries | undefined,
  layout: TestLayout
): EntropyMoments {
  const {count} = groupsOf(layout);
  const pairs = () => new DialogueMoments(count, 2);
  const sums = seeds.map((seed) => outcomeSums(seed, layout));
  const others = seeds.map(({seed}) => base?.seeds.find((one) => one.seed === seed)?.values ?? null);
  const own = seeds.map(() => ({levels: pairs(), effects: pairs()}));
  const ranks = seeds.map((seed) => rankEntropies(seed, layout));
  const moments: EntropyMoments = {
    seeds: seeds.map((_, s) => ({sums: sums[s]!, ranks: ranks[s]!, means: own[s]!})),
    // With one seed, that seed's.
    pooled: seeds.length === 1 ? own[0]! : {levels: pairs(), effects: pairs()},
    within: new DialogueMoments(count, 4),
    fifths: new DialogueMoments(count * FIFTHS, 2),
    fifthEntropy: new Float64Array(layout.settings.length * FIFTHS),
    centre: centreOf(sums),
    differenceCentre: differenceCentreOf(seeds, others)
  };
  const columns = seeds.map((seed, s) => columnOf(seed, others[s]!, sums[s]!));
  addDialogues(moments, columns, layout);
  addFifths(moments, seeds, layout);
  return moments;
}

function outcomeSums({values, outcome}: SeedSeries, {setting, settings}: TestLayout): OutcomeSums {
  const entropy = new Float64Array(3 * settings.length);
  const rows = new Float64Array(3 * settings.length);
  for (let row = 0; row < values.length; ++row) {
    const value = values[row]!;
    if (!isFiniteNumber(value)) continue;
    const at = 3 * setting[row]! + outcome[row]!;
    entropy[at]! += value;
    rows[at]! += 1;
  }
  return {entropy, rows};
}

function centreOf(seeds: OutcomeSums[]): number {
  let [sum, n] = [0, 0];
  for (const {entropy, rows} of seeds)
    for (let at = 0; at < rows.length; ++at) {
      sum += entropy[at]!;
      n += rows[at]!;
    }
  return n > 0 ? sum / n : 0;
}

function differenceCentreOf(seeds: SeedSeries[], others: (Float64Array | null)[]): number {
  let [sum, n] = [0, 0];
  seeds.forEach(({values}, s) => {
    const other = others[s];
    if (!other) return;
    for (let row = 0; row < values.length; ++row) {
      const difference = values[row]! - other[row]!;
      if (!isFiniteNumber(difference)) continue;
      sum += difference;
      n += 1;
    }
  });
  return n > 0 ? sum / n : 0;
}

function columnOf({values, outcome}: SeedSeries, base: Float64Array | null, sums: OutcomeSums): Column {
  const settings = sums.rows.length / 3;
  const entropyMean = new Float64Array(settings);
  const rightMean = new Float64Array(settings);
  for (let setting = 0; setting < settings; ++setting) {
    const {n, entropy, right} = usableMeans(sums, setting);
    entropyMean[setting] = n > 0 ? entropy : 0;
    rightMean[setting] = n > 0 ? right : 0;
  }
  return {values, base, outcome, entropyMean, rightMean};
}

/** Rows of a setting that have a prediction too, and their means of entropy and of being right; NaN without any. */
export function usableMeans(
  {entropy, rows}: OutcomeSums,
  setting: number
): {n: number; entropy: number; right: number} {
  const [wrong, right] = [3 * setting + 1, 3 * setting + RIGHT];
  const n = rows[wrong]! + rows[right]!;
  return {n, entropy: (entropy[wrong]! + entropy[right]!) / n, right: rows[right]! / n};
}

/** A dialogue's sums on one axis: two for levels, two for effects, four for correlations. */
const SUMS = 8;

function addDialogues(moments: EntropyMoments, columns: Column[], layout: TestLayout): void {
  const {dialogueStart, dialogueCorpus} = layout;
  const {slots} = groupsOf(layout);
  const {pooled, within, seeds, centre, differenceCentre} = moments;
  const own = new Float64Array(SUMS * slots);
  const all = new Float64Array(SUMS * slots);
  const apart = columns.length > 1;
  for (let g = 0; g < dialogueCorpus.length; ++g) {
    const group = dialogueCorpus[g]! * slots;
    const [from, to] = [dialogueStart[g]!, dialogueStart[g + 1]!];
    all.fill(0);
    for (let s = 0; s < columns.length; ++s) {
      const sums = apart ? own : all;
      if (apart) own.fill(0);
      sumRows(columns[s]!, from, to, layout, centre, differenceCentre, sums);
      if (!apart) continue;
      for (let at = 0; at < SUMS * (slots - 1); ++at) all[at]! += sums[at]!;
      addMeans(seeds[s]!.means, group, slots, sums);
    }
    addMeans(pooled, group, slots, all);
    for (let slot = 0, at = 4; slot < slots; ++slot, at += SUMS)
      if (all[at + 3]! > 0) within.addFour(group + slot, all[at]!, all[at + 1]!, all[at + 2]!, all[at + 3]!);
  }
}

/** Adds a dialogue's rows to the sums of their axes. */
function sumRows(
  {values, base, outcome, entropyMean, rightMean}: Column,
  from: number,
  to: number,
  {axis, setting}: TestLayout,
  centre: number,
  differenceCentre: number,
  sums: Float64Array
): void {
  for (let row = from; row < to; ++row) {
    const value = values[row]!;
    if (!isFiniteNumber(value)) continue;
    const at = SUMS * axis[row]!;
    sums[at]! += value - centre;
    sums[at + 1]! += 1;
    if (base !== null) {
      const difference = value - base[row]! - differenceCentre;
      if (isFiniteNumber(difference)) {
        sums[at + 2]! += difference;
        sums[at + 3]! += 1;
      }
    }
    const became = outcome[row]!;
    if (became === UNSCORED) continue;
    const own = setting[row]!;
    const dx = value - entropyMean[own]!;
    const dy = (became === RIGHT ? 1 : 0) - rightMean[own]!;
    sums[at + 4]! += dx * dy;
    sums[at + 5]! += dx * dx;
    sums[at + 6]! += dy * dy;
    sums[at + 7]! += 1;
  }
}

/** Adds a dialogue to the means of its axes and of all; fills the sums of the last slot, all axes. */
function addMeans({levels, effects}: MeanMoments, group: number, slots: number, sums: Float64Array): void {
  const all = SUMS * (slots - 1);
  for (let at = 0; at < all; at += SUMS) for (let k = 0; k < SUMS; ++k) sums[all + k]! += sums[at + k]!;
  for (let slot = 0, at = 0; slot < slots; ++slot, at += SUMS) {
    if (sums[at + 1]! > 0) levels.addPair(group + slot, sums[at]!, sums[at + 1]!);
    if (sums[at + 3]! > 0) effects.addPair(group + slot, sums[at + 2]!, sums[at + 3]!);
  }
}
