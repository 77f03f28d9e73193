/**
 * All that the cubes hold of one series of entropies, from a sort of each setting and two passes over its rows: means by
 * setting first, which the second takes off; then, dialogue by dialogue, what variances need.
 */
import {
  addToDialogues,
  addToGroup,
  emptyMoments,
  packingOf,
  sumSetting,
  type Centres,
  type GroupMoments,
  type Packing,
  type SummedSeed
} from "./cluster-sums.js";
import {groupsOf} from "./dialogue-moments.js";
import {aurocMoments, type AurocMoments, type RankedSeed} from "./entropy-placements.js";
import {FIFTHS, rankEntropies} from "./entropy-ranks.js";
import {isFiniteNumber, type EntropySeries, type SeedSeries} from "./entropy-series.js";
import {settingOrder, type SettingOrder} from "./setting-order.js";
import {UNSCORED, WRONG} from "./summary.js";
import type {TestLayout} from "./test-layout.js";

/** Sums by setting and being right, `2 · setting + right`, over the rows of one seed that have an entropy and a prediction. */
export interface OutcomeSums {
  entropy: Float64Array;
  rows: Float64Array;
}

export interface SeedMoments {
  sums: OutcomeSums;
  moments: GroupMoments;
}

export interface EntropyMoments extends Centres {
  seeds: SeedMoments[];
  /** A dialogue's rows of all seeds together; with one seed, that seed's. */
  pooled: GroupMoments;
  auroc: AurocMoments;
  /** By setting and fifth: Σ entropy, of all seeds. */
  fifthEntropy: Float64Array;
}

/** Moments of a series, seed by seed and over all seeds. */
export function momentsOf({seeds}: EntropySeries, layout: TestLayout): EntropyMoments {
  const order = settingOrder(layout);
  const {count} = groupsOf(layout);
  const found = seeds.map((seed) => meansOf(seed, layout, order));
  const summed = seeds.map((seed, s): SummedSeed & RankedSeed => {
    const {rows} = found[s]!.sums;
    return {...seed, rows, ...rankEntropies(seed, rows, layout), ...meansBySetting(found[s]!, layout)};
  });
  const own = seeds.map(() => emptyMoments(count));
  const moments: EntropyMoments = {
    seeds: found.map(({sums}, s) => ({sums, moments: own[s]!})),
    pooled: seeds.length === 1 ? own[0]! : emptyMoments(count),
    auroc: aurocMoments(summed, layout),
    fifthEntropy: new Float64Array(layout.settings.length * FIFTHS),
    centre: meanOver(found, SUM, COUNT),
    differenceCentre: meanOver(found, DIFFERENCE, PAIRS)
  };
  for (let corpus = 0; corpus < layout.corpora.length; ++corpus)
    addCorpus(moments, summed, corpus, layout, order);
  return moments;
}

/** What one seed has by setting, and over all rows. */
interface Means {
  sums: OutcomeSums;
  totals: Float64Array;
}

/** Where totals stand: Σ of entropies and their number, Σ of differences to label-only and theirs. */
const [SUM, COUNT, DIFFERENCE, PAIRS] = [0, 1, 2, 3];

function meansOf(
  {values, outcome, base}: SeedSeries,
  {settings}: TestLayout,
  {clusterStart, settingStart}: SettingOrder
): Means {
  const entropy = new Float64Array(2 * settings.length);
  const rows = new Float64Array(2 * settings.length);
  const totals = new Float64Array(4);
  for (let setting = 0; setting < settings.length; ++setting) {
    const from = clusterStart[settingStart[setting]!]!;
    const to = clusterStart[settingStart[setting + 1]!]!;
    addValues(values, outcome, from, to, totals, setting, entropy, rows);
    if (base) addDifferences(values, base, from, to, totals);
  }
  return {sums: {entropy, rows}, totals};
}

function addValues(
  values: Float64Array,
  outcome: Uint8Array,
  from: number,
  to: number,
  totals: Float64Array,
  setting: number,
  entropy: Float64Array,
  rows: Float64Array
): void {
  let all = 0;
  let n = 0;
  let unscored = 0;
  let unscoredRows = 0;
  let right = 0;
  let rightRows = 0;
  for (let place = from; place < to; ++place) {
    const value = values[place]!;
    if (!isFiniteNumber(value)) continue;
    n += 1;
    const became = outcome[place]!;
    if (became === UNSCORED) {
      unscored += value;
      unscoredRows += 1;
      continue;
    }
    const isRight = became - WRONG;
    all += value;
    right += isRight * value;
    rightRows += isRight;
  }
  totals[SUM]! += all + unscored;
  totals[COUNT]! += n;
  entropy[2 * setting] = all - right;
  entropy[2 * setting + 1] = right;
  rows[2 * setting] = n - unscoredRows - rightRows;
  rows[2 * setting + 1] = rightRows;
}

