/**
 * How much each dialogue moves AUROC. A wrong row moves it by (right rows below it / right rows − AUROC) / wrong rows, a
 * right one by (wrong rows above it / wrong rows − AUROC) / right rows: DeLong's structural components, from one sort (Sun
 * & Xu 2014), summed by dialogue (Obuchowski 1997).
 *
 * Both follow from a row's *opposites*: the rows of its cell with the other outcome and a smaller entropy, those with the
 * same counted half. A row is of four cells; to keep four numbers of each would take longer than to sort them. So a
 * setting's rows are cut by rank into {@link STEPS} at most, and what is kept of a row is its step: opposites are those of
 * a mean row of the same step and outcome. Nothing changes where a setting has no more rows than steps; where it has more,
 * standard errors by a few thousandths at most.
 */
import type {Uncertain} from "../../src/core/cubes.js";
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import {
  varianceOfMoments,
  type StratumMoments,
  type Variance
} from "../../src/core/statistics/uncertainty.js";
import type {GroupMoments} from "./cluster-sums.js";
import {groupsOf, intervalsOf, type Estimated} from "./dialogue-moments.js";
import type {InfluenceMoments} from "./influence-moments.js";
import {settingOrder, type SettingOrder} from "./setting-order.js";
import {ALL, KINDS, type TestLayout} from "./test-layout.js";

/** Most steps of a setting: a table of what their rows move AUROC by stays in the fastest memory. */
const STEPS = 512;
/** {@link Placements.code} of a row that isn't ranked. */
const UNPLACED = 2 * STEPS;

export interface Placements {
  /** By place: 2 · step within its setting, + 1 where the label is right; or {@link UNPLACED}. */
  code: Uint16Array;
  /** By setting: steps before its own, and steps for each of its rows. */
  start: Int32Array;
  perRow: Float64Array;
  /** By 2 · step + right, over all settings: rows, and Σ of their opposites in each of their {@link KINDS} cells. */
  rows: Float64Array;
  opposites: Float64Array;
}

/** @param usable - Rows that will be ranked, by setting. */
export function emptyPlacements(usable: Int32Array, places: number): Placements {
  const start = new Int32Array(usable.length + 1);
  const perRow = new Float64Array(usable.length);
  usable.forEach((n, setting) => {
    const steps = Math.min(n, STEPS);
    start[setting + 1] = start[setting]! + steps;
    perRow[setting] = steps / n;
  });
  const codes = 2 * start[usable.length]!;
  return {
    code: new Uint16Array(places).fill(UNPLACED),
    ...{start, perRow},
    rows: new Float64Array(codes),
    opposites: new Float64Array(codes * KINDS)
  };
}

/** One seed's ranks, as far as AUROC goes. */
export interface RankedSeed {
  placements: Placements;
  /** By cell; NaN without right or without wrong rows. */
  auroc: Float64Array;
  /** Rows that are wrong, and right: 2 · cell + right. */
  outcomes: Float64Array;
}

/** Σ u and Σ u² of influences on AUROC summed by dialogue, by group of dialogues: in cells of one corpus, then in cells over all. */
export interface AurocMoments {
  seeds: InfluenceMoments[];
  /** Of all seeds' influences added up. */
  together: InfluenceMoments;
}

/** What a dialogue has: sums of influences in two cells. */
const WIDTH = 2;

/** Where the moments of two cells' influences go, one group each. */
type TwoGroups = [first: number, second: number];

