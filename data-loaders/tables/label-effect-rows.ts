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
        ...labelEffect(seeds, k, moments)
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

/** Σ u and Σ u² of dialogues' influences on an effect, by label and corpus. */
interface Squares {
  sum: number[][];
  square: number[][];
}

interface Moments {
  /** Dialogues that hold a row of a label, by label and corpus. */
  held: number[][];
  seeds: Squares[];
  /** Of the seeds' influences added up. */
  together: Squares;
}

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
): Moments {
  const byLabel = () => Array.from({length: labels}, () => new Array<number>(strata).fill(0));
  const squares = (): Squares => ({sum: byLabel(), square: byLabel()});
  const moments: Moments = {held: byLabel(), seeds: seeds.map(squares), together: squares()};
  const weights = seeds.map(({n}) => n.map((count) => 1 / count));
  const effects = seeds.map(({n, arm, base}) => n.map((count, k) => (arm[k]! - base[k]!) / count));
  const influence = seeds.map(() => new Float64Array(labels));
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
      influence[s]![label]! += (gain - effects[s]![label]!) * weights[s]![label]!;
    }
    if (dialogue[i + 1] === dialogue[i]) continue;
    addDialogue(moments, stratum[dialogue[i]!]!, held, influence);
  }
  return moments;
}

/** Adds a dialogue's influences to its corpus', and begins anew. */
function addDialogue(moments: Moments, corpus: number, held: Uint8Array, influence: Float64Array[]): void {
  held.forEach((isHeld, k) => {
    if (!isHeld) return;
    moments.held[k]![corpus]! += 1;
    let all = 0;
    influence.forEach((own, s) => {
      add(moments.seeds[s]!, k, corpus, own[k]!);
      all += own[k]!;
    });
    add(moments.together, k, corpus, all);
  });
  held.fill(0);
  for (const own of influence) own.fill(0);
}

function add({sum, square}: Squares, label: number, corpus: number, moved: number): void {
  sum[label]![corpus]! += moved;
  square[label]![corpus]! += moved * moved;
}

/** Mean over the seeds that have rows of a label. */
function labelEffect(
  seeds: Recalls[],
  k: number,
  moments: Moments
): Omit<LabelEffectRow, "arm" | "corpus" | "axis" | "label"> {
  const known = seeds.flatMap((recalls, s) =>
    recalls.n[k]! > 0 ? [{recalls, moved: moments.seeds[s]!}] : []
  );
  const count = known.length;
  if (count === 0)
    return {
      ...{recall: null, base_recall: null, effect: null, n: 0},
      ...{low: null, high: null, low_trainings: null, high_trainings: null}
    };
  const mean = (of: (recalls: Recalls) => number) => meanOf(known.map(({recalls}) => of(recalls)));
  const effectOf = ({arm, base, n}: Recalls) => (arm[k]! - base[k]!) / n[k]!;
  const effect = mean(effectOf);
  const held = moments.held[k]!;
  const varianceIn = ({sum, square}: Squares) =>
    varianceOfMoments(held.map((clusters, c) => ({clusters, sum: sum[k]![c]!, square: square[k]![c]!})));
  const df = held.reduce((total, clusters) => total + Math.max(0, clusters - 1), 0);
  const dialogues = {variance: varianceIn(moments.together) / count ** 2, df};
  const between = known.reduce((sum, {recalls}) => sum + (effectOf(recalls) - effect) ** 2, 0) / (count - 1);
  const spread = {seeds: count, between, within: meanOf(known.map(({moved}) => varianceIn(moved)))};
  const {low, high, low_trainings, high_trainings} = uncertaintyFrom(effect, dialogues, spread);
  return {
    recall: mean(({arm, n}) => arm[k]! / n[k]!),
    base_recall: mean(({base, n}) => base[k]! / n[k]!),
    effect,
    n: Math.max(...known.map(({recalls}) => recalls.n[k]!)),
    ...{low, high, low_trainings, high_trainings}
  };
}
