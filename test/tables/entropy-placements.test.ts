/** Intervals of AUROC in cells of many rows, and of ties, against the influences of every row. */
import assert from "node:assert/strict";
import {test} from "node:test";
import {xoroshiro128plus} from "pure-rand/generator/xoroshiro128plus";
import type {RelationRow} from "../../src/core/cubes.js";
import {aurocEstimate} from "../../src/core/statistics/auroc.js";
import {clusterVariance, sumByCluster, uncertaintyFrom} from "../../src/core/statistics/uncertainty.js";
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

/** Two corpora × two axes; some dialogues lack one axis. */
function layoutOf(dialogues: number): TestLayout {
  const settings = ["x", "y"].flatMap((corpus) => ["a", "b"].map((axis) => ({corpus, axis})));
  const rows = ["x", "y"].flatMap((corpus) =>
    Array.from({length: dialogues}, (_, d) =>
      ["a", "b"]
        .filter((axis) => axis === "a" || d % 5 > 0)
        .flatMap((axis) => Array.from({length: 1 + (d % 3)}, (_, e) => ({corpus, axis, d, e})))
    ).flat()
  );
  const labels = ["1", "2"];
  return layOut(
    rows.map(({corpus, axis, d, e}, row) => ({
      ...{row, corpus, axis, labels, gold: "1", ordinal: true},
      ...{dialogue_id: `d${d}`, example_id: `d${d}.${e}`}
    })),
    settings
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
      ...placeOutcomes(outcome, layout),
      values: placeValues(values, layout)
    }))
  };
  return relateToCorrectness("arm", series, momentsOf(series, layout), layout).relations;
}

/** The same from every row's influence. Dialogues of which no row has an entropy and a prediction don't count. */
function expected(seeds: Made[], cell: Cell) {
  const apart = seeds.map(({outcome, values}) => {
    const usable = Array.from(cell.rows.keys()).filter((i) => {
      const row = cell.rows[i]!;
      return outcome[row] !== UNSCORED && !Number.isNaN(values[row]!);
    });
    const rows = usable.map((i) => cell.rows[i]!);
    const estimate = aurocEstimate(
      Float64Array.from(rows, (row) => values[row]!),
      rows.map((row) => outcome[row] === WRONG)
    )!;
    const clusters = usable.map((i) => cell.dialogue[i]!);
    return {...estimate, clusters, influence: sumByCluster(estimate.influence, clusters, cell.dialogues)};
  });
  const over = (clusters: number[], influence: number[]) => {
    const held = [...new Set(clusters)];
    const strata = held.map((g) => cell.stratum[g]!);
    return {
      variance: clusterVariance(
        held.map((g) => influence[g]!),
        strata
      ),
      df: held.length - cell.strata
    };
  };
  const mean = (own: number[]) => own.reduce((sum, one) => sum + one, 0) / own.length;
  const value = mean(apart.map((one) => one.value));
  const together = Array.from({length: cell.dialogues}, (_, g) =>
    mean(apart.map((one) => one.influence[g]!))
  );
  const all = over(
    apart.flatMap(({clusters}) => clusters),
    together
  );
  const within = mean(apart.map((one) => over(one.clusters, [...one.influence]).variance));
  const between = apart.reduce((sum, one) => sum + (one.value - value) ** 2, 0) / (apart.length - 1);
  return {value, ...uncertaintyFrom(value, all, {seeds: apart.length, between, within}, [0, 1])};
}

function agree(seeds: Made[], layout: TestLayout, tolerance: number): void {
  const relations = relationsOf(seeds, layout);
  layout.cells.forEach((cell, c) => {
    const [found, wanted] = [relations[c]!, expected(seeds, cell)];
    // Few degrees of freedom make of a small error of the variance a larger one of t.
    const pairs = [
      [found.auroc, wanted.value, 1],
      [found.auroc_low, wanted.low, 1],
      [found.auroc_high, wanted.high, 1],
      [found.auroc_low_trainings, wanted.low_trainings, 5],
      [found.auroc_high_trainings, wanted.high_trainings, 5]
    ] as const;
    const say = `${cell.corpus} ${cell.axis}: ${JSON.stringify(pairs)}`;
    for (const [ours, theirs, times] of pairs) {
      if (typeof theirs !== "number") assert.equal(ours, null, say);
      else {
        const reach = Math.abs(theirs - wanted.value);
        assert.ok(Math.abs(ours! - theirs) <= times * tolerance * reach + 1e-12, say);
      }
    }
    assert.ok(Math.abs(found.auroc! - wanted.value) < 1e-12, say);
  });
}

test("AUROC and its intervals are those of every row's influence, with and without ties", () => {
  const layout = layoutOf(60);
  for (const values of [1e9, 40, 3])
    for (const seeds of [1, 3])
      agree(
        Array.from({length: seeds}, (_, s) => makeSeed(layout, 7 * values + s + 1, values, 0.7)),
        layout,
        1e-9
      );
});

test("where rows share a step, standard errors are off by a few thousandths at most", () => {
  const layout = layoutOf(2000);
  for (const values of [1e9, 200, 2, 1])
    agree(
      [1, 2].map((s) => makeSeed(layout, s, values, 0.95)),
      layout,
      3e-3
    );
});

test("a seed without errors has no AUROC: the others' mean, and no interval over trainings", () => {
  const layout = layoutOf(30);
  const seeds = [makeSeed(layout, 1, 1e9, 0.6), makeSeed(layout, 2, 1e9, 0.6), makeSeed(layout, 3, 1e9, 1)];
  const all = relationsOf(seeds, layout).at(-1)!;
  const two = relationsOf(seeds.slice(0, 2), layout).at(-1)!;
  assert.equal(all.auroc, two.auroc);
  assert.ok(Math.abs(all.auroc_low! - two.auroc_low!) < 1e-9, JSON.stringify([all, two]));
  assert.equal(all.auroc_low_trainings, null);
  const none = relationsOf([seeds[2]!], layout).at(-1)!;
  assert.deepEqual([none.auroc, none.auroc_low, none.auroc_high], [null, null, null]);
});
