import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {mkdir, mkdtemp, readdir, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {promisify} from "node:util";
import {PROJECT} from "../../data-loaders/stages/store.js";
import {MisbehavingService} from "../judges/misbehaving-service.js";
import {logged} from "../judges/questions.js";

const EXAMPLES = 12;

function studyText(url: string): string {
  return `because: 1
title: Judged
corpora:
  talks: {reader: jsonl, path: talks.jsonl, columns: {response: reply, turns: before}}
axes:
  quality: {question: How good?, labels: [1, 2, 3, 4, 5]}
  clarity: {question: How clear?, labels: [1, 2, 3, 4, 5]}
judges:
  one: {model: m-1, base_url: "${url}", key_from: TEST_KEY, price: {input: 1, output: 2}}
  two: {model: m-2, base_url: "${url}", key_from: TEST_KEY, price: {input: 1, output: 2}}
prompts:
  plain: {built_in: scale-4}
  examples: {built_in: scale-4-examples}
split: {train: 6, test: 4}
`;
}

describe("because judge", () => {
  let folder = "";
  let service: MisbehavingService;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "because-judge-"));
    service = await MisbehavingService.start();
    await writeFile(join(folder, "study.yaml"), studyText(service.url));
    const rows = Array.from({length: EXAMPLES}, (_, i) =>
      JSON.stringify({
        reply: `It opens at ${i}. Write to host${i}@example.org.`,
        before: [{role: "user", text: `When does it open, number ${i}?`}]
      })
    );
    await writeFile(join(folder, "talks.jsonl"), `${rows.join("\n")}\n`);
  });
  after(async () => {
    await service.stop();
    await rm(folder, {recursive: true, force: true});
  });

  /** Runs the command on the study; rejects with `code` and `stderr` where it fails. */
  async function because(command: string, ...args: string[]): Promise<string> {
    const all = [join(PROJECT, "data-loaders", "because.mjs"), command, ...args];
    const {stdout} = await promisify(execFile)(
      process.execPath,
      [...all, "--study", join(folder, "study.yaml"), "--store", join(folder, "store")],
      {cwd: PROJECT, env: {...process.env, TEST_KEY: command === "judge" ? "sk-test" : ""}}
    );
    return stdout;
  }

  it("estimates, asks everything once, and then has nothing left to ask", async () => {
    const votes = 10 * 2 * 2 * 2; // examples drawn × axes × prompts × judges
    const dry = JSON.parse(await because("judge", "--dry-run", "--json")) as {
      all: {calls: number};
      left: {calls: number};
      masked: {emails: number; examples: number};
    };
    assert.deepEqual([dry.all.calls, dry.left.calls, service.asked.length], [votes, votes, 0]);
    assert.deepEqual([dry.masked.emails, dry.masked.examples], [10, 10]);

    const first = JSON.parse(await because("judge", "--json")) as Record<string, unknown>;
    assert.deepEqual(
      [first.questions, first.unasked, first.asked, first.annotations, first.rule],
      [votes, 0, votes, 20, "mean"]
    );
    assert.equal(service.asked.length, votes);
    assert.ok(service.asked.every(({question}) => !question.includes("@") && question.includes("[e-mail]")));
    assert.equal(logged(join(folder, "store", "votes")).length, votes);

    assert.match(
      await because("judge"),
      /^80 votes, all of them logged before\n20 annotations, merged by mean\n$/
    );
    assert.equal(service.asked.length, votes);
    assert.match(await because("explain"), /# judging: 80 calls about 10 examples, 80 of them logged\n/);
    assert.match(await because("status"), /done +votes +80 votes\n/);
  });

  it("cleaning keeps what was paid for, unless it is named", async () => {
    const votes = join(folder, "store", "votes");
    await mkdir(votes, {recursive: true});
    await writeFile(join(votes, "kept.jsonl"), "{}\n");
    await because("clean", "--all", "--yes");
    assert.ok((await readdir(votes)).includes("kept.jsonl"));
    await because("clean", "--votes", "--yes");
    await assert.rejects(readdir(votes), /ENOENT/);
  });

  it("a study without judged corpora says what is missing", async () => {
    const text = studyText(service.url).replace("columns:", "labels: {quality: q, clarity: q}, columns:");
    const file = join(folder, "own.yaml");
    await writeFile(file, text.replace("split:", "arms: {modes: [label-only]}\nsplit:"));
    await assert.rejects(
      promisify(execFile)(process.execPath, [
        join(PROJECT, "data-loaders", "because.mjs"),
        "judge",
        "--study",
        file
      ]),
      ({code, stderr}: {code: number; stderr: string}) =>
        code === 2 && stderr.includes("a corpus for judges to rate")
    );
  });
});
