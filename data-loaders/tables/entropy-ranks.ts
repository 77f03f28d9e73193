/** Ranks of one seed's entropies: AUROC in every cell and fifths within settings, from one sort. */
import {sortAscending, type Sorted} from "../../src/core/statistics/sort-order.js";
import {isFiniteNumber, type SeedSeries} from "./entropy-series.js";
import {settingOrder} from "./setting-order.js";
import {UNSCORED} from "./summary.js";
import {KINDS, type TestLayout} from "./test-layout.js";

export const FIFTHS = 5;
/** {@link Ranks.fifth} of a row without an entropy or a prediction. */
export const UNRANKED = 2 * FIFTHS;

export interface Ranks {
  /** By place: 2 · fifth of the row's setting, 0 to 4, + 1 where its label is right; or {@link UNRANKED}. */
  fifth: Uint8Array;
  /** AUROC of entropy as a detector of errors, by cell; NaN without right or without wrong rows. */
  auroc: Float64Array;
}

/**
 * Ranks the rows that have an entropy and a prediction. AUROC counts, for each wrong row, the right rows of its cell with
 * smaller entropy, and half of those with the same. A row's fifth is ⌊5 · (smaller ones in its setting) / n⌋.
 *
 * @param usable - Rows that have both, by setting.
 */
export function rankEntropies(series: SeedSeries, usable: Int32Array, layout: TestLayout): Ranks {
  const ranking = beginRanking(series, usable, layout);
  const {order, ties} = sortUsable(series, usable, layout);
  let at = 0;
  for (let tie = 0; tie < ties.length; tie += 2) {
    rankStretch(ranking, order, at, ties[tie]!);
    at = ties[tie + 1]!;
    rankTie(ranking, order, ties[tie]!, at);
  }
  rankStretch(ranking, order, at, order.length);
  return {fifth: ranking.fifth, auroc: areasOf(ranking, layout)};
}

/** Kept from one series to the next, as a study has thousands. */
let kept = {order: new Uint32Array(0), places: new Uint32Array(0), values: new Float64Array(0)};

/** Places of usable rows by ascending entropy; valid until the next call. */
function sortUsable({values, outcome}: SeedSeries, usable: Int32Array, layout: TestLayout): Sorted {
  const rows = values.length;
  if (kept.order.length < rows)
    kept = {
      order: new Uint32Array(rows),
      places: new Uint32Array(rows),
      values: new Float64Array(rows)
    };
  const n = usable.reduce((sum, own) => sum + own, 0);
  const order = kept.order.subarray(0, n);
  if (n === rows) return sortAscending(values, order);
  const {clusterStart, settingStart} = settingOrder(layout);
  let filled = 0;
  for (let s = 0; s < usable.length; ++s) {
    const [from, to] = [clusterStart[settingStart[s]!]!, clusterStart[settingStart[s + 1]!]!];
    if (usable[s]! > 0) filled = takeUsable(values, outcome, from, to, kept.values, kept.places, filled);
  }
  const sorted = sortAscending(kept.values.subarray(0, n), order);
  for (let i = 0; i < n; ++i) sorted.order[i] = kept.places[sorted.order[i]!]!;
  return sorted;
}

function takeUsable(
  values: Float64Array,
  outcome: Uint8Array,
  from: number,
  to: number,
  into: Float64Array,
  places: Uint32Array,
  filled: number
): number {
  for (let place = from; place < to; ++place) {
    const value = values[place]!;
    if (outcome[place] === UNSCORED || !isFiniteNumber(value)) continue;
    into[filled] = value;
    places[filled++] = place;
  }
  return filled;
}

/** How far the rows were gone through, from the smallest entropy on. */
interface Ranking {
  codes: Uint16Array;
  /** The {@link KINDS} cells that hold a setting's rows. */
  cellsOf: Uint16Array;
  fifth: Uint8Array;
  /** By setting: rows in all, rows so far, 2 · the fifth that they are in, and the rows before the next one. */
  rows: Int32Array;
  seen: Int32Array;
  current: Uint8Array;
  limit: Int32Array;
  /** By cell: right rows so far, and pairs of a wrong row and a right one with smaller entropy. */
  right: Float64Array;
  wins: Float64Array;
}

