/** Verdicts and their reasons: from evidence whose right answer is known. */
import assert from "node:assert/strict";
import {describe, test} from "node:test";
import type {VerdictRow} from "../../src/core/cubes.js";
import {
  judgeHypotheses,
  noEvidence,
  type Declaration,
  type DeclaredHypothesis,
  type HypothesisEvidence
} from "../../src/core/hypotheses.js";
import {hypothesisTitle} from "../../src/core/sentences/hypotheses.js";

const HYPOTHESIS: DeclaredHypothesis = {
  ...{id: "helps", title: "It helps", arm: "explanation.label-first.part-mean", against: "label-only"},
  ...{corpus: "all", axis: "all", measure: "accuracy", direction: "better"},
  ...{test: "interval", over: "trainings", smallest: null}
};

/** Two points better, sure of it over dialogues, less so over trainings. */
const EVIDENCE: HypothesisEvidence = {
  ...{missing: null, effect: 0.02, n: 600, dialogues: 200, gained: 40, lost: 20},
  ...{se: 0.004, df: 194, se_trainings: 0.006, df_trainings: 9},
  settings: [0.03, 0.02, 0.01, 0.04, 0.015].map((effect, i) => ({corpus: `c${i}`, axis: "a", effect})),
  seeds: [0.01, 0.02, 0.03].map((effect, i) => ({
    ...{seed: String(i), effect},
    clusterDifferences: Array.from({length: 12}, (_, g) => effect / 12 + (g % 2 === 0 ? 0.001 : -0.001))
  }))
};

function judge(
  hypothesis: Partial<DeclaredHypothesis> = {},
  evidence: Partial<HypothesisEvidence> = {},
  declaration: Partial<Declaration> = {}
): VerdictRow {
  const declared = {...HYPOTHESIS, ...hypothesis};
  return judgeHypotheses({hypotheses: [declared], correction: "holm", alpha: 0.05, ...declaration}, [
    {...EVIDENCE, ...evidence}
  ])[0]!;
}

describe("verdicts", () => {
  test("better and surely so: supported, with the numbers in the reason", () => {
    const row = judge();
    assert.equal(row.verdict, "supported");
    assert.equal(
      row.reason,
      "The difference is +2.0 points [+0.6, +3.4], 95 % interval; Student's t over 3 seeds and 200 dialogues gives p = .009: it is better."
    );
    assert.equal(row.smallest_p, null);
    assert.deepEqual([row.n, row.dialogues, row.settings], [600, 200, 5]);
  });

  test("the other way: contradicted", () => {
    assert.equal(judge({direction: "worse"}).verdict, "contradicted");
    assert.equal(judge({}, {effect: -0.02}).verdict, "contradicted");
    assert.match(judge({}, {effect: -0.02}).reason, /it is worse\.$/);
  });

  test("where lower is better, better is lower", () => {
    assert.equal(judge({measure: "nll"}).verdict, "contradicted");
    assert.equal(judge({measure: "nll", direction: "worse"}).verdict, "supported");
    assert.equal(judge({measure: "nll"}, {effect: -0.02}).verdict, "supported");
  });

  test("where zero is best, a difference is higher or lower, and never better", () => {
    const different = {measure: "overconfidence", direction: "different"} as const;
    assert.match(judge(different).reason, /it is higher\.$/);
    assert.match(judge(different, {effect: -0.02}).reason, /it is lower\.$/);
    assert.throws(() => judge({measure: "overconfidence"}), /no better side/);
  });

  test("different: either way is support", () => {
    assert.equal(judge({direction: "different"}).verdict, "supported");
    assert.equal(judge({direction: "different"}, {effect: -0.02}).verdict, "supported");
  });

  test("not sure: undecided, at the level that the study names", () => {
    const row = judge({}, {effect: 0.01});
    assert.equal(row.verdict, "undecided");
    assert.match(row.reason, /at the level of \.05 that leaves open which way it goes\.$/);
    assert.equal(judge({}, {}, {alpha: 0.005}).verdict, "undecided");
    assert.match(judge({}, {}, {alpha: 0.005}).reason, /99\.5 % interval/);
  });

  test("over dialogues the other standard error counts", () => {
    const [dialogues, trainings] = [judge({over: "dialogues"}), judge()];
    assert.ok(dialogues.p! < trainings.p!);
    assert.ok(dialogues.high! - dialogues.low! < trainings.high! - trainings.low!);
    assert.match(dialogues.reason, /over 200 dialogues gives/);
  });

  test("smaller than the smallest of interest: equivalent, even where its sign is sure", () => {
    const row = judge({smallest: 0.05});
    assert.equal(row.verdict, "equivalent");
    assert.match(
      row.reason,
      /whichever way it goes, it is smaller than 5\.0 points, the smallest of interest/
    );
    assert.equal(judge({smallest: 0.03}).verdict, "supported");
  });

  test("declared equivalent: supported, contradicted, or undecided", () => {
    const equivalent = {direction: "equivalent", smallest: 0.02} as const;
    assert.equal(judge(equivalent, {effect: 0.001}).verdict, "supported");
    assert.match(
      judge(equivalent, {effect: 0.001}).reason,
      /a difference of 2\.0 points or more is ruled out\.$/
    );
    assert.equal(judge(equivalent).verdict, "undecided");
    assert.match(judge(equivalent).reason, /a difference of 2\.0 points is not ruled out\.$/);
    assert.equal(judge(equivalent, {effect: -0.06}).verdict, "contradicted");
    assert.match(judge(equivalent, {effect: -0.06}).reason, /the difference is larger than 2\.0 points\.$/);
  });
});

