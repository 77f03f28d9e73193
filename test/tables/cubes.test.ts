/** The cubes against each other and against plain computations from the run logs. */
import assert from "node:assert/strict";
import {join} from "node:path";
import {before, test} from "node:test";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {countsIn, jointSums, wholeRegion, type JointSums} from "../../src/core/joint-counts.js";
import {measureOf, MEASURES} from "../../src/core/measures.js";
import {randomEffects} from "../../src/core/statistics/random-effects.js";
import {studentTQuantile} from "../../src/core/statistics/distributions.js";
import {Database, literal} from "../../data-loaders/tables/database.js";
import type {TablesInput} from "../../data-loaders/tables/tables-input.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import {inScratch, readCubes} from "./scratch.js";
import {writeSyntheticRuns} from "./synthetic-runs.js";

const EXPLANATION = "explanation.label-first.part-mean";
const SEEDS = 2;
const ROWS = 48;

/** A prediction as the tests recompute from. */
interface Said {
  corpus: string;
  axis: string;
  dialogue: string;
  example: string;
  right: number;
  gold: number;
  predicted: number;
  confidence: number;
}

let cubes: AllCubes;
/** System and seed → what was predicted. */
const said = new Map<string, Said[]>();

before(async () => {
  await inScratch(async (folder) => {
    const input = await writeSyntheticRuns(join(folder, "runs"));
    await writeTables(input, join(folder, "tables"));
    cubes = await readCubes(join(folder, "tables"));
    await readPredictions(input);
  });
});

async function readPredictions({runs}: TablesInput): Promise<void> {
  const db = await Database.create(":memory:");
  for (const {job, folder} of runs) {
    if (job.kind !== "train") continue;
    const rows = await db.rows(`FROM read_parquet(${literal(join(folder, "predictions.parquet"))})`);
    said.set(
      `${job.arm.mode} ${job.seed}`,
      rows.map((row) => {
        const weights = (row.label_logits as number[]).map(Math.exp);
        return {
          corpus: row.corpus as string,
          axis: row.axis as string,
          dialogue: row.dialogue_id as string,
          example: row.example_id as string,
          right: Number(row.gold === row.predicted),
          gold: Number(row.gold) - 1,
          predicted: Number(row.predicted) - 1,
          confidence: Math.max(...weights) / weights.reduce((a, b) => a + b, 0)
        };
      })
    );
  }
  db.discard();
}

const inCell = (corpus: string, axis: string) => (row: Said) =>
  (corpus === "all" || row.corpus === corpus) && (axis === "all" || row.axis === axis);
const close = (a: number | null, b: number, tolerance = 2e-5) =>
  assert.ok(a !== null && Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)), `${a} against ${b}`);

test("confusions add up to the rows, and their diagonal to the accuracy", () => {
  const {cells} = cubes.confusions;
  assert.equal(cells.length, 4 * (4 * SEEDS + 2));
  for (const {system, seed, corpus, axis, counts} of cells) {
    assert.equal(counts.length, 25);
    assert.equal(
      counts.reduce((a, b) => a + b, 0),
      ROWS
    );
    const diagonal = [0, 6, 12, 18, 24].reduce((sum, at) => sum + counts[at]!, 0);
    const level = cubes.levels.find(
      (row) =>
        row.system === system &&
        row.seed === (seed || "all") &&
        row.corpus === corpus &&
        row.axis === axis &&
        row.measure === "accuracy"
    )!;
    close(level.value, diagonal / ROWS, 1e-9);
  }
});

test("reliability bins hold every row, and their weighted gaps are the calibration errors", () => {
  for (const bins of ["width", "mass"] as const)
    for (const seed of ["1", "all"])
      for (const [corpus, axis, rows] of [
        ["support", "adherence", ROWS],
        ["all", "all", 4 * ROWS]
      ] as const) {
        const own = cubes.reliability.filter(
          (row) =>
            row.system === EXPLANATION &&
            row.bins === bins &&
            row.seed === seed &&
            row.corpus === corpus &&
            row.axis === axis
        );
        const n = own.reduce((sum, row) => sum + row.n, 0);
        assert.equal(n, rows * (seed === "all" ? SEEDS : 1));
        if (seed !== "1") continue;
        const gap = own.reduce((sum, row) => sum + (row.n / n) * Math.abs(row.confidence - row.accuracy), 0);
        const level = cubes.levels.find(
          (row) =>
            row.system === EXPLANATION &&
            row.seed === "1" &&
            row.corpus === corpus &&
            row.axis === axis &&
            row.measure === (bins === "width" ? "ece" : "ece_mass")
        )!;
        close(level.value, gap, 1e-4);
        assert.ok(own.every(({low, high}) => low === null && high === null));
      }
});

