/**
 * All that the cubes hold of one series of entropies, from a sort and two passes over its rows: means by setting first,
 * which the second takes off; then, dialogue by dialogue, what variances need.
 */
import {
  addToDialogues,
  addToGroup,
  emptyMoments,
  sumSetting,
  WIDTH,
  type Centres,
  type GroupMoments,
  type SummedSeed
} from "./cluster-sums.js";
import {groupsOf} from "./dialogue-moments.js";
import {FIFTHS, rankEntropies} from "./entropy-ranks.js";
import {isFiniteNumber, type EntropySeries, type SeedSeries} from "./entropy-series.js";
import {settingOrder, type SettingOrder} from "./setting-order.js";
import type {TestLayout} from "./test-layout.js";

/** Sums by setting and being right, `2 · setting + right`, over the rows of one seed that have an entropy and a prediction. */
export type OutcomeSums = Pick<SummedSeed, "entropy" | "rows">;

export interface SeedMoments {
  sums: OutcomeSums;
  /** See {@link rankEntropies}. */
  auroc: Float64Array;
  moments: GroupMoments;
}

export interface EntropyMoments extends Centres {
  seeds: SeedMoments[];
  /** A dialogue's rows of all seeds together; with one seed, that seed's. */
  pooled: GroupMoments;
  /** By setting and fifth: Σ entropy, of all seeds. */
  fifthEntropy: Float64Array;
}

/** Moments of a series, seed by seed and over all seeds. */
export function momentsOf({seeds}: EntropySeries, layout: TestLayout): EntropyMoments {
  const order = settingOrder(layout);
  const {count} = groupsOf(layout);
  const found = seeds.map((seed) => meansOf(seed, layout, order));
  const summed = seeds.map((seed, s): SummedSeed & {auroc: Float64Array} => ({
    ...seed,
    ...rankEntropies(seed, found[s]!, layout),
    means: found[s]!.means,
    entropy: new Float64Array(2 * layout.settings.length),
    rows: new Float64Array(2 * layout.settings.length)
  }));
  const own = seeds.map(() => emptyMoments(count));
  const moments: EntropyMoments = {
    seeds: summed.map(({entropy, rows, auroc}, s) => ({sums: {entropy, rows}, auroc, moments: own[s]!})),
    pooled: seeds.length === 1 ? own[0]! : emptyMoments(count),
    fifthEntropy: new Float64Array(layout.settings.length * FIFTHS),
    centre: meanOver(found, SUM, COUNT),
    differenceCentre: meanOver(found, DIFFERENCE, PAIRS)
  };
  for (let corpus = 0; corpus < layout.corpora.length; ++corpus)
    addCorpus(moments, summed, corpus, layout, order);
  return moments;
}

/** One seed's means by setting, and what it has over all rows. */
interface Means {
  means: Float64Array;
  totals: Float64Array;
  low: number;
  high: number;
}

/** Where totals stand: Σ of entropies and their number, Σ of differences to label-only and theirs, smallest and largest entropy. */
const [SUM, COUNT, DIFFERENCE, PAIRS, LOW, HIGH] = [0, 1, 2, 3, 4, 5];

function meansOf(
  {values, base}: SeedSeries,
  {settings}: TestLayout,
  {clusterStart, settingStart}: SettingOrder
): Means {
  const means = new Float64Array(settings.length);
  const totals = Float64Array.of(0, 0, 0, 0, Infinity, -Infinity);
  for (let setting = 0; setting < settings.length; ++setting) {
    const from = clusterStart[settingStart[setting]!]!;
    const to = clusterStart[settingStart[setting + 1]!]!;
    const [sum, n] = [totals[SUM]!, totals[COUNT]!];
    addValues(values, from, to, totals);
    means[setting] = totals[COUNT]! > n ? (totals[SUM]! - sum) / (totals[COUNT]! - n) : 0;
    if (base) addDifferences(values, base, from, to, totals);
  }
  return {means, totals, low: totals[LOW]!, high: totals[HIGH]!};
}

function addValues(values: Float64Array, from: number, to: number, totals: Float64Array): void {
  let sum = 0;
  let n = 0;
  let low = totals[LOW]!;
  let high = totals[HIGH]!;
  for (let place = from; place < to; ++place) {
    const value = values[place]!;
    if (!isFiniteNumber(value)) continue;
    sum += value;
    n += 1;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  totals[SUM]! += sum;
  totals[COUNT]! += n;
  totals[LOW] = low;
  totals[HIGH] = high;
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
  const {centre, differenceCentre} = moments;
  const summing = {centre, differenceCentre, unit: order.most * seeds.length + 1};
  const one = {unit: summing.unit, most: order.most};
  const together = {unit: summing.unit, most: order.most * seeds.length};
  const {own, pooled, all} = workspace(order, seeds.length);
  for (const sums of all) sums.fill(0, 0, dialogues * WIDTH);
  for (let setting = 0; setting < layout.settings.length; ++setting) {
    if (layout.settings[setting]!.corpus !== layout.corpora[corpus]) continue;
    const group = ofSetting[setting]!;
    const [from, to] = [settingStart[setting]!, settingStart[setting + 1]!];
    if (apart) pooled.fill(0, 0, (to - from) * WIDTH);
    for (let s = 0; s < seeds.length; ++s) {
      sumSetting(seeds[s]!, setting, order, summing, own, moments.fifthEntropy);
      addToGroup(moments.seeds[s]!.moments, group, own, to - from, one);
      // Mostly every dialogue has rows in every setting of its corpus.
      if (to - from === dialogues) addSums(own, dialogues * WIDTH, all[s]!);
      else addToDialogues(own, clusterDialogue, from, to, first, all[s]!);
      if (apart) addSums(own, (to - from) * WIDTH, pooled);
    }
    if (apart) addToGroup(moments.pooled, group, pooled, to - from, together);
  }
  const group = corpus * slots + slots - 1;
  if (apart) pooled.fill(0, 0, dialogues * WIDTH);
  for (let s = 0; s < seeds.length; ++s) {
    addToGroup(moments.seeds[s]!.moments, group, all[s]!, dialogues, one);
    if (apart) addSums(all[s]!, dialogues * WIDTH, pooled);
  }
  if (apart) addToGroup(moments.pooled, group, pooled, dialogues, together);
}

function addSums(from: Float64Array, count: number, into: Float64Array): void {
  for (let at = 0; at < count; ++at) into[at]! += from[at]!;
}

/** Sums of a setting's dialogues, of one seed and of all, and of a corpus' dialogues by seed. */
interface Workspace {
  own: Float64Array;
  pooled: Float64Array;
  all: Float64Array[];
}

const workspaces = new WeakMap<SettingOrder, Workspace>();

function workspace(order: SettingOrder, seeds: number): Workspace {
  const sums = () => new Float64Array(order.largest * WIDTH);
  let kept = workspaces.get(order);
  if (!kept) workspaces.set(order, (kept = {own: sums(), pooled: sums(), all: []}));
  while (kept.all.length < seeds) kept.all.push(sums());
  return {...kept, all: kept.all.slice(0, seeds)};
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
