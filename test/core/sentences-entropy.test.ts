/** Sentences on entropy say what the data say, and warn of Simpson's paradox. */
import assert from "node:assert/strict";
import {test} from "node:test";
import type {LayerRow, RelationRow} from "../../src/core/cubes.js";
import {idOf, levelRow, say, sayAll, type Estimate} from "./sentence-study.js";

function layerRow(layer: number, [effect, effect_low, effect_high]: Estimate): LayerRow {
  const place = {
    arm: idOf("explanation"),
    seed: "all",
    corpus: "all",
    axis: "all",
    layer,
    estimator: "energy" as const
  };
  const level = {mean: 3, low: 2.9, high: 3.1, correct: 3, wrong: 3, n: 1800};
  return {...place, ...level, effect, effect_low, effect_high};
}

test("entropy: raised, lowered, undecided, and where it differs most", () => {
  assert.match(
    sayAll("entropy", {layers: [layerRow(2, [0.1, 0.05, 0.15])]}),
    /^At the last layer \(2\) explanations raise energy entropy, by \+0\.100 nats \[\+0\.050, \+0\.150\]/
  );
  const lower = sayAll("entropy", {
    layers: [layerRow(1, [-0.4, -0.5, -0.3]), layerRow(2, [-0.1, -0.15, -0.05])]
  });
  assert.match(
    lower,
    /^At the last layer \(2\) explanations lower energy entropy.* It differs most at layer 1: −0\.400 nats/
  );
  const unsure = [
    layerRow(0, [-0.9, -1, -0.8]),
    layerRow(1, [-0.4, -0.9, 0.1]),
    layerRow(2, [-0.1, -0.15, -0.05])
  ];
  assert.doesNotMatch(
    sayAll("entropy", {layers: unsure}),
    /differs most/,
    "the embedding, and what noise allows"
  );
  assert.match(
    sayAll("entropy", {layers: [layerRow(2, [0.1, -0.05, 0.25])]}),
    /^Undecided: .*which may be nothing/
  );
  assert.match(
    sayAll("entropy", {layers: [layerRow(2, [0.1, null, null])]}),
    /^Undecided: .*without an interval/
  );
  assert.match(sayAll("entropy", {layers: []}), /^Nothing can be said here: .* recorded energy entropy/);
});

test("entropy over labels: levels at the output", () => {
  const entropy = {measure: "label_entropy"} as const;
  const levels = [
    levelRow("label-only", [0.9, 0.8, 1], entropy),
    levelRow(idOf("explanation"), [0.7, 0.6, 0.8], entropy)
  ];
  const over = {estimator: "label_entropy"} as const;
  assert.match(
    sayAll("entropy", {levels}, over),
    /entropy over labels is lower with explanations: 0\.700 nats \[0\.600, 0\.800\] against 0\.900 nats/
  );
  assert.match(sayAll("entropy", {levels: levels.slice(0, 1)}, over), /^Nothing can be said here/);
});

test("the warning names modes whose pooled correlation has the other sign, with both numbers", () => {
  const rows = [
    relation(0.15, [-0.21, -0.25, -0.17]),
    relation(-0.2, [-0.3, -0.4, -0.2], {arm: "label-only"})
  ];
  assert.equal(
    say("pooling-warning", {relations: rows}),
    "Warning: pooled and within settings disagree in sign for explanation (+0.15 pooled, −0.21 within). The pooled sign tells of settings and trainings, not of answers (Simpson’s paradox)."
  );
  assert.equal(say("pooling-warning", {relations: rows.slice(1)}), "");
  const noise = [relation(0.01, [-0.04, -0.1, 0.03])];
  assert.equal(say("pooling-warning", {relations: noise}), "", "neither sign is known");
  assert.equal(say("pooling-warning", {relations: rows}, {modes: []}), "", "a hidden mode");
  const one = rows.map((row) => ({...row, corpus: "film", axis: "adherence"}));
  assert.equal(say("pooling-warning", {relations: one}, {corpus: "film", axis: "adherence"}), "");
});

