/** Rows of `label-effects.json`: recall by gold label, an arm's and label-only's on the same rows, mean over seeds. */
import type {LabelEffectRow} from "../../src/core/cubes.js";
import {estimateOf, type SeedEstimate} from "./estimates.js";
import {RIGHT, UNSCORED} from "./summary.js";
import type {Pair} from "./systems.js";
import {ALL, type Cell, type TestLayout} from "./test-layout.js";

export function labelEffectRows(arm: string, pairs: Pair[], layout: TestLayout): LabelEffectRow[] {
  return layout.cells
    .filter(({axis}) => axis !== ALL)
    .flatMap((cell) => {
      const axis = layout.axes.indexOf(cell.axis);
      const names = labelsOf(layout, axis);
      return names.map((label, k) => labelEffectRow(arm, label, k, pairs, cell, layout));
    });
}

/** Labels of an axis, in its order. */
export function labelsOf({labels, labelIndex, labelCount}: TestLayout, axis: number): string[] {
  const names = new Array<string>(labelCount[axis]!);
  labels.forEach((label, code) => {
    const index = labelIndex[axis * labels.length + code]!;
    if (index >= 0) names[index] = label;
  });
  return names;
}

function labelEffectRow(
  arm: string,
  label: string,
  k: number,
  pairs: Pair[],
  cell: Cell,
  {gold}: TestLayout
): LabelEffectRow {
  const places = Int32Array.from(cell.rows.keys()).filter((i) => gold[cell.rows[i]!] === k);
  const seeds = pairs.flatMap((pair) => recallsOf(pair, places, cell) ?? []);
  const {value: effect, low, high} = estimateOf(...ofPresent(seeds, places, cell));
  const mean = (key: "recall" | "base") =>
    seeds.length > 0 ? seeds.reduce((sum, seed) => sum + seed[key], 0) / seeds.length : null;
  return {
    arm,
    corpus: cell.corpus,
    axis: cell.axis,
    label,
    recall: mean("recall"),
    base_recall: mean("base"),
    effect,
    low,
    high,
    n: Math.max(0, ...seeds.map(({n}) => n))
  };
}

/**
 * Only dialogues that hold a row of this label are clusters: the others say nothing of it, and counting them makes
 * intervals too narrow.
 */
function ofPresent(seeds: Recalls[], places: Int32Array, cell: Cell): [SeedEstimate[], Cell] {
  const present = [...new Set(Array.from(places, (i) => cell.dialogue[i]!))].sort((a, b) => a - b);
  const stratum = Uint8Array.from(present, (g) => cell.stratum[g]!);
  const kept = seeds.map(({value, influence}) => ({
    value,
    influence: Float64Array.from(present, (g) => influence[g]!)
  }));
  return [kept, {...cell, dialogues: present.length, stratum, strata: new Set(stratum).size}];
}

interface Recalls extends SeedEstimate {
  recall: number;
  base: number;
  n: number;
}

/** A seed's recalls on the rows that both sides scored; null where there is none. */
function recallsOf({arm, base}: Pair, places: Int32Array, {rows, dialogue, dialogues}: Cell): Recalls | null {
  const scored = places.filter((i) => arm.outcome[rows[i]!] !== UNSCORED);
  const n = scored.length;
  if (n === 0) return null;
  const right = (side: Pair["arm"], i: number) => (side.outcome[rows[i]!] === RIGHT ? 1 : 0);
  let [own, other] = [0, 0];
  for (const i of scored) {
    own += right(arm, i);
    other += right(base, i);
  }
  const value = (own - other) / n;
  const influence = new Float64Array(dialogues);
  for (const i of scored) influence[dialogue[i]!]! += (right(arm, i) - right(base, i) - value) / n;
  return {value, influence, recall: own / n, base: other / n, n};
}
