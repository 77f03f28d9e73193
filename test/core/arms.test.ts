import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {
  armId,
  compareArms,
  crossArms,
  firstBudget,
  LABEL_ONLY,
  MODES,
  ORDERS,
  parseArm,
  REDUCTIONS
} from "../../src/core/arms.js";
import type {Arm, ArmPlan, Tokens} from "../../src/core/arms.js";

const PLAN: ArmPlan = {
  modes: ["label-only", "explanation", "filler"],
  orders: ["label-first"],
  reductions: ["token-mean"],
  also: []
};

const idsOf = (tokens: Tokens | Tokens[], also: ArmPlan["also"] = []) =>
  crossArms({...PLAN, tokens, also}).map(armId);

describe("token budgets", () => {
  it("one budget, whichever, leaves ids as they are", () => {
    const ids = ["label-only", "explanation.label-first.token-mean", "filler.label-first.token-mean"];
    for (const tokens of ["free", "matched", 8, ["matched"], [8]] as (Tokens | Tokens[])[])
      assert.deepEqual(idsOf(tokens), ids);
    assert.deepEqual(crossArms(PLAN).map(armId), ids);
  });

  it("several are crossed with modes: the first as ever, the others named; label-only once", () =>
    assert.deepEqual(idsOf(["matched", 16, 4, "free"]), [
      "label-only",
      "explanation.label-first.token-mean",
      "explanation.label-first.token-mean.t4",
      "explanation.label-first.token-mean.t16",
      "explanation.label-first.token-mean.free",
      "filler.label-first.token-mean",
      "filler.label-first.token-mean.t4",
      "filler.label-first.token-mean.t16",
      "filler.label-first.token-mean.free"
    ]));

  it("0 tokens are label-only, and never the first budget", () => {
    assert.deepEqual(idsOf([0, 4]), idsOf(4));
    assert.deepEqual(idsOf(0), ["label-only"]);
    assert.equal(firstBudget({tokens: [0, 4, "free"]}), "4");
    assert.equal(firstBudget({}), "matched");
  });

  it("a single arm besides may have its own, or the study's first", () => {
    const also: ArmPlan["also"] = [
      {mode: "shuffled", order: "label-first", reduction: "token-mean", tokens: 4},
      {mode: "shuffled", order: "label-first", reduction: "part-mean"},
      {mode: "filler", order: "label-first", reduction: "token-mean", tokens: "matched"},
      {mode: "filler", order: "label-first", reduction: "part-mean", tokens: 0}
    ];
    assert.deepEqual(idsOf("matched", also), [
      "label-only",
      "explanation.label-first.token-mean",
      "shuffled.label-first.token-mean.t4",
      "shuffled.label-first.part-mean",
      "filler.label-first.token-mean"
    ]);
  });

  it("stand in order: the first, numbers, matched, free", () => {
    const arm = (tokens?: string): Arm => ({...parseArm("filler.label-first.token-mean"), tokens});
    const sorted = ["free", "16", "matched", undefined, "4"].map(arm).sort(compareArms);
    assert.deepEqual(
      sorted.map(({tokens}) => tokens),
      [undefined, "4", "16", "matched", "free"]
    );
  });
});

describe("arms", () => {
  it("cross modes, orders and reductions, label-only once", () => {
    const arms = crossArms({modes: [...MODES], orders: [...ORDERS], reductions: [...REDUCTIONS], also: []});
    assert.equal(arms.length, 1 + 7 * ORDERS.length * REDUCTIONS.length);
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
          if (mode === "label-only") continue;
          for (const tokens of ["free", "matched", "1", "16"])
            assert.deepEqual(parseArm(armId({...arm, tokens})), {...arm, tokens});
        }
    for (const wrong of [
      "",
      "shuffled",
      "shuffled.label-first",
      "shuffled.label-first.token-mean.x",
      "shuffled.label-first.token-mean.8",
      "shuffled.label-first.token-mean.t0",
      "shuffled.label-first.token-mean.tfree",
      "shuffled.label-first.token-mean.t8.x",
      "label-only.label-first.token-mean",
      "shufled.label-first.token-mean"
    ])
      assert.throws(() => parseArm(wrong), RangeError);
  });
});