export function aurocMoments(seeds: readonly RankedSeed[], layout: TestLayout): AurocMoments {
  const order = settingOrder(layout);
  const {count, slots, ofSetting} = groupsOf(layout);
  const empty = () => ({sums: new Float64Array(2 * count), squares: new Float64Array(2 * count)});
  const own = seeds.map(empty);
  const together = seeds.length === 1 ? null : empty();
  const work = workspace(order, seeds.length);
  layout.corpora.forEach((corpus, k) => {
    const [first, end] = [order.corpusStart[k]!, order.corpusStart[k + 1]!];
    const dialogues = end - first;
    for (const sums of work.ofCorpus) sums.fill(0, 0, dialogues * WIDTH);
    layout.settings.forEach((setting, s) => {
      if (setting.corpus !== corpus) return;
      const groups: TwoGroups = [ofSetting[s]!, count + ofSetting[s]!];
      const clusters = order.settingStart[s + 1]! - order.settingStart[s]!;
      if (together) work.ofSetting.fill(0, 0, clusters * WIDTH);
      seeds.forEach((seed, i) => {
        const influence = influenceTable(seed, s, layout);
        const into = work.ofCorpus[i]!;
        const totals = addInfluences(seed.placements.code, influence, s, order, work.ofSetting, into, first);
        addTotals(own[i]!, groups, totals);
      });
      if (together) addTotals(together, groups, totalsOf(work.ofSetting, clusters));
    });
    const groups: TwoGroups = [k * slots + slots - 1, count + k * slots + slots - 1];
    work.ofCorpus.forEach((sums, i) => addTotals(own[i]!, groups, totalsOf(sums, dialogues)));
    if (!together) return;
    const [all, ...others] = work.ofCorpus as [Float64Array, ...Float64Array[]];
    for (const sums of others) for (let at = 0; at < dialogues * WIDTH; ++at) all[at]! += sums[at]!;
    addTotals(together, groups, totalsOf(all, dialogues));
  });
  return {seeds: own, together: together ?? own[0]!};
}

/** Sums of a setting's dialogues over all seeds, in its own cell and its axis'; and of a corpus' dialogues, by seed, in its cell and everything. */
interface Workspace {
  ofSetting: Float64Array;
  ofCorpus: Float64Array[];
}

const workspaces = new WeakMap<SettingOrder, Workspace>();

/** Made once for an order, for so many seeds at least. */
function workspace(order: SettingOrder, seeds: number): Workspace {
  const sums = () => new Float64Array(order.largest * WIDTH);
  let kept = workspaces.get(order);
  if (!kept) workspaces.set(order, (kept = {ofSetting: sums(), ofCorpus: []}));
  while (kept.ofCorpus.length < seeds) kept.ofCorpus.push(sums());
  return {...kept, ofCorpus: kept.ofCorpus.slice(0, seeds)};
}

/** The last entries stay 0: what a row that isn't ranked moves. */
const table = new Float64Array((UNPLACED + 1) * KINDS);
/** By kind and outcome: what a row moves the area by without any opposites, and for each of them. */
const fixed = new Float64Array(2 * KINDS);
const each = new Float64Array(2 * KINDS);

/** What a row moves AUROC by in each of its cells, by {@link Placements.code}; valid until the next call. */
function influenceTable(
  {placements: {start, rows, opposites}, auroc, outcomes}: RankedSeed,
  setting: number,
  layout: TestLayout
): Float64Array {
  const cells = cellsOfSettings(layout);
  for (let kind = 0; kind < KINDS; ++kind) {
    const cell = cells[KINDS * setting + kind]!;
    const [wrong, right, area] = [outcomes[2 * cell]!, outcomes[2 * cell + 1]!, auroc[cell]!];
    const isKnown = wrong > 0 && right > 0;
    fixed[kind] = isKnown ? -area / wrong : 0;
    fixed[KINDS + kind] = isKnown ? (1 - area) / right : 0;
    each[kind] = isKnown ? 1 / (wrong * right) : 0;
    each[KINDS + kind] = -each[kind]!;
  }
  const first = 2 * start[setting]!;
  const codes = 2 * start[setting + 1]! - first;
  for (let code = 0; code < codes; ++code) {
    const n = rows[first + code]!;
    if (n === 0) continue;
    const share = 1 / n;
    const outcome = (code & 1) * KINDS;
    const from = (first + code) * KINDS;
    for (let kind = 0; kind < KINDS; ++kind)
      table[code * KINDS + kind] =
        fixed[outcome + kind]! + each[outcome + kind]! * share * opposites[from + kind]!;
  }
  return table;
}

/** Of two cells: Σ influence, then Σ influence². */
type Totals = [first: number, second: number, firstSquare: number, secondSquare: number];

/**
 * Adds what a setting's rows move the AUROC of its own cell and of its axis by to `ofSetting`, and of its corpus and of
 * everything to `ofCorpus`, whose first dialogue is `first`. Totals are of the former.
 */