function beginRanking({codes, values}: SeedSeries, rows: Int32Array, {cells, settings}: TestLayout): Ranking {
  return {
    codes,
    cellsOf: cellsOfSettings(cells, settings.length),
    fifth: new Uint8Array(values.length).fill(UNRANKED),
    rows,
    seen: new Int32Array(settings.length),
    current: new Uint8Array(settings.length),
    limit: rows.map((n) => Math.ceil(n / FIFTHS)),
    right: new Float64Array(cells.length),
    wins: new Float64Array(cells.length)
  };
}

/** Ranks rows that all differ. Nothing depends on a row being right but what is added: nobody could foretell such a branch. */
function rankStretch(ranking: Ranking, order: Uint32Array, from: number, to: number): void {
  const {codes, cellsOf, fifth, seen, current, limit, right, wins} = ranking;
  const all = cellsOf[KINDS - 1]!;
  // All rows are of this cell: its counts need no memory until the end.
  let rightOfAll = right[all]!;
  let winsOfAll = wins[all]!;
  for (let at = from; at < to; ++at) {
    const place = order[at]!;
    const code = codes[place]!;
    const setting = code >> 1;
    const isRight = code & 1;
    const before = seen[setting]!;
    seen[setting] = before + 1;
    if (before >= limit[setting]!) nextFifth(ranking, setting, before);
    fifth[place] = current[setting]! + isRight;
    const wrong = 1 - isRight;
    const own = cellsOf[KINDS * setting]!;
    const corpus = cellsOf[KINDS * setting + 1]!;
    const axis = cellsOf[KINDS * setting + 2]!;
    const ofOwn = right[own]!;
    const ofCorpus = right[corpus]!;
    const ofAxis = right[axis]!;
    wins[own]! += wrong * ofOwn;
    wins[corpus]! += wrong * ofCorpus;
    wins[axis]! += wrong * ofAxis;
    winsOfAll += wrong * rightOfAll;
    right[own] = ofOwn + isRight;
    right[corpus] = ofCorpus + isRight;
    right[axis] = ofAxis + isRight;
    rightOfAll += isRight;
  }
  right[all] = rightOfAll;
  wins[all] = winsOfAll;
}

function nextFifth({rows, current, limit}: Ranking, setting: number, before: number): void {
  do {
    current[setting]! += 2;
    limit[setting] = Math.ceil(((current[setting]! / 2 + 1) * rows[setting]!) / FIFTHS);
  } while (before >= limit[setting]);
}

/** Ranks rows of the same entropy. */
function rankTie(ranking: Ranking, order: Uint32Array, from: number, to: number): void {
  const {codes, cellsOf, fifth, seen, current, limit, right, wins} = ranking;
  const tied = new Map<number, number>();
  for (let at = from; at < to; ++at) {
    const place = order[at]!;
    const code = codes[place]!;
    const setting = code >> 1;
    if (seen[setting]! >= limit[setting]!) nextFifth(ranking, setting, seen[setting]!);
    fifth[place] = current[setting]! + (code & 1);
    if (code & 1)
      for (let k = KINDS * setting; k < KINDS * (setting + 1); ++k)
        tied.set(cellsOf[k]!, (tied.get(cellsOf[k]!) ?? 0) + 1);
  }
  for (let at = from; at < to; ++at) {
    const code = codes[order[at]!]!;
    const setting = code >> 1;
    seen[setting]! += 1;
    if (code & 1) continue;
    for (let k = KINDS * setting; k < KINDS * (setting + 1); ++k)
      wins[cellsOf[k]!]! += right[cellsOf[k]!]! + (tied.get(cellsOf[k]!) ?? 0) / 2;
  }
  for (const [cell, n] of tied) right[cell]! += n;
}

function areasOf({rows, right, wins}: Ranking, {cells}: TestLayout): Float64Array {
  return Float64Array.from(cells, ({settings}, c) => {
    const all = settings.reduce((sum, setting) => sum + rows[setting]!, 0);
    return wins[c]! / (right[c]! * (all - right[c]!));
  });
}

/** The cells that hold a setting's rows, {@link KINDS} each. */
function cellsOfSettings(cells: TestLayout["cells"], settings: number): Uint16Array {
  const out = new Uint16Array(KINDS * settings);
  const filled = new Uint8Array(settings);
  cells.forEach(({settings: members}, c) => {
    for (const setting of members) out[KINDS * setting + filled[setting]!++] = c;
  });
  return out;
}
