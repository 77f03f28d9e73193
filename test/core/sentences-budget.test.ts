import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import {defaultSelection} from "../../src/core/selection.js";
import type {Selection} from "../../src/core/selection.js";
import {SENTENCES} from "../../src/core/sentences.js";
import type {EffectRow} from "../../src/core/cubes.js";
import {sampleBudgets} from "../figures/sample-budgets.js";
import {sampleCubes} from "../figures/sample-cubes.js";

const cubes = sampleBudgets();
const selection: Selection = {...defaultSelection(cubes.study), interval: "dialogues"};
const say = (of = cubes, change: Partial<Selection> = {}) =>
  SENTENCES["token-budget"](of, {...selection, ...change});
const compare = (of = cubes, change: Partial<Selection> = {}) =>
  SENTENCES["length-or-meaning"](of, {...selection, ...change});

/** The cubes with each arm's pooled effect set to a value ± half. */
function withEffects(
  effectOf: (arm: string) => number,
  half: number | null,
  versus: number | null = null
): typeof cubes {
  const effects = cubes.effects.map((row): EffectRow => {
    const effect = effectOf(row.arm);
    const around = (middle: number | null) => ({
      low: middle === null || half === null ? null : middle - half,
      high: middle === null || half === null ? null : middle + half
    });
    const against = row.arm.startsWith("explanation") ? null : versus;
    return {
      ...row,
      ...NO_UNCERTAINTY,
      ...around(effect),
      effect,
      versus_explanation: against,
      versus_explanation_low: around(against).low,
      versus_explanation_high: around(against).high
    };
  });
  return {...cubes, effects};
}

const byLength = (short: number, long: number) => (arm: string) => (/\.t\d+$/.test(arm) ? short : long);

describe("the sentence on token budgets", () => {
  it("more text helps, hurts, or that is undecided, by an interval that is wide enough", () => {
    assert.match(
      say(withEffects(byLength(0.01, 0.1), 0.02)),
      /^Yes, the longest text does better than the shortest: the explanation changes accuracy by \+1\.0 points \[−1\.0, \+3\.0\] at 4\.2 tokens, .* and \+10\.0 points .* against the label alone, from the shortest to the longest by \+9\.0 points \[\+5\.0, \+13\.0\]/
    );
    assert.match(
      say(withEffects(byLength(0.1, 0.01), 0.02)),
      /^No, the longest text does worse than the shortest/
    );
    assert.match(
      say(withEffects(byLength(0.01, 0.03), 0.02)),
      /^Whether the longest text does better than the shortest is undecided/
    );
    assert.match(
      say(withEffects(byLength(0.01, 0.1), null)),
      /^Whether the longest text does better than the shortest is undecided/
    );
  });

  it("a measure without a better side has no verdict", () => {
    const over = {
      ...cubes,
      effects: cubes.effects.map((row) => ({...row, measure: "overconfidence" as const}))
    };
    const said = say(over, {measure: "overconfidence"});
    assert.match(said, /^By length: the explanation changes overconfidence by/);
    assert.doesNotMatch(said + compare(over, {measure: "overconfidence"}), /worse|better|helps|hurts/);
  });

  it("compares modes with the explanation at the same length, and text without meaning with label only", () => {
    const worse = compare(withEffects(() => 0.05, 0.01, -0.03));
    assert.match(
      worse,
      /^At the same length as the explanation, shuffled is worse \(−3\.0 points \[−4\.0, −2\.0\] at 14\.2 tokens\)/
    );
    assert.match(worse, /filler is worse at all 3 such lengths/);
    assert.match(worse, /Length without meaning \(filler\) helps by itself: \+5\.0 points/);
    assert.match(compare(withEffects(() => -0.05, 0.01, 0.03)), /filler is better at all 3 such lengths/);
    assert.match(compare(withEffects(() => 0, 0.01, 0)), /filler is undecided at all 3 such lengths/);
    assert.match(compare(withEffects(() => -0.05, 0.01, 0)), /\(filler\) hurts by itself/);
  });

  it("names the emptiest text that is shown, and none where there is none", () => {
    assert.match(
      compare(cubes, {modes: ["explanation", "bag-of-words"]}),
      /Length without meaning \(bag of words\)/
    );
    assert.doesNotMatch(compare(cubes, {modes: ["explanation", "shuffled"]}), /Length without meaning/);
  });

  it("a study of one length says how to declare more", () => {
    const one = say(sampleCubes());
    assert.match(one, /text beside the label/);
    assert.match(one, /This study has one length\. Several lengths in the study file/);
    assert.doesNotMatch(say(), /Several lengths/);
    assert.match(say(cubes, {reduction: "part-mean"}), /With label first, part mean one length was trained/);
  });

  it("says where nothing can be said", () => {
    const {study} = cubes;
    assert.match(
      say({...cubes, study: {...study, lengths: []}}),
      /^Nothing can be said here: these tables hold no lengths/
    );
    assert.match(
      say(cubes, {order: "explanation-first", modes: ["filler"]}),
      /^Nothing can be said here: no mode shown was trained with explanation first, token mean/
    );
    assert.match(say({...cubes, effects: []}), /^Nothing can be said here: accuracy has no difference/);
    assert.equal(compare({...cubes, effects: []}), "");
  });

  it("says what the comparison rests on", () => {
    assert.match(
      compare(),
      /This rests on 2,160 test rows in 240 dialogues, pooled over 18 settings, label first, token mean; 95 % intervals over other dialogues/
    );
    assert.match(compare(withEffects(() => 0.1, null)), /; no interval\.$/);
  });
});
