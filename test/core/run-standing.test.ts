import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {Manifest} from "../../src/core/contract.js";
import {describeEnding, endingCause, remedyFor} from "../../src/core/run-endings.js";
import type {EndFacts, Ending} from "../../src/core/run-endings.js";
import {standingOf} from "../../src/core/run-standing.js";
import type {Hint, RunLook} from "../../src/core/run-standing.js";

const LOOK: RunLook = {
  run: "a".repeat(16),
  job: true,
  manifest: null,
  ending: null,
  submitted: {at: 1, job: null},
  claim: null,
  progress: null,
  attempts: 0,
  said: null
};
const claim = (condition: "held" | "lost") => ({host: "n1", condition, silent: 1, age: 60});
const manifest = (status: "done" | "failed", cause?: Manifest["cause"]) =>
  ({status, reason: status === "done" ? "finished" : "it broke", cause}) as Manifest;
const stands = (look: Partial<RunLook>, hint?: Hint) => standingOf({...LOOK, ...look}, hint);

describe("how a run at a place stands", () => {
  it("the manifest is believed before anybody's word", () => {
    const failed: Hint = {state: "ended", cause: "code-error", words: "FAILED"};
    assert.equal(stands({manifest: manifest("done"), submitted: null}, failed).status, "arriving");
    assert.equal(stands({manifest: manifest("done")}).status, "arriving");
    const completed: Hint = {state: "ended", words: "COMPLETED"};
    const {status, reason} = stands({manifest: manifest("failed"), submitted: null}, completed);
    assert.deepEqual([status, reason], ["failed", "error: it broke"]);
  });

  it("who holds it does it, whatever a scheduler says", () => {
    assert.equal(stands({claim: claim("held")}, {state: "gone", words: "no such job"}).status, "running");
    assert.equal(stands({claim: claim("held"), submitted: null}).status, "running");
  });

  it("no word is unknown: a run that was asked for waits", () => {
    assert.deepEqual(stands({}), {status: "queued", reason: "waits", lost: false});
    assert.equal(stands({}, {state: "waiting", words: "Priority"}).reason, "Priority");
  });

  it("what a disk may still hide is waited for, and why a run left is kept", () => {
    const hidden: Hint = {state: "waiting", words: "its files are not seen yet"};
    assert.deepEqual(stands({submitted: null}, hidden), {
      status: "queued",
      reason: hidden.words,
      lost: false
    });
    assert.equal(stands({submitted: null}).lost, true);
    const left: Ending = {status: "left", reason: "its time limit was near", cause: "timeout"};
    assert.equal(endingCause({manifest: null, ending: left, lost: false}), "timeout");
  });

  it("only what nobody holds and nobody will do is lost", () => {
    assert.equal(stands({}, {state: "gone", words: "no such job"}).lost, true);
    assert.equal(stands({}, {state: "ended", cause: "timeout", words: "TIMEOUT"}).lost, true);
    assert.equal(stands({claim: claim("lost")}).lost, true);
    assert.equal(stands({claim: claim("lost")}, {state: "running", words: "RUNNING"}).lost, false);
    assert.equal(
      stands({}, {state: "ended", cause: "code-error", words: "FAILED"}).status,
      "failed",
      "it would end alike"
    );
    assert.deepEqual(stands({submitted: null}), {
      status: "unknown",
      reason: "not asked for there",
      lost: true
    });
  });

  it("what somebody cancelled has not failed, whether there or by the scheduler", () => {
    const ending: Ending = {status: "cancelled", reason: "cancelled"};
    const there = stands({submitted: null, ending, said: "step 12"});
    assert.deepEqual([there.status, there.reason], ["cancelled", "cancelled"]);
    const scancel = stands({}, {state: "ended", cause: "cancelled", words: "CANCELLED by 1000"});
    assert.deepEqual(
      [scancel.status, scancel.lost, scancel.reason],
      ["cancelled", false, "cancelled: CANCELLED by 1000"]
    );
  });

  it("a failure is told with the last words of its log", () => {
    const ending: Ending = {
      status: "failed",
      reason: "its process ended with exit code 1",
      code: 1,
      last: "ValueError: no"
    };
    const said = "step 3\nValueError: no\n\n";
    assert.equal(
      stands({ending, submitted: null, said}).reason,
      "error: its process ended with exit code 1 (ValueError: no)"
    );
  });
});

describe("why a run ended", () => {
  const ending = (more: Partial<Ending>): Ending => ({status: "failed", reason: "", ...more});
  const cases: [string, Partial<EndFacts>, string, string][] = [
    [
      "a GPU's memory, after the trainer's own halvings",
      {manifest: manifest("failed", "out-of-memory")},
      "out-of-memory",
      "none"
    ],
    [
      "the machine's memory, by the system's count",
      {ending: ending({code: -9, memory: true})},
      "out-of-memory",
      "smaller"
    ],
    [
      "the same, by its last words",
      {ending: ending({code: 1, last: "MemoryError"})},
      "out-of-memory",
      "smaller"
    ],
    ["a time limit", {ending: ending({status: "left"}), hint: {cause: "timeout"}}, "timeout", "resume"],
    ["preempted with a warning", {ending: ending({status: "left"})}, "preempted", "resume"],
    ["preempted without one", {hint: {cause: "preempted"}, lost: true}, "preempted", "resume"],
    ["a node that is gone", {lost: true}, "node-lost", "resume"],
    ["a node that is gone each time", {ending: ending({lost: true})}, "node-lost", "resume"],
    ["killed by whomever", {ending: ending({code: -9})}, "killed", "resume"],
    ["a shell's word for a signal", {ending: ending({code: 137})}, "killed", "resume"],
    [
      "a mistake in the code",
      {ending: ending({code: 1, last: "Traceback (most recent call last):\nTypeError: x"})},
      "code-error",
      "none"
    ],
    ["an exit code alone", {ending: ending({code: 2})}, "code-error", "none"],
    [
      "data that cannot be read",
      {ending: ending({code: 1, last: "pyarrow.lib.ArrowInvalid: x"})},
      "bad-data",
      "none"
    ],
    ["input that the trainer refused", {manifest: manifest("failed", "bad-input")}, "bad-data", "none"],
    ["a loss that is no number", {manifest: manifest("failed", "diverged")}, "diverged", "none"],
    [
      "cancelled, though killed with it",
      {ending: ending({status: "cancelled", code: -15})},
      "cancelled",
      "none"
    ],
    ["nothing known", {}, "unknown", "resume"]
  ];
  for (const [name, facts, cause, remedy] of cases)
    it(name, () => {
      const all: EndFacts = {manifest: null, ending: null, lost: false, ...facts};
      assert.equal(endingCause(all), cause);
      assert.equal(remedyFor(endingCause(all), all), remedy);
    });

  it("is said once, with what helps", () => {
    assert.equal(describeEnding("cancelled", "cancelled"), "cancelled");
    assert.match(
      describeEnding("out-of-memory", "it needs more"),
      /^out of memory: it needs more Lower execution\.micro_batch/
    );
  });
});
