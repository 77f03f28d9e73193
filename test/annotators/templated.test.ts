import assert from "node:assert/strict";
import {test} from "node:test";
import fc from "fast-check";
import {annotate} from "../../data-loaders/annotators/annotate.js";
import {templatedExplanations} from "../../data-loaders/annotators/templated.js";
import type {Example, RaterScores} from "../../src/core/conversation.js";
import {CorpusConfig} from "../../src/core/study.js";

const OVERALL = {quality: {from: "Overall", scale: [0, 4] as [number, number]}};
const SATISFACTION = {quality: {from: "Satisfaction", scale: [1, 5] as [number, number]}};

function rated(id: string, scores: RaterScores, turns = 1, dialogue = "d"): Example {
  return {
    example_id: id,
    dialogue_id: dialogue,
    turns: Array.from({length: turns}, () => ({role: "user", text: "x"})),
    response: "y",
    scores
  };
}

function explain(scores: RaterScores, id = "a"): string | undefined {
  return templatedExplanations("fed", OVERALL, "quality", [rated(id, scores)]).get(id);
}

test("a clause says what the raters found on the other scales, relative to each scale's range", () => {
  assert.match(
    explain({Overall: [4], Fluent: [2, 2, 1], Specific: [0, 0, 1]})!,
    /^(the )?raters (found|called|judged|thought) it (fluent(,)? (but|though) not specific|not specific, though fluent)$/
  );
  assert.match(
    explain({Overall: [0], Fluent: [0], Specific: [0]})!,
    /it neither (fluent nor specific|specific nor fluent)$/
  );
  assert.match(explain({Overall: [0], Fluent: [1, 1], Understandable: [1, 1]})!, /only partly fluent/);
  assert.match(explain({Overall: [0], Understandable: [1, 0, 0]})!, /it not understandable$/);
});

test("the axis's own scale is never in its clause", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({min: 0, max: 4}), {minLength: 1, maxLength: 5}),
      fc.string(),
      (overall, id) => {
        assert.equal(
          explain({Overall: overall, Fluent: [2], Relevant: [0]}, id),
          explain({Overall: [2], Fluent: [2], Relevant: [0]}, id)
        );
        assert.doesNotMatch(explain({Overall: overall, Fluent: [2], Relevant: [0]}, id)!, /overall/);
      }
    )
  );
});

test("phrasing is a function of the example's id, and varies with it", () => {
  const scores = {Overall: [3], Fluent: [2], Specific: [0], Relevant: [2], Correct: [1]};
  const clauses = Array.from({length: 60}, (_, i) => explain(scores, `e${i}`));
  assert.deepEqual(
    clauses,
    Array.from({length: 60}, (_, i) => explain(scores, `e${i}`))
  );
  assert.ok(new Set(clauses).size >= 20, `${new Set(clauses).size} phrasings`);
});

test("the order of the scales in the file changes nothing", () => {
  const scores = {Overall: [3], Fluent: [2], Specific: [0], Relevant: [2], Correct: [1]};
  const reversed = Object.fromEntries(Object.entries(scores).reverse());
  for (const id of ["a", "b", "c"]) assert.equal(explain(reversed, id), explain(scores, id));
});

test("with one scale, a clause speaks of agreement and of the turn before, or of the next where there is none", () => {
  const turns = [
    rated("first", {Satisfaction: [3, 3, 3]}, 1),
    rated("second", {Satisfaction: [4, 5, 4]}, 3),
    rated("third", {Satisfaction: [1, 4, null]}, 5)
  ];
  const clauses = templatedExplanations("uss", SATISFACTION, "quality", turns);
  assert.match(clauses.get("first")!, /agreed|of one mind|differently/);
  assert.match(
    clauses.get("first")!,
    /the turn after (was rated higher|had pleased more|had been liked better)/
  );
  assert.match(clauses.get("second")!, /point|nearly/);
  assert.match(
    clauses.get("second")!,
    /the turn before (was rated lower|had pleased less|had been liked less)/
  );
  assert.match(clauses.get("third")!, /disagreed|divided|points apart/);
  assert.match(
    clauses.get("third")!,
    /the turn before (was rated higher|had pleased more|had been liked better)/
  );
});

test("other responses to the same turns are no neighbours", () => {
  const clauses = templatedExplanations("uss", SATISFACTION, "quality", [
    rated("a", {Satisfaction: [3, 3]}, 2),
    rated("b", {Satisfaction: [5, 5]}, 2)
  ]);
  for (const clause of clauses.values()) assert.doesNotMatch(clause, /turn (before|after)/);
});

test("from nothing there is no explanation, and the annotation says so", () => {
  assert.equal(
    templatedExplanations("uss", SATISFACTION, "quality", [rated("a", {Satisfaction: [4]})]).size,
    0
  );
  assert.equal(explain({Overall: [3], Fluent: [null, null]}), undefined);
  const config = CorpusConfig.parse({reader: "uss", path: "x", scores: SATISFACTION, explanations: "raters"});
  const axis = {
    id: "quality",
    title: "Q",
    question: "?",
    kind: "ordinal" as const,
    labels: ["1", "2", "3", "4", "5"]
  };
  const alone = annotate("uss", config, [rated("a", {Satisfaction: [4]})], [axis]);
  assert.deepEqual([alone[0]!.explanation, alone[0]!.explanation_source], ["", "none"]);
  const two = annotate("uss", config, [rated("a", {Satisfaction: [4, 4]})], [axis]);
  assert.equal(two[0]!.explanation_source, "templated");
});

test("scales of one's own file are named by their columns", () => {
  const maps = {
    quality: {from: "q", scale: [1, 5] as [number, number]},
    care: {from: "meta.word_choice", scale: [1, 5] as [number, number]}
  };
  const clauses = templatedExplanations("csv", maps, "quality", [
    rated("a", {q: [3], "meta.word_choice": [5]})
  ]);
  assert.match(clauses.get("a")!, /it strong in word choice$/);
});
