/** The cubes about labels and judges as files. */
import assert from "node:assert/strict";
import {test} from "node:test";
import {decodeColumns, type Columns} from "../../src/core/columns.js";
import type {AgreementRow, LabelCountRow, VotesDocument} from "../../src/core/cubes.js";
import {mergeByAllRules} from "../../src/core/judging/rated-set.js";
import {judgingCubes, shownItems, votesDocument} from "../../data-loaders/annotators/judging-cubes.js";
import {judgingDocuments} from "../../data-loaders/tables/judging-documents.js";
import {labelCountRows} from "../../data-loaders/tables/label-counts.js";
import {StudySchema} from "../../src/core/study.js";
import {simulate} from "../annotators/simulated-judges.js";
import {annotate, describeStudy, makeExamples} from "./synthetic-study.js";
import {SMALL as PLAN} from "./synthetic-plan.js";

const train = makeExamples(PLAN, "train", 5);
const test_ = makeExamples(PLAN, "test", 4);
const annotations = [...train, ...test_].flatMap((example) =>
  PLAN.axes.map((axis) => annotate(example, axis))
);
const input = describeStudy(PLAN, train, test_, annotations);

test("every study counts its labels, those that nobody gave too", () => {
  const rows = labelCountRows(input);
  const sum = (of: "train" | "test") => rows.reduce((total, row) => total + row[of], 0);
  assert.equal(sum("train"), train.length * PLAN.axes.length);
  assert.equal(sum("test"), test_.length * PLAN.axes.length);
  const labels = PLAN.axes.reduce((total, axis) => total + axis.labels.length, 0);
  assert.equal(rows.length, PLAN.corpora.length * labels);
  const documents = judgingDocuments(input, {examples: test_});
  assert.deepEqual(Object.keys(documents), ["label-counts"]);
  const decoded = decodeColumns<LabelCountRow>(JSON.parse(documents["label-counts"]!) as Columns);
  assert.deepEqual(decoded, rows);
});

test("votes are kept of the examples that pages show, and rows of agreement come back as they were", () => {
  const {set} = simulate();
  const rules = mergeByAllRules(set, {}, 1);
  const merging = {rules, chosen: rules[0]!};
  const {study} = input;
  const judges = Object.fromEntries(
    ["mild", "fair", "harsh"].map((id) => [id, {model: id, base_url: "http://127.0.0.1:9/v1"}])
  );
  const asked = StudySchema.parse({...JSON.parse(JSON.stringify(study)), judges});
  const prompts: VotesDocument["prompts"] = [
    {id: "scale-4", scale: [1, 4]},
    {id: "scale-5", scale: [1, 5]}
  ];
  const shop = set.items.filter(({corpus}) => corpus === "shop").slice(0, 40);
  const shown = shownItems(set, [{id: "shop", test: shop}]);
  const votes = votesDocument(set, asked, prompts, shown, {
    chosen: merging.chosen,
    explanationOf: () => "it helps",
    voteOf: () => ({status: "scored", score: 1, explanation: ""})
  });
  const judging = judgingCubes(set, merging, {calls: [], votes});
  const one = {...test_[0]!, corpus: "shop", example_id: shop[0]!.example_id};
  const documents = judgingDocuments({...input, judging}, {examples: [one]});
  const kept = JSON.parse(documents.votes!) as VotesDocument;
  assert.deepEqual([...new Set(kept.items.map(({example_id}) => example_id))], [one.example_id]);
  assert.ok(kept.items.every((item) => item.votes.length === 6));
  const rows = decodeColumns<AgreementRow>(JSON.parse(documents.agreement!) as Columns);
  assert.equal(rows.length, judging.agreement.length);
  rows.forEach((row, i) => {
    const {value, low, high} = judging.agreement[i]!;
    assert.ok(Math.abs((row.value ?? 0) - (value ?? 0)) < 1e-4);
    assert.equal(row.low === null, low === null);
    if (low !== null) assert.ok(low <= value! && value! <= high!);
  });
});
