/** Runs that are missing, failed or don't fit: named with a reason, left out, and nothing else is lost. */
import assert from "node:assert/strict";
import {appendFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {test} from "node:test";
import {BadInput} from "../../src/core/bad-input.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import type {RunInput, TablesInput} from "../../data-loaders/tables/tables-input.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import {inScratch, readCubes} from "./scratch.js";
import {changePredictions, writeManifest} from "./synthetic-logs.js";
import type {SyntheticPrediction} from "./synthetic-predictions.js";
import {writeSyntheticRuns} from "./synthetic-runs.js";

/** Tables after `spoil` did something to the runs; `victim` is the explanation arm's first seed. */
async function tablesAfter(
  spoil: (victim: RunInput, input: TablesInput) => Promise<void>
): Promise<{cubes: AllCubes; victim: RunInput; spoiled: AllCubes["runs"][number]}> {
  return inScratch(async (folder) => {
    const input = await writeSyntheticRuns(join(folder, "runs"), {dialogues: 6});
    const victim = input.runs.find(
      ({job}) => job.kind === "train" && job.arm.mode === "explanation" && job.seed === 1
    )!;
    await spoil(victim, input);
    await writeTables(input, join(folder, "tables"));
    const cubes = await readCubes(join(folder, "tables"));
    return {cubes, victim, spoiled: cubes.runs.find(({run}) => run === victim.run)!};
  });
}

const EXPLANATION = "explanation.label-first.part-mean";

function assertLeftOut({levels, effects, study, runs}: AllCubes): void {
  const seeds = new Set(levels.filter(({system}) => system === EXPLANATION).map(({seed}) => seed));
  assert.deepEqual([...seeds].sort(), ["2", "all"], "the other seed is still there");
  assert.ok(effects.some(({arm, seed, effect}) => arm === EXPLANATION && seed === "all" && effect !== null));
  assert.equal(study.counts.runs_failed, 1);
  assert.equal(runs.filter(({status}) => status === "done").length, runs.length - 1);
}

test("a run without a manifest is missing", async () => {
  const {cubes, spoiled} = await tablesAfter(({folder}) => rm(join(folder, "manifest.json")));
  assert.equal(spoiled.status, "missing");
  assert.match(spoiled.reason, /no manifest/);
  assert.deepEqual([spoiled.accuracy, spoiled.tokens_per_second, spoiled.steps], [null, null, 0]);
  assertLeftOut(cubes);
});

test("a run whose folder is gone is missing", async () => {
  const {cubes, spoiled} = await tablesAfter(({folder}) => rm(folder, {recursive: true}));
  assert.equal(spoiled.status, "missing");
  assertLeftOut(cubes);
});

test("a run that failed says why", async () => {
  const {cubes, spoiled} = await tablesAfter((run) =>
    writeManifest(run, {status: "failed", reason: "The loss became NaN."})
  );
  assert.deepEqual([spoiled.status, spoiled.reason, spoiled.steps], ["failed", "The loss became NaN.", 200]);
  assertLeftOut(cubes);
});

test("a manifest that is no JSON, or another run's, doesn't count", async () => {
  const broken = await tablesAfter(({folder}) =>
    writeFile(join(folder, "manifest.json"), '{"contract": 1, "ru')
  );
  assert.match(broken.spoiled.reason, /doesn't follow the contract/);
  assertLeftOut(broken.cubes);
  const other = await tablesAfter((run) => writeManifest(run, {run: "0123456789abcdef"}));
  assert.match(other.spoiled.reason, /that of run 0123456789abcdef/);
  assertLeftOut(other.cubes);
});

test("predictions changed after the manifest don't count", async () => {
  const {cubes, spoiled} = await tablesAfter(({folder}) =>
    appendFile(join(folder, "predictions.parquet"), "x")
  );
  assert.equal(spoiled.status, "failed");
  assert.match(spoiled.reason, /predictions\.parquet .* hash differs/);
  assertLeftOut(cubes);
});

test("a file that is no Parquet, though its hash holds, doesn't count", async () => {
  const {cubes, spoiled} = await tablesAfter(async (run) => {
    await writeFile(join(run.folder, "layers.parquet"), "not Parquet at all");
    await writeManifest(run);
  });
  assert.equal(spoiled.status, "failed");
  assert.match(spoiled.reason, /can't be read as the contract says/);
  assertLeftOut(cubes);
});

test("predictions that don't fit the study don't count", async () => {
  const cases: [RegExp, Partial<SyntheticPrediction>][] = [
    [/which is no test row of this study/, {example_id: "of another study"}],
    [/Its gold label for example test-0 of assistant on axis \w+ is “9”/, {gold: "9"}],
    [/It predicts “six” for example test-0 of assistant on axis \w+, which is no label/, {predicted: "six"}]
  ];
  for (const [expected, change] of cases) {
    const {cubes, spoiled} = await tablesAfter((run) =>
      changePredictions(run, (row, i) => (i === 0 ? {...row, ...change} : row))
    );
    assert.equal(spoiled.status, "failed");
    assert.match(spoiled.reason, expected);
    assertLeftOut(cubes);
  }
});

test("a test row that is predicted twice doesn't count", async () => {
  const {cubes, spoiled} = await tablesAfter((run) =>
    changePredictions(run, (row, i, rows) => (i === 0 ? rows[1]! : row))
  );
  assert.equal(spoiled.status, "failed");
  assert.match(spoiled.reason, /hold example test-1 of assistant on axis \w+ 2 times/);
  assertLeftOut(cubes);
});

test("rows with logits that aren't finite are left out and said, and pairs leave them out on both sides", async () => {
  const {cubes, spoiled} = await tablesAfter((run) =>
    changePredictions(run, (row, i) =>
      i < 3 ? {...row, label_logits: [NaN, ...row.label_logits.slice(1)]} : row
    )
  );
  assert.equal(spoiled.status, "done");
  assert.match(spoiled.reason, /3 of 48 test rows have label logits that aren't finite/);
  const level = cubes.levels.find(
    ({system, seed, corpus, axis}) =>
      system === EXPLANATION && seed === "1" && corpus === "all" && axis === "all"
  )!;
  assert.equal(level.n, 45);
  const effect = cubes.effects.find(
    ({arm, seed, corpus, axis}) => arm === EXPLANATION && seed === "1" && corpus === "all" && axis === "all"
  )!;
  assert.equal(effect.n, 45);
  assert.ok(Math.abs((effect.gained - effect.lost) / 45 - effect.effect!) < 1e-4);
  assert.ok(cubes.examples.items.some(({predicted}) => predicted.includes("-")));
});

test("rows that label-only couldn't score are left out of every arm's effects", async () => {
  const {cubes} = await tablesAfter((_, {runs}) => {
    const labelOnly = runs.find(
      ({job}) => job.kind === "train" && job.arm.mode === "label-only" && job.seed === 1
    )!;
    return changePredictions(labelOnly, (row, i) => (i < 3 ? {...row, label_logits: [NaN]} : row));
  });
  const pooled = cubes.effects.filter(
    ({corpus, axis, seed, measure}) =>
      corpus === "all" && axis === "all" && seed === "1" && measure === "accuracy"
  );
  assert.equal(pooled.length, 3);
  for (const {effect, gained, lost, n} of pooled) {
    assert.equal(n, 45);
    assert.ok(Math.abs((gained - lost) / n - effect!) < 1e-4);
  }
});

test("logits of −∞ are a probability of nought: still scored, with an infinite NLL where they are gold", async () => {
  const {cubes, spoiled} = await tablesAfter((run) =>
    changePredictions(run, (row) => ({
      ...row,
      label_logits: row.label_logits.map((logit, k) => (String(k + 1) === row.gold ? -Infinity : logit))
    }))
  );
  assert.equal(spoiled.reason, "finished");
  const find = (measure: string) =>
    cubes.levels.find(
      (row) =>
        row.system === EXPLANATION &&
        row.seed === "1" &&
        row.corpus === "all" &&
        row.axis === "all" &&
        row.measure === measure
    )!;
  assert.equal(find("nll").value, null);
  assert.ok(Number.isFinite(find("brier").value) && Number.isFinite(find("label_entropy").value));
});

test("a study of which nothing has run has tables all the same", async () => {
  await inScratch(async (folder) => {
    const input = await writeSyntheticRuns(join(folder, "runs"), {dialogues: 4});
    for (const run of input.runs) await rm(run.folder, {recursive: true});
    await writeTables(input, join(folder, "tables"));
    const cubes = await readCubes(join(folder, "tables"));
    assert.ok(cubes.runs.every(({status}) => status === "missing"));
    assert.equal(cubes.levels.length + cubes.effects.length + cubes.layers.length, 0);
    assert.equal(cubes.study.counts.runs_failed, input.runs.length);
    assert.ok(
      cubes.examples.items.every(
        ({predicted, probabilities}) => predicted === "" && probabilities.every((one) => one === null)
      )
    );
  });
});

test("an annotation whose label its axis lacks, and an axis with too many labels, are refused by name", async () => {
  await inScratch(async (folder) => {
    const input = await writeSyntheticRuns(join(folder, "runs"), {dialogues: 2});
    const last = input.annotations.at(-1)!;
    const wrong = {...input, annotations: [...input.annotations.slice(0, -1), {...last, label: "great"}]};
    await assert.rejects(writeTables(wrong, join(folder, "a")), (error: BadInput) => {
      assert.ok(error instanceof BadInput);
      assert.match(
        error.message,
        /annotation of support, example test-3, axis adherence: expected one of the axis' labels .* found “great”/
      );
      return true;
    });
    const many = {
      ...input,
      axes: input.axes.map((axis) => ({...axis, labels: Array.from({length: 40}, (_, k) => String(k))}))
    };
    await assert.rejects(
      writeTables(many, join(folder, "b")),
      /axes\.naturalness\.labels: expected at most 36 labels, found 40/
    );
  });
});
