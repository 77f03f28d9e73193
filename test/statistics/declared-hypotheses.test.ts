/** Hypotheses in study files: defaults, names resolved, and every contradiction with line, key and mend. */
import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, test} from "node:test";
import {BadInput, BadInputs} from "../../src/core/bad-input.js";
import {declaredHypotheses} from "../../src/core/hypotheses.js";
import {parseStudy} from "../../data-loaders/study/read-study.js";
import {PROJECT} from "../../data-loaders/stages/store.js";

/** A sound study; `hypothesis` is the only one that it declares, in YAML's flow style. */
function study(hypothesis: string, more = ""): string {
  return `because: 1
title: Sound
corpora:
  assistant: {reader: embedded, kind: assistant, dialogues: 40}
  film: {reader: embedded, kind: film, dialogues: 40}
axes:
  naturalness: {question: How natural?, labels: [1, 2, 3, 4, 5]}
split: {train: 20, test: 10}
arms: {reductions: [token-mean, part-mean]}
${more}
hypotheses:
  - {id: one, direction: better, ${hypothesis}}
`;
}

const ARM = "explanation.label-first.part-mean";

/** The only problem of a study. */
function problem(text: string): BadInput["detail"] {
  try {
    parseStudy(text, "study.yaml");
  } catch (error) {
    const all = error instanceof BadInputs ? error.all : error instanceof BadInput ? [error] : [];
    assert.equal(all.length, 1, String(error));
    return all[0]!.detail;
  }
  throw new assert.AssertionError({message: "nothing was found wrong"});
}

describe("declared hypotheses", () => {
  test("get every default, and a title from their keys", () => {
    const {hypotheses, correction, alpha} = declaredHypotheses(
      parseStudy(study(`arm: ${ARM}`), "study.yaml")
    );
    assert.deepEqual([correction, alpha], ["holm", 0.05]);
    assert.deepEqual(hypotheses, [
      {
        ...{
          id: "one",
          title: "Explanation, label first, part mean: better than label only in accuracy",
          arm: ARM
        },
        ...{against: "label-only", corpus: "all", axis: "all", measure: "accuracy", direction: "better"},
        ...{test: "interval", over: "trainings", smallest: null}
      }
    ]);
  });

  test("one seed: over dialogues unless said; tests over rows and settings are always", () => {
    const over = (hypothesis: string, more?: string) =>
      declaredHypotheses(parseStudy(study(hypothesis, more), "study.yaml")).hypotheses[0]!.over;
    assert.equal(over(`arm: ${ARM}`, "seeds: [1]"), "dialogues");
    assert.equal(over(`arm: ${ARM}, test: permutation`), "trainings");
    for (const kind of ["sign", "wilcoxon", "mcnemar"])
      assert.equal(over(`arm: ${ARM}, test: ${kind}`), "dialogues");
  });

  test("a mode will do where one arm has it", () => {
    const text = study("arm: explanation").replace("arms: {reductions: [token-mean, part-mean]}", "");
    const {hypotheses} = declaredHypotheses(parseStudy(text, "study.yaml"));
    assert.equal(hypotheses[0]!.arm, "explanation.label-first.token-mean");
  });

  test("no hypotheses, none judged", () => {
    const text = study("arm: x").replace(/hypotheses:[^]*/, "");
    assert.deepEqual(declaredHypotheses(parseStudy(text, "study.yaml")).hypotheses, []);
  });

  test("those of the studies that come along are sound", async () => {
    for (const [file, count] of [
      ["demo.yaml", 4],
      ["human.yaml", 3]
    ] as const) {
      const {hypotheses} = parseStudy(await readFile(join(PROJECT, "studies", file), "utf8"), file);
      assert.equal(hypotheses.length, count);
    }
  });
});