function addDifferences(
  values: Float64Array,
  base: Float64Array,
  from: number,
  to: number,
  totals: Float64Array
): void {
  let sum = 0;
  let n = 0;
  for (let place = from; place < to; ++place) {
    const difference = values[place]! - base[place]!;
    if (!isFiniteNumber(difference)) continue;
    sum += difference;
    n += 1;
  }
  totals[DIFFERENCE]! += sum;
  totals[PAIRS]! += n;
}

/** Means that are taken off, 0 where a setting has no usable row. */
function meansBySetting(
  {sums}: Means,
  {settings}: TestLayout
): Pick<SummedSeed, "entropyMean" | "rightMean"> {
  const means = settings.map((_, setting) => usableMeans(sums, setting));
  const meanOf = (key: "entropy" | "right") =>
    Float64Array.from(means, (mean) => (mean.n > 0 ? mean[key] : 0));
  return {entropyMean: meanOf("entropy"), rightMean: meanOf("right")};
}

/** Mean over the rows of all seeds; 0 without any. */
function meanOver(seeds: Means[], sum: number, count: number): number {
  const total = (which: number) => seeds.reduce((before, {totals}) => before + totals[which]!, 0);
  return total(count) > 0 ? total(sum) / total(count) : 0;
}

/** Adds the dialogues of a corpus: to the groups of its settings, and to that of all axes. */
function addCorpus(
  moments: EntropyMoments,
  seeds: SummedSeed[],
  corpus: number,
  layout: TestLayout,
  order: SettingOrder
): void {
  const {slots, ofSetting} = groupsOf(layout);
  const {settingStart, clusterDialogue, corpusStart} = order;
  const first = corpusStart[corpus]!;
  const dialogues = corpusStart[corpus + 1]! - first;
  const apart = seeds.length > 1;
  const {own, pooled, all, packing} = workspace(order, seeds.length);
  const {width} = packing;
  for (const sums of all) sums.fill(0, 0, dialogues * width);
  for (let setting = 0; setting < layout.settings.length; ++setting) {
    if (layout.settings[setting]!.corpus !== layout.corpora[corpus]) continue;
    const group = ofSetting[setting]!;
    const [from, to] = [settingStart[setting]!, settingStart[setting + 1]!];
    if (apart) pooled.fill(0, 0, (to - from) * width);
    for (let s = 0; s < seeds.length; ++s) {
      sumSetting(seeds[s]!, setting, order, moments, packing, own, moments.fifthEntropy);
      addToGroup(moments.seeds[s]!.moments, group, own, to - from, packing);
      // Mostly every dialogue has rows in every setting of its corpus.
      if (to - from === dialogues) addSums(own, dialogues * width, all[s]!);
      else addToDialogues(own, clusterDialogue, from, to, first, all[s]!, width);
      if (apart) addSums(own, (to - from) * width, pooled);
    }
    if (apart) addToGroup(moments.pooled, group, pooled, to - from, packing);
  }
  const group = corpus * slots + slots - 1;
  if (apart) pooled.fill(0, 0, dialogues * width);
  for (let s = 0; s < seeds.length; ++s) {
    addToGroup(moments.seeds[s]!.moments, group, all[s]!, dialogues, packing);
    if (apart) addSums(all[s]!, dialogues * width, pooled);
  }
  if (apart) addToGroup(moments.pooled, group, pooled, dialogues, packing);
}

function addSums(from: Float64Array, count: number, into: Float64Array): void {
  for (let at = 0; at < count; ++at) into[at]! += from[at]!;
}

/** Sums of a setting's dialogues, of one seed and of all, and of a corpus' dialogues by seed. */
interface Workspace {
  packing: Packing;
  own: Float64Array;
  pooled: Float64Array;
  all: Float64Array[];
}

const workspaces = new WeakMap<SettingOrder, Map<number, Workspace>>();

/** Made once for an order and a number of seeds. */
function workspace(order: SettingOrder, seeds: number): Workspace {
  let bySeeds = workspaces.get(order);
  if (!bySeeds) workspaces.set(order, (bySeeds = new Map()));
  let kept = bySeeds.get(seeds);
  if (!kept) {
    const packing = packingOf(order.most * seeds);
    const sums = () => new Float64Array(order.largest * packing.width);
    kept = {packing, own: sums(), pooled: sums(), all: Array.from({length: seeds}, sums)};
    bySeeds.set(seeds, kept);
  }
  return kept;
}

/** Rows of a setting that have a prediction too, and their means of entropy and of being right; NaN without any. */
export function usableMeans(
  {entropy, rows}: OutcomeSums,
  setting: number
): {n: number; entropy: number; right: number} {
  const [wrong, right] = [2 * setting, 2 * setting + 1];
  const n = rows[wrong]! + rows[right]!;
  return {n, entropy: (entropy[wrong]! + entropy[right]!) / n, right: rows[right]! / n};
}
