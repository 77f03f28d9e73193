/** AUROC within settings and its intervals, against every pair of a wrong and a right row and every row's influence. */
import assert from "node:assert/strict";
import {test} from "node:test";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import type {RelationRow} from "../../src/core/cubes.js";
import {auroc} from "../../src/core/statistics/auroc.js";
import {clusterVariance, uncertaintyFrom} from "../../src/core/statistics/uncertainty.js";
import {momentsOf} from "../../data-loaders/tables/entropy-moments.js";
import {placeOutcomes, placeValues, type EntropySeries} from "../../data-loaders/tables/entropy-series.js";
import {relateToCorrectness} from "../../data-loaders/tables/relation-rows.js";
import {RIGHT, UNSCORED, WRONG} from "../../data-loaders/tables/summary.js";
import {layOut, type Cell, type TestLayout} from "../../data-loaders/tables/test-layout.js";

/** What a seed has by test row. */
interface Made {
  outcome: Uint8Array;
  values: Float64Array;
}

/** An example `e` of a dialogue `d`, on an axis. */
interface Placed {
  corpus: string;
  axis: string;
  d: number;
  e: number;
}

function layoutOf(rows: Placed[]): TestLayout {
  const labels = ["1", "2"];
  return layOut(
    rows.map(({corpus, axis, d, e}, row) => ({
      ...{row, corpus, axis, labels, gold: "1", ordinal: true},
      ...{dialogue_id: `d${d}`, example_id: `d${d}.${e}`}
    })),
    ["x", "y"].flatMap((corpus) => ["a", "b"].map((axis) => ({corpus, axis})))
  );
}

/** Two corpora × two axes; some dialogues lack one axis. */
function crossed(dialogues: number): TestLayout {
  return layoutOf(
    ["x", "y"].flatMap((corpus) =>
      Array.from({length: dialogues}, (_, d) =>
        ["a", "b"]
          .filter((axis) => axis === "a" || d % 5 > 0)
          .flatMap((axis) => Array.from({length: 1 + (d % 3)}, (_, e) => ({corpus, axis, d, e})))
      ).flat()
    )
  );
}

/** Entropies that differ by dialogue, of so many values at most; some rows lack one, some have no prediction. */
function makeSeed(layout: TestLayout, seed: number, values: number, rightShare: number): Made {
  const random = xoroshiro128plus(seed);
  const unit = () => (random.next() >>> 0) / 2 ** 32;
  const own = Float64Array.from({length: layout.dialogues}, unit);
  const outcome = Uint8Array.from({length: layout.rows}, () =>
    unit() < 0.03 ? UNSCORED : unit() < rightShare ? RIGHT : WRONG
  );
  return {
    outcome,
    values: Float64Array.from(outcome, (became, row) => {
      const drawn = own[layout.dialogue[row]!]! + unit() + (became === WRONG ? 0.3 : 0);
      return unit() < 0.02 ? NaN : Math.floor(drawn * values) / values;
    })
  };
}

function relationsOf(seeds: Made[], layout: TestLayout): RelationRow[] {
  const series: EntropySeries = {
    layer: 1,
    estimator: "softmax",
    seeds: seeds.map(({outcome, values}, s) => ({
      ...{seed: String(s), base: null},
      outcome: placeOutcomes(outcome, layout),
      values: placeValues(values, layout)
    }))
  };
  return relateToCorrectness("arm", series, momentsOf(series, layout), layout).relations;
}

/** Each row's influence on a sum or mean. */
interface Estimated {
  value: number;
  /** Only of rows that are in pairs. */
  influence: Map<number, number>;
}

/** Of one seed: every wrong row against every right one of its setting. */
function pairByPair({outcome, values}: Made, cell: Cell, {setting}: TestLayout): Estimated | null {
  const settings = cell.settings.flatMap((s) => {
    const usable = [...cell.rows].filter((row) => setting[row] === s && !Number.isNaN(values[row]!));
    const wrong = usable.filter((row) => outcome[row] === WRONG);
    const right = usable.filter((row) => outcome[row] === RIGHT);
    if (wrong.length === 0 || right.length === 0) return [];
    const wins = new Map<number, number>([...wrong, ...right].map((row) => [row, 0]));
    for (const one of wrong)
      for (const other of right) {
        const won = values[one]! > values[other]! ? 1 : values[one] === values[other] ? 0.5 : 0;
        wins.set(one, wins.get(one)! + won);
        wins.set(other, wins.get(other)! + won);
      }
    return {wrong, right, wins, pairs: wrong.length * right.length};
  });
  const all = settings.reduce((sum, {pairs}) => sum + pairs, 0);
  if (all === 0) return null;
  let value = 0;
  const influence = new Map<number, number>();
  for (const {wrong, right, wins, pairs} of settings) {
    const area = wrong.reduce((sum, row) => sum + wins.get(row)!, 0) / pairs;
    value += (pairs / all) * area;
    for (const [own, others] of [
      [wrong, right],
      [right, wrong]
    ] as const)
      for (const row of own)
        influence.set(row, ((pairs / all) * (wins.get(row)! / others.length - area)) / own.length);
  }
  return {value, influence};
}

