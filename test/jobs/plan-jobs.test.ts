import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {armId} from "../../src/core/arms.js";
import type {DataRow} from "../../src/core/contract.js";
import {Job} from "../../src/core/contract.js";
import {planBaselines, planTokenizer, planTraining, planWarmUp} from "../../data-loaders/jobs/plan-jobs.js";
import {axesOf, parseStudy} from "../../data-loaders/study/read-study.js";
import type {StudyFile} from "../../data-loaders/study/read-study.js";

const STUDY = `because: 1
title: Plan
corpora:
  assistant: {reader: embedded, kind: assistant}
  film: {reader: embedded, kind: film}
axes:
  naturalness: {question: q, labels: [1, 2, 3]}
split: {train: 2, test: 1}
arms: {modes: [label-only, explanation, shuffled], reductions: [token-mean, part-mean]}
seeds: [1, 2]
warm_up: {steps: 10}
`;

function fileOf(text: string): StudyFile {
  const study = parseStudy(text, "plan.yaml");
  const settings = Object.keys(study.corpora).map((corpus) => ({corpus, axis: "naturalness"}));
  return {
    id: "plan",
    file: "plan.yaml",
    folder: ".",
    study,
    axes: axesOf(study),
    settings,
    promptTemplate: null
  };
}

function row(corpus: string, explanation: string): DataRow {
  return {
    example_id: corpus,
    dialogue_id: corpus,
    corpus,
    axis: "naturalness",
    prompt: "p",
    label: "1",
    explanation,
    gold: "1",
    turns: "0"
  };
}

/** Rows whose explanation depends on the mode; `changed` words a mode differently. */
function planned(text: string, {version = "v1", changed = "", room = 50} = {}) {
  const file = fileOf(text);
  const test = [row("assistant", ""), row("film", "")];
  return planTraining(
    file,
    ({mode, tokens = ""}, scope) => {
      const all = ["assistant", "film"].map((corpus) =>
        row(corpus, mode === "label-only" ? "" : `${mode}${tokens}${mode === changed ? "!" : ""}`)
      );
      const inScope = (rows: DataRow[]) =>
        rows.filter(({corpus}) => scope === null || scope.corpus === corpus);
      return {train: inScope(all), test: inScope(test)};
    },
    () => room,
    {tokenizer: "0".repeat(16), warmUp: null},
    version
  );
}

/** Arm and seed of runs whose ids differ between two plans. */
function differing(before: ReturnType<typeof planned>, after: ReturnType<typeof planned>): string[] {
  const known = new Set(before.map(({run}) => run));
  return after.filter(({run}) => !known.has(run)).map(({job}) => `${armId(job.arm)} ${job.seed}`);
}

describe("jobs", () => {
  it("one run an arm and seed, each with an id of its own, valid under the contract", () => {
    const runs = planned(STUDY);
    assert.equal(runs.length, 5 * 2);
    assert.equal(new Set(runs.map(({run}) => run)).size, runs.length);
    for (const {run, job} of runs) {
      assert.match(run, /^[0-9a-f]{16}$/);
      assert.deepEqual(Job.parse(JSON.parse(JSON.stringify(job))), job);
    }
  });

  it("the same study gives the same ids", () =>
    assert.deepEqual(differing(planned(STUDY), planned(STUDY)), []));

  it("another seed adds only that seed's runs", () => {
    const added = differing(planned(STUDY), planned(STUDY.replace("seeds: [1, 2]", "seeds: [1, 2, 3]")));
    assert.equal(added.length, 5);
    assert.ok(added.every((run) => run.endsWith(" 3")));
  });

  it("another text of one mode changes only that mode's runs", () => {
    const changed = differing(planned(STUDY), planned(STUDY, {changed: "shuffled"}));
    assert.deepEqual(changed.sort(), [
      "shuffled.label-first.part-mean 1",
      "shuffled.label-first.part-mean 2",
      "shuffled.label-first.token-mean 1",
      "shuffled.label-first.token-mean 2"
    ]);
  });

  it("a budget more adds its runs alone, and label-only is trained once", () => {
    const more = STUDY.replace("reductions: [token-mean, part-mean]", "tokens: [matched, 8]");
    const one = more.replace(", 8]", "]");
    const runs = planned(more);
    assert.equal(runs.length, (1 + 2 * 2) * 2);
    assert.deepEqual(differing(planned(one), runs).sort(), [
      "explanation.label-first.token-mean.t8 1",
      "explanation.label-first.token-mean.t8 2",
      "shuffled.label-first.token-mean.t8 1",
      "shuffled.label-first.token-mean.t8 2"
    ]);
    assert.deepEqual(differing(planned(one.replace("[matched]", "matched")), planned(one)), []);
    for (const {job} of runs) assert.deepEqual(Job.parse(JSON.parse(JSON.stringify(job))), job);
  });

  it("every arm of a study keeps as much of a prompt; another room changes every run", () => {
    const rooms = planned(STUDY, {room: 40}).map(({job}) => job.prompt_room);
    assert.deepEqual(new Set(rooms), new Set([40]));
    assert.equal(differing(planned(STUDY), planned(STUDY, {room: 40})).length, 10);
  });

  it("other titles change nothing; other steps or another trainer change everything", () => {
    assert.deepEqual(differing(planned(STUDY), planned(STUDY.replace("title: Plan", "title: Other"))), []);
    assert.equal(differing(planned(STUDY), planned(`${STUDY}training: {steps: 7}\n`)).length, 10);
    assert.equal(differing(planned(STUDY), planned(STUDY, {version: "v2"})).length, 10);
  });

  it("one model a setting: one run a setting, arm and seed, with that setting's rows only", () => {
    const runs = planned(`${STUDY}regime: per-setting\n`);
    assert.equal(runs.length, 2 * 5 * 2);
    for (const {job, train, test} of runs) {
      assert.ok(job.scope);
      assert.ok([...train, ...test].every(({corpus}) => corpus === job.scope!.corpus));
    }
  });

  it("preparations: a tokenizer only from scratch, a warm-up only where asked, three baselines", () => {
    const file = fileOf(STUDY);
    const rows = [row("assistant", "why")];
    assert.ok(planTokenizer(file, rows, "v1"));
    assert.equal(planTokenizer(fileOf(`${STUDY}model: {folder: some/model}\n`), rows, "v1"), null);
    assert.equal(planWarmUp(file, rows, null, "v1")?.job.optimisation.steps, 10);
    assert.equal(planWarmUp(fileOf(STUDY.replace("steps: 10", "steps: 0")), rows, null, "v1"), null);
    const baselines = planBaselines(file, {train: rows, test: rows}, "v1");
    assert.deepEqual(
      baselines.map(({job}) => job.baseline),
      ["majority", "length", "bag-of-words"]
    );
    for (const {job} of baselines) assert.deepEqual(Job.parse(job), job);
  });
});
