/** Sentences on effects say what the data say, whichever way they point. */
import assert from "node:assert/strict";
import {test} from "node:test";
import {armId, type Mode} from "../../src/core/arms.js";
import type {EffectRow} from "../../src/core/cubes.js";
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import {idOf, levelRow, say, study, type Estimate} from "./sentence-study.js";

function effect(mode: Mode, [value, low, high]: Estimate, change: Partial<EffectRow> = {}): EffectRow {
  const place = {arm: idOf(mode), seed: "all", corpus: "all", axis: "all", measure: "accuracy" as const};
  const counts = {gained: 120, lost: 80, n: 1800, dialogues: 300};
  return {...NO_UNCERTAINTY, ...place, effect: value, low, high, ...counts, ...change};
}

/** An effect with those of its three seeds. */
function withSeeds(row: EffectRow): EffectRow[] {
  return [row, ...["1", "2", "3"].map((seed) => ({...row, seed}))];
}

test("overview: helps, hurts, undecided, in one short sentence", () => {
  assert.equal(
    say("overview", {effects: withSeeds(effect("explanation", [0.042, 0.021, 0.063]))}),
    "Yes, it helps: the explanation changes accuracy by +4.2 points [+2.1, +6.3] against the label alone."
  );
  assert.match(
    say("overview", {effects: [effect("explanation", [-0.04, -0.06, -0.02])]}),
    /^No, it hurts: .* −4\.0 points \[−6\.0, −2\.0\]/
  );
  assert.match(
    say("overview", {effects: [effect("explanation", [0.01, -0.02, 0.04])]}),
    /^Undecided: .* leaves open whether/
  );
  assert.match(
    say("overview", {effects: [effect("explanation", [0.01, null, null])]}),
    /^Undecided: .* no interval to judge/
  );
});

test("overview: an arm that is not surely better than a shortcut is said to be there", () => {
  const effects = [effect("explanation", [-0.36, -0.48, -0.24])];
  const levels = (own: Estimate) => [
    levelRow("label-only", [0.6, 0.57, 0.63]),
    levelRow(idOf("explanation"), own),
    levelRow("majority", [0.2, 0.18, 0.22]),
    levelRow("bag-of-words", [0.215, 0.2, 0.23])
  ];
  assert.match(
    say("overview", {effects, levels: levels([0.237, 0.21, 0.26])}),
    /At 23\.7 % it is not surely better than the best shortcut, bag-of-words classifier, at 21\.5 %; label only reaches 60\.0 %\.$/
  );
  assert.doesNotMatch(say("overview", {effects, levels: levels([0.3, 0.27, 0.33])}), /shortcut/);
});

test("overview: being surer is no gain, and a calibration error may be biased", () => {
  const of = (measure: EffectRow["measure"]) => ({
    effects: [effect("explanation", [-0.3, -0.4, -0.2], {measure})]
  });
  assert.match(say("overview", of("sharpness"), {measure: "sharpness"}), /does not tell what is better/);
  assert.match(say("overview", of("ece"), {measure: "ece"}), /^Yes, it helps.* Part of it may be bias/);
});

test("overview: judges by the interval that was chosen", () => {
  const wide = {low_trainings: -0.03, high_trainings: 0.11};
  const effects = [{...effect("explanation", [0.04, 0.02, 0.06]), ...wide}];
  assert.match(say("overview", {effects}), /^Yes, it helps/);
  assert.match(say("overview", {effects}, {interval: "trainings"}), /^Undecided: .* \[−3\.0, \+11\.0\]/);
});

test("overview: warns where a decided effect has another sign with another seed", () => {
  const row = effect("explanation", [0.04, 0.02, 0.06]);
  const effects = [row, ...[0.1, 0.06, -0.04].map((value, i) => ({...row, effect: value, seed: `${i + 1}`}))];
  assert.match(
    say("overview", {effects}),
    /the seeds do not agree on it \(\+10\.0 points, \+6\.0 points and −4\.0 points\)/
  );
});

