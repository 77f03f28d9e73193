/** Claims against the cubes: what each should say is worked out here anew, from rows found by hand. */
import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {ClaimArguments} from "../../src/core/claims/claim.js";
import {CLAIMS, makeClaim} from "../../src/core/claims/registry.js";
import {formatP} from "../../src/core/sentences/hypotheses.js";
import {cubes} from "../figures/drawn-figure.js";

const claim = (name: string, given: ClaimArguments = {}) =>
  makeClaim(cubes, {name, arguments: given}, "here");
const ARM = "shuffled.label-first.token-mean";
const EXPLAINED = "explanation.label-first.token-mean";

const signed = (value: number, digits: number) =>
  `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(digits)}`;
const runsOf = (...systems: string[]) =>
  cubes.runs.filter(({system, kind}) => kind === "train" && systems.includes(system)).map(({run}) => run);

describe("claims on effects and levels", () => {
  const row = cubes.effects.find(
    (effect) =>
      effect.arm === ARM &&
      effect.seed === "all" &&
      effect.corpus === "film" &&
      effect.axis === "all" &&
      effect.measure === "accuracy"
  )!;
  const asked = {arm: "shuffled", measure: "accuracy", corpus: "film", interval: "dialogues"};

  it("an effect is the row's, with its interval, rows, runs of both arms, and seeds", () => {
    const {value, interval, text, provenance} = claim("effect", asked);
    assert.equal(value, row.effect);
    assert.deepEqual(interval, {low: row.low, high: row.high});
    const [points, low, high] = [row.effect!, row.low!, row.high!].map((one) => signed(100 * one, 1));
    assert.equal(text, `${points} points [${low}, ${high}]`);
    assert.deepEqual([...provenance.runs].sort(), runsOf("label-only", ARM).sort());
    assert.deepEqual(provenance.seeds, ["1", "2", "3"]);
    assert.deepEqual([provenance.items, provenance.dialogues], [row.n, row.dialogues]);
    assert.match(provenance.query, /shuffled.*label only.*accuracy.*other dialogues$/);
  });

  it("value and interval can be had apart, and an arm by its whole id", () => {
    const whole = {...asked, arm: ARM};
    const parts = ["value", "interval"].map((show) => claim("effect", {...whole, show}).text);
    assert.equal(parts.join(" "), claim("effect", asked).text);
  });

  it("intervals over trainings are the default where there are several seeds; one seed has its own row", () => {
    assert.equal(
      claim("effect", {...asked, interval: "trainings"}).text,
      claim("effect", {arm: "shuffled", corpus: "film"}).text
    );
    const one = cubes.effects.find(
      (effect) =>
        effect.arm === ARM &&
        effect.seed === "2" &&
        effect.corpus === "film" &&
        effect.axis === "all" &&
        effect.measure === "accuracy"
    )!;
    const found = claim("effect", {...asked, seed: 2});
    assert.equal(found.value, one.effect);
    assert.deepEqual(found.provenance.seeds, ["2"]);
    assert.equal(found.provenance.runs.length, 2);
  });

  it("a direction follows the interval alone, either way", () => {
    const turned = (sign: number) => {
      const effects = cubes.effects.map((effect) => ({
        ...effect,
        effect: sign * 0.1,
        low: sign > 0 ? 0.05 : -0.15,
        high: sign > 0 ? 0.15 : -0.05
      }));
      return makeClaim({...cubes, effects}, {name: "direction", arguments: {...asked}}, "here").text;
    };
    assert.deepEqual([turned(1), turned(-1)], ["helps", "hurts"]);
    const open = cubes.effects.map((effect) => ({...effect, low: -0.1, high: 0.1}));
    assert.equal(
      makeClaim({...cubes, effects: open}, {name: "direction", arguments: {...asked}}, "here").text,
      "is undecided"
    );
  });

  it("against the explanation it is arm less explanation", () => {
    const {value, provenance} = claim("effect", {...asked, against: "explanation"});
    assert.equal(value, row.versus_explanation ?? null);
    assert.deepEqual([...provenance.runs].sort(), runsOf(EXPLAINED, ARM).sort());
  });

  it("levels are of arms and of shortcuts", () => {
    const level = cubes.levels.find(
      ({system, kind, corpus, axis, measure}) =>
        system === "majority" &&
        kind === "baseline" &&
        corpus === "all" &&
        axis === "all" &&
        measure === "accuracy"
    )!;
    assert.equal(
      claim("level", {arm: "shortcut:majority", show: "value"}).text,
      `${(100 * level.value!).toFixed(1)} %`
    );
    const best = Math.max(
      ...cubes.levels
        .filter(
          ({kind, corpus, axis, measure}) =>
            kind === "baseline" && corpus === "all" && axis === "all" && measure === "accuracy"
        )
        .map(({value}) => value!)
    );
    assert.equal(claim("shortcut").value, best);
    const nll = cubes.levels.find(
      ({system, seed, corpus, axis, measure}) =>
        system === ARM && seed === "all" && corpus === "all" && axis === "all" && measure === "nll"
    )!;
    assert.equal(
      claim("calibration", {arm: "shuffled", measure: "nll", show: "value"}).text,
      `${nll.value!.toFixed(3)} nats`
    );
  });

  it("a share of the gain is the ratio of two effects; where there is no gain it says why", () => {
    const cell = {seed: "all", corpus: "all", axis: "all", measure: "accuracy"};
    const effects = cubes.effects.map((effect) =>
      Object.entries(cell).every(([key, value]) => effect[key as "seed"] === value)
        ? {
            ...effect,
            effect: effect.arm === EXPLAINED ? 0.08 : 0.02,
            low_trainings: 0.01,
            high_trainings: 0.2,
            low: 0.01,
            high: 0.2
          }
        : effect
    );
    const share = makeClaim({...cubes, effects}, {name: "share", arguments: {arm: "shuffled"}}, "here");
    assert.equal(share.value, 0.25);
    assert.match(share.text, /^25 %/);
    const losses = effects.map((effect) => ({
      ...effect,
      effect: -0.1,
      low: -0.2,
      high: -0.05,
      low_trainings: -0.2,
      high_trainings: -0.05
    }));
    assert.match(
      makeClaim({...cubes, effects: losses}, {name: "share", arguments: {arm: "shuffled"}}, "here").text,
      /^there is no gain to share/
    );
  });

  it("flips are counted as the row has them", () => {
    const pooled = cubes.effects.find(
      ({arm, seed, corpus, axis, measure}) =>
        arm === ARM && seed === "all" && corpus === "all" && axis === "all" && measure === "accuracy"
    )!;
    assert.equal(claim("flips", {arm: "shuffled", of: "lost"}).value, pooled.lost);
  });
});

