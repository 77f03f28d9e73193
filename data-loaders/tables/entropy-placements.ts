/**
 * AUROC of entropy as a detector of errors, and how much each dialogue moves it. Only rows of the same setting are
 * compared, as settings differ in how hard they are and in entropy both (Simpson's paradox): a cell's AUROC is its
 * settings' mean, weighted by their pairs of a wrong and a right row.
 *
 * A wrong row moves its setting's AUROC by (share of right rows below it − AUROC) / wrong rows, a right one by (share of
 * wrong rows above it − AUROC) / right rows: DeLong's structural components, summed by dialogue (Obuchowski 1997). Times
 * the pairs of the setting this is pairs that the row won less AUROC · pairs that it is in: a *surplus*, which is the same
 * for every cell. What a dialogue moves a cell by is its surplus over the cell's pairs.
 */
import type {Uncertain} from "../../src/core/cubes.js";
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import {
  varianceOfMoments,
  type StratumMoments,
  type Variance
} from "../../src/core/statistics/uncertainty.js";
import {groupsOf, intervalsOf, type Estimated} from "./dialogue-moments.js";
import {UNRANKED, type Ranks} from "./entropy-ranks.js";
import {settingOrder, type SettingOrder} from "./setting-order.js";
import type {TestLayout} from "./test-layout.js";

/** One seed's ranks, with its wrong and right rows by `2 · setting + right`. */
export interface RankedSeed extends Ranks {
  rows: Float64Array;
}

export interface AurocMoments {
  /** By seed, and by cell: pairs of a wrong and a right row of the same setting; and how many of them the wrong one won. */
  pairs: Float64Array[];
  wins: Float64Array[];
  /** Σ over dialogues of the product of two seeds' surpluses, i ≥ j, at `(group · seeds + i) · seeds + j`. */
  products: Float64Array;
  /** Dialogues with rows that are in pairs: of a seed, and behind these of any seed, at `group · (seeds + 1) + seed`. */
  dialogues: Float64Array;
}

export function aurocMoments(seeds: readonly RankedSeed[], layout: TestLayout): AurocMoments {
  const order = settingOrder(layout);
  const {count, slots, ofSetting} = groupsOf(layout);
  const pairs = seeds.map(({rows}) => layout.settings.map((_, s) => rows[2 * s]! * rows[2 * s + 1]!));
  const moments: AurocMoments = {
    pairs: pairs.map((own) => byCell(own, layout)),
    wins: seeds.map(({wins}) => byCell(wins, layout)),
    products: new Float64Array(count * seeds.length ** 2),
    dialogues: new Float64Array(count * (seeds.length + 1))
  };
  const work = workspace(order, seeds.length);
  layout.corpora.forEach((corpus, k) => {
    const [first, end] = [order.corpusStart[k]!, order.corpusStart[k + 1]!];
    for (const all of work.ofCorpus) clear(all, end - first);
    layout.settings.forEach((setting, s) => {
      if (setting.corpus !== corpus) return;
      const [from, to] = [order.settingStart[s]!, order.settingStart[s + 1]!];
      seeds.forEach((seed, i) => {
        const own = work.ofSetting[i]!;
        if (pairs[i]![s] === 0) return clear(own, to - from);
        sumSurpluses(seed, surplusTable(seed, s), order, from, to, own);
        addToDialogues(own, order.clusterDialogue, from, to, first, work.ofCorpus[i]!);
      });
      addToGroup(moments, ofSetting[s]!, work.ofSetting, to - from);
    });
    addToGroup(moments, k * slots + slots - 1, work.ofCorpus, end - first);
  });
  return moments;
}

function byCell(bySetting: ArrayLike<number>, {cells}: TestLayout): Float64Array {
  return Float64Array.from(cells, ({settings}) => settings.reduce((sum, s) => sum + bySetting[s]!, 0));
}

/** Of the dialogues of a setting or a corpus. */
interface Surpluses {
  sums: Float64Array;
  /** 1 where any of the rows is in pairs. */
  isIn: Uint8Array;
}

/** By seed. */
interface Workspace {
  ofSetting: Surpluses[];
  ofCorpus: Surpluses[];
}

const workspaces = new WeakMap<SettingOrder, Workspace>();

/** Made once for an order, for so many seeds at least. */
function workspace(order: SettingOrder, seeds: number): Workspace {
  const empty = () => ({sums: new Float64Array(order.largest), isIn: new Uint8Array(order.largest)});
  let kept = workspaces.get(order);
  if (!kept) workspaces.set(order, (kept = {ofSetting: [], ofCorpus: []}));
  for (const own of [kept.ofSetting, kept.ofCorpus]) while (own.length < seeds) own.push(empty());
  return {ofSetting: kept.ofSetting.slice(0, seeds), ofCorpus: kept.ofCorpus.slice(0, seeds)};
}

function clear({sums, isIn}: Surpluses, count: number): void {
  sums.fill(0, 0, count);
  isIn.fill(0, 0, count);
}

