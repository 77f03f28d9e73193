import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {mkdtemp, readdir, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, it} from "node:test";
import type {TestContext} from "node:test";
import {promisify} from "node:util";
import type {Estimate} from "../../data-loaders/cli/study-estimate.js";
import type {JudgingEstimate} from "../../data-loaders/cli/judging-estimate.js";
import {PROJECT} from "../../data-loaders/stages/store.js";
import type {Study} from "../../src/core/study.js";

const PAPER = join(PROJECT, "studies", "paper.yaml");

interface Failure {
  code: number;
  stderr: string;
}

/** Runs the command on the paper's study with an empty store, and no network to fetch anything from. */
async function because(t: TestContext, ...args: string[]): Promise<{stdout: string; store: string}> {
  const store = await mkdtemp(join(tmpdir(), "because-paper-"));
  t.after(() => rm(store, {recursive: true, force: true}));
  const command = [join(PROJECT, "data-loaders", "because.mjs"), ...args, "--study", PAPER, "--store", store];
  const {stdout} = await promisify(execFile)(process.execPath, command, {cwd: PROJECT, maxBuffer: 1 << 24});
  return {stdout, store};
}

describe("the paper's study", () => {
  it("is explained before its corpora are there: calls, tokens, cost and runs", async (t) => {
    const {stdout} = await because(t, "explain", "--json");
    const {study, estimate, judging} = JSON.parse(stdout) as {
      study: Study;
      estimate: Estimate;
      judging: JudgingEstimate;
    };
    const corpora = Object.values(study.corpora);
    const sizes = corpora.map(({split}) => split ?? study.split);
    const train = sizes.reduce((sum, split) => sum + split.train, 0);
    const test = sizes.reduce((sum, split) => sum + split.test, 0);
    assert.deepEqual([corpora.length, train, test], [6, 10_000, 5_000]);
    const axes = Object.keys(study.axes).length;
    const votes = Object.keys(study.judges).length * Object.keys(study.prompts).length;
    assert.deepEqual([axes, votes], [3, 12]);
    assert.equal(judging.examples, train + test);
    assert.equal(judging.all.calls, (train + test) * axes * votes);
    assert.equal(judging.left.calls, judging.all.calls);
    const {writing} = judging;
    assert.equal(writing!.calls, (train + test) * axes);
    assert.ok(writing!.cost! > 0 && writing!.input_tokens / writing!.calls > 12 * 50);
    for (const {judge, all} of judging.judges) {
      assert.equal(all.calls, judging.all.calls / 3);
      const {price} = study.judges[judge]!;
      const cost = (all.input_tokens * price!.input + all.output_tokens * price!.output) / 1e6;
      assert.ok(Math.abs(all.cost! - cost) < 1e-6 * cost);
      assert.ok(all.input_tokens / all.calls > 400 && all.input_tokens / all.calls < 1500);
    }
    assert.equal(estimate.settings, 18);
    assert.equal(estimate.runs, study.arms.modes.length * study.seeds.length);
    assert.equal(estimate.train_rows, train * axes);
    assert.equal(estimate.test_rows, test * axes);
    assert.match(estimate.basis, /GPU trainer/);
    assert.match(judging.basis, /not all corpora are here/);
  });

  it("is sound, and the check says what is not here yet and writes nothing", async (t) => {
    const {stdout, store} = await because(t, "check");
    assert.match(stdout, /540,000 calls about 15,000 examples/);
    assert.match(stdout, /hh-rlhf-chosen: not here yet\. .*because fetch/);
    assert.match(stdout, /sound; 6 of its corpora could not be read yet\.\n$/);
    assert.deepEqual(await readdir(store), []);
  });

  it("is not run: that is said before anything is installed, downloaded or asked", async (t) => {
    await assert.rejects(because(t, "run"), ({code, stderr}: Failure) => {
      assert.equal(code, 2);
      assert.match(stderr, /model mistralai\/Mistral-7B-v0\.1, which needs the GPU trainer/);
      return true;
    });
  });

  it("a dry run of its judges sends nothing and needs no key", async (t) => {
    const {stdout} = await because(t, "judge", "--dry-run");
    assert.match(stdout, /in all: 540,000 calls.*USD to ask/);
    assert.match(stdout, /Nothing was sent\.\n$/);
  });
});