describe("tests", () => {
  test("permutation over dialogues takes the mean of the seeds' contributions", () => {
    const row = judge({test: "permutation", over: "dialogues"});
    // Dialogues' means alternate between 0.0027 and 0.0007: all of one sign, so only two patterns are as extreme.
    assert.ok(Math.abs(row.p! - 2 / 4096) < 1e-12);
    assert.equal(row.smallest_p, row.p);
    assert.equal(row.verdict, "supported");
  });

  test("permutation over three trainings can't decide, and says so", () => {
    const row = judge({test: "permutation"});
    assert.deepEqual([row.p, row.smallest_p, row.verdict], [0.25, 0.25, "undecided"]);
    assert.match(row.reason, /With so few, this test can't give a p below \.25\.$/);
  });

  test("McNemar counts rows, and warns where they share dialogues", () => {
    const row = judge({test: "mcnemar", over: "dialogues"});
    assert.match(
      row.reason,
      /McNemar's test over 60 test rows that tell them apart gives p = \.013: it is better\./
    );
    assert.match(row.reason, /those of one dialogue are not, so p is too small\.$/);
    assert.doesNotMatch(judge({test: "mcnemar", over: "dialogues"}, {n: 200}).reason, /too small/);
  });

  test("sign and Wilcoxon over five settings: .0625 is the least, so nothing is decided", () => {
    for (const kind of ["sign", "wilcoxon"] as const) {
      const row = judge({test: kind, over: "dialogues"});
      assert.deepEqual([row.p, row.smallest_p, row.verdict], [0.0625, 0.0625, "undecided"]);
      assert.match(row.reason, /over 5 settings gives p = \.063.*can't give a p below \.0625\.$/);
    }
  });

  test("settings that share trainings of both signs can't decide, however much they agree", () => {
    const settings = Array.from({length: 12}, (_, i) => ({
      corpus: `c${i}`,
      axis: "a",
      effect: -0.05 - i / 1000
    }));
    const seeds = [0.05, -0.17, -0.05].map((effect, i) => ({
      seed: `${i}`,
      effect,
      clusterDifferences: [effect]
    }));
    for (const kind of ["sign", "wilcoxon"] as const) {
      const row = judge({test: kind, over: "dialogues"}, {settings, seeds, effect: -0.055});
      assert.ok(row.p! < 0.001);
      assert.equal(row.verdict, "undecided");
      assert.match(row.reason, /the trainings differ in sign \(\+5\.0 points, −17\.0 points, −5\.0 points\)/);
    }
  });

  test("what rounding leaves of a tie or a zero is neither a difference nor a rank", () => {
    const effects = [0.1 + 0.2 - 0.3, 0.3, 0.1 + 0.2, 0.02, -0.04];
    const settings = effects.map((effect, i) => ({corpus: `c${i}`, axis: "a", effect}));
    assert.equal(judge({test: "sign", over: "dialogues"}, {settings}).smallest_p, 2 / 16);
    assert.equal(judge({test: "wilcoxon", over: "dialogues"}, {settings}).p, 6 / 16);
    const clusterDifferences = [1e-19, -1e-19, 0.01, 0.01, 0.01];
    const seeds = [{seed: "1", effect: 0.03, clusterDifferences}];
    const row = judge({test: "permutation", over: "dialogues"}, {seeds});
    assert.deepEqual([row.p, row.smallest_p], [0.25, 0.25]);
  });

  test("the direction is the test's own, not the mean's", () => {
    const settings = [0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, -0.9].map((effect, i) => ({
      ...{corpus: `c${i}`, axis: "a", effect}
    }));
    const row = judge({test: "sign", over: "dialogues"}, {settings, effect: -0.1}, {alpha: 0.1});
    assert.equal(row.verdict, "supported");
    assert.match(row.reason, /it is better\. It takes settings as independent/);
    const turned = settings.map((setting) => ({...setting, effect: -setting.effect}));
    const other = judge({test: "sign", over: "dialogues"}, {settings: turned, effect: 0.1}, {alpha: 0.1});
    assert.equal(other.verdict, "contradicted");
  });
});

describe("several hypotheses", () => {
  const declare = (count: number, correction: Declaration["correction"]): VerdictRow[] =>
    judgeHypotheses(
      {
        hypotheses: Array.from({length: count}, (_, i) => ({...HYPOTHESIS, id: `h${i}`})),
        correction,
        alpha: 0.05
      },
      Array.from({length: count}, (_, i) => (i === 0 ? EVIDENCE : {...EVIDENCE, effect: 0}))
    );

  test("Holm's correction can leave open what alone would be decided, and says so", () => {
    const [row] = declare(8, "holm");
    assert.equal(row!.verdict, "undecided");
    assert.match(row!.reason, /p = \.009, \.070 after Holm's correction over 8 hypotheses/);
    assert.match(row!.reason, /Alone it would have been decided; among several hypotheses it is not\.$/);
    assert.equal(declare(8, "none")[0]!.verdict, "supported");
    assert.doesNotMatch(declare(8, "none")[0]!.reason, /correction/);
  });

  test("an interval beyond the margin that the correction alone leaves open, says so", () => {
    // 3.5 points, interval from 2.1: beyond 2 points alone (p = .034), not at a fifth of the level.
    for (const effect of [0.035, -0.035]) {
      const hypotheses = Array.from({length: 5}, () => ({
        ...{...HYPOTHESIS, direction: "equivalent" as const, smallest: 0.02}
      }));
      const evidence = hypotheses.map(() => ({...EVIDENCE, effect}));
      const judged = (correction: Declaration["correction"]) =>
        judgeHypotheses({hypotheses, correction, alpha: 0.05}, evidence)[0]!;
      assert.equal(judged("none").verdict, "contradicted");
      assert.equal(judged("holm").verdict, "undecided");
      assert.match(
        judged("holm").reason,
        /is not ruled out\. Alone it would have been contradicted, since the whole interval lies beyond 2\.0 points; among several hypotheses it is not\.$/
      );
    }
    assert.doesNotMatch(judge({direction: "equivalent", smallest: 0.02}).reason, /Alone/);
  });

  test("findings besides the declared test get their part of the level only", () => {
    const smallest = 0.033; // two one-sided tests give p = .029
    const verdictAmong = (count: number): string => {
      const hypotheses = Array.from({length: count}, () => ({...HYPOTHESIS, smallest}));
      const evidence = hypotheses.map(() => EVIDENCE);
      return judgeHypotheses({hypotheses, correction: "holm", alpha: 0.05}, evidence)[0]!.verdict;
    };
    assert.equal(verdictAmong(1), "equivalent");
    assert.equal(verdictAmong(2), "supported");
  });

  test("a hypothesis that can't be judged counts, too", () => {
    const rows = judgeHypotheses(
      {hypotheses: [HYPOTHESIS, {...HYPOTHESIS, id: "other"}], correction: "holm", alpha: 0.05},
      [EVIDENCE, noEvidence("Its arm has no finished run.")]
    );
    assert.deepEqual(
      rows.map(({verdict}) => verdict),
      ["supported", "untestable"]
    );
    assert.ok(Math.abs(rows[0]!.p_adjusted! - 2 * rows[0]!.p!) < 1e-15);
    assert.deepEqual(
      [rows[1]!.p, rows[1]!.p_adjusted, rows[1]!.effect, rows[1]!.low],
      [null, null, null, null]
    );
    assert.equal(rows[1]!.reason, "Its arm has no finished run.");
  });

  test("none declared, none judged", () => {
    assert.deepEqual(judgeHypotheses({hypotheses: [], correction: "holm", alpha: 0.05}, []), []);
  });
});

describe("what can't be tested says why", () => {
  const reason = (hypothesis: Partial<DeclaredHypothesis>, evidence: Partial<HypothesisEvidence>): string => {
    const row = judge(hypothesis, evidence);
    assert.equal(row.verdict, "untestable");
    assert.equal(row.p, null);
    return row.reason;
  };

  test("one seed, one dialogue, no spread, no effect, one setting", () => {
    const one = {seeds: EVIDENCE.seeds.slice(0, 1), se_trainings: null, df_trainings: null};
    assert.match(reason({}, one), /other trainings from 1 seed of both arms: it takes two/);
    assert.match(reason({test: "permutation"}, one), /other trainings from 1 seed/);
    assert.match(
      reason({over: "dialogues"}, {dialogues: 1, se: null, df: null}),
      /from 1 dialogue: it takes two/
    );
    assert.match(reason({over: "dialogues"}, {se: null, df: null}), /the same throughout/);
    assert.match(reason({}, {effect: null}), /the measure is undefined here/);
    assert.match(reason({test: "sign"}, {settings: EVIDENCE.settings.slice(0, 1)}), /two at least/);
  });
});

describe("titles", () => {
  test("say arm, direction, other arm, measure, place and margin", () => {
    assert.equal(
      hypothesisTitle(HYPOTHESIS),
      "Explanation, label first, part mean: better than label only in accuracy"
    );
    assert.equal(
      hypothesisTitle({...HYPOTHESIS, direction: "equivalent", smallest: 0.02, corpus: "film"}),
      "Explanation, label first, part mean: equivalent to label only within 2.0 points in accuracy on film"
    );
  });
});
