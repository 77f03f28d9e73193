import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {TrainJob} from "../../src/core/contract.js";
import {groupRuns} from "../../data-loaders/jobs/group-runs.js";
import type {PlannedRun} from "../../data-loaders/jobs/plan-jobs.js";

const LORA = {kind: "lora", bits: 4} as TrainJob["adapter"];
const WHOLE = {kind: "none"} as const;

function run(id: string, change: Partial<TrainJob> = {}): PlannedRun {
  const job = {
    kind: "train",
    model: {folder: "m"},
    base_run: null,
    adapter: LORA,
    execution: {processes: 1},
    ...change
  };
  return {run: id, job: job as TrainJob, train: [], test: []};
}

const runs = (count: number, change: Partial<TrainJob> = {}) =>
  Array.from({length: count}, (_, i) => run(`r${i}`, change));

describe("runs that share a frozen base", () => {
  it("go to one process as many at a time as the study says, in order", () => {
    assert.deepEqual(groupRuns(runs(5), 2, 1), [["r0", "r1"], ["r2", "r3"], ["r4"]]);
    assert.deepEqual(groupRuns(runs(2), 1, 4), [["r0"], ["r1"]]);
  });

  it("with auto, every worker gets its share, eight at most", () => {
    assert.deepEqual(groupRuns(runs(4), "auto", 2), [
      ["r0", "r1"],
      ["r2", "r3"]
    ]);
    assert.deepEqual(
      groupRuns(runs(20), "auto", 1).map(({length}) => length),
      [8, 8, 4]
    );
  });

  it("others go alone: all weights trained, several processes, another base, or no training", () => {
    assert.deepEqual(groupRuns(runs(2, {adapter: WHOLE}), "auto", 1), [["r0"], ["r1"]]);
    const several = {execution: {processes: 2}} as Partial<TrainJob>;
    assert.deepEqual(groupRuns(runs(2, several), "auto", 1), [["r0"], ["r1"]]);
    const other = run("other", {base_run: "0".repeat(16)});
    assert.deepEqual(groupRuns([run("a"), other, run("b")], "auto", 1), [["a", "b"], ["other"]]);
    const baseline = {...run("x"), job: {kind: "baseline"}} as unknown as PlannedRun;
    assert.deepEqual(groupRuns([baseline, run("a")], "auto", 1), [["x"], ["a"]]);
  });
});