test("risk at full coverage is the error rate, and at half coverage that of the surer half", () => {
  for (const {system, corpus, axis, coverage, risk} of cubes.riskCoverage) {
    if (coverage !== 1) continue;
    const level = cubes.levels.find(
      (row) =>
        row.system === system &&
        row.seed === "all" &&
        row.corpus === corpus &&
        row.axis === axis &&
        row.measure === "accuracy"
    )!;
    close(risk, 1 - level.value!);
  }
  const half = [1, 2].map((seed) => {
    const rows = said.get(`explanation ${seed}`)!.sort((a, b) => b.confidence - a.confidence);
    return rows.slice(0, rows.length / 2).reduce((sum, {right}) => sum + 1 - right, 0) / (rows.length / 2);
  });
  const found = cubes.riskCoverage.find(
    (row) => row.system === EXPLANATION && row.corpus === "all" && row.axis === "all" && row.coverage === 0.5
  )!;
  close(found.risk, (half[0]! + half[1]!) / 2);
});

test("the Brier score is the sum of its parts, and that of “the label is right”", () => {
  for (const {brier, reliability, resolution, uncertainty, within_bin} of cubes.brier)
    close(brier, reliability - resolution + uncertainty + within_bin, 1e-4);
  const rows = [1, 2].flatMap((seed) => said.get(`explanation ${seed}`)!.filter(inCell("support", "all")));
  const expected =
    rows.reduce((sum, {confidence, right}) => sum + (confidence - right) ** 2, 0) / rows.length;
  const found = cubes.brier.find(
    (row) => row.system === EXPLANATION && row.corpus === "support" && row.axis === "all"
  )!;
  close(found.brier, expected);
});

test("distributions hold the rows of all seeds, right and wrong", () => {
  for (const quantity of ["label_entropy", "margin", "confidence"] as const) {
    const own = cubes.distributions.filter(
      (row) =>
        row.system === EXPLANATION && row.quantity === quantity && row.corpus === "all" && row.axis === "all"
    );
    const right = own.reduce((sum, row) => sum + row.correct, 0);
    assert.equal(right + own.reduce((sum, row) => sum + row.wrong, 0), 4 * ROWS * SEEDS);
    const expected = [1, 2].reduce(
      (sum, seed) => sum + said.get(`explanation ${seed}`)!.reduce((n, row) => n + row.right, 0),
      0
    );
    assert.equal(right, expected);
    assert.ok(own.every(({from, to}) => from >= 0 && to > from));
  }
});

const countAll = (sums: JointSums) => countsIn(sums, wholeRegion(sums));

test("joint counts add up to the rows of all seeds, at the output and at the layers that are counted", () => {
  const {joint} = cubes;
  const {bins, ranges, arms, settings} = joint;
  assert.deepEqual([...new Set(ranges.map(({layer}) => layer))], [-1, 1, 2]);
  assert.deepEqual([arms.length, settings.length, joint.sizes.length], [4, 4, 4 * 4 * ranges.length]);
  assert.equal(
    joint.sizes.reduce((sum, size) => sum + size, 0),
    joint.places.length
  );
  for (const {layer, estimator} of ranges)
    for (const arm of arms)
      for (const {corpus, axis} of settings) {
        const {right, wrong} = countAll(jointSums(joint, {arm, corpus, axis, layer, estimator})!);
        assert.equal(right + wrong, ROWS * SEEDS);
      }
  assert.equal(bins, 16);
  const output = {layer: -1, estimator: "label_entropy"} as const;
  const {right} = countAll(
    jointSums(joint, {arm: EXPLANATION, corpus: "support", axis: "adherence", ...output})!
  );
  const expected = [1, 2].flatMap((seed) =>
    said.get(`explanation ${seed}`)!.filter(inCell("support", "adherence"))
  );
  assert.equal(
    right,
    expected.reduce((sum, row) => sum + row.right, 0)
  );
});

test("recall by label is that of the rows with this gold label", () => {
  for (const {arm, corpus, axis, label, recall, base_recall, effect, n} of cubes.labelEffects) {
    const mode = arm.split(".")[0]!;
    const recallOf = (of: string) =>
      [1, 2].map((seed) => {
        const rows = said
          .get(`${of} ${seed}`)!
          .filter((row) => inCell(corpus, axis)(row) && row.gold === Number(label) - 1);
        assert.equal(rows.length, n);
        return rows.reduce((sum, row) => sum + row.right, 0) / rows.length;
      });
    const [own, base] = [recallOf(mode), recallOf("label-only")];
    close(recall, (own[0]! + own[1]!) / 2);
    close(base_recall, (base[0]! + base[1]!) / 2);
    close(effect, recall! - base_recall!);
  }
  assert.equal(cubes.labelEffects.length, 3 * 3 * 2 * 5);
});

