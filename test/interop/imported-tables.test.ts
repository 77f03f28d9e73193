import assert from "node:assert/strict";
import {join} from "node:path";
import {describe, it} from "node:test";
import {parseHTML} from "linkedom";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {defaultSelection} from "../../src/core/selection.js";
import {SENTENCES} from "../../src/core/sentences.js";
import {runsSentence} from "../../src/core/sentences/runs.js";
import {writeImportedRun} from "../../data-loaders/imports/write-imported-run.js";
import type {MatchedRow} from "../../data-loaders/imports/match-predictions.js";
import {Database, literal} from "../../data-loaders/tables/database.js";
import type {RunInput} from "../../data-loaders/tables/tables-input.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import {WIDTHS} from "../../src/figures/figure.js";
import {FIGURES} from "../../src/figures/registry.js";
import {inScratch, readCubes} from "../tables/scratch.js";
import type {SyntheticPrediction} from "../tables/synthetic-predictions.js";
import {writeSyntheticRuns} from "../tables/synthetic-runs.js";

/** The run's predictions as another trainer would give them: probabilities of the labels alone. */
async function asImport({folder}: RunInput): Promise<MatchedRow[]> {
  const db = await Database.create(":memory:");
  const rows = (await db.rows(
    `FROM read_parquet(${literal(join(folder, "predictions.parquet"))})`
  )) as unknown as SyntheticPrediction[];
  db.discard();
  return rows.map(({label_logits, predicted, ...row}) => {
    const total = Math.log(label_logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    const logits = label_logits.map((logit) => logit - total);
    const text = {prompt: "", label: row.gold, explanation: "", turns: ""};
    return {row: {...row, ...text}, predicted, logits, offLabel: null};
  });
}

/** Tables of the same runs, of which label-only's `seeds` are imported. */
async function tables(folder: string, seeds: number[], along: number[] = []): Promise<AllCubes> {
  const input = await writeSyntheticRuns(join(folder, "runs"));
  for (const run of input.runs) {
    const {job} = run;
    if (job.kind !== "train" || job.arm.mode !== "label-only" || !seeds.includes(job.seed)) continue;
    job.capture.along = along;
    const rows = await asImport(run);
    const files = [{name: "trl.jsonl", sha256: "0".repeat(64)}];
    run.folder = join(folder, `imported-${job.seed}`);
    const identity = {arm: "label-only", seed: job.seed, scope: null, test: "", files};
    await writeImportedRun(run.folder, run.run, identity, rows);
  }
  const into = join(folder, `tables-${seeds.length}`);
  await writeTables(input, into);
  return readCubes(into);
}

describe("an imported run in the tables", () => {
  const level = ({levels}: AllCubes, seed: string, measure: string) =>
    levels.find(
      (row) =>
        row.system === "label-only" &&
        row.corpus === "all" &&
        row.axis === "all" &&
        row.seed === seed &&
        row.measure === measure
    )!;

  it("counts like a trained one in all that label probabilities say", () =>
    inScratch(async (folder) => {
      const [own, imported] = [await tables(join(folder, "a"), []), await tables(join(folder, "b"), [1, 2])];
      for (const measure of ["accuracy", "nll", "brier", "ece", "macro_f1"])
        assert.deepEqual(level(imported, "all", measure), level(own, "all", measure), measure);
      const effects = (cubes: AllCubes) => cubes.effects.filter(({measure}) => measure === "accuracy");
      assert.deepEqual(effects(imported), effects(own));
      assert.equal(level(imported, "all", "off_label_mass").value, null);
      assert.notEqual(level(own, "all", "off_label_mass").value, null);
    }));

  it("has no layers, no curve and no cost, and says where it is from", () =>
    inScratch(async (folder) => {
      const cubes = await tables(folder, [1]);
      const run = cubes.runs.find(({device}) => device === "imported")!;
      assert.deepEqual([run.status, run.reason, run.seed], ["done", "imported from trl.jsonl", "1"]);
      assert.ok(cubes.curves.every((point) => point.run !== run.run));
      const seeds = (system: string) =>
        new Set(cubes.layers.filter((row) => row.arm === system).map(({seed}) => seed));
      assert.deepEqual(seeds("label-only"), new Set(["all", "2"]));
      assert.match(
        runsSentence(cubes),
        /1 trained model was trained elsewhere; its predictions were imported\./
      );
      assert.equal(cubes.study.counts.runs_failed, 0);
    }));

  it("counts in a study that scores along training, of which it knows the end alone", () =>
    inScratch(async (folder) => {
      const cubes = await tables(folder, [1], [0.5]);
      const run = cubes.runs.find(({device}) => device === "imported")!;
      assert.deepEqual([run.status, run.reason], ["done", "imported from trl.jsonl"]);
      assert.equal(typeof level(cubes, "1", "accuracy").value, "number");
      assert.deepEqual(cubes.along, []);
    }));

  it("leaves every figure and sentence something to say", () =>
    inScratch(async (folder) => {
      const cubes = await tables(folder, [1, 2]);
      const {document} = parseHTML("<!doctype html><html><body></body></html>");
      const selection = defaultSelection(cubes.study);
      for (const measure of ["accuracy", "off_label_mass"] as const)
        for (const [name, draw] of Object.entries(FIGURES)) {
          const svg = draw(cubes, {selection: {...selection, measure}, width: WIDTHS.wide, document});
          assert.doesNotMatch(svg.outerHTML, /NaN|Infinity|undefined/, `${name}, ${measure}`);
        }
      for (const [name, sentence] of Object.entries(SENTENCES))
        assert.doesNotMatch(sentence(cubes, selection), /NaN|Infinity|undefined/, name);
    }));
});