function relation(
  pooled: number,
  [within, within_low, within_high]: Estimate,
  change: Partial<RelationRow> = {}
): RelationRow {
  const place = {
    arm: idOf("explanation"),
    corpus: "all",
    axis: "all",
    layer: 2,
    estimator: "energy" as const
  };
  return {...place, pooled, within, within_low, within_high, auroc: 0.64, n: 5400, ...change};
}

test("entropy and accuracy: either way, undecided, and Simpson's paradox", () => {
  const yes = sayAll("entropy-and-accuracy", {relations: [relation(-0.2, [-0.21, -0.25, -0.17])]});
  assert.match(
    yes,
    /^Yes: low energy entropy at layer 2 goes with right labels: the correlation within settings is −0\.21 \[−0\.25, −0\.17\] for explanation\..* AUROC of 0\.64 within settings/
  );
  assert.doesNotMatch(yes, /Beware/);
  const told = relation(-0.02, [-0.01, -0.06, 0.04]);
  const alone = relation(-0.2, [-0.15, -0.2, -0.1], {arm: "label-only"});
  assert.match(
    sayAll("entropy-and-accuracy", {relations: [told, alone]}),
    /^Undecided: .* for explanation\. Low entropy does go with right labels for label only \(−0\.15 \[−0\.20, −0\.10\]\)\./
  );
  const paradox = sayAll("entropy-and-accuracy", {relations: [relation(0.15, [-0.21, -0.25, -0.17])]});
  assert.match(paradox, /Beware: pooled over settings it has the opposite sign, \+0\.15\./);
  assert.match(
    sayAll("entropy-and-accuracy", {relations: [relation(0.2, [0.21, 0.17, 0.25])]}),
    /^No, the reverse: high/
  );
  assert.match(
    sayAll("entropy-and-accuracy", {relations: [relation(0.2, [0.01, -0.1, 0.1])]}),
    /^Undecided: .* no better than the noise/
  );
  assert.match(sayAll("entropy-and-accuracy", {relations: []}), /^Nothing can be said here/);
  const one = relation(0.15, [-0.21, -0.25, -0.17], {corpus: "film", axis: "adherence"});
  assert.doesNotMatch(
    sayAll("entropy-and-accuracy", {relations: [one]}, {corpus: "film", axis: "adherence"}),
    /Beware/,
    "one setting pools nothing"
  );
  const output = relation(-0.2, [-0.3, -0.4, -0.2], {
    layer: -1,
    estimator: "label_entropy",
    arm: "label-only"
  });
  assert.match(
    sayAll("entropy-and-accuracy", {relations: [output]}, {estimator: "label_entropy"}),
    /^Yes: low entropy over labels at the output .* label only;/
  );
});

test("over other trainings the entropy may be undecided where it is decided for these models, and the kind is named", () => {
  const row = {...layerRow(2, [0.1, 0.05, 0.15]), effect_low_trainings: -0.1, effect_high_trainings: 0.3};
  const over = (interval: "dialogues" | "trainings", seed = "all") =>
    sayAll("entropy", {layers: [{...row, seed}]}, {interval, seed});
  assert.match(over("dialogues"), /raise .* 95 % intervals over other dialogues, for these trained models/);
  assert.match(
    over("trainings"),
    /^Undecided: .* \[−0\.100, \+0\.300\] .* over other dialogues and other trainings/
  );
  assert.match(over("trainings", "1"), /raise .* for the training with seed 1 alone/);
  assert.match(
    sayAll("entropy", {layers: [layerRow(2, [0.1, 0.05, 0.15])]}, {interval: "trainings"}),
    /raise .* for these trained models/,
    "where one training alone recorded entropies"
  );
});

test("so may the correlation of entropy with being right, whichever seed is selected", () => {
  const row = relation(-0.2, [-0.21, -0.25, -0.17], {
    within_low_trainings: -0.5,
    within_high_trainings: 0.1
  });
  for (const seed of ["all", "1"])
    assert.match(
      sayAll("entropy-and-accuracy", {relations: [row]}, {interval: "trainings", seed}),
      /^Undecided: .* −0\.21 \[−0\.50, \+0\.10\].* over other dialogues and other trainings/
    );
  assert.match(sayAll("entropy-and-accuracy", {relations: [row]}), /^Yes: .* for these trained models/);
});
