/** Whose labels a corpus brings: judges are measured by people's alone. */
import assert from "node:assert/strict";
import {test} from "node:test";
import {isLabelledByPeople} from "../../data-loaders/study/corpus-axes.js";
import {parseStudy} from "../../data-loaders/study/read-study.js";
import {studyNotes} from "../../data-loaders/study/study-notes.js";
import {BadInputs} from "../../src/core/bad-input.js";

const study = (corpus: string, merge = "mean") => `because: 1
title: Whose labels
corpora:
  own: {reader: jsonl, path: own.jsonl, columns: {response: text}, judged: true, ${corpus}}
axes: {quality: {question: How good?, labels: [1, 2, 3]}}
judges:
  one: {model: m-1, base_url: "http://127.0.0.1:9/v1"}
merge: {scores: ${merge}}
split: {train: 2, test: 1}
arms: {modes: [label-only]}
`;
const LABELS = "labels: {quality: label}";
const SCORES = "scores: {quality: {from: raters, scale: [1, 3]}}";

function problems(text: string): string[] {
  try {
    parseStudy(text, "study.yaml");
    return [];
  } catch (error) {
    if (error instanceof BadInputs) return error.all.map(({message}) => message);
    throw error;
  }
}

test("judges on top of labels: who gave these has to be said", () => {
  const found = problems(study(LABELS));
  assert.equal(found.length, 1, found.join("\n"));
  assert.match(found[0]!, /labels_by: expected who gave the labels.*labels_by: people.*labels_by: other/);
  assert.deepEqual(problems(study(`${LABELS}, labels_by: people`)), []);
  assert.deepEqual(problems(study(`${LABELS}, labels_by: other`)), []);
  assert.deepEqual(problems(study(SCORES)), []);
});

test("a golden set are labels and scores by people", () => {
  const isGolden = (corpus: string) =>
    isLabelledByPeople(parseStudy(study(corpus), "study.yaml").corpora.own!);
  assert.deepEqual(
    [
      `${LABELS}, labels_by: people`,
      `${LABELS}, labels_by: other`,
      SCORES,
      `${SCORES}, labels_by: other`
    ].map(isGolden),
    [true, false, true, false]
  );
});

test("without people's labels there is no best rule, and a note says that nothing measures the judges", () => {
  const other = `${LABELS}, labels_by: other`;
  assert.match(problems(study(other, "best")).join(), /people's ratings to choose the best rule by/);
  assert.deepEqual(problems(study(`${LABELS}, labels_by: people`, "best")), []);
  const notes = (corpus: string) => studyNotes(parseStudy(study(corpus), "study.yaml")).join();
  assert.match(notes(other), /no people's ratings/);
  assert.doesNotMatch(notes(`${LABELS}, labels_by: people`), /no people's ratings/);
});