/** By {@link Ranks.fifth}: what is added to the pairs that a row won, − AUROC · pairs that it is in. */
function surplusTable({rows, wins}: RankedSeed, setting: number): Float64Array {
  const [wrong, right] = [rows[2 * setting]!, rows[2 * setting + 1]!];
  const area = wins[setting]! / (wrong * right);
  const table = new Float64Array(UNRANKED + 1);
  for (let code = 0; code < UNRANKED; ++code) table[code] = -area * (code & 1 ? wrong : right);
  return table;
}

function sumSurpluses(
  {fifth, won}: Ranks,
  table: Float64Array,
  {clusterStart}: SettingOrder,
  from: number,
  to: number,
  {sums, isIn}: Surpluses
): void {
  let place = clusterStart[from]!;
  for (let cluster = from, at = 0; cluster < to; ++cluster, ++at) {
    const end = clusterStart[cluster + 1]!;
    let sum = 0;
    let ranked = 0;
    for (; place < end; ++place) {
      const code = fifth[place]!;
      sum += won[place]! + table[code]!;
      ranked |= code ^ UNRANKED;
    }
    sums[at] = sum;
    isIn[at] = ranked === 0 ? 0 : 1;
  }
}

function addToDialogues(
  own: Surpluses,
  clusterDialogue: Int32Array,
  from: number,
  to: number,
  first: number,
  all: Surpluses
): void {
  for (let cluster = from, at = 0; cluster < to; ++cluster, ++at) {
    const into = clusterDialogue[cluster]! - first;
    all.sums[into]! += own.sums[at]!;
    all.isIn[into]! |= own.isIn[at]!;
  }
}

/** Adds the first `count` dialogues of all seeds. */
function addToGroup(
  {products, dialogues}: AurocMoments,
  group: number,
  seeds: readonly Surpluses[],
  count: number
): void {
  const S = seeds.length;
  for (let i = 0; i < S; ++i) {
    for (let j = 0; j <= i; ++j)
      products[(group * S + i) * S + j]! += productOf(seeds[i]!.sums, seeds[j]!.sums, count);
    dialogues[group * (S + 1) + i]! += countMarked(seeds[i]!.isIn, count);
  }
  // What single seeds have isn't needed any more.
  for (let i = 1; i < S; ++i) mark(seeds[i]!.isIn, count, seeds[0]!.isIn);
  dialogues[group * (S + 1) + S]! += countMarked(seeds[0]!.isIn, count);
}

function productOf(one: Float64Array, other: Float64Array, count: number): number {
  let product = 0;
  for (let at = 0; at < count; ++at) product += one[at]! * other[at]!;
  return product;
}

function countMarked(marks: Uint8Array, count: number): number {
  let marked = 0;
  for (let at = 0; at < count; ++at) marked += marks[at]!;
  return marked;
}

function mark(marks: Uint8Array, count: number, into: Uint8Array): void {
  for (let at = 0; at < count; ++at) into[at]! |= marks[at]!;
}

/** AUROC in a cell: mean over the seeds that have one, with both intervals. */
export function aurocIn(
  moments: AurocMoments,
  cell: number,
  layout: TestLayout
): Uncertain & {value: number | null} {
  const {pairs, wins} = moments;
  const groups = groupsOf(layout).ofCell[cell]!;
  const shares = pairs.map((own) => (own[cell]! > 0 ? 1 / own[cell]! : 0));
  const known = shares.flatMap((share, s): Estimated[] => {
    if (share === 0) return [];
    const alone = shares.map((_, i) => (i === s ? share : 0));
    return [{value: wins[s]![cell]! / pairs[s]![cell]!, variance: varianceIn(moments, groups, alone, s)}];
  });
  const count = known.length;
  if (count === 0) return {value: null, ...NO_UNCERTAINTY};
  const value = known.reduce((sum, one) => sum + one.value, 0) / count;
  const together = shares.map((share) => share / count);
  const variance = varianceIn(moments, groups, together, shares.length);
  // Where a training has no AUROC, as all its labels are right, nothing is known of how trainings differ.
  return {value, ...intervalsOf({value, variance}, count === shares.length ? known : [], [0, 1])};
}

/**
 * Variance of Σ share · surplus over seeds, with corpora as strata. Surpluses of a setting add up to 0, so that squares do.
 *
 * @param which - Whose dialogues these are: a seed's, or those of any.
 */
function varianceIn(
  {products, dialogues}: AurocMoments,
  groups: readonly number[],
  shares: readonly number[],
  which: number
): Variance {
  const S = shares.length;
  const strata = groups.map((group): StratumMoments => {
    let square = 0;
    for (let i = 0; i < S; ++i)
      for (let j = 0; j <= i; ++j)
        square += (i === j ? 1 : 2) * shares[i]! * shares[j]! * products[(group * S + i) * S + j]!;
    return {clusters: dialogues[group * (S + 1) + which]!, sum: 0, square};
  });
  const df = strata.reduce((total, {clusters}) => total + Math.max(0, clusters - 1), 0);
  return {variance: varianceOfMoments(strata), df};
}
