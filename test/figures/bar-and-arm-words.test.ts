import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {shortArmTitle} from "../../src/components/arm-name.js";
import {toggleState} from "../../src/components/toggle-bar.js";
import type {StudyArm} from "../../src/core/selection.js";
import {defaultSelection} from "../../src/core/selection.js";
import {sampleCubes} from "./sample-cubes.js";

const arm = (id: string): StudyArm => {
  const [mode, order = "label-first", reduction = "token-mean"] = id.split(".");
  return {id, mode, order, reduction} as StudyArm;
};

describe("short names of arms", () => {
  const named = (...ids: string[]) => ids.map((id) => shortArmTitle({arms: ids.map(arm)}, id));

  it("leave out what all arms share", () => {
    assert.deepEqual(
      named("label-only", "shuffled.label-first.token-mean", "explanation.label-first.token-mean"),
      ["Label only", "Shuffled", "Explanation"]
    );
  });

  it("name order and reduction where they tell arms apart", () => {
    assert.deepEqual(
      named("label-only", "explanation.label-first.token-mean", "explanation.label-first.part-mean"),
      ["Label only", "Explanation, token mean", "Explanation, part mean"]
    );
    assert.deepEqual(named("explanation.label-first.token-mean", "explanation.explanation-first.part-mean"), [
      "Explanation, label first, token mean",
      "Explanation, explanation first, part mean"
    ]);
  });
});

describe("the state of the toggle bar in one line", () => {
  const {study} = sampleCubes();
  const selection = defaultSelection(study);

  it("names what is chosen, in the order of the toggles", () => {
    assert.equal(
      toggleState(study, ["modes", "reduction", "corpus", "axis", "seed"], selection),
      "Token mean · all corpora · all axes · mean of seeds"
    );
    assert.equal(
      toggleState(study, ["seed", "corpus"], {...selection, seed: "2", corpus: study.corpora[0]!.id}),
      `Seed 2 · ${study.corpora[0]!.title}`
    );
  });

  it("says how many modes are shown when not all are", () => {
    const count = selection.modes.length;
    assert.equal(toggleState(study, ["modes"], selection), "All modes");
    assert.equal(toggleState(study, ["modes"], {...selection, modes: []}), "No mode");
    assert.equal(
      toggleState(study, ["modes"], {...selection, modes: selection.modes.slice(1)}),
      `${count - 1} of ${count} modes`
    );
  });
});
