/**
 * Means, differences, correlations and fifths of entropy with both intervals, recomputed row by row from the run logs: sums
 * of influences in maps, and the two variances written out.
 */
import assert from "node:assert/strict";
import {join} from "node:path";
import {before, test} from "node:test";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {Database, literal} from "../../data-loaders/tables/database.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import {grouped, intervals, same, sum, type Estimator, type Part, type SeedRow} from "./plain-intervals.js";
import {inScratch, readCubes} from "./scratch.js";
import {writeSyntheticRuns} from "./synthetic-runs.js";

const EXPLANATION = "explanation.label-first.part-mean";
const LAYER = 2;

interface Read extends SeedRow {
  axis: string;
  example: string;
  right: number;
  entropy: number;
}

let cubes: AllCubes;
const read = new Map<string, Read[]>();

before(async () => {
  await inScratch(async (folder) => {
    const input = await writeSyntheticRuns(join(folder, "runs"), {seeds: [1, 2, 3]});
    await writeTables(input, join(folder, "tables"));
    cubes = await readCubes(join(folder, "tables"));
    const db = await Database.create(":memory:");
    for (const {job, folder: run} of input.runs) {
      if (job.kind !== "train") continue;
      const file = (name: string) => `read_parquet(${literal(join(run, name))})`;
      const rows = await db.rows(
        `SELECT corpus, axis, dialogue_id AS dialogue, example_id AS example, (gold = predicted)::INTEGER AS right, softmax AS entropy
         FROM ${file("predictions.parquet")} AS p JOIN ${file("layers.parquet")} AS l USING (example_id, corpus, axis) WHERE layer = ${LAYER}`
      );
      const own = read.get(job.arm.mode) ?? [];
      read.set(job.arm.mode, [
        ...own,
        ...(rows as unknown as Read[]).map((row) => ({...row, seed: String(job.seed)}))
      ]);
    }
    db.discard();
  });
});

const meanEntropy: Estimator<Read> = (rows) => {
  const value = sum(rows.map(({entropy}) => entropy)) / rows.length;
  return {value, parts: rows.map((row) => ({...row, influence: (row.entropy - value) / rows.length}))};
};

const correlation: Estimator<Read> = (rows) => {
  const centred = grouped(rows, ({seed, corpus, axis}) => [seed, corpus, axis].join(" ")).flatMap((own) => {
    const [x, y] = [
      sum(own.map(({entropy}) => entropy)) / own.length,
      sum(own.map(({right}) => right)) / own.length
    ];
    return own.map((row) => ({...row, x: row.entropy - x, y: row.right - y}));
  });
  const [xx, yy] = [sum(centred.map(({x}) => x * x)), sum(centred.map(({y}) => y * y))];
  const value = sum(centred.map(({x, y}) => x * y)) / Math.sqrt(xx * yy);
  const influence = (x: number, y: number) =>
    (x * y) / Math.sqrt(xx * yy) - (value / 2) * ((x * x) / xx + (y * y) / yy);
  return {value, parts: centred.map((row) => ({...row, influence: influence(row.x, row.y)}))};
};

/** 1 where a wrong row has the higher entropy, ½ where both have the same. */
const beats = (wrong: Read, right: Read) =>
  wrong.entropy > right.entropy ? 1 : wrong.entropy === right.entropy ? 0.5 : 0;

/** Pair by pair within a setting of a seed, with DeLong's components times the pairs; nothing without any pair. */
function pairsIn(rows: Read[]): {pairs: number; wins: number; parts: Part[]}[] {
  const [wrong, right] = [rows.filter((row) => !row.right), rows.filter((row) => row.right)];
  const pairs = wrong.length * right.length;
  if (pairs === 0) return [];
  const above = wrong.map((row) => sum(right.map((other) => beats(row, other))) / right.length);
  const below = right.map((row) => sum(wrong.map((other) => beats(other, row))) / wrong.length);
  const value = sum(above) / wrong.length;
  const parts = [
    ...wrong.map((row, i) => ({...row, influence: (pairs * (above[i]! - value)) / wrong.length})),
    ...right.map((row, i) => ({...row, influence: (pairs * (below[i]! - value)) / right.length}))
  ];
  return [{pairs, wins: pairs * value, parts}];
}

/** AUROC within settings, weighted by their pairs; mean over the seeds that have any. */
const auroc: Estimator<Read> = (rows) => {
  const seeds = grouped(rows, ({seed}) => seed).flatMap((own) => {
    const settings = grouped(own, ({corpus, axis}) => [corpus, axis].join(" ")).flatMap(pairsIn);
    const pairs = sum(settings.map((one) => one.pairs));
    return pairs > 0 ? [{settings, pairs, value: sum(settings.map(({wins}) => wins)) / pairs}] : [];
  });
  return {
    value: sum(seeds.map(({value}) => value)) / seeds.length,
    parts: seeds.flatMap(({settings, pairs}) =>
      settings.flatMap(({parts}) =>
        parts.map((part) => ({...part, influence: part.influence / pairs / seeds.length}))
      )
    )
  };
};

