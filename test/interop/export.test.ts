import assert from "node:assert/strict";
import {readdir, readFile, symlink, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {parse} from "yaml";
import {armId} from "../../src/core/arms.js";
import {renderCompletion} from "../../src/core/prompt.js";
import {prepareStudy} from "../../data-loaders/corpora/prepare-corpora.js";
import {cutPrompts} from "../../data-loaders/exports/cut-prompt.js";
import {planExport} from "../../data-loaders/exports/export-plan.js";
import {promptTokens} from "../../data-loaders/exports/prompt-tokens.js";
import type {PromptTokens} from "../../data-loaders/exports/prompt-tokens.js";
import type {Target} from "../../data-loaders/exports/targets.js";
import {writeExport} from "../../data-loaders/exports/write-export.js";
import {planStudy} from "../../data-loaders/jobs/plan-study.js";
import type {PlannedRun} from "../../data-loaders/jobs/plan-jobs.js";
import type {DataRow, TrainJob} from "../../src/core/contract.js";
import {because} from "../street/street.js";
import {createElsewhere} from "./small-study.js";
import type {Elsewhere} from "./small-study.js";

const LORA = `adapter: {kind: lora, bits: 4, rank: 8, alpha: 32, dropout: 0.05, targets: [q_proj, v_proj], rank_stabilised: true}
execution: {precision: bf16, micro_batch: 2, gradient_checkpointing: true}
`;
const EXPLAINED = "explanation.label-first.token-mean";

let elsewhere: Elsewhere;
let training: PlannedRun<TrainJob>[];
before(async () => {
  elsewhere = await createElsewhere(LORA);
  const {corpora} = await prepareStudy(elsewhere.context);
  const tokenizerJson = join(elsewhere.folder, "model", "tokenizer.json");
  const options = {tokenizer: null, tokenizerJson, trainerVersion: "none"};
  ({training} = await planStudy(elsewhere.context.file, corpora, options));
});
after(() => elsewhere.remove());

const out = (name: string) => join(elsewhere.folder, name);

async function write(target: Target, name: string = target, force = false): Promise<string> {
  const {context} = elsewhere;
  const labels = Object.fromEntries(context.file.axes.map((axis) => [axis.id, axis.labels]));
  await writeExport({folder: out(name), force}, await planExport(context, {target, arms: []}), labels);
  return out(name);
}

async function lines<R>(...path: string[]): Promise<R[]> {
  const text = await readFile(join(...path), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as R);
}

const config = async (folder: string) =>
  parse(await readFile(join(folder, EXPLAINED, "seed-2.yaml"), "utf8")) as Record<string, unknown>;

/** Prompt and completion of the rows that our own trainer gets for the explanation arm. */
function ownTexts(): [prompt: string, completion: string][] {
  const own = training.find(({job}) => armId(job.arm) === EXPLAINED)!;
  return own.train.map((row) => [row.prompt, renderCompletion(row, "label-first")]);
}

const SHARED = {
  max_steps: 40,
  gradient_accumulation_steps: 4,
  learning_rate: 0.001,
  warmup_steps: 2,
  adam_beta2: 0.98,
  weight_decay: 0.01,
  max_grad_norm: 1,
  seed: 2,
  bf16: true
};

function assertHolds(found: Record<string, unknown>, expected: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(expected)) assert.deepEqual(found[key], value, key);
}

