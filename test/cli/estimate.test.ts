/** What `because check` and `because status` say of a study some of whose corpora are here. */
import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {mkdir, mkdtemp, readdir, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {promisify} from "node:util";
import type {JudgingEstimate} from "../../data-loaders/cli/judging-estimate.js";
import type {StatusLine} from "../../data-loaders/cli/status.js";
import {PROJECT} from "../../data-loaders/stages/store.js";

const STUDY = `because: 1
title: Partly here
corpora:
  talks: {reader: jsonl, path: talks.jsonl, columns: {response: reply, turns: before}}
  stories: {reader: coqa, path: coqa.json, split: {train: 90, test: 10}}
axes:
  quality: {question: How good?, labels: [1, 2, 3, 4, 5]}
judges:
  one: {model: m-1, base_url: "http://127.0.0.1:9/v1", key_from: TEST_KEY, price: {input: 1, output: 2}}
prompts:
  plain: {built_in: scale-4}
split: {train: 6, test: 4}
`;
/** Words of each example: ten before, twenty in the response. */
const WORDS = 30;

describe("a study whose corpora are partly here", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "because-partly-"));
    await writeFile(join(folder, "study.yaml"), STUDY);
    await writeFile(
      join(folder, "small-budget.yaml"),
      `${STUDY}judging: {budget: {money: 0.01, tokens: 100}}\n`
    );
    const text = (words: number, i: number) => Array.from({length: words}, () => `word${i}`).join(" ");
    const rows = Array.from({length: 12}, (_, i) =>
      JSON.stringify({reply: text(20, i), before: [{role: "user", text: text(10, i)}]})
    );
    await mkdir(join(folder, "data"));
    await writeFile(join(folder, "data", "talks.jsonl"), `${rows.join("\n")}\n`);
  });
  after(() => rm(folder, {recursive: true, force: true}));

  async function because(command: string, study: string, ...args: string[]): Promise<string> {
    const all = [
      join(PROJECT, "data-loaders", "because.mjs"),
      command,
      ...args,
      "--store",
      join(folder, "store")
    ];
    const {stdout} = await promisify(execFile)(process.execPath, [...all, "--study", join(folder, study)], {
      cwd: PROJECT
    });
    return stdout;
  }
  const data = () => ["--data", join(folder, "data")];

  it("is estimated from the words of those that are, and nothing is written", async () => {
    const {judging} = JSON.parse(await because("check", "study.yaml", ...data(), "--json")) as {
      judging: JudgingEstimate;
    };
    assert.equal(judging.examples, 10 + 100);
    assert.match(
      judging.basis,
      new RegExp(`\\(stories\\).* ${WORDS} words, as those of the corpora that are here`)
    );
    const {calls, input_tokens} = judging.all;
    assert.equal(calls, 110);
    // the prompt alone takes some 230 tokens; 250 words would be 350 more
    assert.ok(input_tokens / calls < 350, `${input_tokens / calls}`);
    await assert.rejects(readdir(join(folder, "store")), /ENOENT/);
  });

  it("a budget that is too small is told with what there is and what it takes", async () => {
    const said = await because("check", "small-budget.yaml", ...data());
    assert.match(
      said,
      /too small: judging\.budget\.money is 0\.01 USD, and all calls .* about 0\.0\d USD \(at most 0\.\d\d\)/
    );
    assert.match(
      said,
      /too small: judging\.budget\.tokens is 100, and all calls .* about \d\d,\d\d\d \(at most \d\d,\d\d\d\)/
    );
    assert.doesNotMatch(await because("check", "study.yaml", ...data()), /too small/);
  });

  it("without its folder, the status names the folder, and no change", async () => {
    const lines = JSON.parse(await because("status", "study.yaml", "--json")) as StatusLine[];
    const corpora = lines.filter(({stage}) => stage === "corpora");
    assert.deepEqual(
      corpora.map(({status}) => status),
      ["missing", "missing"]
    );
    for (const {why} of corpora) assert.match(why, /its files are not in .*; --data names another folder/);
  });
});