/** AUROC and its intervals. Dialogues of which no row is in a pair don't count. */
function expected(seeds: Made[], cell: Cell, layout: TestLayout) {
  const apart = seeds.flatMap((seed) => pairByPair(seed, cell, layout) ?? []);
  const over = (influences: Map<number, number>[]) => {
    const byDialogue = new Map<number, number>();
    for (const [row, moved] of influences.flatMap((own) => [...own])) {
      const dialogue = layout.dialogue[row]!;
      byDialogue.set(dialogue, (byDialogue.get(dialogue) ?? 0) + moved / influences.length);
    }
    const strata = [...byDialogue.keys()].map((dialogue) => layout.dialogueCorpus[dialogue]!);
    const variance = clusterVariance([...byDialogue.values()], strata);
    return {variance, df: strata.length - new Set(strata).size};
  };
  const mean = (own: number[]) => own.reduce((sum, one) => sum + one, 0) / own.length;
  const value = mean(apart.map((one) => one.value));
  const all = over(apart.map(({influence}) => influence));
  const within = mean(apart.map(({influence}) => over([influence]).variance));
  const between = apart.reduce((sum, one) => sum + (one.value - value) ** 2, 0) / (apart.length - 1);
  const moments = apart.length === seeds.length ? {seeds: apart.length, between, within} : undefined;
  return {value, ...uncertaintyFrom(value, all, moments, [0, 1])};
}

function agree(seeds: Made[], layout: TestLayout): void {
  const relations = relationsOf(seeds, layout);
  layout.cells.forEach((cell, c) => {
    const [found, wanted] = [relations[c]!, expected(seeds, cell, layout)];
    if (Number.isNaN(wanted.value)) return assert.equal(found.auroc, null);
    const pairs = [
      [found.auroc, wanted.value],
      [found.auroc_low, wanted.low],
      [found.auroc_high, wanted.high],
      [found.auroc_low_trainings, wanted.low_trainings],
      [found.auroc_high_trainings, wanted.high_trainings]
    ] as const;
    const say = `${cell.corpus} ${cell.axis}: ${JSON.stringify(pairs)}`;
    for (const [ours, theirs] of pairs)
      if (typeof theirs !== "number") assert.equal(ours, null, say);
      else assert.ok(Math.abs(ours! - theirs) <= 1e-9, say);
  });
}

/** A seed without errors in some settings. */
function faultless({outcome, values}: Made, settings: number[], layout: TestLayout): Made {
  const better = outcome.map((became, row) =>
    became === WRONG && settings.includes(layout.setting[row]!) ? RIGHT : became
  );
  return {outcome: better, values};
}

test("AUROC and its intervals are those of every pair within settings, with and without ties", () => {
  const layout = crossed(60);
  for (const values of [1e9, 40, 3, 1])
    for (const seeds of [1, 3])
      agree(
        Array.from({length: seeds}, (_, s) => makeSeed(layout, 7 * values + s + 1, values, 0.7)),
        layout
      );
});

test("a setting without errors, in one seed or in all, counts for nothing", () => {
  const layout = crossed(20);
  const seeds = [1, 2, 3].map((s) => makeSeed(layout, s, 1e9, 0.6));
  const without = (...settings: number[][]) =>
    seeds.map((seed, s) => faultless(seed, settings[s] ?? settings[0]!, layout));
  agree(without([0]), layout);
  agree(without([1], [], [0, 1]), layout);
  // All of a corpus: its dialogues say nothing.
  agree(without([2, 3]), layout);
});

test("settings that differ don't make a detector: nothing is compared across them", () => {
  // In y entropies are higher and errors fewer; within either, errors have the higher ones.
  const entropies = {
    x: {right: [0, 2], wrong: [1, 3, 3]},
    y: {right: [10, 12, 12, 14], wrong: [13]}
  };
  const rows = Object.entries(entropies).flatMap(([corpus, {right, wrong}]) =>
    [...right, ...wrong].map((value, d) => ({
      ...{corpus, axis: "a", d, e: 0, value},
      became: d < right.length ? RIGHT : WRONG
    }))
  );
  const values = Float64Array.from(rows, ({value}) => value);
  const outcome = Uint8Array.from(rows, ({became}) => became);
  const layout = layoutOf(rows);
  const found = relationsOf([{values, outcome}], layout);
  const aurocs = ["x", "y", "all"].map(
    (corpus) => found.find((row) => row.corpus === corpus && row.axis === "a")!.auroc
  );
  assert.deepEqual(aurocs, [5 / 6, 3 / 4, 8 / 10]);
  const pooled = auroc(
    values,
    rows.map(({became}) => became === WRONG)
  )!;
  assert.ok(pooled < 0.5, String(pooled));
});

test("a seed without errors has no AUROC: the others' mean, and no interval over trainings", () => {
  const layout = crossed(30);
  const seeds = [makeSeed(layout, 1, 1e9, 0.6), makeSeed(layout, 2, 1e9, 0.6), makeSeed(layout, 3, 1e9, 1)];
  const all = relationsOf(seeds, layout).at(-1)!;
  const two = relationsOf(seeds.slice(0, 2), layout).at(-1)!;
  assert.equal(all.auroc, two.auroc);
  assert.ok(Math.abs(all.auroc_low! - two.auroc_low!) < 1e-9, JSON.stringify([all, two]));
  assert.equal(all.auroc_low_trainings, null);
  const none = relationsOf([seeds[2]!], layout).at(-1)!;
  assert.deepEqual([none.auroc, none.auroc_low, none.auroc_high], [null, null, null]);
});