test("overview: an interval over trainings holds their luck already, and many seeds are told by their range", () => {
  const row = {...effect("explanation", [0.04, 0.02, 0.06]), low_trainings: 0.01, high_trainings: 0.07};
  const seeds = (...values: number[]) =>
    values.map((value, i) => ({...row, effect: value, seed: `${i + 1}`}));
  const effects = [row, ...seeds(0.1, 0.06, -0.04, 0.05, 0.03, 0.02)];
  assert.match(say("overview", {effects}), /\(1 of 6 are below zero; from −4\.0 points to \+10\.0 points\)/);
  assert.doesNotMatch(say("overview", {effects}, {interval: "trainings"}), /do not agree/);
});

test("overview: where neither side is better by itself, says so", () => {
  const row = effect("explanation", [-0.04, -0.06, -0.02], {measure: "overconfidence"});
  assert.match(
    say("overview", {effects: [row]}, {measure: "overconfidence"}),
    /the difference alone does not tell what is better/
  );
});

test("certainty: what it rests on, with the kind of interval in words", () => {
  const effects = withSeeds(effect("explanation", [0.042, 0.021, 0.063]));
  assert.equal(
    say("certainty", {effects}),
    "This rests on 1,800 test rows in 300 dialogues, pooled over 2 settings, token mean, mean of 3 seeds; 95 % intervals over other dialogues, for these trained models."
  );
  assert.match(say("certainty", {effects}, {interval: "trainings"}), /; no interval\.$/);
  const trained = effects.map((row) => ({...row, low_trainings: 0.01, high_trainings: 0.07}));
  assert.match(
    say("certainty", {effects: trained}, {interval: "trainings"}),
    /95 % intervals over other dialogues and other trainings\.$/
  );
  assert.match(
    say("certainty", {effects, study: {...study, seeds: ["1"]}}),
    /for this one training; a single seed says nothing of others/
  );
  assert.equal(say("certainty", {effects: []}), "", "the sentence before says why there is nothing");
});

test("certainty: the mean of settings and what a new one may bring", () => {
  const effects = [effect("explanation", [0.042, 0.021, 0.063])];
  const mean = {mean: 0.04, low: 0.01, high: 0.07, between: 0.02, predicted_low: -0.01, predicted_high: 0.09};
  const place = {
    arm: idOf("explanation"),
    corpus: "all",
    axis: "all",
    measure: "accuracy" as const,
    settings: 2
  };
  assert.match(
    say("certainty", {effects, across: [{...place, ...mean}]}),
    /For these trained models, the mean of 2 settings is \+4\.0 points \[\+1\.0, \+7\.0\]; in a setting not yet seen, expect \[−1\.0, \+9\.0\]\.$/
  );
  const unknown = {...place, ...mean, predicted_low: null, predicted_high: null};
  assert.doesNotMatch(say("certainty", {effects, across: [unknown]}), /not yet seen/);
});

test("certainty: says what the other loss reduction makes of it, and whether that changes the answer", () => {
  const token = effect("explanation", [-0.27, -0.29, -0.25]);
  const arm = {mode: "explanation", order: "label-first", reduction: "part-mean"} as const;
  const both = {...study, arms: [...study.arms, {...arm, id: armId(arm)}]};
  const sayWithPart = (...part: Estimate) =>
    say("certainty", {study: both, effects: [token, {...effect("explanation", part), arm: armId(arm)}]});
  assert.match(
    sayWithPart(0.03, 0.01, 0.05),
    /The answer depends on how the models are trained: with part mean it helps, \+3\.0 points \[\+1\.0, \+5\.0\]\.$/
  );
  assert.match(
    sayWithPart(-0.03, -0.05, -0.01),
    /Trained otherwise the answer is the same: with part mean it hurts, −3\.0 points/
  );
  assert.match(
    sayWithPart(-0.03, -0.33, 0.23),
    /Trained otherwise: with part mean it is undecided, −3\.0 points/,
    "decided here and undecided there is no difference"
  );
  assert.doesNotMatch(say("certainty", {study: both, effects: [token]}), /Trained otherwise|depends on/);
});

