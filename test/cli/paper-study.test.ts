import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {mkdir, mkdtemp, readdir, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, it} from "node:test";
import type {TestContext} from "node:test";
import {promisify} from "node:util";
import type {ShownPrompt} from "../../data-loaders/cli/explain-prompt.js";
import type {Estimate} from "../../data-loaders/cli/study-estimate.js";
import type {JudgingEstimate} from "../../data-loaders/cli/judging-estimate.js";
import {PROJECT} from "../../data-loaders/stages/store.js";
import {readStudy} from "../../data-loaders/study/read-study.js";
import type {Study} from "../../src/core/study.js";

const PAPER = join(PROJECT, "studies", "paper.yaml");
/** An address where no hub answers. */
const NOWHERE = "http://127.0.0.1:9";
/** Of Mistral-7B-v0.1, as its makers publish it. */
const MISTRAL = {
  ...{model_type: "mistral", hidden_size: 4096, intermediate_size: 14336, num_hidden_layers: 32},
  ...{num_attention_heads: 32, num_key_value_heads: 8, vocab_size: 32000, tie_word_embeddings: false}
};

interface Failure {
  code: number;
  stderr: string;
}

/** Runs the command on the paper's study with an empty store, and no network to fetch anything from. */
async function because(
  t: TestContext,
  command: string,
  ...more: (string | NodeJS.ProcessEnv)[]
): Promise<{stdout: string; store: string}> {
  const store = await mkdtemp(join(tmpdir(), "because-paper-"));
  t.after(() => rm(store, {recursive: true, force: true}));
  const flags = more.filter((each) => typeof each === "string");
  const env = Object.assign({...process.env, HF_ENDPOINT: NOWHERE}, ...more.filter((each) => typeof each !== "string")); // prettier-ignore
  const args = [join(PROJECT, "data-loaders", "because.mjs"), command, ...flags, "--study", PAPER, "--store", store]; // prettier-ignore
  const {stdout} = await promisify(execFile)(process.execPath, args, {cwd: PROJECT, maxBuffer: 1 << 24, env: env as NodeJS.ProcessEnv}); // prettier-ignore
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
    assert.match(estimate.basis, /not all corpora are here/);
    assert.equal(estimate.size, null, "the model's configuration is not here");
    assert.match(judging.basis, /not all corpora are here/);
  });

  it("is sound, and the check says what is not here yet and writes nothing", async (t) => {
    const {stdout, store} = await because(t, "check");
    assert.match(stdout, /540,000 calls about 15,000 examples/);
    assert.match(stdout, /hh-rlhf-chosen: not here yet\. .*because fetch/);
    assert.match(stdout, /sound; 6 of its corpora could not be read yet\.\n$/);
    assert.deepEqual(await readdir(store), []);
  });

  it("is not run without its model's tokenizer: that is said before anything is installed or asked", async (t) => {
    await assert.rejects(because(t, "run"), ({code, stderr}: Failure) => {
      assert.equal(code, 2);
      assert.match(stderr, /mistralai\/Mistral-7B-v0\.1 at 127\.0\.0\.1:9/);
      assert.doesNotMatch(stderr, /Installing/);
      return true;
    });
  });

  it("shows its prompts before anything is paid: each axis as it is trained on, each question as judges get it", async (t) => {
    const {stdout} = await because(t, "explain", "--prompt", "--json");
    const shown = JSON.parse(stdout) as ShownPrompt[];
    assert.equal(shown.filter(({reader}) => reader === "training").length, 3);
    const asked = shown.filter(({reader}) => reader === "judge");
    assert.equal(new Set(asked.map(({axis, prompt}) => `${axis} ${prompt}`)).size, 3 * 4);
    assert.match(shown[0]!.text, /^user: .*\nresponse: .*\nnaturalness: 1 because /);
    assert.match(asked[0]!.text, /"score"/);
  });

  it("says what its model takes once its configuration is here", async (t) => {
    const cache = await mkdtemp(join(tmpdir(), "because-hub-"));
    t.after(() => rm(cache, {recursive: true}));
    const {hub, revision} = (await readStudy(PAPER)).study.model as {hub: string; revision: string};
    const snapshot = join(cache, `models--${hub.replace("/", "--")}`, "snapshots", revision);
    await mkdir(snapshot, {recursive: true});
    await writeFile(join(snapshot, "config.json"), JSON.stringify(MISTRAL));
    const {stdout} = await because(t, "check", {HF_HUB_CACHE: cache});
    assert.match(stdout, /7,241 million parameters, 42 million of them trained/);
    assert.match(stdout, /memory of a process, at most: \d+\.?\d* GB .*PFLOP in all/s);
  });

  it("a dry run of its judges sends nothing and needs no key", async (t) => {
    const {stdout} = await because(t, "judge", "--dry-run");
    assert.match(stdout, /in all: 540,000 calls.*USD to ask/);
    assert.match(stdout, /Nothing was sent\.\n$/);
  });
});
