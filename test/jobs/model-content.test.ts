/** Other weights in a model's folder are another run; a cache spares what did not change. */
import assert from "node:assert/strict";
import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, it} from "node:test";
import {check} from "../../data-loaders/cli/check.js";
import {describeFailures} from "../../data-loaders/cli/run.js";
import {modelContent} from "../../data-loaders/jobs/model-content.js";
import {modelProblems} from "../../data-loaders/jobs/model-problems.js";
import {planWarmUp} from "../../data-loaders/jobs/plan-jobs.js";
import {Store} from "../../data-loaders/stages/store.js";
import {readStudy} from "../../data-loaders/study/read-study.js";
import {BadInputs} from "../../src/core/bad-input.js";

const STUDY = `because: 1
title: Folder
corpora:
  assistant: {reader: embedded, kind: assistant, dialogues: 40}
axes:
  naturalness: {question: How natural?, labels: [1, 2, 3, 4, 5]}
split: {train: 20, test: 10}
model: {folder: models/mine}
`;

/** A study whose model lies beside it; `more` keys. */
async function studyWith(more: string, work: (folder: string, study: string, store: Store) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "because-model-"));
  try {
    const model = join(folder, "models", "mine");
    await mkdir(model, {recursive: true});
    await writeFile(join(model, "config.json"), JSON.stringify(GPT2));
    await writeFile(join(model, "tokenizer.json"), "{}");
    await writeFile(join(model, "model.safetensors"), "weights");
    const study = join(folder, "study.yaml");
    await writeFile(study, STUDY + more);
    await work(model, study, new Store(join(folder, "store")));
  } finally {
    await rm(folder, {recursive: true});
  }
}

const GPT2 = {model_type: "gpt2", n_layer: 2, n_embd: 8, n_head: 2, vocab_size: 300};

describe("a model in a folder", () => {
  it("is another job when its weights change, and the same when a note beside them does", () =>
    studyWith("warm_up: {steps: 5}\n", async (model, study, store) => {
      const file = await readStudy(study);
      const runOf = async () =>
        planWarmUp(file, [], null, "v1", await modelContent(file.study.model, store))!;
      assert.equal(await modelContent(file.study.model, store, {known: true}), null, "nothing hashed yet");
      const before = await runOf();
      assert.deepEqual(before.job.model, {
        folder: model,
        content: await modelContent(file.study.model, store, {known: true})
      });
      await writeFile(join(model, "notes.txt"), "mine");
      assert.equal((await runOf()).run, before.run);
      await writeFile(join(model, "model.safetensors"), "changed");
      assert.notEqual((await runOf()).run, before.run);
    }));

  it("is refused where it has no such modules, or no chat template", () =>
    studyWith("adapter: {kind: lora}\ntemplate: {kind: chat}\n", async (model, study, store) => {
      const file = await readStudy(study);
      const problems = async () => (await modelProblems({file, store})).map(({detail}) => detail);
      const [targets, template] = await problems();
      assert.match(targets!.expected, /a gpt2: c_attn, c_proj, c_fc/);
      assert.match(targets!.found, /^q_proj, k_proj/);
      assert.match(template!.where, /template\.kind/);
      await assert.rejects(check({study, store: store.root}), BadInputs);
      await writeFile(join(model, "chat_template.jinja"), "{{ messages }}");
      await writeFile(join(model, "config.json"), JSON.stringify({...GPT2, model_type: "new"}));
      assert.deepEqual(await problems(), [], "no verdict on what is unknown");
    }));
});

it("runs that failed for one reason share a line", () => {
  const job = {kind: "baseline", baseline: "length"} as never;
  const runs = ["a", "b", "c"].map((run) => ({run, job, train: [], test: []}));
  const verdict = (reason: string) => ({status: "failed" as const, reason, manifest: null});
  const verdicts = new Map([
    ["a", verdict("full")],
    ["b", verdict("torn")],
    ["c", verdict("full")]
  ]);
  assert.deepEqual(describeFailures({runs, verdicts}), [
    "not done: baseline length (run a); baseline length (run c): full",
    "not done: baseline length (run b): torn"
  ]);
});