describe("contradictions", () => {
  test("an unknown arm: the arms there are, and the nearest", () => {
    const {where, expected, found, mend} = problem(study("arm: explanation.label-first.part-meen"));
    assert.equal(where, "study.yaml, line 12, key hypotheses.0.arm");
    assert.match(
      expected,
      /an arm of the study \(label-only, explanation\.label-first\.token-mean, .*\), or its mode/
    );
    assert.equal(found, "“explanation.label-first.part-meen”");
    assert.equal(mend, `Did you mean “${ARM}”?`);
    assert.equal(problem(study("arm: filler")).mend, "Add it under arms, or name another.");
  });

  test("a mode that several arms have", () => {
    const {expected, mend} = problem(study("arm: explanation"));
    assert.equal(expected, `one arm: explanation.label-first.token-mean, ${ARM}`);
    assert.equal(mend, "Name one by its whole id.");
  });

  test("an arm against itself, and an unknown one to compare with", () => {
    assert.match(problem(study(`arm: ${ARM}, against: ${ARM}`)).found, /for both/);
    assert.equal(problem(study(`arm: ${ARM}, against: lable-only`)).mend, "Did you mean “label-only”?");
  });

  test("an unknown corpus or axis", () => {
    assert.equal(problem(study(`arm: ${ARM}, corpus: flim`)).mend, "Did you mean “film”?");
    assert.equal(
      problem(study(`arm: ${ARM}, axis: natural`)).where,
      "study.yaml, line 12, key hypotheses.0.axis"
    );
  });

  test("an unknown measure, direction or test is a matter of the schema", () => {
    assert.match(problem(study(`arm: ${ARM}, measure: acuracy`)).mend ?? "", /Did you mean “accuracy”/);
    assert.match(problem(study(`arm: ${ARM}, test: t-test`)).expected, /“interval”, “permutation”/);
  });

  test("McNemar on another measure than accuracy", () => {
    const {where, found, mend} = problem(study(`arm: ${ARM}, test: mcnemar, measure: nll`));
    assert.equal(where, "study.yaml, line 12, key hypotheses.0.test");
    assert.equal(found, "nll");
    assert.match(mend ?? "", /permutation/);
  });

  test("a test over settings with a single one", () => {
    assert.equal(problem(study(`arm: ${ARM}, test: sign, corpus: film`)).found, "one setting");
    assert.equal(problem(study(`arm: ${ARM}, test: wilcoxon, corpus: film`)).found, "one setting");
  });

  test("equivalence without a smallest effect, or with a test that can't show it", () => {
    const text = (more: string) =>
      study(`arm: ${ARM}${more}`).replace("direction: better", "direction: equivalent");
    assert.match(problem(text("")).expected, /smallest beside direction equivalent/);
    assert.match(problem(text(", smallest: 0.02, test: permutation")).expected, /test interval/);
  });

  test("a smallest effect that no difference can have", () => {
    const {where, expected, mend} = problem(study(`arm: ${ARM}, smallest: 5`));
    assert.equal(where, "study.yaml, line 12, key hypotheses.0.smallest");
    assert.equal(expected, "a difference below 1, the largest that there can be in accuracy");
    assert.match(mend ?? "", /^Did you mean 0\.05\?/);
    assert.match(problem(study(`arm: ${ARM}, smallest: 1`)).mend ?? "", /^Did you mean 0\.01\?/);
    assert.doesNotMatch(problem(study(`arm: ${ARM}, smallest: 500`)).mend ?? "", /Did you mean/);
    for (const sound of ["smallest: 0.99", "smallest: 5, measure: nll", "smallest: 1.5, measure: qwk"])
      assert.ok(parseStudy(study(`arm: ${ARM}, ${sound}`), "study.yaml"));
  });

  test("a measure that is not defined on the hypothesis' axes", () => {
    const mixed = (hypothesis: string) =>
      study(`arm: ${ARM}, ${hypothesis}`).replace(
        "axes:",
        "axes:\n  on-topic: {question: On topic?, kind: nominal, labels: [no, yes]}\n" +
          "  comprehensiveness: {question: How full?, labels: [1, 2, 3]}"
      );
    const nominal = problem(mixed("measure: mae, axis: on-topic"));
    assert.equal(nominal.where, "study.yaml, line 14, key hypotheses.0.measure");
    assert.equal(nominal.expected, "ordinal axes only for measure mae");
    assert.equal(nominal.found, "on-topic (nominal, 2 labels)");
    assert.match(nominal.mend ?? "", /\(comprehensiveness, naturalness\)/);
    for (const measure of ["mae", "within_one", "qwk"])
      assert.match(problem(mixed(`measure: ${measure}`)).mend ?? "", /\(comprehensiveness, naturalness\)/);
    assert.match(problem(mixed("measure: macro_f1")).expected, /axes with the same labels/);
    for (const sound of [
      "measure: macro_f1, axis: on-topic",
      "measure: qwk, axis: naturalness",
      "measure: nll"
    ])
      assert.ok(parseStudy(mixed(sound), "study.yaml"));
  });

  test("better or worse where zero is best", () => {
    const {where, found} = problem(study(`arm: ${ARM}, measure: overconfidence`));
    assert.deepEqual([where, found], ["study.yaml, line 12, key hypotheses.0.direction", "better"]);
    const different = study(`arm: ${ARM}, measure: overconfidence`).replace("better", "different");
    assert.ok(parseStudy(different, "study.yaml"));
  });

  test("a mode is an arm of the first token budget; others are named by whole ids", () => {
    const several = (arm: string) =>
      study(`arm: ${arm}`).replace(
        "arms: {reductions: [token-mean, part-mean]}",
        "arms: {tokens: [matched, 4], also: [{mode: filler, order: label-first, reduction: token-mean, tokens: 4}]}"
      );
    const arm = (text: string) => declaredHypotheses(parseStudy(text, "study.yaml")).hypotheses[0]!.arm;
    assert.equal(arm(several("explanation")), "explanation.label-first.token-mean");
    assert.equal(arm(several("filler.label-first.token-mean.t4")), "filler.label-first.token-mean.t4");
    const {expected, found, mend} = problem(several("filler"));
    assert.equal(expected, "one arm: filler.label-first.token-mean.t4");
    assert.match(found, /first token budget \(matched\)/);
    assert.equal(mend, "Name one by its whole id.");
  });

  test("over trainings with one seed, or with a test that has its own units", () => {
    assert.equal(problem(study(`arm: ${ARM}, over: trainings`, "seeds: [1]")).found, "one seed");
    assert.equal(problem(study(`arm: ${ARM}, over: dialogues, test: sign`)).mend, "Leave out over.");
  });

  test("one id twice", () => {
    const twice = `${study(`arm: ${ARM}`)}  - {id: one, arm: ${ARM}, direction: worse}\n`;
    assert.equal(problem(twice).where, "study.yaml, line 13, key hypotheses.1.id");
  });
});
