import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {armId, crossArms, LABEL_ONLY, MODES, ORDERS, parseArm, REDUCTIONS} from "../../src/core/arms.js";

describe("arms", () => {
  it("cross modes, orders and reductions, label-only once", () => {
    const arms = crossArms({modes: [...MODES], orders: [...ORDERS], reductions: [...REDUCTIONS], also: []});
    assert.equal(arms.length, 1 + 7 * 2 * 2);
    assert.equal(arms.filter(({mode}) => mode === "label-only").length, 1);
    assert.equal(new Set(arms.map(armId)).size, arms.length);
  });

  it("hold label-only even where the study does not name it", () => {
    const arms = crossArms({
      modes: ["shuffled"],
      orders: ["label-first"],
      reductions: ["token-mean"],
      also: []
    });
    assert.deepEqual(arms.map(armId), ["label-only", "shuffled.label-first.token-mean"]);
  });

  it("take single arms besides, each once, in figure order", () => {
    const arms = crossArms({
      modes: ["filler", "explanation"],
      orders: ["label-first"],
      reductions: ["token-mean"],
      also: [
        {mode: "explanation", order: "explanation-first", reduction: "token-mean"},
        {mode: "filler", order: "label-first", reduction: "token-mean"}
      ]
    });
    assert.deepEqual(arms.map(armId), [
      "label-only",
      "explanation.label-first.token-mean",
      "explanation.explanation-first.token-mean",
      "filler.label-first.token-mean"
    ]);
  });

  it("are read back from their ids", () => {
    for (const mode of MODES)
      for (const order of ORDERS)
        for (const reduction of REDUCTIONS) {
          const arm = mode === "label-only" ? LABEL_ONLY : {mode, order, reduction};
          assert.deepEqual(parseArm(armId(arm)), arm);
        }
    for (const wrong of [
      "",
      "shuffled",
      "shuffled.label-first",
      "shuffled.label-first.token-mean.x",
      "shufled.label-first.token-mean"
    ])
      assert.throws(() => parseArm(wrong), RangeError);
  });
});