function addInfluences(
  code: Uint16Array,
  influence: Float64Array,
  setting: number,
  {clusterStart, settingStart, clusterDialogue}: SettingOrder,
  ofSetting: Float64Array,
  ofCorpus: Float64Array,
  first: number
): Totals {
  const from = settingStart[setting]!;
  const to = settingStart[setting + 1]!;
  let [ownSum, axisSum, ownSquare, axisSquare] = [0, 0, 0, 0];
  let place = clusterStart[from]!;
  for (let cluster = from, at = 0; cluster < to; ++cluster, at += WIDTH) {
    const end = clusterStart[cluster + 1]!;
    let own = 0;
    let corpus = 0;
    let axis = 0;
    let all = 0;
    for (; place < end; ++place) {
      const moved = KINDS * code[place]!;
      own += influence[moved]!;
      corpus += influence[moved + 1]!;
      axis += influence[moved + 2]!;
      all += influence[moved + 3]!;
    }
    ownSum += own;
    axisSum += axis;
    ownSquare += own * own;
    axisSquare += axis * axis;
    ofSetting[at]! += own;
    ofSetting[at + 1]! += axis;
    const into = (clusterDialogue[cluster]! - first) * WIDTH;
    ofCorpus[into]! += corpus;
    ofCorpus[into + 1]! += all;
  }
  return [ownSum, axisSum, ownSquare, axisSquare];
}

function totalsOf(values: Float64Array, count: number): Totals {
  let [first, second, firstSquare, secondSquare] = [0, 0, 0, 0];
  for (let at = 0; at < count * WIDTH; at += WIDTH) {
    const one = values[at]!;
    const other = values[at + 1]!;
    first += one;
    second += other;
    firstSquare += one * one;
    secondSquare += other * other;
  }
  return [first, second, firstSquare, secondSquare];
}

function addTotals({sums, squares}: InfluenceMoments, groups: TwoGroups, totals: Totals): void {
  groups.forEach((group, i) => {
    sums[group]! += totals[i]!;
    squares[group]! += totals[WIDTH + i]!;
  });
}

/** What {@link aurocIn} needs of a series. */
interface RankedSeries {
  seeds: readonly {auroc: Float64Array; moments: GroupMoments}[];
  pooled: GroupMoments;
  auroc: AurocMoments;
}

/** AUROC in a cell: mean over the seeds that have one, with both intervals. */
export function aurocIn(
  {seeds, pooled, auroc}: RankedSeries,
  cell: number,
  layout: TestLayout
): Uncertain & {value: number | null} {
  const known = seeds.flatMap((seed, s): Estimated[] => {
    const value = seed.auroc[cell]!;
    if (Number.isNaN(value)) return [];
    return [{value, variance: varianceIn(auroc.seeds[s]!, seed.moments, cell, layout)}];
  });
  const count = known.length;
  if (count === 0) return {value: null, ...NO_UNCERTAINTY};
  const value = known.reduce((sum, one) => sum + one.value, 0) / count;
  const {variance, df} = varianceIn(auroc.together, pooled, cell, layout);
  // Where a training has no AUROC, as all its labels are right, nothing is known of how trainings differ.
  const apart = count === seeds.length ? known : [];
  return {value, ...intervalsOf({value, variance: {variance: variance / count ** 2, df}}, apart, [0, 1])};
}

/** Over the dialogues with ranked rows, with corpora as strata. */
function varianceIn(
  {sums, squares}: InfluenceMoments,
  {within}: GroupMoments,
  cell: number,
  layout: TestLayout
): Variance {
  const {count, ofCell} = groupsOf(layout);
  const level = layout.cells[cell]!.corpus === ALL ? count : 0;
  const strata = ofCell[cell]!.map((group): StratumMoments => ({
    clusters: within.clusters[group]!,
    sum: sums[level + group]!,
    square: squares[level + group]!
  }));
  const df = strata.reduce((total, {clusters}) => total + Math.max(0, clusters - 1), 0);
  return {variance: varianceOfMoments(strata), df};
}

const cellsKnown = new WeakMap<TestLayout, Uint16Array>();

/** The cells that hold a setting's rows, {@link KINDS} each: its own, its corpus, its axis, everything. */
export function cellsOfSettings(layout: TestLayout): Uint16Array {
  let own = cellsKnown.get(layout);
  if (own) return own;
  own = new Uint16Array(KINDS * layout.settings.length);
  const filled = new Uint8Array(layout.settings.length);
  layout.cells.forEach(({settings}, c) => {
    for (const setting of settings) own[KINDS * setting + filled[setting]!++] = c;
  });
  cellsKnown.set(layout, own);
  return own;
}