describe("claims on entropy", () => {
  it("are a layer's row, and a relation's", () => {
    const layer = cubes.layers.find(
      (row) =>
        row.arm === ARM &&
        row.seed === "all" &&
        row.corpus === "all" &&
        row.axis === "all" &&
        row.layer === 2 &&
        row.estimator === "energy"
    )!;
    const given = {arm: "shuffled", layer: 2, estimator: "energy", show: "value"};
    assert.equal(claim("entropy", given).text, `${signed(layer.effect!, 3)} nats`);
    assert.equal(claim("entropy", {...given, of: "wrong"}).text, `${layer.wrong!.toFixed(3)} nats`);
    const relation = cubes.relations.find(
      (row) =>
        row.arm === ARM &&
        row.corpus === "all" &&
        row.axis === "all" &&
        row.layer === 2 &&
        row.estimator === "energy"
    )!;
    assert.equal(claim("relation", given).text, signed(relation.within!, 2));
    assert.equal(claim("relation", {...given, of: "pooled"}).value, relation.pooled);
    assert.equal(claim("relation", {...given, of: "auroc"}).text, relation.auroc!.toFixed(2));
  });
});

describe("claims on the study, its runs and its judges", () => {
  it("count what the cubes hold", () => {
    const {study, runs} = cubes;
    const settings = study.settings.filter(({corpus}) => corpus === "film");
    const counted: [string, ClaimArguments, number][] = [
      ["arms", {}, study.arms.length],
      ["seeds", {}, 3],
      ["settings", {}, 18],
      ["settings", {corpus: "film"}, 3],
      ["test-rows", {corpus: "film"}, settings.reduce((sum, {test}) => sum + test, 0)],
      ["test-dialogues", {}, 6 * 40],
      ["dialogues", {}, study.corpora.reduce((sum, {dialogues}) => sum + dialogues, 0)],
      ["trained-models", {}, runs.filter(({kind}) => kind === "train").length],
      ["parameters", {}, study.parameters]
    ];
    for (const [of, cell, value] of counted) assert.equal(claim("count", {of, ...cell}).value, value, of);
    assert.equal(claim("count", {of: "parameters"}).text, "241,664");
  });

  it("hypotheses say what their row says", () => {
    for (const row of cubes.verdicts) {
      assert.equal(claim("hypothesis", {id: row.id}).text, row.verdict);
      assert.equal(claim("hypothesis", {id: row.id, of: "reason"}).text, row.reason);
      if (row.p !== null)
        assert.equal(claim("hypothesis", {id: row.id, of: "p"}).text, `p ${formatP(row.p)}`);
    }
    assert.ok(cubes.verdicts.length > 0);
  });

  it("compute is summed over finished runs", () => {
    const tokens = cubes.runs.reduce((sum, run) => sum + (run.status === "done" ? run.tokens : 0), 0);
    assert.equal(claim("compute", {of: "tokens"}).value, tokens);
    const own = cubes.runs.filter(({system}) => system === ARM);
    const {value, provenance} = claim("compute", {of: "training", arm: "shuffled"});
    assert.equal(
      value,
      own.reduce((sum, run) => sum + run.train_seconds, 0)
    );
    assert.deepEqual(
      provenance.runs,
      own.map(({run}) => run)
    );
    assert.equal(claim("environment", {of: "libraries"}).text, "torch 2.13.0, transformers 5.23.0");
  });

  it("hyper-parameters are the resolved study's, and nobody's paths", () => {
    const resolved =
      "because: 1\ntraining: {steps: 12000, learning_rate: 1.2e-3}\nstore: /somewhere\nmodel: {folder: /models/mine}\nseeds: [1, 2]\n";
    const of = {...cubes, study: {...cubes.study, resolved}};
    const value = (key: string) => makeClaim(of, {name: "hyper-parameter", arguments: {key}}, "here");
    assert.equal(value("training.steps").text, "12,000");
    assert.equal(value("training.learning_rate").value, 0.0012);
    assert.equal(value("seeds").text, "1, 2");
    for (const key of ["store", "model.folder"]) assert.throws(() => value(key), {name: "BadInput"});
  });

  it("agreement is of a group or of two raters, in either order", () => {
    const alpha = cubes.agreement.find(
      ({a, measure, corpus, axis}) =>
        a === "judges" && measure === "alpha" && corpus === "all" && axis === "all"
    )!;
    assert.equal(claim("agreement", {show: "value"}).text, alpha.value!.toFixed(2));
    const pair = {measure: "qwk", a: "people", b: "judges"};
    assert.deepEqual(claim("agreement", pair), {
      ...claim("agreement", {...pair, a: "judges", b: "people"}),
      provenance: claim("agreement", pair).provenance
    });
    const questions = cubes.judgeCalls.reduce((sum, {votes}) => sum + votes, 0);
    assert.equal(claim("judging", {of: "questions"}).value, questions);
  });
});

describe("what is not known", () => {
  it("is said so, without a value", () => {
    const effects = cubes.effects.filter(({arm}) => arm !== ARM);
    const found = makeClaim({...cubes, effects}, {name: "effect", arguments: {arm: "shuffled"}}, "here");
    assert.deepEqual([found.text, found.value, found.interval], ["not known", null, null]);
  });

  it("holds for every claim of a study without results: none throws, none makes a number up", () => {
    const bare = {
      ...cubes,
      levels: [],
      effects: [],
      layers: [],
      relations: [],
      across: [],
      runs: [],
      agreement: [],
      mergeRules: [],
      judgeCalls: [],
      noise: []
    };
    for (const [name, {parameters}] of Object.entries(CLAIMS)) {
      if (["count", "length", "majority", "hyper-parameter", "study", "corpus", "hypothesis"].includes(name))
        continue;
      const needed = Object.entries(parameters).filter(([, {standard}]) => !standard);
      const given = Object.fromEntries(needed.map(([key, {choices}]) => [key, choices(bare)[0]!]));
      const {value, interval} = makeClaim(bare, {name, arguments: given}, "here");
      assert.ok(value === null || (name === "judging" && value === 0), name);
      assert.equal(interval, null, name);
    }
  });
});
