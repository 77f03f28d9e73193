/** Summaries against the definitions: measures of rows one by one, summed by dialogue. */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {measureCell, MEASURE_IDS} from "../../src/core/statistics/cell-measures.js";
import {clusterVariance, uncertaintyOf} from "../../src/core/statistics/uncertainty.js";
import {differencesOf, estimateOf} from "../../data-loaders/tables/estimates.js";
import {influenceAt, varianceIn} from "../../data-loaders/tables/influence-moments.js";
import type {RowScores} from "../../data-loaders/tables/read-predictions.js";
import {pairUp, type Member} from "../../data-loaders/tables/systems.js";
import {summarise, UNSCORED, type Summary} from "../../data-loaders/tables/summary.js";
import {layOut, type TestLayout} from "../../data-loaders/tables/test-layout.js";
import type {TestRow} from "../../data-loaders/tables/test-rows.js";

const LABELS = ["a", "b", "c"];
const SETTINGS = ["left", "right"].flatMap((corpus) => ["one", "two"].map((axis) => ({corpus, axis})));

/** A test row with what a run says of it; few confidences, so that they tie. */
const item = fc.record({
  corpus: fc.integer({min: 0, max: 1}),
  dialogue: fc.integer({min: 0, max: 5}),
  axis: fc.integer({min: 0, max: 1}),
  gold: fc.integer({min: 0, max: 2}),
  predicted: fc.integer({min: 0, max: 2}),
  confidence: fc.integer({min: 4, max: 12}).map((twelfths) => twelfths / 12),
  loss: fc.double({min: 0, max: 3, noNaN: true}),
  scored: fc.integer({min: 0, max: 5}).map((one) => one > 0)
});
type Item = typeof item extends fc.Arbitrary<infer T> ? T : never;

function makeLayout(items: Item[]): TestLayout {
  const rows = items.map(({corpus, dialogue, axis, gold}, row): TestRow => ({
    ...{row, ...SETTINGS[2 * corpus + axis]!},
    example_id: String(row),
    dialogue_id: String(dialogue),
    ...{gold: LABELS[gold]!, labels: LABELS, ordinal: true}
  }));
  return layOut(rows, SETTINGS);
}

function scoresOf(items: Item[], {gold}: TestLayout): RowScores {
  const column = (of: (one: Item) => number) => Float64Array.from(items, of);
  return {
    gold,
    predicted: Uint8Array.from(items, ({predicted}) => predicted),
    nll: column(({loss}) => loss),
    brier: column(({loss}) => loss / 2),
    confidence: column(({confidence}) => confidence),
    label_entropy: column(({confidence}) => 1 - confidence),
    margin: column(({confidence}) => confidence / 2),
    off_label_mass: column(({loss}) => loss / 10),
    scored: Uint8Array.from(items, ({scored}) => (scored ? 1 : 0)),
    shownProbabilities: new Float64Array(0)
  };
}

/** Dialogue by dialogue, as test rows stand. */
const items = fc
  .array(item, {minLength: 1, maxLength: 60})
  .map((all) => all.sort((a, b) => a.corpus - b.corpus || a.dialogue - b.dialogue));

test("a summary holds the measures of every cell, and their influences summed by dialogue", () => {
  fc.assert(
    fc.property(items, (all) => {
      const layout = makeLayout(all);
      const scores = scoresOf(all, layout);
      const summary = summarise(scores, layout);
      layout.cells.forEach((cell, c) => {
        const scored = [...cell.rows.keys()].filter((i) => summary.outcome[cell.rows[i]!] !== UNSCORED);
        const expected = measureCell(
          scores,
          scored.map((i) => cell.rows[i]!),
          cell.shape
        );
        const {n, values, dialogues} = summary.cells[c]!;
        assert.equal(n, scored.length);
        assert.equal(dialogues, new Set(scored.map((i) => cell.dialogue[i])).size);
        if (n === 0) return;
        MEASURE_IDS.forEach((id, m) => {
          const value = expected.values[m]!;
          assert.ok(Object.is(values[m], value) || Math.abs(values[m]! - value) < 1e-12, id);
          if (!Number.isFinite(value)) return;
          const sums = new Float64Array(cell.dialogues);
          scored.forEach((i, k) => (sums[cell.dialogue[i]!]! += expected.influence[m * n + k]!));
          cell.dialogueIds.forEach((g, own) => {
            const found = summary.influence[influenceAt(layout, cell, g) + m]!;
            assert.ok(Math.abs(found - sums[own]!) < 1e-6, `${id}: ${found} against ${sums[own]}`);
          });
          const strata = cell.strata > 1 ? {strata: cell.stratum} : {};
          const variance = clusterVariance(sums, strata.strata);
          const own = varianceIn(summary.moments, cell, m, layout);
          assert.ok(Object.is(own, variance) || Math.abs(own - variance) < 1e-6, `variance of ${id}`);
        });
      });
    })
  );
});

/** The same rows as another run sees them, all scored. */
function rescored(all: Item[], shift: number): Item[] {
  return all.map((one, i) => ({
    ...one,
    predicted: (one.predicted + (i % 3 === shift ? 1 : 0)) % 3,
    loss: one.loss + ((i * (shift + 1)) % 5) / 7,
    scored: true
  }));
}

test("effects have the intervals of their influences, dialogue by dialogue", async () => {
  await fc.assert(
    fc.asyncProperty(items, async (all) => {
      const layout = makeLayout(all);
      const memberOf = (shift: number, seed: string): Member => ({
        ...{system: String(shift), kind: "arm", seed, runs: [], recorded: false},
        summary: summarise(scoresOf(rescored(all, shift), layout), layout)
      });
      const [arm, base] = [
        [memberOf(0, "1"), memberOf(1, "2")],
        [memberOf(2, "1"), memberOf(3, "2")]
      ];
      const pairs = await pairUp(arm, base, layout, () => Promise.reject(new Error("nothing to restrict")));
      const differences = differencesOf(pairs, layout);
      layout.cells.forEach((cell, c) =>
        MEASURE_IDS.forEach((id, m) => {
          const influenceOf = ({influence}: Summary, g: number) =>
            influence[influenceAt(layout, cell, g) + m]!;
          const seeds = pairs.map(({arm: own, base: other}) => ({
            value: own.cells[c]!.values[m]! - other.cells[c]!.values[m]!,
            influence: Float64Array.from(cell.dialogueIds, (g) => influenceOf(own, g) - influenceOf(other, g))
          }));
          const found = estimateOf(differences, c, m);
          if (!seeds.every(({value}) => Number.isFinite(value))) return assert.equal(found.value, null);
          const df = cell.dialogues - cell.strata;
          const expected = uncertaintyOf({seeds, df, ...(cell.strata > 1 ? {strata: cell.stratum} : {})});
          for (const key of ["value", "se", "se_trainings"] as const) {
            const gap = Math.abs((found[key] ?? 0) - (expected[key] ?? 0));
            assert.ok(gap < 1e-7, `${key} of ${id}: ${found[key]} against ${expected[key]}`);
          }
        })
      );
    })
  );
});
