/** The sentence on calibration says what the data say: better, worse, undecided; over- and underconfident. */
import assert from "node:assert/strict";
import {test} from "node:test";
import type {EffectRow, LevelRow} from "../../src/core/cubes.js";
import {NO_UNCERTAINTY} from "../../src/core/intervals.js";
import {idOf, levelRow, sayAll, type Estimate} from "./sentence-study.js";

function effectRow(arm: string, [effect, low, high]: Estimate, change: Partial<EffectRow> = {}): EffectRow {
  const place = {seed: "all", corpus: "all", axis: "all", measure: "smooth_ece" as const};
  return {
    ...NO_UNCERTAINTY,
    arm,
    ...place,
    effect,
    low,
    high,
    gained: 0,
    lost: 0,
    n: 1800,
    dialogues: 300,
    ...change
  };
}

const over = (system: string, estimate: Estimate, change: Partial<LevelRow> = {}) =>
  levelRow(system, estimate, {measure: "overconfidence", ...change});

const [EXPLANATION, SHUFFLED, FILLER] = ["explanation", "shuffled", "filler"].map((mode) =>
  idOf(mode as never)
);
const better: Estimate = [-0.03, -0.05, -0.01];
const worse: Estimate = [0.03, 0.01, 0.05];
const open: Estimate = [-0.01, -0.03, 0.01];

test("better: the explanation, its size, and how many others", () => {
  const said = sayAll("calibration", {
    effects: [effectRow(EXPLANATION!, better), effectRow(SHUFFLED!, open), effectRow(FILLER!, worse)]
  });
  assert.match(
    said,
    /^Yes: explanation is better calibrated than label only: its smooth calibration error differs by −0\.030 \[−0\.050, −0\.010\]/
  );
  assert.match(said, /Of 3 arms shown 1 is better, 1 worse and 1 undecided\./);
  assert.match(said, /1,800 test rows in 300 dialogues/);
});

test("worse and undecided", () => {
  const no = sayAll("calibration", {
    effects: [effectRow(EXPLANATION!, worse), effectRow(FILLER!, [0.1, 0.05, 0.15])]
  });
  assert.match(no, /^No: explanation is worse calibrated than label only: .*\+0\.030/);
  assert.match(no, /All 2 arms shown are worse\./);
  const maybe = sayAll("calibration", {effects: [effectRow(EXPLANATION!, open), effectRow(FILLER!, worse)]});
  assert.match(maybe, /^Undecided: explanation is not surely better or worse calibrated/);
  assert.match(
    sayAll("calibration", {effects: [effectRow(EXPLANATION!, [-0.03, null, null])]}),
    /^Undecided: .*no interval/
  );
});

test("an arm that is surely better is named where the explanation is not, though another looks better still", () => {
  const said = sayAll("calibration", {
    effects: [
      effectRow(EXPLANATION!, open),
      effectRow(SHUFFLED!, [-0.02, -0.03, -0.01]),
      effectRow(FILLER!, [-0.05, -0.2, 0.1])
    ]
  });
  assert.match(
    said,
    /^Undecided: explanation .*Surely better, the best of 3 arms shown, is shuffled: .*−0\.020/
  );
  assert.match(said, /Of 3 arms shown 1 is better and 2 undecided\./);
});

test("the interval asked for decides", () => {
  const row = effectRow(EXPLANATION!, better, {low_trainings: -0.08, high_trainings: 0.02});
  assert.match(sayAll("calibration", {effects: [row]}, {interval: "dialogues"}), /^Yes: /);
  assert.match(
    sayAll("calibration", {effects: [row]}, {interval: "trainings"}),
    /^Undecided: .*\[−0\.080, \+0\.020\]/
  );
});

test("seeds that disagree are named where the interval holds nothing of the training", () => {
  const seeds = [0.02, -0.06, -0.05].map((effect, i) =>
    effectRow(EXPLANATION!, [effect, null, null], {seed: String(i + 1)})
  );
  const effects = [effectRow(EXPLANATION!, better), ...seeds];
  assert.match(sayAll("calibration", {effects}), /But the seeds do not agree on it/);
  assert.doesNotMatch(sayAll("calibration", {effects: effects.slice(0, 1)}), /do not agree/);
});

test("bins of equal width serve where a study has no smooth calibration error", () => {
  assert.match(
    sayAll("calibration", {effects: [effectRow(EXPLANATION!, better, {measure: "ece"})]}),
    /its expected calibration error, bins of equal width differs by −0\.030/
  );
});

test("over- and underconfident arms are named, with sizes for label only and explanation", () => {
  const levels = [
    over("label-only", [0.08, 0.05, 0.11]),
    over(EXPLANATION!, [-0.02, -0.05, 0.01]),
    over(SHUFFLED!, [0.04, 0.01, 0.07]),
    over(FILLER!, [-0.05, -0.08, -0.02])
  ];
  const said = sayAll("calibration", {levels});
  assert.match(said, /^Nothing can be said here of which arm is better calibrated/);
  assert.match(
    said,
    /Overconfident, surer than right: label only \(\+8\.0 \[\+5\.0, \+11\.0\] points\) and shuffled\./
  );
  assert.match(said, /Underconfident, more often right than sure: filler\./);
  assert.match(said, /Not decided either way: explanation \(−2\.0 \[−5\.0, \+1\.0\] points\)\./);
});
