/** What `because check` says of a study of one's own file. */
import assert from "node:assert/strict";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {because} from "../street/street.js";

const STUDY = `because: 1
title: Of one's own
axes:
  helpful: {question: Does it help?, labels: [bad, good], kind: nominal}
  short: {question: Is it short?, labels: ["no", "yes"], kind: nominal}
split: {train: 100, test: 60}
corpora:
  mine:
    reader: csv
    path: rows.csv
    columns: {id: id, response: text}
    labels: {helpful: help, short: short}
    explanations: {helpful: why, short: why_short}
trainer: {place: moon}
`;

describe("because check", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "because-check-"));
    const rows = Array.from({length: 200}, (_, i) => {
      const why = i % 4 === 0 ? "" : `it says so ${i}`;
      return `${i},reply ${i} of many,${i % 2 ? "good" : "bad"},${i % 2 ? "no" : "yes"},${why},it is ${i} words`;
    });
    await writeFile(join(folder, "rows.csv"), `id,text,help,short,why,why_short\n${rows.join("\n")}\n`);
    await writeFile(join(folder, "study.yaml"), STUDY);
    await writeFile(join(folder, "places.yaml"), "because: 1\nplaces: {mars: {kind: ssh, host: mars}}\n");
  });
  after(() => rm(folder, {recursive: true, force: true}));

  it("counts examples without an explanation, and notes a place that nobody described", async () => {
    const study = join(folder, "study.yaml");
    process.env.BECAUSE_PLACES = join(folder, "places.yaml");
    const {code, stdout, stderr} = await because("check", "--study", study);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ {2}helpful {2}bad: 100 {2}good: 100 {2}\(50 without an explanation\)$/m);
    assert.match(stdout, /^ {2}short {2}no: 100 {2}yes: 100$/m);
    assert.match(stdout, /^note: trainer\.place: training needs a place: local, mars; found “moon”/m);
    assert.match(stdout, /sound\.$/m);
  });
});
