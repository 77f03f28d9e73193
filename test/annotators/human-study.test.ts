import assert from "node:assert/strict";
import {test} from "node:test";
import {fileURLToPath} from "node:url";
import {annotate} from "../../data-loaders/annotators/annotate.js";
import {readCorpus} from "../../data-loaders/corpora/read-corpus.js";
import {readStudy} from "../../data-loaders/study/read-study.js";
import {splitByDialogue} from "../../src/core/split.js";
import {REAL_DATA, skipWithoutRealData} from "../corpora/given-files.js";

const HUMAN = fileURLToPath(new URL("../../studies/human.yaml", import.meta.url));

test("studies/human.yaml is sound: six corpora, twelve settings, explanations from raters", async () => {
  const {study, settings} = await readStudy(HUMAN);
  assert.equal(Object.keys(study.corpora).length, 6);
  assert.equal(settings.length, 12);
  for (const corpus of Object.values(study.corpora))
    assert.equal("explanations" in corpus && corpus.explanations, "raters");
});

test("studies/human.yaml on the real sets: the split fits, every label occurs, every row has an explanation", async (t) => {
  if (skipWithoutRealData(t)) return;
  const {study, settings, axes} = await readStudy(HUMAN, {data: REAL_DATA});
  for (const [id, config] of Object.entries(study.corpora)) {
    const {examples} = await readCorpus(id, config, {folder: REAL_DATA, seed: study.seed});
    const judged = axes.filter((axis) =>
      settings.some((setting) => setting.corpus === id && setting.axis === axis.id)
    );
    const annotations = annotate(id, config, examples, judged);
    assert.equal(annotations.length, examples.length * judged.length);
    assert.ok(
      annotations.every(
        ({label_source, explanation_source}) =>
          label_source === "raters" && explanation_source === "templated"
      )
    );
    assert.ok(
      annotations.every(
        ({explanation}) => explanation.split(" ").length >= 5 && !/undefined|null|NaN/.test(explanation)
      )
    );
    for (const axis of judged) {
      const labels = annotations.filter((annotation) => annotation.axis === axis.id).map(({label}) => label);
      const commonest = Math.max(
        ...axis.labels.map((label) => labels.filter((other) => other === label).length)
      );
      assert.ok(
        commonest / labels.length < 0.7,
        `${id}, ${axis.id}: one label has ${commonest} of ${labels.length}`
      );
      assert.ok(new Set(labels).size >= 4, `${id}, ${axis.id}`);
    }
    const {train, test: tested} = splitByDialogue(examples, config.split ?? study.split, {
      seed: study.seed,
      corpus: id
    });
    const asked = config.split ?? study.split;
    assert.deepEqual([train.length, tested.length], [asked.train, asked.test]);
    assert.equal(tested.length, 100);
  }
});
