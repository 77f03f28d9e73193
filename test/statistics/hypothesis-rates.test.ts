/**
 * How often hypotheses are decided where nothing is there to be found. Few studies, so that it is quick;
 * `npm run bench coverage` makes thousands.
 */
import assert from "node:assert/strict";
import {describe, test} from "node:test";
import {
  judgeHypotheses,
  type Declaration,
  type DeclaredHypothesis,
  type HypothesisEvidence
} from "../../src/core/hypotheses.js";
import {createRandom} from "../../src/core/random.js";
import {madeEvidence, type MadeStudy} from "./made-evidence.js";

const STUDIES = 500;
const ALPHA = 0.05;
const PLAIN: MadeStudy = {corpora: 3, axes: 3, dialogues: 25, seeds: 3, effect: 0, trainings: 0};

function hypothesis(changes: Partial<DeclaredHypothesis> = {}): DeclaredHypothesis {
  return {
    ...{id: "made", title: "Made", arm: "explanation.label-first.token-mean", against: "label-only"},
    ...{corpus: "all", axis: "all", measure: "accuracy", smallest: null},
    ...{direction: "different", test: "interval", over: "dialogues"},
    ...changes
  };
}

function declare(
  hypotheses: DeclaredHypothesis[],
  correction: Declaration["correction"] = "none"
): Declaration {
  return {hypotheses, correction, alpha: ALPHA};
}

/** Share of made studies in which any hypothesis of the family has one of the verdicts. */
function rate(
  declaration: Declaration,
  study: MadeStudy,
  verdicts: string[] = ["supported", "contradicted"],
  evidence = (made: HypothesisEvidence): HypothesisEvidence => made
): number {
  let found = 0;
  for (let i = 0; i < STUDIES; ++i) {
    const random = createRandom("hypothesis-rates", i);
    const collected = declaration.hypotheses.map(() => evidence(madeEvidence(random, study)));
    if (judgeHypotheses(declaration, collected).some(({verdict}) => verdicts.includes(verdict))) found += 1;
  }
  return found / STUDIES;
}

/** Within 3.5 standard errors of a binomial share. */
function isNominal(share: number, expected: number): void {
  const reach = 3.5 * Math.sqrt((expected * (1 - expected)) / STUDIES);
  assert.ok(Math.abs(share - expected) < reach, `${share} where ${expected} ± ${reach.toFixed(3)} is right`);
}

describe("without any effect a hypothesis is decided at its level", () => {
  test("interval over dialogues", () => isNominal(rate(declare([hypothesis()]), PLAIN), ALPHA));

  test("interval over trainings that differ", () => {
    const share = rate(declare([hypothesis({over: "trainings"})]), {...PLAIN, trainings: 0.3});
    isNominal(share, ALPHA);
  });

  test("over dialogues alone, trainings that differ are taken for an effect: hence the default", () => {
    assert.ok(rate(declare([hypothesis()]), {...PLAIN, trainings: 0.3}) > 0.2);
  });

  test("permutation over dialogues", () =>
    isNominal(rate(declare([hypothesis({test: "permutation"})]), {...PLAIN, dialogues: 15}), ALPHA));

  test("permutation over eight trainings: 12 of 256 sign patterns reach .05", () => {
    const study = {...PLAIN, seeds: 8, dialogues: 5, trainings: 3};
    isNominal(rate(declare([hypothesis({test: "permutation", over: "trainings"})]), study), 12 / 256);
  });

  test("permutation over three trainings never decides", () => {
    const study = {...PLAIN, dialogues: 5, trainings: 3};
    assert.equal(rate(declare([hypothesis({test: "permutation", over: "trainings"})]), study), 0);
  });

  test("McNemar on one row a dialogue keeps its level, on nine it doesn't", () => {
    const one = rate(declare([hypothesis({test: "mcnemar"})]), {...PLAIN, axes: 1, dialogues: 60});
    assert.ok(one < ALPHA + 3.5 * Math.sqrt(0.0475 / STUDIES), String(one));
    const nine = rate(declare([hypothesis({test: "mcnemar"})]), {...PLAIN, axes: 9, dialogues: 20});
    assert.ok(nine > 2 * ALPHA, String(nine));
  });

  test("sign and Wilcoxon over 18 independent settings, at the levels that they can have", () => {
    const study = {...PLAIN, corpora: 18, axes: 1, dialogues: 5};
    isNominal(rate(declare([hypothesis({test: "sign"})]), study), 0.0309);
    isNominal(rate(declare([hypothesis({test: "wilcoxon"})]), study), 0.0483);
  });

  test("`better` finds as much for as against it", () => {
    const better = declare([hypothesis({direction: "better"})]);
    isNominal(rate(better, PLAIN, ["supported"]), ALPHA / 2);
    isNominal(rate(better, PLAIN, ["contradicted"]), ALPHA / 2);
  });

  test("Holm keeps the level over a family of six; without a correction any is decided five times as often", () => {
    const family = Array.from({length: 6}, (_, i) => hypothesis({id: `h${i}`}));
    const small = {...PLAIN, dialogues: 10, seeds: 1};
    isNominal(rate(declare(family, "holm"), small), ALPHA);
    isNominal(rate(declare(family, "none"), small), 1 - (1 - ALPHA) ** 6);
  });
});

describe("equivalence", () => {
  const equivalent = hypothesis({direction: "equivalent", smallest: 0.5});

  test("at an effect as large as the smallest of interest it is found at the level", () =>
    isNominal(rate(declare([equivalent]), {...PLAIN, effect: 0.5}, ["supported"]), ALPHA));

  test("without an effect it is found nearly always, and contradicted by a larger one", () => {
    assert.ok(rate(declare([equivalent]), PLAIN, ["supported"]) > 0.95);
    assert.ok(rate(declare([equivalent]), {...PLAIN, effect: 1}, ["contradicted"]) > 0.95);
  });

  test("contradicted at the edge at most at the level", () =>
    assert.ok(rate(declare([equivalent]), {...PLAIN, effect: 0.5}, ["contradicted"]) < 0.055));
});
