/** Ranks of one seed's entropies: AUROC in every cell and fifths within settings, from one sort. */
import {isFiniteNumber, type SeedSeries} from "./entropy-series.js";
import {sortEntropies} from "./entropy-sort.js";
import {settingOrder} from "./setting-order.js";
import {UNSCORED} from "./summary.js";
import {KINDS, type TestLayout} from "./test-layout.js";

export const FIFTHS = 5;

export interface Ranks {
  /** By place: fifth of the row's setting, 0 to 4, where it has an entropy and a prediction. */
  fifth: Uint8Array;
  /** AUROC of entropy as a detector of errors, by cell; NaN without right or without wrong rows. */
  auroc: Float64Array;
}

/**
 * Ranks the rows that have an entropy and a prediction. AUROC counts, for each wrong row, the right rows of its cell with
 * smaller entropy, and half of those with the same. A row's fifth is ⌊5 · (smaller ones in its setting) / n⌋.
 *
 * @param range - Smallest and largest entropy.
 */
export function rankEntropies(
  series: SeedSeries,
  range: {low: number; high: number},
  layout: TestLayout
): Ranks {
  const {count, values, places} = sortEntropies(series, range);
  const ranking = beginRanking(series, layout);
  const {clusterStart, settingStart} = settingOrder(layout);
  for (let s = 0; s < ranking.rows.length; ++s)
    ranking.rows[s] = countRows(series, clusterStart[settingStart[s]!]!, clusterStart[settingStart[s + 1]!]!);
  for (let s = 0; s < ranking.rows.length; ++s) ranking.limit[s] = Math.ceil(ranking.rows[s]! / FIFTHS);
  for (let at = 0; at < count;) {
    at = rankUntilTie(ranking, values, places, at, count);
    if (at < count) at = rankTie(ranking, values, places, at, count);
  }
  return {fifth: ranking.fifth, auroc: areasOf(ranking, layout)};
}

/** Rows that are ranked among some. */
function countRows({values, outcome}: SeedSeries, from: number, to: number): number {
  let rows = 0;
  for (let place = from; place < to; ++place)
    if (outcome[place] !== UNSCORED && isFiniteNumber(values[place]!)) rows += 1;
  return rows;
}

/** Ranks rows up to the first whose entropy the next one shares; returns where that is. */
function rankUntilTie(
  ranking: Ranking,
  values: Float64Array,
  places: Uint32Array,
  from: number,
  count: number
): number {
  const {codes, cellsOf, fifth, seen, current, limit, right, wins} = ranking;
  const all = cellsOf[KINDS - 1]!;
  // All rows are of this cell: its counts need no memory until the end.
  let rightOfAll = right[all]!;
  let winsOfAll = wins[all]!;
  let value = values[from]!;
  let at = from;
  for (; at < count; ++at) {
    const next = at + 1 < count ? values[at + 1]! : NaN;
    if (next === value) break;
    value = next;
    const place = places[at]!;
    const code = codes[place]!;
    const setting = code >> 1;
    const before = seen[setting]!;
    seen[setting] = before + 1;
    if (before >= limit[setting]!) nextFifth(ranking, setting, before);
    fifth[place] = current[setting]!;
    const own = cellsOf[KINDS * setting]!;
    const corpus = cellsOf[KINDS * setting + 1]!;
    const axis = cellsOf[KINDS * setting + 2]!;
    if (code & 1) {
      right[own]! += 1;
      right[corpus]! += 1;
      right[axis]! += 1;
      rightOfAll += 1;
    } else {
      wins[own]! += right[own]!;
      wins[corpus]! += right[corpus]!;
      wins[axis]! += right[axis]!;
      winsOfAll += rightOfAll;
    }
  }
  right[all] = rightOfAll;
  wins[all] = winsOfAll;
  return at;
}

/** How far the rows were gone through, from the smallest entropy on. */
interface Ranking {
  codes: Uint16Array;
  /** The {@link KINDS} cells that hold a setting's rows. */
  cellsOf: Uint16Array;
  fifth: Uint8Array;
  /** By setting: rows in all, rows so far, the fifth that they are in, and the rows before the next one. */
  rows: Int32Array;
  seen: Int32Array;
  current: Uint8Array;
  limit: Int32Array;
  /** By cell: right rows so far, and pairs of a wrong row and a right one with smaller entropy. */
  right: Int32Array;
  wins: Float64Array;
}

function beginRanking({codes, values}: SeedSeries, {cells, settings}: TestLayout): Ranking {
  return {
    codes,
    cellsOf: cellsOfSettings(cells, settings.length),
    fifth: new Uint8Array(values.length),
    rows: new Int32Array(settings.length),
    seen: new Int32Array(settings.length),
    current: new Uint8Array(settings.length),
    limit: new Int32Array(settings.length),
    right: new Int32Array(cells.length),
    wins: new Float64Array(cells.length)
  };
}

function nextFifth({rows, current, limit}: Ranking, setting: number, before: number): void {
  do {
    current[setting]! += 1;
    limit[setting] = Math.ceil(((current[setting]! + 1) * rows[setting]!) / FIFTHS);
  } while (before >= limit[setting]);
}

/** Ranks rows of the same entropy; returns the first place behind them. */
function rankTie(
  ranking: Ranking,
  values: Float64Array,
  places: Uint32Array,
  from: number,
  count: number
): number {
  const {codes, cellsOf, fifth, seen, current, limit, right, wins} = ranking;
  const tied = new Map<number, number>();
  let to = from;
  for (; to < count && values[to] === values[from]; ++to) {
    const code = codes[places[to]!]!;
    const setting = code >> 1;
    if (seen[setting]! >= limit[setting]!) nextFifth(ranking, setting, seen[setting]!);
    fifth[places[to]!] = current[setting]!;
    if (code & 1)
      for (let k = KINDS * setting; k < KINDS * (setting + 1); ++k)
        tied.set(cellsOf[k]!, (tied.get(cellsOf[k]!) ?? 0) + 1);
  }
  for (let at = from; at < to; ++at) {
    const code = codes[places[at]!]!;
    const setting = code >> 1;
    seen[setting]! += 1;
    if (code & 1) continue;
    for (let k = KINDS * setting; k < KINDS * (setting + 1); ++k)
      wins[cellsOf[k]!]! += right[cellsOf[k]!]! + (tied.get(cellsOf[k]!) ?? 0) / 2;
  }
  for (const [cell, n] of tied) right[cell]! += n;
  return to;
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
