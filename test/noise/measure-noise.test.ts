import assert from "node:assert/strict";
import {cp, readFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, it} from "node:test";
import {Manifest} from "../../src/core/contract.js";
import type {TrainJob} from "../../src/core/contract.js";
import type {NoiseRow} from "../../src/core/cubes.js";
import {noiseDetailSentence, noiseFloorSentence, noiseSentence} from "../../src/core/sentences/noise.js";
import {decodeCubes} from "../../src/core/cubes-reader.js";
import {measureNoise} from "../../data-loaders/noise/measure-noise.js";
import type {RunInput} from "../../data-loaders/tables/tables-input.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import {count, cubes, draw, selection} from "../figures/drawn-figure.js";
import {inScratch, readCubes} from "../tables/scratch.js";
import {changePredictions} from "../tables/synthetic-logs.js";
import {writeSyntheticRuns} from "../tables/synthetic-runs.js";

/** A run of label-only and `times` copies of it, of which `change` may alter the last. */
async function repeat(
  folder: string,
  times: number,
  change?: (copy: RunInput) => Promise<void>
): Promise<{rows: NoiseRow[]; input: Awaited<ReturnType<typeof writeSyntheticRuns>>}> {
  const input = await writeSyntheticRuns(join(folder, "runs"));
  const own = input.runs.find(({job}) => job.kind === "train")!;
  const copies: RunInput[] = [];
  for (let i = 0; i < times; ++i) {
    const copy = {...own, folder: join(folder, `copy-${i}`)};
    await cp(own.folder, copy.folder, {recursive: true});
    copies.push(copy);
  }
  await change?.(copies.at(-1)!);
  const runs = await Promise.all(
    copies.map(async (copy) => ({
      folder: copy.folder,
      manifest: Manifest.parse(JSON.parse(await readFile(join(copy.folder, "manifest.json"), "utf8")))
    }))
  );
  return {rows: await measureNoise(own.job as TrainJob, runs), input};
}

const pooled = (rows: NoiseRow[], measure: NoiseRow["measure"]) =>
  rows.find((row) => row.measure === measure && row.corpus === "all" && row.axis === "all")!;

describe("noise of repetitions", () => {
  it("is zero where all wrote the same bits", () =>
    inScratch(async (folder) => {
      const {rows} = await repeat(folder, 3);
      assert.ok(
        rows.every(({identical, largest, deviation}) => identical && largest === 0 && deviation === 0)
      );
      const {arm, seed, repetitions, device} = rows[0]!;
      assert.deepEqual([arm, seed, repetitions, device], ["label-only", "1", 3, "cpu test"]);
      const cells = rows
        .filter(({measure}) => measure === "accuracy")
        .map(({corpus, axis}) => `${corpus} ${axis}`);
      assert.equal(new Set(cells).size, 3 * 3);
      assert.match(noiseFloorSentence(rows), /gave the same bits, .*noise floor is zero/);
      assert.doesNotMatch(noiseFloorSentence(rows), /false|true|_/);
    }));

  it("finds what one repetition did otherwise, in its cells alone", () =>
    inScratch(async (folder) => {
      let changed = {corpus: "", axis: ""};
      let gain = 0;
      const {rows} = await repeat(folder, 2, async (copy) => {
        await changePredictions(copy, (row, i) => {
          if (i !== 0) return row;
          changed = row;
          const other = row.predicted === "1" ? "2" : "1";
          gain = Number(other === row.gold) - Number(row.predicted === row.gold);
          const logits = row.label_logits.map((_, k) => (k === Number(other) - 1 ? 30 : 0));
          return {...row, predicted: other, label_logits: logits};
        });
      });
      const n = pooled(rows, "changed").n;
      assert.equal(n, 2 * 2 * 48);
      assert.equal(pooled(rows, "changed").largest, 1 / n);
      assert.equal(pooled(rows, "accuracy").largest, Math.abs(gain) / n);
      assert.ok(pooled(rows, "probability").largest! > 0.5);
      const entropies = rows.filter(({measure}) => measure === "layer_entropy");
      assert.ok(entropies.length > 1 && entropies.every(({largest}) => largest === 0));
      assert.equal(new Set(entropies.map(({estimator}) => estimator)).size, entropies.length);
      assert.ok(rows.every(({identical}) => !identical));
      const nll = rows.filter(({measure, largest}) => measure === "nll" && largest! > 0);
      assert.deepEqual(
        new Set(nll.map(({corpus, axis}) => `${corpus} ${axis}`)),
        new Set([
          "all all",
          `${changed.corpus} all`,
          `all ${changed.axis}`,
          `${changed.corpus} ${changed.axis}`
        ])
      );
      assert.match(noiseFloorSentence(rows), /did not give the same bits\. At most differ: accuracy by/);
    }));

  it("travels to the pages as a cube, and counts as no run", () =>
    inScratch(async (folder) => {
      const {rows, input} = await repeat(folder, 2);
      await writeTables({...input, noise: rows}, join(folder, "tables"));
      const cubes = await readCubes(join(folder, "tables"));
      assert.deepEqual(cubes.noise, rows);
      assert.equal(cubes.runs.length, input.runs.length);
    }));
});

