/** Both intervals of accuracy by confidence and of effects by label, recomputed row by row from `study.duckdb`. */
import assert from "node:assert/strict";
import {join} from "node:path";
import {before, test} from "node:test";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {Database, literal} from "../../data-loaders/tables/database.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import {grouped, intervals, same, sum, type Estimator, type SeedRow} from "./plain-intervals.js";
import {inScratch, readCubes} from "./scratch.js";
import {writeSyntheticRuns} from "./synthetic-runs.js";

const EXPLANATION = "explanation.label-first.part-mean";

interface Predicted extends SeedRow {
  system: string;
  axis: string;
  row: number;
  gold: string;
  right: number;
  confidence: number;
}

let cubes: AllCubes;
let predicted: Predicted[];

before(async () => {
  await inScratch(async (folder) => {
    const input = await writeSyntheticRuns(join(folder, "runs"), {seeds: [1, 2, 3]});
    await writeTables(input, join(folder, "tables"));
    cubes = await readCubes(join(folder, "tables"));
    const db = await Database.create(":memory:");
    await db.run(`ATTACH ${literal(join(folder, "tables", "study.duckdb"))} AS study (READ_ONLY)`);
    predicted = (await db.rows(
      `SELECT system, seed, corpus, axis, dialogue_id AS dialogue, row, gold,
         correct::INTEGER AS right, confidence
       FROM study.predictions WHERE scored`
    )) as unknown as Predicted[];
    db.discard();
  });
});

const inCell = (system: string, corpus: string, axis: string) =>
  predicted.filter(
    (row) => row.system === system && [row.corpus, "all"].includes(corpus) && [row.axis, "all"].includes(axis)
  );

const CELLS = [
  ["all", "all"],
  ["support", "all"],
  ["all", "naturalness"],
  ["support", "naturalness"]
] as const;

test("accuracies by confidence have both intervals", () => {
  let tested = 0;
  for (const [corpus, axis] of CELLS)
    for (const row of cubes.reliability) {
      if ([row.system, row.seed, row.bins].join() !== `${EXPLANATION},all,width`) continue;
      if (row.corpus !== corpus || row.axis !== axis) continue;
      const own = inCell(EXPLANATION, corpus, axis).filter(
        ({confidence}) => Math.max(1, Math.ceil(confidence * 15)) === row.bin
      );
      assert.equal(row.n, own.length);
      const parts = grouped(own, (one) => [one.seed, one.corpus].join(" "));
      const enough = parts.every((part) => new Set(part.map(({dialogue}) => dialogue)).size > 1);
      if (!enough || new Set(own.map(({seed}) => seed)).size < 3) continue;
      const p = sum(own.map(({right}) => right)) / own.length;
      // A training's rows count as if there were as many of each.
      const accuracy: Estimator<Predicted> = (rows) => {
        const times = rows.length === own.length ? 1 : 3;
        const moved = rows.map((one) => ({...one, influence: (times * (one.right - p)) / own.length}));
        return {value: p + sum(moved.map(({influence}) => influence)), parts: moved};
      };
      const {value, shares} = intervals(own, accuracy);
      same([row.accuracy, row.low, row.high], [value, ...shares.dialogues]);
      same([row.low_trainings, row.high_trainings], shares.trainings);
      tested += 1;
    }
  assert.ok(tested >= 12, `${tested} bins`);
});

test("bins of single seeds have no intervals", () => {
  const rows = cubes.reliability.filter(({seed}) => seed === "1");
  assert.ok(rows.length > 0);
  for (const {low, high_trainings} of rows) assert.deepEqual([low, high_trainings], [null, null]);
});

test("effects by label have both intervals", () => {
  const keyOf = ({seed, row}: Predicted) => `${seed} ${row}`;
  const gain: Estimator<Predicted> = (rows) => {
    const value = sum(rows.map(({right}) => right)) / rows.length;
    return {value, parts: rows.map((row) => ({...row, influence: (row.right - value) / rows.length}))};
  };
  let tested = 0;
  for (const [corpus, axis] of CELLS.filter(([, one]) => one !== "all")) {
    const alone = new Map(inCell("label-only", corpus, axis).map((one) => [keyOf(one), one.right]));
    const paired = inCell(EXPLANATION, corpus, axis).map((one) => ({
      ...one,
      right: one.right - alone.get(keyOf(one))!
    }));
    for (const row of cubes.labelEffects) {
      if ([row.arm, row.corpus, row.axis].join() !== [EXPLANATION, corpus, axis].join()) continue;
      const own = paired.filter(({gold}) => gold === row.label);
      if (own.length === 0) continue;
      const {value, dialogues, trainings} = intervals(own, gain);
      same([row.effect, row.low, row.high], [value, ...dialogues]);
      same([row.low_trainings, row.high_trainings], trainings);
      tested += 1;
    }
  }
  assert.ok(tested >= 8, `${tested} labels`);
});
