/** Ranks of one seed's entropies within each setting: fifths, and what AUROC counts. */
import {sortAscending, type Sorted} from "../../src/core/statistics/sort-order.js";
import {isFiniteNumber, type SeedSeries} from "./entropy-series.js";
import {settingOrder} from "./setting-order.js";
import {UNSCORED, WRONG} from "./summary.js";
import type {TestLayout} from "./test-layout.js";

export const FIFTHS = 5;
/** {@link Ranks.fifth} of a row without an entropy or a prediction. */
export const UNRANKED = 2 * FIFTHS;

/** Of one seed; rows without an entropy or a prediction have no rank. */
export interface Ranks {
  /** By place: 2 · fifth of the row's setting, 0 to 4, + 1 where its label is right; or {@link UNRANKED}. */
  fifth: Uint8Array;
  /**
   * By place, among rows of the same setting: of a wrong row, the right ones with smaller entropy; of a right row, the
   * wrong ones with larger entropy; those with the same count half. 0 of a row without a rank.
   */
  won: Float64Array;
  /** By setting: pairs of a wrong and a right row of which the wrong one has the larger entropy, ties half. */
  wins: Float64Array;
}

/**
 * Ranks the rows of each setting. A row's fifth is ⌊5 · (smaller ones in its setting) / n⌋.
 *
 * @param rows - Rows that have both an entropy and a prediction, by 2 · setting + right.
 */
export function rankEntropies(series: SeedSeries, rows: Float64Array, layout: TestLayout): Ranks {
  const {clusterStart, settingStart} = settingOrder(layout);
  const places = series.values.length;
  const ranks: Ranks = {
    fifth: new Uint8Array(places).fill(UNRANKED),
    won: new Float64Array(places),
    wins: new Float64Array(layout.settings.length)
  };
  for (let setting = 0; setting < layout.settings.length; ++setting) {
    const [wrong, right] = [rows[2 * setting]!, rows[2 * setting + 1]!];
    const [from, to] = [clusterStart[settingStart[setting]!]!, clusterStart[settingStart[setting + 1]!]!];
    if (wrong + right === 0) continue;
    const sorted = sortUsable(series, from, to, wrong + right);
    const outcome = series.outcome.subarray(from, to);
    const fifth = ranks.fifth.subarray(from, to);
    markFifths(sorted, outcome, fifth);
    ranks.wins[setting] = countWins(sorted, outcome, wrong, ranks.won.subarray(from, to));
  }
  return ranks;
}

/** Kept from one setting to the next, as a study has thousands of series. */
let kept = {order: new Uint32Array(0), places: new Uint32Array(0), values: new Float64Array(0)};

/** The usable rows between two places by ascending entropy, as places from the first on; valid until the next call. */
function sortUsable({values, outcome}: SeedSeries, from: number, to: number, n: number): Sorted {
  if (kept.order.length < n)
    kept = {order: new Uint32Array(n), places: new Uint32Array(n), values: new Float64Array(n)};
  const order = kept.order.subarray(0, n);
  if (n === to - from) return sortAscending(values.subarray(from, to), order);
  takeUsable(values, outcome, from, to, kept.values, kept.places);
  const sorted = sortAscending(kept.values.subarray(0, n), order);
  for (let i = 0; i < n; ++i) sorted.order[i] = kept.places[sorted.order[i]!]!;
  return sorted;
}

// Every loop over rows is a function of its own: the compiler then makes fast code of it as a whole.

function takeUsable(
  values: Float64Array,
  outcome: Uint8Array,
  from: number,
  to: number,
  into: Float64Array,
  places: Uint32Array
): void {
  let filled = 0;
  for (let place = from; place < to; ++place) {
    const value = values[place]!;
    if (outcome[place] === UNSCORED || !isFiniteNumber(value)) continue;
    into[filled] = value;
    places[filled++] = place - from;
  }
}

function markFifths({order, ties}: Sorted, outcome: Uint8Array, fifth: Uint8Array): void {
  const n = order.length;
  const edges = Array.from({length: FIFTHS + 1}, (_, f) => Math.ceil((f * n) / FIFTHS));
  for (let f = 0; f < FIFTHS; ++f) markFifth(order, edges[f]!, edges[f + 1]!, 2 * f, outcome, fifth);
  // Equal ones are all of the fifth of the first.
  for (let tie = 0; tie < ties.length; tie += 2) {
    const [from, to] = [ties[tie]!, ties[tie + 1]!];
    const own = fifth[order[from]!]! & ~1;
    if ((fifth[order[to - 1]!]! & ~1) !== own) markFifth(order, from, to, own, outcome, fifth);
  }
}

function markFifth(
  order: Uint32Array,
  from: number,
  to: number,
  own: number,
  outcome: Uint8Array,
  fifth: Uint8Array
): void {
  for (let at = from; at < to; ++at) fifth[order[at]!] = own + outcome[order[at]!]! - WRONG;
}

/** Fills `won`, and returns what wrong rows won. */
function countWins({order, ties}: Sorted, outcome: Uint8Array, wrong: number, won: Float64Array): number {
  let [rightBelow, wrongAbove, wins, at] = [0, wrong, 0, 0];
  for (let tie = 0; tie <= ties.length; tie += 2) {
    // All differ up to the next tie. Nothing depends on a row being right but what is added: nobody could foretell such a branch.
    for (const to = ties[tie] ?? order.length; at < to; ++at) {
      const place = order[at]!;
      const isRight = outcome[place]! - WRONG;
      const isWrong = 1 - isRight;
      wrongAbove -= isWrong;
      won[place] = isRight * wrongAbove + isWrong * rightBelow;
      wins += isWrong * rightBelow;
      rightBelow += isRight;
    }
    const end = ties[tie + 1] ?? at;
    let right = 0;
    for (let i = at; i < end; ++i) right += outcome[order[i]!]! - WRONG;
    const others = end - at - right;
    const [ofWrong, ofRight] = [rightBelow + right / 2, wrongAbove - others / 2];
    for (; at < end; ++at) won[order[at]!] = outcome[order[at]!] === WRONG ? ofWrong : ofRight;
    wins += others * ofWrong;
    rightBelow += right;
    wrongAbove -= others;
  }
  return wins;
}