/** Share of right rows, where a row more or less is worth `edge`. */
const shareRight =
  (edge?: number): Estimator<Read> =>
  (rows) => {
    const value = sum(rows.map(({right}) => right)) / rows.length;
    const parts = rows.map((row) => ({...row, influence: (row.right - (edge ?? value)) / rows.length}));
    return {value, parts};
  };

const CELLS = [
  ["all", "all"],
  ["support", "all"],
  ["all", "naturalness"],
  ["support", "naturalness"]
] as const;

const inCell = (rows: Read[], corpus: string, axis: string) =>
  rows.filter((row) => [row.corpus, "all"].includes(corpus) && [row.axis, "all"].includes(axis));

test("means and paired differences by layer have both intervals", () => {
  for (const [corpus, axis] of CELLS) {
    const row = cubes.layers.find(
      (one) =>
        [one.arm, one.seed, one.corpus, one.axis].join() === [EXPLANATION, "all", corpus, axis].join() &&
        one.layer === LAYER &&
        one.estimator === "softmax"
    )!;
    const own = inCell(read.get("explanation")!, corpus, axis);
    const level = intervals(own, meanEntropy);
    same([row.mean, row.low, row.high], [level.value, ...level.dialogues]);
    same([row.low_trainings, row.high_trainings], level.trainings);
    const keyOf = ({seed, corpus: where, axis: which, example}: Read) =>
      [seed, where, which, example].join(" ");
    const alone = new Map(read.get("label-only")!.map((one) => [keyOf(one), one.entropy]));
    const effect = intervals(
      own.map((one) => ({...one, entropy: one.entropy - alone.get(keyOf(one))!})),
      meanEntropy
    );
    same([row.effect, row.effect_low, row.effect_high], [effect.value, ...effect.dialogues]);
    same([row.effect_low_trainings, row.effect_high_trainings], effect.trainings);
  }
});

test("single seeds have intervals over dialogues alone", () => {
  const rows = cubes.layers.filter(({seed}) => seed === "2");
  assert.ok(rows.length > 0 && rows.some(({low}) => low !== null));
  for (const row of rows) assert.deepEqual([row.low_trainings, row.effect_high_trainings], [null, null]);
});

test("correlations within settings have both intervals", () => {
  for (const [corpus, axis] of CELLS) {
    const row = cubes.relations.find(
      (one) =>
        [one.arm, one.corpus, one.axis].join() === [EXPLANATION, corpus, axis].join() &&
        one.layer === LAYER &&
        one.estimator === "softmax"
    )!;
    const {value, dialogues, trainings} = intervals(
      inCell(read.get("explanation")!, corpus, axis),
      correlation
    );
    const clipped = (ends: number[]) => ends.map((end) => Math.max(-1, Math.min(1, end)));
    same([row.within, row.within_low, row.within_high], [value, ...clipped(dialogues)]);
    same([row.within_low_trainings, row.within_high_trainings], clipped(trainings));
  }
});

test("AUROC of entropy as a detector of errors has both intervals, as DeLong's components give them", () => {
  for (const [corpus, axis] of CELLS) {
    const row = cubes.relations.find(
      (one) =>
        [one.arm, one.corpus, one.axis].join() === [EXPLANATION, corpus, axis].join() &&
        one.layer === LAYER &&
        one.estimator === "softmax"
    )!;
    const {value, dialogues, trainings} = intervals(inCell(read.get("explanation")!, corpus, axis), auroc);
    const clipped = (ends: number[]) => ends.map((end) => Math.max(0, Math.min(1, end)));
    same([row.auroc, row.auroc_low, row.auroc_high], [value, ...clipped(dialogues)]);
    same([row.auroc_low_trainings, row.auroc_high_trainings], clipped(trainings));
  }
});

test("accuracies by fifth have both intervals", () => {
  const rows = read.get("explanation")!;
  const fifthOf = new Map<Read, number>();
  for (const own of grouped(rows, ({seed, corpus, axis}) => [seed, corpus, axis].join(" ")))
    for (const row of own)
      fifthOf.set(
        row,
        Math.floor((5 * own.filter(({entropy}) => entropy < row.entropy).length) / own.length) + 1
      );
  for (const [corpus, axis] of CELLS)
    for (const fifth of [1, 3, 5] as const) {
      const row = cubes.quintiles.find(
        (one) =>
          [one.arm, one.corpus, one.axis].join() === [EXPLANATION, corpus, axis].join() &&
          one.layer === LAYER &&
          one.estimator === "softmax" &&
          one.quintile === fifth
      )!;
      const inFifth = (which: number) =>
        inCell(rows, corpus, axis).filter((one) => fifthOf.get(one) === which);
      const own = inFifth(fifth);
      // Between the outermost fifth and the next lies the accuracy at the edge.
      const next = {1: 2, 3: null, 5: 4}[fifth];
      const shareIn = (which: number) => shareRight()(inFifth(which)).value;
      const edge = next ? (shareIn(fifth) + shareIn(next)) / 2 : undefined;
      const {value, shares} = intervals(own, shareRight(edge));
      assert.equal(row.n, own.length);
      same([row.accuracy, row.low, row.high], [value, ...shares.dialogues]);
      same([row.low_trainings, row.high_trainings], shares.trainings);
    }
});
