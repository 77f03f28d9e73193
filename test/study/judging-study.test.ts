import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {BadInputs} from "../../src/core/bad-input.js";
import type {BadInput} from "../../src/core/bad-input.js";
import {axesJudged, axesOfCorpus, isJudged, labelsFrom} from "../../data-loaders/study/corpus-axes.js";
import {parseStudy} from "../../data-loaders/study/read-study.js";
import {studyNotes} from "../../data-loaders/study/study-notes.js";

const SOUND = `because: 1
title: Judged
corpora:
  talks: {reader: coqa, path: coqa.json}
  rated: {reader: usr, path: usr.json, scores: {quality: {from: Overall, scale: [1, 5]}}, explanations: raters, judged: true}
axes:
  quality: {question: How good?, labels: [1, 2, 3, 4, 5]}
  clarity: {question: How clear?, labels: [1, 2, 3, 4, 5]}
  tone: {question: Which tone?, kind: nominal, labels: [warm, cold]}
judges:
  one: {model: m-1, base_url: "http://localhost:1/v1", price: {input: 1, output: 2}}
  two: {model: m-2, base_url: "http://localhost:1/v1", price: {input: 1, output: 2}}
prompts:
  plain: {built_in: scale-4}
judging: {budget: {money: 5}}
merge: {scores: best, explanations: {judge: one}}
split: {train: 20, test: 10}
`;

function problemsOf(text: string): BadInput["detail"][] {
  try {
    parseStudy(text, "study.yaml");
  } catch (error) {
    if (error instanceof BadInputs) return error.all.map(({detail}) => detail);
    throw error;
  }
  return [];
}

/** The one problem of the sound study after a change. */
function problemAfter(from: string, to: string): BadInput["detail"] {
  assert.ok(SOUND.includes(from), from);
  const found = problemsOf(SOUND.replace(from, to));
  assert.equal(found.length, 1, JSON.stringify(found));
  return found[0]!;
}

it("an example can't need more votes than it gets", () => {
  const {expected, found} = problemAfter("budget: {money: 5}", "budget: {money: 5}, fewest: 3");
  assert.match(expected, /at most 2/);
  assert.equal(found, "3");
  assert.deepEqual(problemsOf(SOUND.replace("budget: {money: 5}", "budget: {money: 5}, fewest: 2")), []);
});

describe("who is judged, on what", () => {
  const study = parseStudy(SOUND, "study.yaml");

  it("corpora without labels are judged on all ordinal axes, and trained on what judges say", () => {
    const {talks} = study.corpora;
    assert.deepEqual([isJudged(talks!, study), labelsFrom(talks!, study)], [true, "judges"]);
    assert.deepEqual(axesJudged(talks!, study), ["quality", "clarity"]);
    assert.deepEqual(axesOfCorpus(talks!, study), ["quality", "clarity"]);
  });

  it("a human-rated corpus that is judged keeps people's labels, and is judged where people rated", () => {
    const {rated} = study.corpora;
    assert.deepEqual([isJudged(rated!, study), labelsFrom(rated!, study)], [true, "own"]);
    assert.deepEqual([axesJudged(rated!, study), axesOfCorpus(rated!, study)], [["quality"], ["quality"]]);
  });

  it("unless it says that its labels are the judges'", () => {
    const taken = parseStudy(SOUND.replace("judged: true", "labels_from: judges"), "study.yaml");
    const {rated} = taken.corpora;
    assert.deepEqual([isJudged(rated!, taken), labelsFrom(rated!, taken)], [true, "judges"]);
    assert.deepEqual(axesOfCorpus(rated!, taken), ["quality", "clarity"]);
  });

  it("human-rated corpora are not judged unless they say so", () => {
    const kept = parseStudy(SOUND.replace(", judged: true", "").replace("best", "mean"), "study.yaml");
    assert.equal(isJudged(kept.corpora.rated!, kept), false);
  });
});

