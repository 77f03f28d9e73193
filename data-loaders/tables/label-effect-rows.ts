/** Rows of `label-effects.json`: recall by gold label, an arm's and label-only's on the same rows, mean over seeds. */
import type {LabelEffectRow} from "../../src/core/cubes.js";
import {uncertaintyFrom, varianceOfMoments} from "../../src/core/statistics/uncertainty.js";
import {meanOf} from "./estimates.js";
import {RIGHT, UNSCORED} from "./summary.js";
import type {Pair} from "./systems.js";
import {ALL, type Cell, type TestLayout} from "./test-layout.js";

export function labelEffectRows(arm: string, pairs: Pair[], layout: TestLayout): LabelEffectRow[] {
  return layout.cells
    .filter(({axis}) => axis !== ALL)
    .flatMap((cell) => {
      const names = labelsOf(layout, layout.axes.indexOf(cell.axis));
      const seeds = pairs.map((pair) => countRecalls(pair, cell, names.length, layout));
      const moments = momentsByLabel(pairs, seeds, cell, names.length, layout);
      return names.map((label, k) => ({
        ...{arm, corpus: cell.corpus, axis: cell.axis, label},
        ...labelEffect(seeds, k, moments[k]!)
      }));
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

/** One seed's rows by gold label: those that both sides scored, and those that each got right. */
interface Recalls {
  n: Float64Array;
  arm: Float64Array;
  base: Float64Array;
}

function countRecalls({arm, base}: Pair, {rows}: Cell, labels: number, {gold}: TestLayout): Recalls {
  const column = () => new Float64Array(labels);
  const recalls: Recalls = {n: column(), arm: column(), base: column()};
  for (let i = 0; i < rows.length; ++i) {
    const row = rows[i]!;
    if (arm.outcome[row] === UNSCORED) continue;
    const label = gold[row]!;
    recalls.n[label]! += 1;
    if (arm.outcome[row] === RIGHT) recalls.arm[label]! += 1;
    if (base.outcome[row] === RIGHT) recalls.base[label]! += 1;
  }
  return recalls;
}

/** By corpus: dialogues that hold a row of a label, Σ u and Σ u² of their influences on the mean effect. */
type Moments = Record<"clusters" | "sum" | "square", Float64Array>;

/**
 * Only dialogues that hold a row of this label are clusters: the others say nothing of it, and counting them makes
 * intervals too narrow.
 */
function momentsByLabel(
  pairs: Pair[],
  seeds: Recalls[],
  {rows, dialogue, stratum, strata}: Cell,
  labels: number,
  {gold}: TestLayout
): Moments[] {
  const column = () => new Float64Array(strata);
  const moments = Array.from({length: labels}, () => ({clusters: column(), sum: column(), square: column()}));
  const known = Float64Array.from({length: labels}, (_, k) => seeds.filter(({n}) => n[k]! > 0).length);
  const weights = seeds.map(({n}) => n.map((count, k) => 1 / (count * known[k]!)));
  const effects = seeds.map(({n, arm, base}) => n.map((count, k) => (arm[k]! - base[k]!) / count));
  const influence = new Float64Array(labels);
  const held = new Uint8Array(labels);
  for (let i = 0; i < rows.length; ++i) {
    const row = rows[i]!;
    const label = gold[row]!;
    held[label] = 1;
    for (let s = 0; s < pairs.length; ++s) {
      const {arm, base} = pairs[s]!;
      const became = arm.outcome[row]!;
      if (became === UNSCORED) continue;
      const gain = (became === RIGHT ? 1 : 0) - (base.outcome[row] === RIGHT ? 1 : 0);
      influence[label]! += (gain - effects[s]![label]!) * weights[s]![label]!;
    }
    if (dialogue[i + 1] === dialogue[i]) continue;
    const own = stratum[dialogue[i]!]!;
    for (let k = 0; k < labels; ++k) {
      if (!held[k]) continue;
      moments[k]!.clusters[own]! += 1;
      moments[k]!.sum[own]! += influence[k]!;
      moments[k]!.square[own]! += influence[k]! ** 2;
    }
    influence.fill(0);
    held.fill(0);
  }
  return moments;
}

function labelEffect(
  seeds: Recalls[],
  k: number,
  {clusters, sum, square}: Moments
): Pick<LabelEffectRow, "recall" | "base_recall" | "effect" | "low" | "high" | "n"> {
  const known = seeds.filter(({n}) => n[k]! > 0);
  if (known.length === 0) return {recall: null, base_recall: null, effect: null, low: null, high: null, n: 0};
  const mean = (key: "arm" | "base") => meanOf(known.map((seed) => seed[key][k]! / seed.n[k]!));
  const effect = meanOf(known.map(({arm, base, n}) => (arm[k]! - base[k]!) / n[k]!));
  const present = [...clusters.keys()].filter((own) => clusters[own]! > 0);
  const strata = present.map((own) => ({clusters: clusters[own]!, sum: sum[own]!, square: square[own]!}));
  const df = strata.reduce((total, own) => total + own.clusters, 0) - strata.length;
  const {low, high} = uncertaintyFrom(effect, {variance: varianceOfMoments(strata), df});
  const n = Math.max(...known.map((seed) => seed.n[k]!));
  return {recall: mean("arm"), base_recall: mean("base"), effect, low, high, n};
}
