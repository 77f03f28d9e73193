/** The sentences on data and judges: whichever way the data point, and where nobody was asked. */
import assert from "node:assert/strict";
import {test} from "node:test";
import type {AgreementRow, JudgeCallRow, MergeRuleRow} from "../../src/core/cubes.js";
import {EMPTY_EXAMPLES, EMPTY_VOTES} from "../../src/core/cubes-reader.js";
import {say, study} from "./sentence-study.js";

const alpha = (a: string, value: number, half = 0.02, change: Partial<AgreementRow> = {}): AgreementRow => ({
  ...{corpus: "all", axis: "all", a, b: "", measure: "alpha", n: 1200},
  ...{value, low: value - half, high: value + half, ...change}
});
const both = alpha("judges", 0.64, 0.03, {b: "people", measure: "qwk", n: 240});
const calls = (status: JudgeCallRow["status"], votes: number, corpus = "film"): JudgeCallRow => ({
  ...{judge: "large", prompt: "scale-5", corpus, axis: "adherence", status, votes, attempts: votes},
  ...{input_tokens: 1, output_tokens: 1, cost: null}
});
const rule = (name: string, value: number, chosen = false): MergeRuleRow => ({
  ...{corpus: "all", axis: "all", rule: name, measure: "mae", n: 240, chosen},
  ...{value, low: value - 0.05, high: value + 0.05}
});

test("training rows without an explanation are counted, and what becomes of them is told", () => {
  const settings = study.settings.map((setting, i) => ({...setting, explained: i === 0 ? 10 : 4}));
  const some = say("unexplained", {study: {...study, settings}});
  assert.match(
    some,
    /^14 of 20 training rows have an explanation\. Every mode trains on the label alone there/
  );
  const none = say("unexplained", {
    study: {...study, settings: settings.map((setting) => ({...setting, explained: 0}))}
  });
  assert.match(none, /^None of 20 training rows have an explanation\./);
  assert.equal(say("unexplained", {study}), "");
});

test("the verdict follows alpha's interval", () => {
  const judgeCalls = [calls("scored", 10)];
  const verdict = (value: number) =>
    say("data-and-judges", {agreement: [alpha("judges", value)], judgeCalls});
  assert.match(
    verdict(0.85),
    /^Far: judges agree among themselves with α\u00a0=\u00a00\.85 \[0\.83, 0\.87\] on 1,200 rows/
  );
  assert.match(verdict(0.72), /^Far enough for tentative conclusions: /);
  assert.match(verdict(0.67), /^Undecided: /);
  assert.match(verdict(0.5), /^Not far, one by one: /);
});

test("people stand beside judges, and against them", () => {
  const said = say("data-and-judges", {
    agreement: [alpha("judges", 0.72), alpha("people", 0.6), both],
    judgeCalls: [calls("scored", 10)]
  });
  assert.match(said, /, people with 0\.60 \[0\.58, 0\.62\]/);
  assert.match(said, /agrees with people’s with κ\u00a0=\u00a00\.64 \[0\.61, 0\.67\] on 240 rows/);
  const alone = say("data-and-judges", {
    agreement: [alpha("judges", 0.72)],
    judgeCalls: [calls("scored", 10)]
  });
  assert.match(alone, /Whether the judges agree with people is not known here/);
  const turned = say("data-and-judges", {
    agreement: [alpha("judges", 0.72), {...both, a: "people", b: "judges"}],
    judgeCalls: [calls("scored", 10)]
  });
  assert.match(turned, /κ\u00a0=\u00a00\.64/);
});

test("without judges: where labels come from, and how far people agree where that is known", () => {
  const sources = (...label_source: string[]) => ({
    ...study,
    corpora: study.corpora.map((corpus, i) => ({...corpus, label_source: label_source[i]! as "raters"}))
  });
  assert.equal(
    say("data-and-judges", {study: sources("planted", "planted")}),
    "The labels are right by construction: the generator planted them. No judge or person was asked, so there is no agreement to report."
  );
  const mixed = say("data-and-judges", {
    study: sources("given", "raters"),
    agreement: [alpha("people", 0.5)]
  });
  assert.match(mixed, /^Not far, one by one: people agree among themselves with α\u00a0=\u00a00\.50/);
  assert.match(
    mixed,
    /Labels are taken as the corpus gives them in 1 corpus and merged from people’s ratings in 1 corpus\. No judge was asked in this study\.$/
  );
});

test("the study's rule is ranked as far as it can be told apart", () => {
  const said = say("merging", {mergeRules: [rule("mean", 0.5, true), rule("median", 0.3)]});
  assert.match(
    said,
    /^Votes are merged by their mean, whose labels are on average 0\.50 \[0\.45, 0\.55\] labels off people’s\. Of 1 other rule the nearest gives 0\.30 /
  );
  const unsure = say("merging", {mergeRules: [rule("mean", 0.5, true), rule("median", 0.45)]});
  assert.match(unsure, /None of 1 other rule is surely nearer; 1 cannot be told apart from it\.$/);
});

test("unusable replies and uneven labels are told by themselves", () => {
  const judgeCalls = [calls("scored", 950), calls("refused", 40), calls("empty", 10)];
  assert.equal(
    say("replies", {judgeCalls}),
    "Of 1,000 questions to judges 5.0 % ended without a usable vote, mostly for refusals."
  );
  assert.match(say("labels", {judgeCalls}), /^The most frequent label has 40 % .* in each of 2 settings\.$/);
  assert.match(
    say("replies", {judgeCalls: [calls("scored", 7)]}),
    /^All 7 questions to judges ended with a usable vote\./
  );
});

test("shares of unusable replies are those of the corpus that is selected", () => {
  const judgeCalls = [calls("scored", 90), calls("failed", 10), calls("scored", 100, "support")];
  assert.match(say("replies", {judgeCalls}, {corpus: "film"}), /Of 100 questions to judges 10\.0 %/);
  assert.match(say("replies", {judgeCalls}, {corpus: "support"}), /All 100 questions/);
});

test("the page to rate on says how much there is", () => {
  assert.equal(say("rate", {}), "This study has no examples to rate yet.");
  const example = {corpus: "film", example_id: "1", dialogue_id: "1", turns: [], response: "Yes."};
  const said = say("rate", {examples: {...EMPTY_EXAMPLES, examples: [example]}, votes: EMPTY_VOTES});
  assert.match(said, /^Rate up to 1 example of 2 corpora on adherence, blind/);
});
