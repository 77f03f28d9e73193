import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {
  absentModes,
  choicesOf,
  defaultSelection,
  parseSelection,
  selectedArms,
  serialiseSelection
} from "../../src/core/selection.js";
import {armId} from "../../src/core/arms.js";
import {anySelectionOf} from "./any-selection.js";
import {sampleStudy} from "../figures/sample-study.js";

const study = sampleStudy();
const choices = choicesOf(study);
const anySelection = anySelectionOf(study);

describe("the selection in the address", () => {
  it("is read back as it was written", () => {
    fc.assert(
      fc.property(anySelection, (selection) => {
        assert.deepEqual(parseSelection(serialiseSelection(selection, study), study), {
          selection,
          ignored: []
        });
      })
    );
  });

  it("leaves defaults out", () => {
    assert.equal(serialiseSelection(defaultSelection(study), study), "");
    assert.equal(serialiseSelection({...defaultSelection(study), corpus: "film"}, study), "?corpus=film");
  });

  it("keeps the keys of others", () => {
    assert.equal(
      serialiseSelection(
        {...defaultSelection(study), axis: "adherence"},
        study,
        "?example=film%2F1&corpus=film"
      ),
      "?example=film%2F1&axis=adherence"
    );
  });

  it("names what this study does not have, and opens all the same", () => {
    const {selection, ignored} = parseSelection(
      "?corpus=moon&modes=shuffled+key-words&layer=9&seed=2&layers=1",
      study
    );
    assert.deepEqual(ignored, ["modes=key-words", "corpus=moon", "layer=9"]);
    assert.equal(selection.corpus, "all");
    assert.equal(selection.layer, study.layers);
    assert.equal(selection.seed, "2");
    assert.deepEqual(selection.modes, ["shuffled"]);
  });

  it("never throws and never leaves the study's choices, whatever the address", () => {
    const keys = fc.constantFrom(
      "modes",
      "order",
      "reduction",
      "corpus",
      "axis",
      "seed",
      "measure",
      "estimator",
      "layer",
      "x"
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.string())), (pairs) => {
        const {selection} = parseSelection(new URLSearchParams(pairs).toString(), study);
        assert.ok(choices.corpus.includes(selection.corpus) && choices.layer.includes(selection.layer));
        assert.ok(selection.modes.every((mode) => choices.modes.includes(mode)));
      })
    );
  });
});

describe("the arms of a selection", () => {
  it("are label-only and the chosen modes of one order and reduction", () => {
    const selection = {
      ...defaultSelection(study),
      modes: ["shuffled" as const],
      reduction: "part-mean" as const
    };
    assert.deepEqual(
      selectedArms(selection, study).map(({id}) => id),
      ["label-only", "shuffled.label-first.part-mean"]
    );
  });

  it("have one token budget: the study's first unless asked", () => {
    const arm = {mode: "filler", order: "label-first", reduction: "token-mean", tokens: "4"} as const;
    const several = {...study, arms: [...study.arms, {...arm, id: armId(arm)}]};
    const first = defaultSelection(several);
    assert.deepEqual(choicesOf(study).tokens, [""]);
    assert.deepEqual(choicesOf(several).tokens, ["", "4"]);
    assert.deepEqual(selectedArms(first, several), selectedArms(first, study));
    const {selection, ignored} = parseSelection("?tokens=4", several);
    assert.deepEqual(ignored, []);
    assert.deepEqual(
      selectedArms(selection, several).map(({id}) => id),
      ["label-only", "filler.label-first.token-mean.t4"]
    );
    assert.deepEqual(absentModes(selection, several), ["explanation", "shuffled", "bag-of-words"]);
    assert.deepEqual(parseSelection("?tokens=4", study).ignored, ["tokens=4"]);
  });

  it("lack the modes that were not trained so", () => {
    const selection = {...defaultSelection(study), order: "explanation-first" as const};
    assert.deepEqual(absentModes(selection, study), ["shuffled", "bag-of-words", "filler"]);
  });
});
