/** The stage as a whole: known effects come out, the same input gives the same bytes, every cube has its rows. */
import assert from "node:assert/strict";
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {test} from "node:test";
import {CUBES, type EffectRow, type LevelRow} from "../../src/core/cubes.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {LABEL_ONLY} from "../../src/core/arms.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import {inScratch, readCubes} from "./scratch.js";
import {writeManifest} from "./synthetic-logs.js";
import {part, SMALL, type SyntheticPlan} from "./synthetic-plan.js";
import {writeSyntheticRuns} from "./synthetic-runs.js";

async function tablesOf(change: Partial<SyntheticPlan> = {}): Promise<AllCubes> {
  return inScratch(async (folder) => {
    await writeTables(await writeSyntheticRuns(join(folder, "runs"), change), join(folder, "tables"));
    return readCubes(join(folder, "tables"));
  });
}

/** Tables of the small plan, made once for all tests that change nothing in it. */
let made: Promise<AllCubes> | undefined;
const smallTables = () => (made ??= tablesOf());

function levelIn(cubes: AllCubes, key: Partial<LevelRow>): LevelRow {
  const found = cubes.levels.find((row) =>
    Object.entries(key).every(([name, value]) => row[name as keyof LevelRow] === value)
  );
  assert.ok(found, `no level ${JSON.stringify(key)}`);
  return found;
}

function effectIn(cubes: AllCubes, key: Partial<EffectRow>): EffectRow {
  const found = cubes.effects.find((row) =>
    Object.entries(key).every(([name, value]) => row[name as keyof EffectRow] === value)
  );
  assert.ok(found, `no effect ${JSON.stringify(key)}`);
  return found;
}

const ALL = {corpus: "all", axis: "all", seed: "all"};
const EXPLANATION = "explanation.label-first.part-mean";
const FILLER = "filler.label-first.part-mean";

test("planted effects are found, with their sign, and pairing makes their intervals narrow", async () => {
  const cubes = await smallTables();
  const help = effectIn(cubes, {arm: EXPLANATION, measure: "accuracy", ...ALL});
  const hurt = effectIn(cubes, {arm: FILLER, measure: "accuracy", ...ALL});
  assert.ok(help.low! > 0.1 && help.gained > help.lost, JSON.stringify(help));
  assert.ok(hurt.high! < -0.05 && hurt.gained < hurt.lost, JSON.stringify(hurt));
  assert.ok(hurt.versus_explanation_high! < 0);
  const none = effectIn(cubes, {arm: "shuffled.label-first.part-mean", measure: "accuracy", ...ALL});
  assert.ok(Math.abs(none.effect!) < 0.1, JSON.stringify(none));
  const level = levelIn(cubes, {system: EXPLANATION, measure: "accuracy", ...ALL});
  assert.deepEqual([level.n, level.dialogues], [2 * 2 * 48, 2 * 24]);
  assert.ok(level.low! < level.value! && level.value! < level.high!);
});

test("effects are differences of levels, seed by seed and in the mean", async () => {
  const cubes = await smallTables();
  for (const seed of ["1", "2", "all"]) {
    for (const measure of ["accuracy", "macro_f1", "qwk", "ece", "nll"] as const) {
      const place = {corpus: "support", axis: "adherence", seed, measure};
      const difference =
        levelIn(cubes, {system: EXPLANATION, ...place}).value! -
        levelIn(cubes, {system: "label-only", ...place}).value!;
      const {effect} = effectIn(cubes, {arm: EXPLANATION, ...place});
      assert.ok(Math.abs(effect! - difference) < 1e-4, `${seed} ${measure}: ${effect} against ${difference}`);
    }
  }
  const seeds = ["1", "2"].map(
    (seed) => levelIn(cubes, {system: EXPLANATION, measure: "brier", ...ALL, seed}).value!
  );
  const mean = levelIn(cubes, {system: EXPLANATION, measure: "brier", ...ALL}).value!;
  assert.ok(Math.abs(mean - (seeds[0]! + seeds[1]!) / 2) < 1e-11);
});

test("gained and lost add up to the difference in accuracy", async () => {
  const cubes = await smallTables();
  const rows = cubes.effects.filter(({measure, seed}) => measure === "accuracy" && seed === "all");
  assert.ok(rows.length > 0);
  for (const {gained, lost, n, effect} of rows)
    assert.ok(Math.abs((gained - lost) / (2 * n) - effect!) < 1e-4);
});

