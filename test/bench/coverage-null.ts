/** Studies in which two arms are alike: how often the tests that hypotheses may ask for say that they are not. */
import {testHypothesis} from "../../src/core/hypotheses/test-results.js";
import type {DeclaredHypothesis, HypothesisEvidence} from "../../src/core/hypotheses.js";
import {sumByCluster, uncertaintyOf} from "../../src/core/statistics/uncertainty.js";
import {correctOf, drawArm, drawLogits, drawRows, normalFrom} from "./coverage-model.js";
import {BASE_SKILL, SEEDS, TRAINING_SPREAD} from "./coverage-study.js";

export const NULL_TESTS = ["interval", "permutation", "mcnemar", "trainings"] as const;
export type NullTest = (typeof NULL_TESTS)[number];

/** Whether each test rejects at 5 %. `trainings` has arms whose trainings differ; in the others all models are alike. */
export function rejections(study: number, dialogues: number): Record<NullTest, boolean> {
  const models = evidenceOf(study, dialogues, 0);
  const trainings = evidenceOf(study, dialogues, TRAINING_SPREAD);
  return {
    interval: rejects("interval", "dialogues", models),
    permutation: rejects("permutation", "dialogues", models),
    mcnemar: rejects("mcnemar", "dialogues", models),
    trainings: rejects("interval", "trainings", trainings)
  };
}

function rejects(
  test: DeclaredHypothesis["test"],
  over: DeclaredHypothesis["over"],
  evidence: HypothesisEvidence
): boolean {
  const place = {arm: "arm", against: "base", corpus: "made", axis: "all"};
  const hypothesis: DeclaredHypothesis = {
    ...{id: "null", title: "No effect", ...place, measure: "accuracy"},
    ...{direction: "different", test, over, smallest: null}
  };
  const result = testHypothesis(hypothesis, evidence);
  return typeof result !== "string" && result.p <= 0.05;
}

function evidenceOf(study: number, dialogues: number, spread: number): HypothesisEvidence {
  const normal = normalFrom(2 ** 20 + study);
  const rows = drawRows(normal, dialogues);
  const n = rows.gold.length;
  const trained = [drawArm(normal, rows), drawArm(normal, rows)].map((arm) =>
    Array.from({length: SEEDS}, () =>
      correctOf(rows, drawLogits(normal, rows, BASE_SKILL + spread * normal(), arm))
    )
  );
  const [base, arm] = trained as [Uint8Array[], Uint8Array[]];
  const balance = Float64Array.from({length: n}, (_, i) =>
    arm.reduce((sum, own, s) => sum + own[i]! - base[s]![i]!, 0)
  );
  const seeds = arm.map((own, s) => {
    const items = Float64Array.from(own, (right, i) => (right - base[s]![i]!) / n);
    const effect = items.reduce((a, b) => a + b, 0);
    const influence = items.map((item) => item - effect / n);
    return {
      seed: String(s),
      effect,
      clusterDifferences: sumByCluster(items, rows.dialogue, dialogues),
      influence: sumByCluster(influence, rows.dialogue, dialogues)
    };
  });
  const {value, ...uncertainty} = uncertaintyOf({
    seeds: seeds.map(({effect, influence}) => ({value: effect, influence})),
    df: dialogues - 1
  });
  return {
    ...{missing: null, effect: value, ...uncertainty, n, dialogues, seeds},
    settings: [{corpus: "made", axis: "all", effect: value}],
    gained: balance.filter((sum) => sum > 0).length,
    lost: balance.filter((sum) => sum < 0).length
  };
}