/** By dialogue, a seed's paired difference in accuracy less the effect, over n. */
function influences(
  mode: string,
  seed: number,
  corpus: string,
  axis: string
): {effect: number; by: Map<string, number>} {
  const own = said.get(`${mode} ${seed}`)!.filter(inCell(corpus, axis));
  const base = said.get(`label-only ${seed}`)!.filter(inCell(corpus, axis));
  const baseOf = new Map(base.map((row) => [`${row.corpus} ${row.axis} ${row.example}`, row.right]));
  const differences = own.map((row) => row.right - baseOf.get(`${row.corpus} ${row.axis} ${row.example}`)!);
  const effect = differences.reduce((a, b) => a + b, 0) / own.length;
  const by = new Map<string, number>();
  own.forEach((row, i) => {
    const key = `${row.corpus} ${row.dialogue}`;
    by.set(key, (by.get(key) ?? 0) + (differences[i]! - effect) / own.length);
  });
  return {effect, by};
}

function meanInfluences(
  mode: string,
  corpus: string,
  axis: string
): {effect: number; by: Map<string, number>} {
  const seeds = [1, 2].map((seed) => influences(mode, seed, corpus, axis));
  const by = new Map([...seeds[0]!.by].map(([key, one]) => [key, (one + seeds[1]!.by.get(key)!) / 2]));
  return {effect: (seeds[0]!.effect + seeds[1]!.effect) / 2, by};
}

test("an effect's interval is Student's t over the sums of influences by dialogue", () => {
  const {effect, by} = meanInfluences("explanation", "support", "all");
  const variance = (by.size / (by.size - 1)) * [...by.values()].reduce((sum, u) => sum + u * u, 0);
  const reach = studentTQuantile(0.975, by.size - 1) * Math.sqrt(variance);
  const found = cubes.effects.find(
    (row) =>
      row.arm === EXPLANATION &&
      row.seed === "all" &&
      row.corpus === "support" &&
      row.axis === "all" &&
      row.measure === "accuracy"
  )!;
  close(found.effect, effect);
  close(found.low, effect - reach);
  close(found.high, effect + reach);
  assert.equal(found.df, by.size - 1);
});

test("pooled cells have the dialogues of all corpora, each corpus a stratum", () => {
  const found = cubes.effects.find(
    (row) => row.seed === "all" && row.corpus === "all" && row.axis === "all" && row.measure === "nll"
  )!;
  assert.deepEqual([found.n, found.dialogues, found.df], [4 * ROWS, 48, 46]);
  const seeds = cubes.effects.filter((row) => row.seed !== "all");
  assert.ok(seeds.every(({low_trainings, se_trainings}) => low_trainings === null && se_trainings === null));
  const both = cubes.effects.filter(
    (row) => row.seed === "all" && row.se !== null && row.se_trainings !== null
  );
  assert.ok(both.length > 0);
  for (const {se, se_trainings} of both)
    assert.ok(se_trainings! >= se! * (1 - 1e-4), `${se_trainings} < ${se}`);
});

test("across settings: the random-effects mean of the settings' effects, whose errors share dialogues", () => {
  const settings = ["assistant", "support"].flatMap((corpus) =>
    ["naturalness", "adherence"].map((axis) => ({corpus, ...meanInfluences("explanation", corpus, axis)}))
  );
  const covariance = settings.map((a) =>
    settings.map((b) =>
      a.corpus === b.corpus
        ? (24 / 23) * [...a.by].reduce((sum, [key, one]) => sum + one * b.by.get(key)!, 0)
        : 0
    )
  );
  const expected = randomEffects(
    settings.map(({effect}) => effect),
    covariance
  );
  const found = cubes.across.find(
    (row) =>
      row.arm === EXPLANATION && row.corpus === "all" && row.axis === "all" && row.measure === "accuracy"
  )!;
  assert.equal(found.settings, 4);
  close(found.mean, expected.mean!);
  close(found.low, expected.low!, 1e-4);
  close(found.predicted_high, expected.predicted_high!, 1e-4);
  assert.ok(!cubes.across.some(({corpus, axis}) => corpus !== "all" && axis !== "all"));
});

test("every measure has levels in every cell, within its domain, its interval around it", () => {
  for (const {id} of MEASURES)
    assert.ok(
      cubes.levels.some(({measure, value}) => measure === id && value !== null),
      id
    );
  for (const {measure, value, low, high} of cubes.levels) {
    const [smallest, largest] = measureOf(measure).domain;
    if (value === null) continue;
    assert.ok(value >= smallest && value <= (largest ?? Infinity), `${measure} ${value}`);
    if (low !== null)
      assert.ok(low <= value + 1e-4 && value <= high! + 1e-4, `${measure} ${low} ${value} ${high}`);
  }
});
