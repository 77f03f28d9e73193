import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {describeProgress, Pace} from "../../data-loaders/cli/display.js";
import {describeError, exitCodeOf} from "../../data-loaders/cli/outcome.js";
import {LinkLost} from "../../data-loaders/places/transport.js";
import {BadInput, BadInputs} from "../../src/core/bad-input.js";
import {Interrupted} from "../../data-loaders/jobs/run-study.js";
import type {RunState} from "../../data-loaders/trainers/trainer.js";

const RUNS = ["a", "b", "c", "d"].map((run) => ({run, title: run, steps: 100}));
const state = (status: RunState["status"], step?: number, event: "step" | "score" = "step"): RunState => ({
  status,
  reason: "",
  progress: step === undefined ? null : {event, time: 0, step, steps: 100, loss: 1.25}
});

describe("progress", () => {
  it("counts done and failed runs as whole, running ones by their steps", () => {
    const pace = new Pace(RUNS);
    const {share, ends} = pace.measure(
      new Map([
        ["a", state("done")],
        ["b", state("failed")],
        ["c", state("running", 50)],
        ["d", state("queued")]
      ])
    );
    assert.equal(ends, "1 of 4 runs done, 1 failed");
    assert.ok(Math.abs(share - (1 + 1 + 0.45) / 4) < 1e-9);
  });

  it("tells apart what failed and what somebody cancelled, and waits for neither", () => {
    const states = new Map([
      ["a", state("cancelled")],
      ["b", state("cancelled")],
      ["c", state("failed")],
      ["d", state("done")]
    ]);
    const {share, ends} = new Pace(RUNS).measure(states);
    assert.deepEqual([share, ends], [1, "1 of 4 runs done, 1 failed, 2 cancelled"]);
  });

  it("knows no time left before anything was done, and less of it later", async () => {
    const pace = new Pace(RUNS);
    assert.equal(pace.measure(new Map([["a", state("running", 0)]])).eta, null);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const early = pace.measure(new Map([["a", state("running", 20)]])).eta!;
    const late = pace.measure(
      new Map([
        ["a", state("done")],
        ["b", state("done")],
        ["c", state("done")]
      ])
    ).eta!;
    assert.ok(early > late && late > 0, `${early} then ${late}`);
  });

  it("says step and loss, and what else a run does", () => {
    assert.equal(describeProgress(state("running", 50)), "step 50 of 100 · loss 1.250");
    assert.equal(describeProgress(state("running", 100, "score")), "scoring");
    assert.equal(describeProgress(state("running")), "starting");
    assert.equal(describeProgress(state("queued")), "queued");
  });
});

describe("errors", () => {
  const bad = new BadInput({where: "x.csv, row 3", expected: "a label", found: "“7”", mend: "Correct it."});

  it("to mend end 2, stopped ends 130, all else 1", () =>
    assert.deepEqual(
      [bad, new BadInputs([bad]), new Interrupted("stop"), new Error("no"), "text"].map(exitCodeOf),
      [2, 2, 130, 1, 1]
    ));

  it("of a link that is gone name what looks for the cause", () => {
    assert.match(describeError(new LinkLost("no route")), /no route\n`because doctor --on PLACE` looks for/);
    assert.doesNotMatch(describeError(new Error("no route")), /doctor/);
  });

  it("name place, expectation, finding and mend", () => {
    const text = describeError(new BadInputs([bad, bad]));
    for (const part of ["x.csv, row 3", "expected a label", "found    “7”", "mend     Correct it."])
      assert.equal(text.split(part).length, 3);
  });
});
