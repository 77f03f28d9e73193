import assert from "node:assert/strict";
import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, it} from "node:test";
import {BadInput, BadInputs} from "../../src/core/bad-input.js";
import {parseStudy, readStudy} from "../../data-loaders/study/read-study.js";
import {studyNotes} from "../../data-loaders/study/study-notes.js";
import {GENERATED} from "../../data-loaders/study/generated-files.js";
import {referenceRows} from "../../data-loaders/study/reference.js";
import {PROJECT} from "../../data-loaders/stages/store.js";

const SOUND = `because: 1
title: Sound
corpora:
  assistant: {reader: embedded, kind: assistant, dialogues: 40}
axes:
  naturalness: {question: How natural?, labels: [1, 2, 3, 4, 5]}
split: {train: 20, test: 10}
`;

/** Everything that is wrong with a study, as details. */
function problems(text: string): BadInput["detail"][] {
  try {
    parseStudy(text, "study.yaml");
  } catch (error) {
    if (error instanceof BadInputs) return error.all.map(({detail}) => detail);
    if (error instanceof BadInput) return [error.detail];
    throw error;
  }
  return [];
}

/** The one problem of a sound study after a change. */
function problemAfter(from: string, to: string): BadInput["detail"] {
  assert.ok(SOUND.includes(from));
  const found = problems(SOUND.replace(from, to));
  assert.equal(found.length, 1, JSON.stringify(found));
  return found[0]!;
}

describe("study files", () => {
  it("sound ones get every default", () => {
    const study = parseStudy(SOUND, "study.yaml");
    assert.deepEqual(study.axes.naturalness!.labels, ["1", "2", "3", "4", "5"]);
    assert.deepEqual(study.arms.modes, ["label-only", "explanation", "shuffled", "bag-of-words"]);
    assert.equal(study.arms.tokens, "matched");
    assert.equal(study.training.steps, 800);
    assert.deepEqual(study.model, {scratch: "small", vocabulary: 2048});
  });

  it("an unknown key: line, key, what may stand there, nearest spelling", () => {
    const {where, expected, found, mend} = problemAfter("split:", "splt: 3\nsplit:");
    assert.equal(where, "study.yaml, line 7, key splt");
    assert.match(expected, /one of the keys because, title, .*split/);
    assert.equal(found, "“splt”");
    assert.equal(mend, "Did you mean “split”?");
  });

  it("an unknown key deep inside knows only its own place's keys", () => {
    const {where, expected, mend} = problemAfter("dialogues: 40", "dialogs: 40");
    assert.equal(where, "study.yaml, line 4, key corpora.assistant.dialogs");
    assert.equal(
      expected,
      "one of the keys title, limit, split, licence, publish_texts, reader, kind, dialogues"
    );
    assert.equal(mend, "Did you mean “dialogues”?");
  });

  it("an unknown value: what may stand there, nearest spelling", () => {
    const {where, expected, mend} = problemAfter("kind: assistant", "kind: asistant");
    assert.equal(where, "study.yaml, line 4, key corpora.assistant.kind");
    assert.match(expected, /“assistant”, “support”/);
    assert.equal(mend, "Did you mean “assistant”?");
  });

  it("an unknown reader: the readers there are", () => {
    const {expected, found, mend} = problemAfter("reader: embedded", "reader: embeded");
    assert.match(expected, /one of .*“embedded”.*“usr”.*“jsonl”/);
    assert.equal(found, "“embeded”");
    assert.equal(mend, "Did you mean “embedded”?");
  });

  it("a number out of range, a wrong type, and a missing key", () => {
    assert.equal(problemAfter("train: 20", "train: -3").expected, "a number above 0");
    assert.equal(problemAfter("train: 20", "train: many").found, "“many”");
    const missing = problemAfter("title: Sound\n", "");
    assert.match(missing.where, /key title/);
    assert.equal(missing.mend, "Add it.");
  });

  it("an unknown mode in a list", () => {
    const {where, mend} = problemAfter("split:", "arms: {modes: [label-only, shufled]}\nsplit:");
    assert.equal(where, "study.yaml, line 7, key arms.modes.1");
    assert.equal(mend, "Did you mean “shuffled”?");
  });

  it("one token budget or several, each once, and one for a single arm", () => {
    const arms = (text: string) =>
      parseStudy(SOUND.replace("split:", `arms: {${text}}\nsplit:`), "s.yaml").arms;
    assert.deepEqual(arms("tokens: [matched, 4, 16]").tokens, ["matched", 4, 16]);
    assert.equal(arms("tokens: 8").tokens, 8);
    const [also] = arms("also: [{mode: filler, order: label-first, reduction: token-mean, tokens: 4}]").also;
    assert.equal(also!.tokens, 4);
    assert.equal(problemAfter("split:", "arms: {tokens: [4, 4]}\nsplit:").found, "4 twice");
    for (const wrong of ["-1", "2.5", "long", "[]", "[4, long]"])
      assert.match(
        problemAfter("split:", `arms: {tokens: ${wrong}}\nsplit:`).where,
        /line 7, key arms\.tokens/
      );
  });

  it("a token budget that is none: everything that may stand there, and that a list is empty", () => {
    const wrong = (tokens: string) => problemAfter("split:", `arms: {tokens: ${tokens}}\nsplit:`);
    assert.equal(wrong("banana").expected, "“free”, “matched”, a whole number from 0, or a list of them");
    for (const [value, found] of [
      ["banana", "“banana”"],
      ["-3", "-3"],
      ["4.5", "4.5"]
    ]) {
      const {where, ...detail} = wrong(`[matched, ${value}]`);
      assert.equal(where, "study.yaml, line 7, key arms.tokens.1");
      assert.equal(detail.expected, "“free”, “matched”, or a whole number from 0");
      assert.equal(detail.found, found);
    }
    const empty = wrong("[]");
    assert.deepEqual([empty.expected, empty.found], ["at least 1 of them", "an empty list"]);
    assert.equal(problemAfter("split:", "seeds: []\nsplit:").found, "an empty list");
  });

  it("a token budget that no sequence can hold", () => {
    const {where, expected, mend} = problemAfter("split:", "arms: {tokens: [matched, 100000]}\nsplit:");
    assert.equal(where, "study.yaml, line 7, key arms.tokens.1");
    assert.match(expected, /below training\.max_tokens \(256\)/);
    assert.match(mend, /raise training\.max_tokens/);
    const also = "arms: {also: [{mode: filler, order: label-first, reduction: token-mean, tokens: 64}]}";
    assert.equal(
      problemAfter("split:", `${also}\ntraining: {max_tokens: 64}\nsplit:`).where,
      "study.yaml, line 7, key arms.also.0.tokens"
    );
    assert.deepEqual(
      problems(SOUND.replace("split:", "arms: {tokens: 255}\ntraining: {max_tokens: 256}\nsplit:")),
      []
    );
  });

  it("broken YAML names the line", () => {
    const [problem] = problems("because: 1\ntitle: [unclosed\n");
    assert.match(problem!.where, /study\.yaml, line \d/);
    assert.equal(problem!.expected, "YAML");
  });

  it("all problems at once", () =>
    assert.equal(problems(SOUND.replace("title", "titel").replace("train: 20", "train: 0")).length, 3));

  it("an axis that the study does not have", () => {
    const own = `  mine: {reader: jsonl, path: a.jsonl, columns: {response: r}, labels: {naturalnes: n}, explanations: {naturalness: w}}\naxes:`;
    const {where, found, mend} = problemAfter("axes:", own);
    assert.equal(where, "study.yaml, line 5, key corpora.mine.labels.naturalnes");
    assert.equal(found, "“naturalnes”");
    assert.equal(mend, "Did you mean “naturalness”?");
  });

  it("modes that need explanations where there are none", () => {
    const own = `  mine: {reader: jsonl, path: a.jsonl, columns: {response: r}, labels: {naturalness: n}}\naxes:`;
    const {where, expected, mend} = problemAfter("axes:", own);
    assert.equal(where, "study.yaml, line 5, key corpora.mine.explanations");
    assert.match(expected, /explanations for naturalness, since mode explanation needs them/);
    assert.match(mend, /explanations: raters/);
  });

  it("thresholds that do not fit the labels", () => {
    const rated = `  mine: {reader: usr, path: a.json, scores: {naturalness: {from: Natural, scale: [1, 3], cuts: [1.5, 1.2]}}, explanations: raters}\naxes:`;
    const found = problems(SOUND.replace("axes:", rated)).map(({expected}) => expected);
    assert.deepEqual(found, ["4 thresholds between 5 labels", "ascending thresholds"]);
  });

  it("an empty file and an empty list of corpora", () => {
    assert.ok(problems("").length > 0);
    assert.match(
      problems(SOUND.replace(/corpora:\n.*\n/, "corpora: {}\n"))[0]!.expected,
      /at least one corpus/
    );
  });

  it("a missing file says how to make one", () =>
    assert.rejects(readStudy("no/such/study.yaml"), (error: BadInput) =>
      /npx because init/.test(error.detail.mend)
    ));

  it("settings are corpus × axis as far as a corpus is judged on it", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "because-"));
    t.after(() => rm(folder, {recursive: true}));
    const file = join(folder, "My Study.yaml");
    await writeFile(
      file,
      SOUND.replace("axes:", "axes:\n  tone: {question: What tone?, kind: nominal, labels: [a, b]}")
    );
    const study = await readStudy(file);
    assert.equal(study.id, "my-study");
    assert.deepEqual(study.settings, [{corpus: "assistant", axis: "naturalness"}]);
  });
});