describe("because export", () => {
  it("for TRL: prompt and completion as our trainer gets them, and a configuration of the study's own", async () => {
    const folder = await write("trl");
    const rows = await lines<{prompt: string; completion: string}>(folder, EXPLAINED, "train.jsonl");
    assert.deepEqual(
      rows.map(({prompt, completion}) => [prompt, completion]),
      ownTexts()
    );
    assertHolds(await config(folder), {
      ...SHARED,
      per_device_train_batch_size: 2,
      completion_only_loss: true,
      max_length: 400,
      use_peft: true,
      lora_r: 8,
      lora_target_modules: ["q_proj", "v_proj"],
      use_rslora: true,
      load_in_4bit: true,
      gradient_checkpointing: true
    });
  });

  it("for LLaMA-Factory: alpaca rows after the begin token, listed in dataset_info.json", async () => {
    const folder = await write("llama-factory");
    const info = JSON.parse(await readFile(join(folder, "dataset_info.json"), "utf8")) as Record<
      string,
      {file_name: string; columns: Record<string, string>}
    >;
    const found = await config(folder);
    const {file_name, columns} = info[found.dataset as string]!;
    const rows = await lines<Record<string, string>>(folder, file_name);
    assert.deepEqual(
      rows.map((row) => [row[columns.prompt!], row[columns.response!]]),
      ownTexts().map(([prompt, completion]) => [`<s>${prompt}`, completion])
    );
    assertHolds(found, {
      ...SHARED,
      stage: "sft",
      template: "empty",
      train_on_prompt: false,
      cutoff_len: 400,
      lora_target: "q_proj,v_proj",
      quantization_bit: 4,
      double_quantization: true
    });
  });

  it("for Axolotl: segments of which only the completion is learnt", async () => {
    const folder = await write("axolotl");
    const rows = await lines<{segments: {label: boolean; text: string}[]}>(folder, EXPLAINED, "train.jsonl");
    assert.deepEqual(
      rows.map(({segments}) => segments),
      ownTexts().map(([prompt, completion]) => [
        {label: false, text: `<s>${prompt}`},
        {label: true, text: completion}
      ])
    );
    const found = await config(folder);
    assertHolds(found, {
      ...SHARED,
      micro_batch_size: 2,
      adapter: "qlora",
      sequence_len: 400,
      train_on_inputs: false,
      sample_packing: false
    });
    assert.deepEqual(found.datasets, [
      {path: `${EXPLAINED}/train.jsonl`, ds_type: "json", type: "input_output"}
    ]);
  });

  it("leaves out losses that they cannot express, and says so; plain files hold all", async () => {
    const trl = await readdir(await write("trl"));
    assert.ok(trl.includes("label-only") && !trl.some((name) => name.includes("part-mean")));
    const readme = await readFile(join(out("trl"), "README.md"), "utf8");
    assert.match(readme, /Left out.*explanation\.label-first\.part-mean/);
    assert.match(readme, /token-mean/);
    assert.match(readme, /CC-BY-4\.0/);
    const plain = await readdir(await write("jsonl"));
    assert.ok(plain.includes("explanation.label-first.part-mean"));
    await assert.rejects(
      planExport(elsewhere.context, {target: "axolotl", arms: ["explanation.label-first.part-mean"]}),
      /the loss reduction token-mean.*part-mean/
    );
    await assert.rejects(planExport(elsewhere.context, {target: "trl", arms: ["filler"]}), /“filler”/);
  });

  it("gives every trainer the test rows and a task by which lm-eval scores the labels", async () => {
    for (const target of ["lm-eval", "trl"] as const) {
      const folder = await write(target, `task-${target}`);
      const rows = await lines<Record<string, unknown>>(folder, "lm-eval", "test.jsonl");
      assert.equal(rows.length, elsewhere.test.length);
      for (const [i, {prompt, choices, gold_index, gold}] of rows.entries()) {
        assert.equal(prompt, elsewhere.test[i]!.prompt);
        assert.equal((choices as string[])[gold_index as number], gold);
      }
      const task = parse(await readFile(join(folder, "lm-eval", "because_elsewhere.yaml"), "utf8")) as Record<
        string,
        unknown
      >;
      assertHolds(task, {
        task: "because_elsewhere",
        output_type: "multiple_choice",
        doc_to_text: "prompt",
        doc_to_choice: "choices",
        doc_to_target: "gold_index",
        target_delimiter: " "
      });
    }
  });

  it("replaces what an export wrote, and nothing else", async () => {
    const folder = await write("jsonl", "again");
    assert.ok((await readdir(folder)).includes("label-only"));
    await write("jsonl", "again");
    await assert.rejects(write("lm-eval", "again"), /an export of elsewhere for jsonl.*--force/s);
    await write("lm-eval", "again", true);
    assert.deepEqual((await readdir(folder)).sort(), ["README.md", "export.json", "lm-eval"]);
    await writeFile(join(folder, "notes.txt"), "mine");
    await assert.rejects(write("lm-eval", "again", true), /notes\.txt, which no export wrote/);
    assert.equal(await readFile(join(folder, "notes.txt"), "utf8"), "mine");
  });

  it("never replaces a file or a link, nor what was changed by hand unless forced", async () => {
    await writeFile(out("mine.txt"), "mine");
    await assert.rejects(write("jsonl", "mine.txt"), /made by an export, found a file/);
    await assert.rejects(write("jsonl", "mine.txt/below", true), /found a file/);
    assert.equal(await readFile(out("mine.txt"), "utf8"), "mine");
    const folder = await write("jsonl", "edited");
    await symlink(folder, out("link"));
    await assert.rejects(write("jsonl", "link", true), /found a symbolic link/);
    await writeFile(join(folder, "README.md"), "notes");
    await assert.rejects(write("jsonl", "edited"), /README\.md, changed since.*--force/s);
    assert.equal(await readFile(join(folder, "README.md"), "utf8"), "notes");
    await write("jsonl", "edited", true);
    assert.match(await readFile(join(folder, "README.md"), "utf8"), /npx because import \S+elsewhere\.yaml/);
  });

  it("speaks in turns where the study uses a chat template", async () => {
    const chat = await createElsewhere("template: {kind: chat, system: You rate replies.}\n");
    try {
      const {context, folder} = chat;
      const labels = Object.fromEntries(context.file.axes.map((axis) => [axis.id, axis.labels]));
      for (const target of ["trl", "llama-factory", "axolotl"] as const)
        await writeExport(
          {folder: join(folder, target)},
          await planExport(context, {target, arms: []}),
          labels
        );
      const [trl] = await lines<{prompt: object[]; completion: {content: string}[]}>(
        ...[folder, "trl", EXPLAINED, "train.jsonl"]
      );
      assert.deepEqual(trl!.prompt[0], {role: "system", content: "You rate replies."});
      assert.match(trl!.completion[0]!.content, /^[1-5] because /);
      for (const target of ["llama-factory", "axolotl"]) {
        const [row] = await lines<{messages: {role: string}[]}>(folder, target, EXPLAINED, "train.jsonl");
        assert.deepEqual(
          row!.messages.map(({role}) => role),
          ["system", "user", "assistant"]
        );
      }
      assert.equal((await config(join(folder, "llama-factory"))).template, undefined);
    } finally {
      await chat.remove();
    }
  });

  it("is a command", async () => {
    const {code, stdout, stderr} = await because(
      ...[
        "export",
        elsewhere.study,
        "--for",
        "trl",
        "--out",
        out("command"),
        "--arm",
        "label-only",
        "--seed",
        "2"
      ]
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /README\.md says how to train/);
    assert.deepEqual((await readdir(join(out("command"), "label-only"))).sort(), [
      "seed-2.yaml",
      "train.jsonl"
    ]);
    const unknown = await because("export", elsewhere.study, "--for", "torchtune", "--out", out("none"));
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /Allowed choices are trl/);
  });
});

