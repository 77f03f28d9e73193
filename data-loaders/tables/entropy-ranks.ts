/** Ranks of one seed's entropies: AUROC in every cell and fifths within settings, from one sort. */
import {ascendingOrder} from "../../src/core/statistics/sort-order.js";
import {isFiniteNumber, type SeedSeries} from "./entropy-series.js";
import {RIGHT, UNSCORED} from "./summary.js";
import {KINDS, type TestLayout} from "./test-layout.js";

export const FIFTHS = 5;

export interface Ranks {
  /** Fifth of the row's setting, 1 to 5; 0 where it has no entropy or no usable prediction. */
  fifth: Uint8Array;
  /** AUROC of entropy as a detector of errors, by cell; NaN without right or without wrong rows. */
  auroc: Float64Array;
}

/**
 * Ranks the rows that have an entropy and a prediction. AUROC counts, for each wrong row, the right rows of its cell with
 * smaller entropy, and half of those with the same. A row's fifth is ⌊5 · (smaller ones in its setting) / n⌋ + 1.
 */
export function rankEntropies(series: SeedSeries, layout: TestLayout): Ranks {
  const usable = usableRows(series, layout);
  const order = ascendingOrder(usable.values);
  return {fifth: fifthsOf(usable, order, layout), auroc: areasOf(usable, order, layout)};
}

/** Rows that have an entropy and a prediction. */
interface Usable {
  rows: Int32Array;
  values: Float64Array;
  /** 2 · setting, + 1 where the label is right. */
  codes: Uint16Array;
}

function usableRows({values, outcome}: SeedSeries, {setting}: TestLayout): Usable {
  const rows = new Int32Array(values.length);
  const own = new Float64Array(values.length);
  const codes = new Uint16Array(values.length);
  let n = 0;
  for (let row = 0; row < values.length; ++row) {
    const value = values[row]!;
    const became = outcome[row]!;
    if (became === UNSCORED || !isFiniteNumber(value)) continue;
    rows[n] = row;
    own[n] = value;
    codes[n] = 2 * setting[row]! + (became === RIGHT ? 1 : 0);
    n += 1;
  }
  return {rows: rows.subarray(0, n), values: own.subarray(0, n), codes: codes.subarray(0, n)};
}

function fifthsOf(
  {rows, values, codes}: Usable,
  order: Uint32Array,
  {rows: all, settings}: TestLayout
): Uint8Array {
  const fifth = new Uint8Array(all);
  const inSetting = new Float64Array(settings.length);
  for (let i = 0; i < codes.length; ++i) inSetting[codes[i]! >> 1]! += 1;
  // Rows so far, rows before this tie, the value of the tie, and the fifth that it is in, of each setting.
  const seen = new Float64Array(settings.length);
  const tied = new Float64Array(settings.length).fill(NaN);
  const current = new Uint8Array(settings.length).fill(1);
  for (let at = 0; at < order.length; ++at) {
    const index = order[at]!;
    const own = codes[index]! >> 1;
    const value = values[index]!;
    if (value !== tied[own]) {
      tied[own] = value;
      while (FIFTHS * seen[own]! >= current[own]! * inSetting[own]!) current[own]! += 1;
    }
    seen[own]! += 1;
    fifth[rows[index]!] = current[own]!;
  }
  return fifth;
}

function areasOf({values, codes}: Usable, order: Uint32Array, {cells, settings}: TestLayout): Float64Array {
  const cellsOf = cellsOfSettings(cells, settings.length);
  const right = new Float64Array(cells.length);
  const wrong = new Float64Array(cells.length);
  const tied = new Float64Array(cells.length);
  const wins = new Float64Array(cells.length);
  for (let from = 0; from < order.length;) {
    const value = values[order[from]!]!;
    let to = from + 1;
    while (to < order.length && values[order[to]!] === value) ++to;
    if (to > from + 1) countRight(codes, order, from, to, cellsOf, tied);
    for (let at = from; at < to; ++at) {
      const code = codes[order[at]!]!;
      const first = (code >> 1) * KINDS;
      if (code & 1) continue;
      for (let place = first; place < first + KINDS; ++place) {
        const cell = cellsOf[place]!;
        wrong[cell]! += 1;
        wins[cell]! += right[cell]! + tied[cell]! / 2;
      }
    }
    countRight(codes, order, from, to, cellsOf, right);
    if (to > from + 1) tied.fill(0);
    from = to;
  }
  return wins.map((won, c) => won / (right[c]! * wrong[c]!));
}

/** Adds the right rows of a tie to the counts of their cells. */
function countRight(
  codes: Uint16Array,
  order: Uint32Array,
  from: number,
  to: number,
  cellsOf: Uint16Array,
  counts: Float64Array
): void {
  for (let at = from; at < to; ++at) {
    const code = codes[order[at]!]!;
    if (!(code & 1)) continue;
    const first = (code >> 1) * KINDS;
    for (let place = first; place < first + KINDS; ++place) counts[cellsOf[place]!]! += 1;
  }
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