test("the same input gives the same bytes, whatever the order of the runs and whenever they ran", async () => {
  await inScratch(async (folder) => {
    const input = await writeSyntheticRuns(join(folder, "runs"));
    await writeTables(input, join(folder, "once"));
    for (const run of input.runs)
      await writeManifest(run, {started: 99, finished: 120, wall_seconds: 21, resumed: 3});
    await writeTables({...input, runs: [...input.runs].reverse()}, join(folder, "again"));
    for (const name of CUBES) {
      const [once, again] = await Promise.all(
        ["once", "again"].map((part) => readFile(join(folder, part, `${name}.json`), "utf8"))
      );
      if (name === "runs") assert.notEqual(once, again);
      else assert.equal(once === again, true, `${name}.json differs`);
    }
    const files = (await readdir(join(folder, "once"))).sort();
    assert.deepEqual(files, [...CUBES.map((name) => `${name}.json`), "study.duckdb"].sort());
  });
});

test("one more seed leaves the rows of the others as they are", async () => {
  const [two, three] = [await smallTables(), await tablesOf({seeds: [1, 2, 3]})];
  for (const row of two.levels.filter(({seed}) => seed !== "all"))
    assert.deepEqual(
      levelIn(three, {
        system: row.system,
        seed: row.seed,
        corpus: row.corpus,
        axis: row.axis,
        measure: row.measure
      }),
      row
    );
});

test("one corpus more leaves the intervals of the others as they are", async () => {
  const [two, three] = [await smallTables(), await tablesOf({corpora: ["assistant", "film", "support"]})];
  const place = {
    system: EXPLANATION,
    corpus: "support",
    axis: "naturalness",
    seed: "all",
    measure: "accuracy"
  } as const;
  assert.deepEqual(levelIn(three, place), levelIn(two, place));
});

test("layers, relations and quintiles say what was planted: certain means low entropy and right", async () => {
  const cubes = await smallTables();
  const layer = cubes.layers.find(
    (row) =>
      row.arm === EXPLANATION &&
      row.layer === 2 &&
      row.estimator === "softmax" &&
      row.seed === "all" &&
      row.corpus === "all" &&
      row.axis === "all"
  )!;
  assert.ok(
    layer.effect_high! < 0 && layer.correct! < layer.wrong! && layer.n === 192,
    JSON.stringify(layer)
  );
  assert.ok(
    !cubes.layers.some(({estimator, layer}) => estimator === "energy" && layer === 0),
    "energy is absent at layer 0"
  );
  assert.ok(cubes.layers.filter(({arm}) => arm === "label-only").every(({effect}) => effect === null));
  const relation = cubes.relations.find(
    (row) => row.arm === "label-only" && row.layer === -1 && row.corpus === "all" && row.axis === "all"
  )!;
  assert.ok(relation.within_high! < 0 && relation.auroc! > 0.55, JSON.stringify(relation));
  assert.equal(relation.n, 2 * 192);
  const fifths = cubes.quintiles.filter(
    (row) => row.arm === EXPLANATION && row.layer === -1 && row.corpus === "all" && row.axis === "all"
  );
  assert.deepEqual(
    fifths.map(({quintile}) => quintile),
    [1, 2, 3, 4, 5]
  );
  assert.ok(fifths[0]!.accuracy > fifths[4]!.accuracy && fifths[0]!.entropy < fifths[4]!.entropy);
  assert.equal(
    fifths.reduce((n, row) => n + row.n, 0),
    2 * 192
  );
});

test("curves have at most 60 points a run, and steps logged twice count once", async () => {
  const {curves, runs} = await smallTables();
  const train = runs.filter(({kind}) => kind === "train");
  assert.equal(new Set(curves.map(({run}) => run)).size, train.length);
  const first = curves.filter(({run}) => run === train[0]!.run);
  assert.equal(first.length, 50);
  assert.deepEqual(
    first.map(({step}) => step),
    Array.from({length: 50}, (_, i) => 4 * (i + 1))
  );
  assert.ok(Math.abs(first[0]!.loss - (3 + 3 / 2 + 1 + 3 / 4) / 4) < 1e-4);
});