describe("contradictions about judging", () => {
  it("the study above has none", () => assert.deepEqual(problemsOf(SOUND), []));

  it("a published corpus without a place to read it from", () => {
    const {where, found} = problemAfter("{reader: coqa, path: coqa.json}", "{reader: coqa}");
    assert.deepEqual([where, found], ["study.yaml, line 4, key corpora.talks", "neither"]);
  });

  it("labels of its own where there are none", () => {
    const {where, mend} = problemAfter("path: coqa.json", "path: coqa.json, labels_from: own");
    assert.equal(where, "study.yaml, line 4, key corpora.talks.labels_from");
    assert.match(mend, /labels_from: judges/);
  });

  it("labels from judges that don't rate it", () => {
    const {where} = problemAfter("path: coqa.json", "path: coqa.json, judged: false, labels_from: judges");
    assert.equal(where, "study.yaml, line 4, key corpora.talks.judged");
  });

  it("no labels and not judged", () => {
    const {expected, mend} = problemAfter("path: coqa.json", "path: coqa.json, judged: false");
    assert.equal(expected, "labels for at least one of the study's axes");
    assert.equal(mend, "Remove `judged: false`.");
  });

  it("to be judged, and no judges", () => {
    const without = SOUND.replace(/judges:\n.*\n.*\n/, "").replace(/merge:.*\n/, "");
    const found = problemsOf(without);
    assert.deepEqual(
      found.map(({where, expected}) => [where, expected.split(",")[0]]),
      [
        ["study.yaml, line 4, key corpora.talks", "labels for at least one of the study's axes"],
        ["study.yaml, line 5, key corpora.rated.judged", "judges"]
      ]
    );
    assert.match(found[0]!.mend, /^Name judges/);
  });

  it("only nominal axes to rate on", () => {
    const nominal = SOUND.replace(
      / {2}(quality|clarity): \{question: (.*?), labels: \[.*\]\}/g,
      "  $1: {question: $2, kind: nominal, labels: [a, b]}"
    );
    const found = problemsOf(nominal).filter(({expected}) => expected.includes("ordinal axis"));
    assert.deepEqual(
      found.map(({where}) => where),
      ["study.yaml, line 4, key corpora.talks", "study.yaml, line 5, key corpora.rated"]
    );
  });

  it("a judge that writes explanations and is not there: nearest spelling", () => {
    const {where, expected, mend} = problemAfter("{judge: one}", "{judge: tow}");
    assert.equal(where, "study.yaml, line 16, key merge.explanations.judge");
    assert.equal(expected, "one of the study's judges (one, two)");
    assert.equal(mend, "Did you mean “two”?");
  });

  it("the best rule by nobody's ratings", () => {
    const {where, mend} = problemAfter(", judged: true", "");
    assert.equal(where, "study.yaml, line 16, key merge.scores");
    assert.match(mend, /golden/);
    assert.deepEqual(
      problemsOf(SOUND.replace(", judged: true", "").replace("split:", "golden: [{path: r.jsonl}]\nsplit:")),
      []
    );
  });

  it("cuts that don't fit the labels, or don't ascend", () => {
    assert.match(problemAfter("best", "mean, cuts: [2, 3]").expected, /^4 thresholds/);
    assert.equal(problemAfter("best", "mean, cuts: [2, 3, 3, 4]").expected, "ascending thresholds");
  });

  it("maps that don't fit their scale", () => {
    const map = (text: string) => problemAfter("{built_in: scale-4}", `{built_in: scale-4, map: ${text}}`);
    assert.equal(map("[1, 2, 3]").expected, "4 numbers, one for each score from 1 to 4");
    assert.equal(map("[1, 3, 2, 4]").expected, "ascending numbers");
    assert.match(map("[0, 1, 2, 3]").expected, /^numbers from 1 to 5/);
    assert.match(
      problemAfter("{built_in: scale-4}", "{template: a.txt, scale: [5, 1]}").expected,
      /lowest score before/
    );
  });

  it("maps that fit one judged axis and not another", () => {
    const mapped = SOUND.replace("{built_in: scale-4}", "{built_in: scale-4, map: [1, 2, 4, 5]}");
    assert.deepEqual(problemsOf(mapped), []);
    const [problem, ...others] = problemsOf(
      mapped.replace("How clear?, labels: [1, 2, 3, 4, 5]", "How clear?, labels: [1, 2, 3]")
    );
    assert.deepEqual(others, []);
    assert.equal(problem!.expected, "numbers from 1 to 3, the positions of the labels of clarity");
    assert.equal(problem!.found, "[1,2,4,5]");
  });

  it("maps need not fit axes that nobody judges", () => {
    const tone = SOUND.replace("{built_in: scale-4}", "{built_in: scale-4, map: [1, 2, 4, 5]}");
    assert.match(tone, /labels: \[warm, cold\]/);
    assert.deepEqual(problemsOf(tone), []);
  });

  it("judges that are the same but for name, price and limits", () => {
    const {where, found, mend} = problemAfter("model: m-2,", "title: Other, model: m-1, concurrency: 2,");
    assert.equal(where, "study.yaml, line 12, key judges.two");
    assert.equal(found, "one and two are the same");
    assert.match(mend, /another seed or temperature, or remove it/);
    for (const difference of ["seed: 1", "temperature: 1", "max_tokens: 99"])
      assert.deepEqual(problemsOf(SOUND.replace("model: m-2,", `model: m-1, ${difference},`)), []);
  });

  it("an address makes a difference, a slash at its end does not", () => {
    const other = (url: string) =>
      SOUND.replace(/model: m-2, base_url: "[^"]*"/, `model: m-1, base_url: "${url}"`);
    assert.deepEqual(problemsOf(other("http://localhost:2/v1")), []);
    assert.equal(problemsOf(other("http://localhost:1/v1/"))[0]!.found, "one and two are the same");
  });

  it("a time that connections are not kept open for", () => {
    const {where, expected} = problemAfter("model: m-2,", "model: m-2, timeout: 301,");
    assert.equal(where, "study.yaml, line 12, key judges.two.timeout");
    assert.equal(expected, "a number of at most 300");
    assert.deepEqual(problemsOf(SOUND.replace("model: m-2,", "model: m-2, timeout: 300,")), []);
  });

  it("a budget in money, and a judge without a price", () => {
    const {where, found} = problemAfter(
      'm-2, base_url: "http://localhost:1/v1", price: {input: 1, output: 2}',
      'm-2, base_url: "http://localhost:1/v1"'
    );
    assert.deepEqual([where, found], ["study.yaml, line 15, key judging.budget.money", "none for two"]);
  });
});

describe("notes about judging", () => {
  const notes = (from: string, to: string) => studyNotes(parseStudy(SOUND.replace(from, to), "study.yaml"));

  it("nominal axes are not rated by judges", () => {
    const found = notes("", "");
    assert.equal(found.length, 1);
    assert.match(found[0]!, /^axes\.tone: judges give scores/);
  });

  it("no budget, private text sent, nobody to compare with", () => {
    assert.ok(notes("budget: {money: 5}", "attempts: 3").some((note) => note.startsWith("judging.budget")));
    assert.ok(
      notes("budget:", "private_text: send, budget:").some((note) => note.startsWith("judging.private_text"))
    );
    const alone = SOUND.replace(", judged: true", "").replace("best", "mean");
    assert.ok(studyNotes(parseStudy(alone, "study.yaml")).some((note) => note.startsWith("golden")));
  });

  it("judges that have nothing to do", () => {
    const idle = SOUND.replace(/ {2}talks:.*\n/, "")
      .replace(", judged: true", "")
      .replace("best", "mean");
    assert.match(studyNotes(parseStudy(idle, "study.yaml"))[0]!, /^judges: no corpus is judged/);
  });
});