describe("the noise floor beside effects", () => {
  const row = (change: Partial<NoiseRow>): NoiseRow => ({
    ...{
      arm: "label-only",
      seed: "1",
      corpus: "all",
      axis: "all",
      measure: "accuracy",
      estimator: "",
      repetitions: 3,
      n: 2160
    },
    ...{largest: 0.004, deviation: 0.003, identical: false, device: "cuda NVIDIA H200", determinism: ""},
    ...change
  });
  const accuracy = {...selection, measure: "accuracy" as const};
  const bands = (noise: NoiseRow[], measure: "accuracy" | "brier" = "accuracy") =>
    count(draw("effects", {measure}, {...cubes, noise}), ".band");

  it("is said in the effect's unit, and drawn behind the rows it was measured for", () => {
    const noise = [row({}), row({arm: "explanation.label-first.token-mean", largest: 0.006})];
    assert.match(
      noiseSentence({...cubes, noise}, accuracy),
      /^Noise floor ±0\.6 points of accuracy: the same two jobs \(label only; explanation, .*3 times on an NVIDIA H200/
    );
    assert.ok(bands(noise) > 0);
    assert.equal(bands(noise, "brier"), 0);
  });

  it("of nothing draws nothing, and says why effects are none of it", () => {
    const noise = [row({largest: 0, deviation: 0, identical: true, device: "cpu x86"})];
    assert.match(noiseSentence({...cubes, noise}, accuracy), /cannot come from noise of the device/);
    assert.equal(bands(noise), 0);
  });

  it("where it is unknown, the pages about runs say how to measure it, for GPUs alone", () => {
    assert.equal(noiseSentence({...cubes, noise: []}, accuracy), "");
    assert.equal(noiseDetailSentence({...cubes, noise: []}), "");
    const runs = cubes.runs.map((run) => ({...run, device: "cuda NVIDIA H200"}));
    assert.match(noiseDetailSentence({...cubes, runs, noise: []}), /because noise STUDY/);
    assert.match(
      noiseDetailSentence({...cubes, noise: [row({})]}),
      /\(label only\), run 3 times on an NVIDIA H200/
    );
  });

  it("names arms by their titles, devices without settings, and the estimator that differs most", () => {
    const own = {arm: "explanation.label-first.part-mean", device: "cpu AMD EPYC", determinism: "tf32 false"};
    const same = [row({...own, arm: "label-only"}), row(own)].map((found) => ({
      ...{...found, repetitions: 2, identical: true, largest: 0}
    }));
    assert.equal(
      noiseFloorSentence(
        same,
        cubes.study.arms.filter(({order}) => order === "label-first")
      ),
      "The same two jobs (label only; explanation, part mean), each run twice on an AMD EPYC processor, gave the same bits, predictions and entropies alike: the noise floor is zero."
    );
    const entropies = (["matrix", "energy"] as const).map((estimator, i) =>
      row({measure: "layer_entropy", estimator, largest: 0.1 * (i + 1)})
    );
    assert.match(noiseFloorSentence([row({}), ...entropies]), /layer by 0\.2000 nats \(energy entropy\)/);
  });

  it("is absent from tables that were written before it", () =>
    assert.deepEqual(decodeCubes({study: cubes.study}).noise, []));
});
