/** The sentence on training says how the label part ended, what it took, and which runs were resumed. */
import assert from "node:assert/strict";
import {test} from "node:test";
import type {CurveRow, RunRow} from "../../src/core/cubes.js";
import {idOf, say} from "./sentence-study.js";

const EXPLANATION = idOf("explanation");

function runRow(system: string, seed: string, change: Partial<RunRow> = {}): RunRow {
  return {
    ...({
      run: `${system} ${seed}`,
      kind: "train",
      system,
      seed,
      scope: "",
      status: "done",
      reason: "finished"
    } as const),
    ...{
      accuracy: 0.6,
      steps: 100,
      tokens: 1000,
      wall_seconds: 60,
      train_seconds: system === "label-only" ? 19 : 49
    },
    ...{
      score_seconds: 1,
      tokens_per_second: 100,
      peak_memory_bytes: 1e6,
      parameters: 10,
      resumed: 0,
      started: 0
    },
    ...{device: "cpu", threads: 1, libraries: "", trainer_version: "1", execution: ""},
    ...{
      flops_utilisation: null,
      encoded_tokens_per_second: null,
      peak_device_memory_bytes: null,
      trainable_parameters: 10
    },
    ...change
  };
}

/** A training whose label part ends at `end`. */
const ended = ({run}: RunRow, end: number): CurveRow[] =>
  [10, 50, 100].map((step) => ({
    run,
    step,
    loss: 3,
    loss_label: step === 100 ? end : 2,
    loss_explanation: null
  }));

function study(ends: [alone: number, explained: number][], change: Partial<RunRow> = {}) {
  const pairs = ends.flatMap(([alone, explained], i): [RunRow, number][] => [
    [runRow("label-only", String(i + 1)), alone],
    [runRow(EXPLANATION, String(i + 1), change), explained]
  ]);
  return {runs: pairs.map(([run]) => run), curves: pairs.flatMap(([run, end]) => ended(run, end))};
}

test("higher in every pair, lower in every pair, and neither", () => {
  assert.match(
    say("training", study([[0.5, 0.6], [0.5, 0.7], [0.6, 0.8]])), // prettier-ignore
    /^Yes: with the explanation the label part ends at a higher training loss, 0\.70 against 0\.53 nats a token \(higher in 3 of 3 pairs of trainings: \+0\.10, \+0\.20 and \+0\.20/
  );
  assert.match(say("training", study([[0.5, 0.4], [0.5, 0.3]])), /^No: .*higher in 0 of 2 pairs/); // prettier-ignore
  assert.match(say("training", study([[0.5, 0.4], [0.5, 0.6]])), /^Undecided: .*higher in 1 of 2 pairs/); // prettier-ignore
  assert.match(say("training", study([[0.5, 0.4], [0.5, 0.5]])), /^No: .* at no higher a training loss/); // prettier-ignore
});

test("a single pair is undecided, and what no decimal shows is no difference", () => {
  assert.match(
    say("training", study([[0.5, 0.4]])),
    /^Undecided, with one training of each: .*difference: −0\.10/
  );
  const same = say("training", study([[0.5, 0.501], [0.5, 0.499]])); // prettier-ignore
  assert.match(
    same,
    /^No: .* the same training loss as without, 0\.50 nats a token \(higher in 0 of 2 pairs of trainings;/
  );
});

test("time is compared with label only; trainings whose times overlap take about as long", () => {
  assert.match(
    say("training-time", study([[0.5, 0.6], [0.5, 0.7]])), // prettier-ignore
    /Training on explanations and scoring take 2\.5 × the time of label only, with as many tokens, start-up left out: 50 s a training, against 20 s\. Some ran beside other/
  );
  const pairs: [number, number][] = [[0.5, 0.6], [0.5, 0.7]]; // prettier-ignore
  const alike = study(pairs, {train_seconds: 19}).runs.map((run, i) => ({...run, score_seconds: i + 1}));
  assert.match(
    say("training-time", {runs: alike}),
    /take about as long as with label only, .*: 22 s a training, against 21 s\./
  );
});

test("what cannot be said is said to be so", () => {
  assert.match(say("training", {}), /^Nothing can be said here of learning: there are no loss curves/);
  const {runs, curves} = study([[0.5, 0.6]]);
  const other = runs.map((run) => (run.system === "label-only" ? {...run, seed: "9"} : run));
  assert.match(say("training", {runs: other, curves}), /no seed in common/);
  const failed = runs.map((run) => ({...run, status: "failed" as const}));
  assert.equal(say("training-time", {runs: failed, curves}), "");
});

test("resumed runs are named, the first three one by one", () => {
  const ends = Array.from({length: 5}, (): [number, number] => [0.5, 0.6]);
  const said = say("training-time", study(ends, {resumed: 1}));
  assert.match(
    said,
    /Resumed from a checkpoint: \(Explanation, label first, token mean, seed 1\), .*seed 3\) and 2 more\./
  );
  assert.doesNotMatch(say("training-time", study(ends)), /Resumed/);
});
