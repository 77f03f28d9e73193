/** Ranks of one seed's entropies: AUROC in every cell and fifths within settings, from one sort. */
import {sortAscending, type Sorted} from "../../src/core/statistics/sort-order.js";
import {cellsOfSettings, emptyPlacements, type RankedSeed} from "./entropy-placements.js";
import {isFiniteNumber, type SeedSeries} from "./entropy-series.js";
import {settingOrder} from "./setting-order.js";
import {UNSCORED} from "./summary.js";
import {KINDS, type TestLayout} from "./test-layout.js";

export const FIFTHS = 5;
/** {@link Ranks.fifth} of a row without an entropy or a prediction. */
export const UNRANKED = 2 * FIFTHS;

/** With AUROC of entropy as a detector of errors. */
export interface Ranks extends RankedSeed {
  /** By place: 2 · fifth of the row's setting, 0 to 4, + 1 where its label is right; or {@link UNRANKED}. */
  fifth: Uint8Array;
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
  const {fifth, placements, outcomes} = ranking;
  return {fifth, placements, outcomes, auroc: areasOf(ranking)};
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
interface Ranking extends Omit<Ranks, "auroc"> {
  codes: Uint16Array;
  /** The {@link KINDS} cells that hold a setting's rows. */
  cellsOf: Uint16Array;
  /** By setting: rows in all, rows so far, 2 · the fifth that they are in, and the rows before the next one. */
  rows: Int32Array;
  seen: Int32Array;
  current: Uint8Array;
  limit: Int32Array;
  /** Of a tie, by 2 · cell + right; 0 between ties. */
  tied: Float64Array;
}

function beginRanking({codes, values}: SeedSeries, rows: Int32Array, layout: TestLayout): Ranking {
  const {cells, settings} = layout;
  return {
    codes,
    cellsOf: cellsOfSettings(layout),
    placements: emptyPlacements(rows, values.length),
    fifth: new Uint8Array(values.length).fill(UNRANKED),
    rows,
    seen: new Int32Array(settings.length),
    current: new Uint8Array(settings.length),
    limit: rows.map((n) => Math.ceil(n / FIFTHS)),
    outcomes: new Float64Array(2 * cells.length),
    tied: new Float64Array(2 * cells.length)
  };
}

/** Ranks rows that all differ. Nothing depends on a row being right but what is added: nobody could foretell such a branch. */
function rankStretch(ranking: Ranking, order: Uint32Array, from: number, to: number): void {
  const {codes, cellsOf, fifth, seen, current, limit, outcomes} = ranking;
  const {code: placed, start, perRow, rows, opposites} = ranking.placements;
  const all = 2 * cellsOf[KINDS - 1]!;
  // All rows are of this cell: its counts need no memory until the end.
  let rightOfAll = outcomes[all + 1]!;
  let wrongOfAll = outcomes[all]!;
  for (let at = from; at < to; ++at) {
    const place = order[at]!;
    const code = codes[place]!;
    const setting = code >> 1;
    const isRight = code & 1;
    const before = seen[setting]!;
    seen[setting] = before + 1;
    if (before >= limit[setting]!) nextFifth(ranking, setting, before);
    fifth[place] = current[setting]! + isRight;
    const own = 2 * ((before * perRow[setting]!) | 0) + isRight;
    placed[place] = own;
    const step = 2 * start[setting]! + own;
    rows[step]! += 1;
    const ofOwn = 2 * cellsOf[KINDS * setting]!;
    const ofCorpus = 2 * cellsOf[KINDS * setting + 1]!;
    const ofAxis = 2 * cellsOf[KINDS * setting + 2]!;
    const other = 1 - isRight;
    opposites[KINDS * step]! += outcomes[ofOwn + other]!;
    opposites[KINDS * step + 1]! += outcomes[ofCorpus + other]!;
    opposites[KINDS * step + 2]! += outcomes[ofAxis + other]!;
    opposites[KINDS * step + 3]! += isRight * wrongOfAll + other * rightOfAll;
    outcomes[ofOwn + isRight]! += 1;
    outcomes[ofCorpus + isRight]! += 1;
    outcomes[ofAxis + isRight]! += 1;
    rightOfAll += isRight;
    wrongOfAll += other;
  }
  outcomes[all + 1] = rightOfAll;
  outcomes[all] = wrongOfAll;
}

function nextFifth({rows, current, limit}: Ranking, setting: number, before: number): void {
  do {
    current[setting]! += 2;
    limit[setting] = Math.ceil(((current[setting]! / 2 + 1) * rows[setting]!) / FIFTHS);
  } while (before >= limit[setting]);
}

/** Ranks rows of the same entropy. */
function rankTie(ranking: Ranking, order: Uint32Array, from: number, to: number): void {
  const {codes, cellsOf, fifth, seen, current, limit, outcomes, tied} = ranking;
  const {code: placed, start, perRow, rows, opposites} = ranking.placements;
  for (let at = from; at < to; ++at) {
    const place = order[at]!;
    const code = codes[place]!;
    const setting = code >> 1;
    if (seen[setting]! >= limit[setting]!) nextFifth(ranking, setting, seen[setting]!);
    fifth[place] = current[setting]! + (code & 1);
    for (let k = KINDS * setting; k < KINDS * (setting + 1); ++k) tied[2 * cellsOf[k]! + (code & 1)]! += 1;
  }
  for (let at = from; at < to; ++at) {
    const place = order[at]!;
    const code = codes[place]!;
    const setting = code >> 1;
    const own = 2 * ((seen[setting]! * perRow[setting]!) | 0) + (code & 1);
    seen[setting]! += 1;
    placed[place] = own;
    const step = 2 * start[setting]! + own;
    rows[step]! += 1;
    for (let kind = 0; kind < KINDS; ++kind) {
      const other = 2 * cellsOf[KINDS * setting + kind]! + 1 - (code & 1);
      opposites[KINDS * step + kind]! += outcomes[other]! + tied[other]! / 2;
    }
  }
  for (let i = 0; i < tied.length; ++i) outcomes[i]! += tied[i]!;
  tied.fill(0);
}

/** Pairs of a wrong row and a right one with smaller entropy, of all pairs. */
function areasOf({outcomes, placements, cellsOf}: Ranking): Float64Array {
  const {start, opposites} = placements;
  const wins = new Float64Array(outcomes.length / 2);
  for (let setting = 0; setting + 1 < start.length; ++setting)
    for (let step = start[setting]!; step < start[setting + 1]!; ++step)
      for (let kind = 0; kind < KINDS; ++kind)
        wins[cellsOf[KINDS * setting + kind]!]! += opposites[2 * step * KINDS + kind]!;
  return wins.map((won, cell) => won / (outcomes[2 * cell]! * outcomes[2 * cell + 1]!));
}