test("the examples document holds each run's label and the mean probabilities of the seeds", async () => {
  const {examples, study} = await smallTables();
  assert.equal(examples.runs.length, 8);
  assert.deepEqual(
    examples.arms,
    study.arms.map(({id}) => id)
  );
  assert.equal(examples.items.length, 192);
  for (const {predicted, probabilities} of examples.items) {
    assert.match(predicted, /^[0-4]{8}$/);
    for (const one of probabilities) assert.ok(Math.abs(one!.reduce((a, b) => a + b, 0) - 1000) <= 3);
  }
  assert.ok(examples.training.length > 0);
});

test("facts of the study", async () => {
  const {study} = await smallTables();
  assert.equal(study.synthetic, true);
  assert.equal(study.layers, 2);
  assert.deepEqual(study.baselines, ["majority", "length"]);
  assert.deepEqual(study.counts, {
    runs: 10,
    runs_failed: 0,
    predictions: 1920,
    train_examples: 16,
    test_examples: 96
  });
  assert.match(study.version, /^[0-9a-f]{16}$/);
  const [setting] = study.settings;
  assert.deepEqual(
    {...setting, majority_share: 0},
    {
      ...{corpus: "assistant", axis: "naturalness", train: 8, explained: 8},
      ...{test: 48, test_dialogues: 24, majority_share: 0}
    }
  );
  assert.ok(setting!.majority_share >= 0.2 && setting!.majority_share <= 1);
});

test("a study of one seed, one corpus and one axis", async () => {
  const cubes = await tablesOf({seeds: [7], corpora: ["support"], axes: [SMALL.axes[0]!]});
  const place = {corpus: "support", axis: "naturalness", measure: "accuracy"} as const;
  const pooled = levelIn(cubes, {...place, system: EXPLANATION, corpus: "all", axis: "all", seed: "all"});
  assert.equal(pooled.value, levelIn(cubes, {...place, system: EXPLANATION, seed: "7"}).value);
  assert.equal(pooled.low, levelIn(cubes, {...place, system: EXPLANATION, seed: "all"}).low);
});

test("nominal axes have no distances, and pooled cells only what their axes share", async () => {
  const nominal = {...SMALL.axes[0]!, id: "topic", kind: "nominal" as const, labels: ["a", "b", "c"]};
  const cubes = await tablesOf({axes: [SMALL.axes[0]!, nominal]});
  const value = (axis: string, measure: LevelRow["measure"]) =>
    levelIn(cubes, {system: EXPLANATION, corpus: "all", seed: "all", axis, measure}).value;
  for (const measure of ["within_one", "mae", "qwk"] as const) {
    assert.equal(value("topic", measure), null);
    assert.equal(value("all", measure), null);
    assert.notEqual(value("naturalness", measure), null);
  }
  assert.equal(value("all", "macro_f1"), null);
  assert.notEqual(value("topic", "macro_f1"), null);
  for (const measure of ["accuracy", "nll", "brier", "ece", "ece_mass"] as const)
    assert.notEqual(value("all", measure), null);
});

test("one model a setting makes the same levels as rows of one run", async () => {
  const cubes = await tablesOf({perSetting: true, baselines: []});
  const level = levelIn(cubes, {system: EXPLANATION, measure: "accuracy", ...ALL});
  assert.equal(level.n, 192);
  assert.equal(cubes.runs.length, 4 * 2 * 4);
  assert.deepEqual(
    cubes.examples.runs.map(({run}) => run),
    Array.from({length: 8}, () => "")
  );
  assert.ok(cubes.examples.items.every(({predicted}) => /^[0-4]{8}$/.test(predicted)));
});

test("a cell with one dialogue has values and no interval", async () => {
  const cubes = await tablesOf({dialogues: 1, examplesPerDialogue: 6, corpora: ["support"]});
  const level = levelIn(cubes, {system: EXPLANATION, measure: "accuracy", ...ALL});
  assert.deepEqual([level.n, level.dialogues, level.low, level.high], [12, 1, null, null]);
  assert.notEqual(level.value, null);
});

test("a study without label-only runs has levels, and effects of null", async () => {
  const cubes = await tablesOf({
    arms: [
      {arm: part("explanation"), skill: 1},
      {arm: LABEL_ONLY, skill: 1}
    ].slice(0, 1)
  });
  assert.ok(cubes.effects.length > 0);
  assert.ok(cubes.effects.every(({effect, low, n}) => effect === null && low === null && n === 0));
  assert.notEqual(levelIn(cubes, {system: EXPLANATION, measure: "accuracy", ...ALL}).value, null);
});
