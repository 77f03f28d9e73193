/** Right rows and rows of each fifth of entropy, with what their variances over dialogues need. */
import {groupsOf} from "./dialogue-moments.js";
import type {EntropyMoments} from "./entropy-moments.js";
import {FIFTHS} from "./entropy-ranks.js";
import type {SeedSeries} from "./entropy-series.js";
import {RIGHT} from "./summary.js";
import type {TestLayout} from "./test-layout.js";

/**
 * Counts of right rows r and of rows n by dialogue and fifth, and their squares, row by row: one more row takes n² to
 * n² + 2n + 1, so that no dialogue has to be gone through again.
 */
export function addFifths(
  {fifths, fifthEntropy, seeds: ranked}: EntropyMoments,
  seeds: SeedSeries[],
  layout: TestLayout
): void {
  const {setting, axis, dialogueStart, dialogueCorpus} = layout;
  const {slots, count} = groupsOf(layout);
  const open: OpenCounts = {
    dialogue: new Int32Array(count * FIFTHS).fill(-1),
    rows: new Int32Array(count * FIFTHS),
    right: new Int32Array(count * FIFTHS)
  };
  const {clusters, sums, products} = fifths;
  for (let g = 0; g < dialogueCorpus.length; ++g) {
    const first = dialogueCorpus[g]! * slots;
    const [from, to] = [dialogueStart[g]!, dialogueStart[g + 1]!];
    for (let s = 0; s < seeds.length; ++s) {
      const {values, outcome} = seeds[s]!;
      const {fifth} = ranked[s]!.ranks;
      for (let row = from; row < to; ++row) {
        const f = fifth[row]! - 1;
        if (f < 0) continue;
        const right = outcome[row] === RIGHT ? 1 : 0;
        fifthEntropy[setting[row]! * FIFTHS + f]! += values[row]!;
        countRow(open, (first + axis[row]!) * FIFTHS + f, g, right, clusters, sums, products);
        countRow(open, (first + slots - 1) * FIFTHS + f, g, right, clusters, sums, products);
      }
    }
  }
}

/** By group and fifth, the last dialogue that had rows there, and how many so far. */
interface OpenCounts {
  dialogue: Int32Array;
  rows: Int32Array;
  right: Int32Array;
}

function countRow(
  open: OpenCounts,
  place: number,
  dialogue: number,
  right: number,
  clusters: Float64Array,
  sums: Float64Array,
  products: Float64Array
): void {
  let [n, r] = [0, 0];
  if (open.dialogue[place] === dialogue) {
    n = open.rows[place]!;
    r = open.right[place]!;
  } else {
    open.dialogue[place] = dialogue;
    clusters[place]! += 1;
  }
  open.rows[place] = n + 1;
  open.right[place] = r + right;
  sums[2 * place]! += right;
  sums[2 * place + 1]! += 1;
  products[4 * place]! += right * (2 * r + 1);
  products[4 * place + 2]! += r + right * (n + 1);
  products[4 * place + 3]! += 2 * n + 1;
}
