import assert from "node:assert/strict";
import {test} from "node:test";
import {annotate, countUnlabelled} from "../../data-loaders/annotators/annotate.js";
import type {Axis, Example} from "../../src/core/conversation.js";
import {CorpusConfig} from "../../src/core/study.js";
import {assertParts} from "../corpora/given-files.js";

const QUALITY: Axis = {
  id: "quality",
  title: "Quality",
  question: "?",
  kind: "ordinal",
  labels: ["1", "2", "3", "4", "5"]
};
const TONE: Axis = {id: "tone", title: "Tone", question: "?", kind: "nominal", labels: ["warm", "cold"]};

function example(id: string, more: Partial<Example> = {}): Example {
  return {example_id: id, dialogue_id: `dialogue of ${id}`, turns: [], response: "yes", ...more};
}

function own(more: object): CorpusConfig {
  return CorpusConfig.parse({reader: "csv", path: "mine.csv", columns: {response: "r"}, ...more});
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return assert.fail("nothing was thrown");
}

test("given labels and explanations are taken as they stand", () => {
  const config = own({labels: {quality: "q", tone: "t"}, explanations: {tone: "why"}});
  const examples = [
    example("a", {given: {quality: {label: "4"}, tone: {label: "warm", explanation: "it thanks twice"}}}),
    example("b", {given: {tone: {label: "cold"}}})
  ];
  assert.deepEqual(annotate("mine", config, examples, [TONE, QUALITY]), [
    {
      corpus: "mine",
      example_id: "a",
      axis: "tone",
      label: "warm",
      label_source: "given",
      explanation: "it thanks twice",
      explanation_source: "given"
    },
    {
      corpus: "mine",
      example_id: "a",
      axis: "quality",
      label: "4",
      label_source: "given",
      explanation: "",
      explanation_source: "none"
    },
    {
      corpus: "mine",
      example_id: "b",
      axis: "tone",
      label: "cold",
      label_source: "given",
      explanation: "",
      explanation_source: "none"
    }
  ]);
});

test("labels and explanations of a generated corpus are planted", () => {
  const config = CorpusConfig.parse({reader: "embedded", kind: "film"});
  const [annotation] = annotate(
    "film",
    config,
    [example("a", {given: {quality: {label: "2", explanation: "it breaks off"}}})],
    [QUALITY]
  );
  assert.deepEqual([annotation!.label_source, annotation!.explanation_source], ["planted", "planted"]);
});

test("rater means become labels; abstentions are left out, and where all abstained there is no annotation", () => {
  const config = own({scores: {quality: {from: ["ann", "bob"], scale: [1, 3]}}});
  const examples = [
    example("a", {scores: {ann: [3], bob: [2]}}),
    example("b", {scores: {ann: [null], bob: [1]}}),
    example("c", {scores: {ann: [null], bob: [null]}}),
    example("d", {scores: {ann: [2]}})
  ];
  const annotations = annotate("mine", config, examples, [QUALITY]);
  assert.deepEqual(
    annotations.map(({example_id, label, label_source}) => [example_id, label, label_source]),
    [
      ["a", "4", "raters"],
      ["b", "1", "raters"],
      ["d", "3", "raters"]
    ]
  );
  assert.deepEqual(countUnlabelled(annotations, examples, [QUALITY]), new Map([["quality", 1]]));
});

test("a corpus' own label goes before its raters' mean", () => {
  const config = own({labels: {quality: "q"}, scores: {quality: {from: "s", scale: [1, 5]}}});
  const examples = [
    example("a", {given: {quality: {label: "2"}}, scores: {s: [5]}}),
    example("b", {scores: {s: [5]}})
  ];
  assert.deepEqual(
    annotate("mine", config, examples, [QUALITY]).map(({label}) => label),
    ["2", "5"]
  );
});

test("a label that the axis does not have", () => {
  const config = own({labels: {quality: "q", tone: "t"}});
  const tone = [example("a", {given: {tone: {label: "warn"}}})];
  assertParts(
    thrownBy(() => annotate("mine", config, tone, [TONE])),
    {
      where: /^mine\.csv, example a, column t$/,
      expected: /a label of axis tone \(warm, cold\)/,
      found: /“warn”/,
      mend: /“warm”/
    }
  );
  const quality = [example("12", {given: {quality: {label: "6"}}})];
  assertParts(
    thrownBy(() => annotate("mine", config, quality, [QUALITY])),
    {where: /example 12, column q/, found: /“6”/, mend: /axes\.quality\.labels/}
  );
});

test("a score outside its scale", () => {
  const config = own({scores: {quality: {from: "s", scale: [1, 5]}}});
  const examples = [example("a", {scores: {s: [3]}}), example("b", {scores: {s: [4, 6]}})];
  assertParts(
    thrownBy(() => annotate("mine", config, examples, [QUALITY])),
    {
      where: /^mine\.csv, example b, s$/,
      expected: /from 1 to 5/,
      found: /^6$/,
      mend: /scale/
    }
  );
});

test("a rater scale that the corpus does not have, with the nearest spelling", () => {
  const config = CorpusConfig.parse({
    reader: "usr",
    path: "tc.json",
    scores: {quality: {from: "Overal", scale: [1, 5]}}
  });
  const examples = [example("a", {scores: {Overall: [3], Natural: [1]}})];
  assertParts(
    thrownBy(() => annotate("tc", config, examples, [QUALITY])),
    {
      where: /^tc\.json, key scores\.quality\.from$/,
      expected: /Overall, Natural/,
      found: /“Overal”/,
      mend: /“Overall”/
    }
  );
});

test("means of scores have an order, so a nominal axis cannot take them", () => {
  const config = own({scores: {tone: {from: "s", scale: [0, 1]}}});
  assertParts(
    thrownBy(() => annotate("mine", config, [example("a", {scores: {s: [1]}})], [TONE])),
    {
      where: /key scores\.tone/,
      expected: /ordinal/,
      found: /nominal/,
      mend: /labels/
    }
  );
});
