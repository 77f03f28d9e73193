/** The studies that ship, run in full as a user would: minutes of training. */
import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {before, describe, it} from "node:test";
import type {TestContext} from "node:test";
import {decodeColumns} from "../../src/core/columns.js";
import type {Columns} from "../../src/core/columns.js";
import type {CubeName, LevelRow, RunRow, StudyFacts} from "../../src/core/cubes.js";
import {PROJECT} from "../../data-loaders/stages/store.js";
import {because} from "../street/street.js";

const REAL_DATA = join(PROJECT, "..", "shared", "data");
const PAGES = [
  "index",
  "accuracy",
  "entropy",
  "entropy-and-accuracy",
  "token-budget",
  "examples",
  "runs",
  "methods"
];
/** Seconds that a second start may take on a slow machine; the first takes minutes. */
const QUICK_SECONDS = 60;

interface Built {
  site: string;
  tables: string;
}

/** Builds a study with the command, in the project's own store. */
async function build(...args: string[]): Promise<Built> {
  const {code, stdout, stderr} = await because("build", "--json", ...args);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Built;
}

async function cube<R extends object>({tables}: Built, name: CubeName): Promise<R[]> {
  return decodeColumns<R>(JSON.parse(await readFile(join(tables, `${name}.json`), "utf8")) as Columns);
}

async function factsOf({tables}: Built): Promise<StudyFacts> {
  return JSON.parse(await readFile(join(tables, "study.json"), "utf8")) as StudyFacts;
}

/** Pooled accuracy of every system over all settings and seeds, with its interval. */
async function pooled(built: Built): Promise<LevelRow[]> {
  const levels = await cube<LevelRow>(built, "levels");
  return levels.filter(
    ({seed, corpus, axis, measure}) =>
      seed === "all" && corpus === "all" && axis === "all" && measure === "accuracy"
  );
}

function report(t: TestContext, rows: LevelRow[]): void {
  for (const {system, value, low, high, n} of rows)
    t.diagnostic(
      `${system}: accuracy ${value?.toFixed(3)} [${low?.toFixed(3)}, ${high?.toFixed(3)}], n = ${n}`
    );
}

describe("the demo study", () => {
  let demo: Built;
  before(async () => {
    const {code, stderr} = await because("start", "--no-serve");
    assert.equal(code, 0, stderr);
    demo = await build();
  });

  it("trains at least 5 modes, both reductions and 3 seeds in 18 settings", async () => {
    const facts = await factsOf(demo);
    assert.equal(facts.settings.length, 18);
    assert.equal(facts.synthetic, true);
    assert.equal(facts.seeds.length, 3);
    const modes = new Set(facts.arms.map(({mode}) => mode));
    for (const mode of ["label-only", "explanation", "shuffled", "bag-of-words", "filler"] as const)
      assert.ok(modes.has(mode), mode);
    for (const mode of modes)
      if (mode !== "label-only")
        assert.equal(
          new Set(
            facts.arms
              .filter((arm) => arm.mode === mode && arm.order === "label-first")
              .map(({reduction}) => reduction)
          ).size,
          2
        );
    const runs = (await cube<RunRow>(demo, "runs")).filter(({kind}) => kind === "train");
    assert.ok(runs.length >= 27);
    assert.ok(runs.every(({status}) => status === "done"));
  });

  it("trained models are clearly above the best shortcut baseline: intervals apart", async (t) => {
    const rows = await pooled(demo);
    report(t, rows);
    const best = Math.max(...rows.filter(({kind}) => kind === "baseline").map(({high}) => high!));
    const trained = rows.filter(({kind, system}) => kind === "arm" && !system.includes("explanation-first"));
    assert.ok(trained.length >= 9);
    const [first] = [...trained].sort((a, b) => b.value! - a.value!);
    assert.ok(first!.low! > best, `best arm ${first!.system} from ${first!.low}, best baseline to ${best}`);
    const labelOnly = trained.find(({system}) => system === "label-only")!;
    assert.ok(labelOnly.low! > best, `label-only from ${labelOnly.low}, best baseline to ${best}`);
  });

  it("starts again within seconds, training nothing", async () => {
    const before = Date.now();
    const {code, stderr} = await because("start", "--no-serve");
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /to train/);
    assert.ok((Date.now() - before) / 1000 < QUICK_SECONDS);
  });

  it("builds every page, each with the word that it is synthetic", async () => {
    for (const page of PAGES) {
      const html = await readFile(join(demo.site, `${page}.html`), "utf8");
      assert.match(html, /Synthetic study/);
      assert.doesNotMatch(html, /observablehq--error/);
    }
  });
});

describe("the human-rated study", () => {
  it("runs on real conversations, and says where no model beats the majority class", async (t) => {
    if (!existsSync(REAL_DATA)) return t.skip("studies/human.yaml: no real conversations at ../shared/data");
    const human = await build("--study", "studies/human.yaml", "--data", REAL_DATA);
    const facts = await factsOf(human);
    assert.equal(facts.corpora.length, 6);
    assert.equal(facts.synthetic, false);
    assert.ok(facts.corpora.every(({explanation_source}) => explanation_source === "templated"));
    const rows = await pooled(human);
    report(t, rows);
    const majority = rows.find(({system}) => system === "majority")!.value!;
    const beaten = rows.filter(({kind, value}) => kind === "arm" && value! <= majority);
    const html = await readFile(join(human.site, "accuracy.html"), "utf8");
    if (beaten.length > 0) assert.match(html, /majority/);
    for (const page of PAGES) {
      const text = await readFile(join(human.site, `${page}.html`), "utf8");
      assert.doesNotMatch(text, /Synthetic study/);
      assert.doesNotMatch(text, /observablehq--error/);
    }
  });
});
