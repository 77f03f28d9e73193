/** Sentences on levels, and on runs, say what the data say. */
import assert from "node:assert/strict";
import {test} from "node:test";
import type {RunRow} from "../../src/core/cubes.js";
import {idOf, levelRow, say, sayAll} from "./sentence-study.js";

test("accuracy: the best arm against the best shortcut", () => {
  const arms = [levelRow("label-only", [0.6, 0.57, 0.63]), levelRow(idOf("explanation"), [0.65, 0.62, 0.68])];
  const clear = sayAll("accuracy", {
    levels: [...arms, levelRow("majority", [0.3, 0.27, 0.33]), levelRow("bag-of-words", [0.5, 0.47, 0.53])]
  });
  assert.match(clear, /^The best arm shown is explanation, token mean: accuracy 65\.0 % \[62\.0, 68\.0\]\./);
  assert.match(
    clear,
    /The best shortcut, bag-of-words classifier, reaches 50\.0 % \[47\.0, 53\.0\]: clearly worse, the intervals lie apart\./
  );
  assert.match(
    sayAll("accuracy", {levels: [...arms, levelRow("bag-of-words", [0.64, 0.61, 0.67])]}),
    /worse, but the intervals overlap/
  );
  assert.match(
    sayAll("accuracy", {levels: [...arms, levelRow("bag-of-words", [0.7, 0.67, 0.73])]}),
    /no arm shown is better than that/
  );
  assert.match(sayAll("accuracy", {levels: arms}), /No shortcut baseline was run/);
  assert.match(sayAll("accuracy", {levels: arms}, {modes: []}), /^The best arm shown is label only/);
  assert.match(sayAll("accuracy", {levels: []}), /^Nothing can be said here: no arm shown has accuracy/);
});

test("accuracy: for a measure where lower is better, the lowest is best", () => {
  const nll = {measure: "nll"} as const;
  const levels = [
    levelRow("label-only", [0.9, 0.8, 1], nll),
    levelRow(idOf("explanation"), [0.7, 0.6, 0.8], nll)
  ];
  assert.match(sayAll("accuracy", {levels}, nll), /^The best arm shown is explanation.* 0\.700 nats/);
});

test("accuracy: says plainly where no arm beats the majority class", () => {
  const pooled = levelRow("label-only", [0.6, 0.57, 0.63]);
  const here = (id: string, low: number, system = "label-only") =>
    levelRow(system, [low + 0.05, low, low + 0.1], {corpus: id, axis: "adherence"});
  const levels = (support: number, film: number) => [pooled, here("support", support), here("film", film)];
  assert.match(
    sayAll("accuracy", {levels: levels(0.5, 0.5)}),
    /Every arm shown is surely above the majority class in all 2 settings\. This rests on/
  );
  assert.match(
    sayAll("accuracy", {levels: levels(0.5, 0.39)}),
    /In 1 of 2 settings no arm shown is surely above the majority class: \(Film dialogue, Adherence\)\. This rests on/
  );
  const some = [...levels(0.5, 0.39), here("film", 0.5, idOf("explanation"))];
  assert.match(
    sayAll("accuracy", {levels: some}),
    /In 1 of 2 settings some arms shown are not surely above the majority class\. This rests on/
  );
  const one = {corpus: "film", axis: "adherence"};
  assert.match(
    sayAll("accuracy", {levels: levels(0.5, 0.39)}, one),
    /No arm shown is surely above the majority class here\. This rests on/
  );
  assert.match(
    sayAll("accuracy", {levels: levels(0.5, 0.5)}, one),
    /Every arm shown is surely above the majority class here\. This rests on/
  );
  assert.match(
    sayAll("accuracy", {levels: some}, one),
    /Some arms shown are not surely above the majority class here\. This rests on/
  );
  const measured = levelRow("majority", [0.45, 0.4, 0.52], {corpus: "film", axis: "adherence"});
  assert.match(
    sayAll("accuracy", {levels: [...levels(0.5, 0.5), measured]}),
    /In 1 of 2 settings no arm/,
    "the majority baseline counts before the share, and its interval before its value"
  );
});

function run(change: Partial<RunRow>): RunRow {
  const numbers = {steps: 0, tokens: 1000, wall_seconds: 100, resumed: 0};
  return {
    kind: "train",
    system: idOf("filler"),
    seed: "2",
    status: "done",
    reason: "finished",
    ...numbers,
    ...change
  } as RunRow;
}

test("runs: all done, some failed or missing, and the cost", () => {
  assert.equal(
    say("runs", {runs: [run({}), run({kind: "baseline", system: "majority", seed: ""})]}),
    "All 2 runs are done, 1 trained model among them. Together they took 3 min 20 s of computing and 2,000 training tokens."
  );
  const some = [
    run({resumed: 2}),
    run({status: "failed", reason: "The loss became NaN."}),
    run({status: "missing", wall_seconds: 0})
  ];
  const text = say("runs", {runs: some});
  assert.match(
    text,
    /^1 of 3 runs is done, 1 failed \(filler\.label-first\.token-mean, seed 2: The loss became NaN\), 1 is missing\. Arms without/
  );
  assert.match(text, /1 run went on from a checkpoint/);
  assert.match(
    say("runs", {runs: [...some, run({status: "failed", reason: "x"})]}),
    /2 failed \(the first: /
  );
  assert.equal(say("runs", {runs: []}), "This study has no runs yet.");
});