describe("prompts that are too long", () => {
  /** One token a character, as the study's tokenizer has for letters. */
  let tokens: PromptTokens;
  before(async () => {
    tokens = await promptTokens(join(elsewhere.folder, "model", "tokenizer.json"));
  });

  const HEAD = "Rate it.\n";
  const TURNS = ["user: one two\n", "bot: three four\n", "response: six\n"];
  const row = (line: string, turns = TURNS, example_id = "a") => {
    const starts = turns.map((_, i) => HEAD.length + turns.slice(0, i).join("").length);
    const prompt = `${HEAD}${turns.join("")}${line}:`;
    return {example_id, corpus: "c", axis: line, prompt, turns: starts.join(",")} as DataRow;
  };
  const texts = (rows: DataRow[], room: number) => cutPrompts(rows, room, tokens).map(({prompt}) => prompt);

  it("stay whole where they fit", () => {
    const short = row("help");
    const [kept] = cutPrompts([short], short.prompt.length, tokens);
    assert.deepEqual(kept, {...short, cut: false, within: false});
  });

  it("lose whole turns, alike on axes whose lines differ in length, as the trainer cuts them", () => {
    const rows = [row("help"), row("naturalness"), row("help", TURNS, "other")];
    const room = rows[0]!.prompt.length; // the first alone would fit
    const rest = HEAD + TURNS.slice(1).join("");
    assert.deepEqual(texts(rows, room), [`${rest}help:`, `${rest}naturalness:`, rows[2]!.prompt]);
    const gone = TURNS[0]!.length + 1; // one token more than the first turn has
    const last = HEAD + TURNS[2]!;
    const smaller = rows[1]!.prompt.length - gone;
    assert.deepEqual(texts(rows.slice(0, 2), smaller), [`${last}help:`, `${last}naturalness:`]);
  });

  it("lose tokens of the last turn where it alone is too long", () => {
    const excess = TURNS[0]!.length + TURNS[1]!.length + 4;
    const rows = [row("help"), row("naturalness")];
    const cut = cutPrompts(rows, rows[1]!.prompt.length - excess, tokens);
    assert.deepEqual(
      cut.map(({prompt, within}) => [prompt, within]),
      [
        [`${HEAD}onse: six\nhelp:`, true],
        [`${HEAD}onse: six\nnaturalness:`, true]
      ]
    );
  });

  it("begin after a character that the cut divides, and count by code points", () => {
    const divided = row("help", ["😀é six\n"]);
    const room = tokens.count(divided.prompt) - 5; // four bytes of the first character, one of the next
    assert.deepEqual(texts([divided], room), [`${HEAD} six\nhelp:`]);
    assert.deepEqual(texts([divided], room + 1), [`${HEAD}é six\nhelp:`]);
  });

  it("without room for any turn are refused", () =>
    assert.throws(() => texts([row("help")], HEAD.length), /tokens before the turns of a alone/));
});