describe("notes on sound studies", () => {
  const notes = (axis: string) =>
    studyNotes(
      parseStudy(SOUND.replace("axes:", `axes:\n  tone: {question: What tone?, ${axis}}`), "s.yaml")
    );

  it("words in alphabetical order are seldom in ascending order", () => {
    const [note, more] = notes("labels: [fair, good, great, poor]");
    assert.match(note!, /^axes\.tone: .*\(fair, good, great, poor\).*kind: nominal/);
    assert.equal(more, undefined);
    assert.equal(notes("labels: [Fair, good, Poor]").length, 1);
  });

  it("words in another order, two of them, numbers and nominal labels are fine", () => {
    for (const fine of [
      "labels: [poor, fair, good, great]",
      "labels: [bad, good]",
      "labels: [1, 2, 3]",
      "labels: [1 star, 2 stars, 3 stars]",
      "kind: nominal, labels: [curt, neutral, warm]"
    ])
      assert.deepEqual(notes(fine), [], fine);
  });
});

describe("the study's JSON Schema", () => {
  it("describes every key, for editors and for the reference", () => {
    const undescribed = referenceRows()
      .filter(({description}) => description === "")
      .map(({key}) => key);
    assert.deepEqual(undescribed, []);
    assert.ok(referenceRows().some(({key}) => key === "training.label_weight"));
  });

  for (const {file, text} of GENERATED)
    it(`${file} is as the code says`, async () => {
      assert.equal(
        await readFile(join(PROJECT, file), "utf8"),
        text(),
        "run `npm run generate` and commit what it writes"
      );
    });
});