test("overview: where lower is better, a negative effect helps", () => {
  const row = effect("explanation", [-0.03, -0.05, -0.01], {measure: "nll"});
  assert.match(
    say("overview", {effects: [row]}, {measure: "nll"}),
    /^Yes, it helps: the explanation changes negative log-likelihood by −0\.030 nats/
  );
});

test("certainty: counts settings, and names the one that was chosen", () => {
  const here = (id: string, values: Estimate) =>
    effect("explanation", values, {corpus: id, axis: "adherence"});
  const effects = [
    effect("explanation", [0.03, 0.01, 0.05]),
    here("support", [0.1, 0.05, 0.2]),
    here("film", [-0.01, -0.1, 0.05])
  ];
  assert.match(say("certainty", {effects}), /Setting by setting it helps in 1 and is undecided in 1 of 2\.$/);
  const one = say("certainty", {effects}, {corpus: "film", axis: "adherence"});
  assert.match(one, /dialogues, Film dialogue, Adherence, token mean/);
  assert.doesNotMatch(one, /Setting by setting/);
});

test("overview: a single seed is named; what isn't there is said", () => {
  const seed2 = effect("explanation", [0.05, 0.01, 0.09], {seed: "2"});
  assert.match(
    say("certainty", {effects: [seed2]}, {seed: "2", interval: "trainings"}),
    /, seed 2; 95 % intervals over other dialogues, for the training with seed 2 alone/
  );
  assert.match(
    say("overview", {effects: []}),
    /^Nothing can be said here: there is no paired difference in accuracy/
  );
  assert.match(
    say("overview", {effects: []}, {reduction: "part-mean"}),
    /no arm “explanation” with part mean/
  );
  assert.match(say("overview", {effects: []}, {measure: "qwk"}), /aren't defined for every axis/);
});

function versus(mode: Mode, [value, low, high]: Estimate, effects: Estimate = [0, -0.1, 0.1]): EffectRow {
  return effect(mode, effects, {
    versus_explanation: value,
    versus_explanation_low: low,
    versus_explanation_high: high
  });
}

test("meaning: the best pseudo-explanation against the real one, all three ways", () => {
  const explanation = effect("explanation", [0.05, 0.03, 0.07]);
  const filler = versus("filler", [-0.08, -0.1, -0.06]);
  const yes = say("meaning", {
    effects: [explanation, filler, versus("shuffled", [-0.03, -0.05, -0.01], [0.02, 0.01, 0.03])]
  });
  assert.match(
    yes,
    /^Yes, meaning matters: even shuffled, the best of 2 pseudo-explanations, is worse than the real reason: it differs from the explanation by −3\.0 points \[−5\.0, −1\.0\]\.$/
  );
  const no = say("meaning", {effects: [explanation, filler, versus("shuffled", [0.03, 0.01, 0.05])]});
  assert.match(
    no,
    /^Meaning is not needed: shuffled, the best of 2 pseudo-explanations, does better than the real reason: .*flattered by being the best of several\.$/
  );
  const lost = effect("explanation", [-0.05, -0.07, -0.03]);
  assert.match(
    say("meaning", {effects: [lost, filler]}),
    /The explanation itself does worse than label only, so this tells which text costs less, not which helps\.$/
  );
  assert.match(
    say("meaning", {effects: [effect("explanation", [0.01, -0.02, 0.04]), filler]}),
    /The real reason itself is not surely ahead of label only, so this tells which text costs less, not which helps\.$/
  );
  const open = say("meaning", {effects: [explanation, versus("shuffled", [0.001, -0.02, 0.02])]});
  assert.match(
    open,
    /^Whether meaning matters is undecided: shuffled, the only pseudo-explanation, differs .*\[−2\.0, \+2\.0\]\.$/
  );
  assert.match(
    say("meaning", {effects: [explanation]}),
    /^Nothing can be said of meaning here: no pseudo-explanation can be compared/
  );
  assert.match(
    say("meaning", {effects: []}, {reduction: "part-mean"}),
    /no pseudo-explanation with part mean/
  );
});

test("examples: gained and lost over rows × seeds", () => {
  const text = say(
    "examples",
    {effects: withSeeds(effect("explanation", [0.01, 0.002, 0.018]))},
    {measure: "nll"}
  );
  assert.match(
    text,
    /^Of 5,400 answers \(1,800 test rows × 3 seeds; .* gained 120 .* lost 80 .*: more gained than lost\.$/
  );
  assert.match(
    say("examples", {effects: withSeeds(effect("explanation", [0.01, -0.01, 0.03]))}),
    /more gained than lost, which may be chance: \+1\.0 points \[−1\.0, \+3\.0\]\.$/
  );
  const fewer = effect("explanation", [-0.01, -0.02, 0], {gained: 1, lost: 2});
  assert.match(say("examples", {effects: withSeeds(fewer)}), /more lost than gained/);
  assert.match(say("examples", {effects: withSeeds({...fewer, lost: 1})}), /as many as each other/);
  assert.match(say("examples", {effects: []}), /^Nothing can be said here/);
});

test("meaning: where seeds disagree on which is better, says so", () => {
  const versus = (row: EffectRow): EffectRow => ({
    ...row,
    versus_explanation: -0.018,
    versus_explanation_low: -0.033,
    versus_explanation_high: -0.003
  });
  const seeds = (mode: Mode, ...values: number[]) =>
    values.map((value, i) => effect(mode, [value, null, null], {seed: `${i + 1}`}));
  const pooled = [
    effect("explanation", [-0.27, -0.29, -0.25]),
    versus(effect("filler", [-0.29, -0.31, -0.27]))
  ];
  const split = [
    ...pooled,
    ...seeds("explanation", -0.3, -0.25, -0.26),
    ...seeds("filler", -0.29, -0.28, -0.3)
  ];
  assert.match(
    say("meaning", {effects: split}),
    /^Undecided whether meaning matters: .*seeds do not agree on it \(\+1\.0 points, −3\.0 points and −4\.0 points\)/
  );
  const agreed = [
    ...pooled,
    ...seeds("explanation", -0.2, -0.25, -0.26),
    ...seeds("filler", -0.29, -0.28, -0.3)
  ];
  assert.doesNotMatch(say("meaning", {effects: agreed}), /do not agree/);
});

test("shares: what each text keeps of the gain, or why there is none to share", () => {
  const sure = {se: 0.01, df: 299};
  const gain = {...effect("explanation", [0.05, 0.0304, 0.0696]), ...sure};
  const shuffled = {...versus("shuffled", [-0.02, -0.04, 0], [0.03, 0.01, 0.05]), ...sure};
  const filler = {...versus("filler", [-0.08, -0.1, -0.06], [-0.03, -0.05, -0.01]), ...sure};
  assert.match(
    say("shares", {effects: [gain, shuffled, filler]}),
    /^Of the explanation’s gain of \+5\.0 points \[\+3\.0, \+7\.0\], filler does harm \(−60 % \[.*\]\) and shuffled keeps 60 % \[.*\]\.$/
  );
  assert.match(say("shares", {effects: [gain]}), /gains \+5\.0 points .*; no other mode is shown/);
  const without = {...shuffled, versus_explanation_low: null, versus_explanation_high: null};
  assert.match(say("shares", {effects: [gain, without]}), /keeps 60 %\.$/);
  for (const none of [
    [-0.27, -0.29, -0.25],
    [0.01, -0.01, 0.03],
    [0.01, null, null]
  ] as const)
    assert.match(
      say("shares", {effects: [effect("explanation", [...none]), shuffled]}),
      /^There is no gain to share: |^Whether there is a gain to share is not (decided|known): /
    );
});
