import assert from "node:assert/strict";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, it} from "node:test";
import {parseStudy, readStudy} from "../../data-loaders/study/read-study.js";
import {studyNotes} from "../../data-loaders/study/study-notes.js";
import {BadInput, BadInputs} from "../../src/core/bad-input.js";
import {renderPrompt} from "../../src/core/prompt.js";

const SOUND = `because: 1
title: Sound
corpora:
  assistant: {reader: embedded, kind: assistant, dialogues: 40}
axes:
  naturalness: {question: How natural?, labels: [1, 2, 3, 4, 5]}
  on-topic: {question: On topic?, labels: [1, 2, 3, 4, 5]}
split: {train: 20, test: 10}
`;
const REVISION = "27d67f1b5f57dc0953326b2601d68371d40ea8da";
const HUB = `model: {hub: a/b, revision: ${REVISION}}\n`;
const LORA = "adapter: {kind: lora}\n";

/** Keys and expectations of what contradicts itself. */
function problems(text: string): string[] {
  try {
    parseStudy(SOUND + text, "study.yaml");
  } catch (error) {
    if (error instanceof BadInputs) return error.all.map(({detail}) => `${detail.where}: ${detail.expected}`);
    throw error;
  }
  return [];
}

function onlyProblem(text: string, expected: RegExp): void {
  const found = problems(text);
  assert.equal(found.length, 1, JSON.stringify(found));
  assert.match(found[0]!, expected);
}

describe("models, adapters and how they are run", () => {
  it("a model on the hub needs a whole commit", () => {
    assert.deepEqual(problems(HUB), []);
    assert.match(
      problems("model: {hub: a/b, revision: main}\n")[0]!,
      /model\.revision: a commit, 40 hex digits/
    );
    assert.match(problems("model: {hub: gpt2}\n")[0]!, /model\.hub: a model's owner and name/);
  });

  it("is one of several kinds, and messages say which keys go together", () => {
    onlyProblem("model: {folder: a, hub: b/c}\n", /model\.hub: only one of “folder” and “hub”/);
    onlyProblem("adapter: {kind: lora, bits: 5}\n", /adapter\.bits: one of 4, 8, 16/);
    onlyProblem("capture: {along: [1]}\n", /capture\.along\.0: a number below 1/);
  });

  it("an adapter beside random weights is refused; after a warm-up, or beside a trained model, it is not", () => {
    onlyProblem(LORA, /line 9, key adapter: a model that has learned something/);
    assert.deepEqual(problems(`${LORA}warm_up: {steps: 10}\n`), []);
    assert.deepEqual(problems(HUB + LORA), []);
    assert.deepEqual(problems(`model: {folder: some/model}\n${LORA}`), []);
  });

  it("a warm-up trains all weights, so a trained model with an adapter has none", () => {
    onlyProblem(
      `${HUB}${LORA}warm_up: {steps: 10}\n`,
      /line 11, key warm_up\.steps: 0 where a trained model/
    );
    assert.deepEqual(problems(`${HUB}warm_up: {steps: 10}\n`), []);
  });

  it("a model from scratch has no chat template", () => {
    onlyProblem("template: {kind: chat}\n", /template\.kind: `plain`/);
    assert.deepEqual(problems(`${HUB}template: {kind: chat, system: Rate.}\n`), []);
  });

  it("rows hold the longest sequence, and parts of a batch are no larger than it", () => {
    onlyProblem("execution: {row_tokens: 255}\n", /row_tokens: at least training\.max_tokens \(256\)/);
    onlyProblem("execution: {micro_batch: 9}\n", /micro_batch: at most training\.batch \(8\)/);
    onlyProblem("execution: {processes: 9}\n", /processes: at most training\.batch \(8\)/);
    assert.deepEqual(problems("execution: {row_tokens: 256, micro_batch: 8, processes: 2}\n"), []);
  });

  it("8-bit weights cannot be sharded", () => {
    const sharded = (bits: number) =>
      problems(`${HUB}adapter: {kind: lora, bits: ${bits}}\nexecution: {processes: 2, parallel: fsdp}\n`);
    assert.match(sharded(8).join(), /execution\.parallel: `ddp` with 8-bit weights/);
    assert.deepEqual(sharded(4), []);
  });

  it("scores along training come in order, each once", () => {
    onlyProblem("capture: {along: [0.5, 0.25]}\n", /capture\.along: ascending/);
    onlyProblem("capture: {along: [0.5, 0.5]}\n", /capture\.along: ascending/);
    assert.match(problems("capture: {along: [1]}\n")[0]!, /capture\.along\.0/);
  });

  it("what has no effect, or only costs time, is noted", () => {
    const notes = (text: string) => studyNotes(parseStudy(SOUND + text, "study.yaml"));
    assert.match(notes("capture: {samples: 4}\n").join(), /^capture\.samples/);
    assert.match(notes("execution: {parallel: fsdp}\n").join(), /^execution\.parallel/);
    assert.match(notes("execution: {precision: bf16}\n").join(), /^execution\.precision/);
    assert.match(notes("trainer: {together: auto}\n").join(), /^trainer\.together/);
    assert.deepEqual(notes(`${HUB}${LORA}trainer: {together: auto}\nexecution: {precision: bf16}\n`), []);
  });
});

describe("a prompt template of the study's own", () => {
  /** Reads a study with a template; `template` is the text of its file. */
  async function read(template: string | null, kind = "plain", model = "") {
    const folder = await mkdtemp(join(tmpdir(), "because-template-"));
    try {
      const file = join(folder, "study.yaml");
      await writeFile(file, `${SOUND}${model}template: {kind: ${kind}, file: prompt.txt}\n`);
      if (template !== null) await writeFile(join(folder, "prompt.txt"), template);
      return await readStudy(file);
    } finally {
      await rm(folder, {recursive: true});
    }
  }
  const refused = (template: string | null, says: RegExp) =>
    assert.rejects(read(template), (error) => {
      assert.ok(error instanceof BadInput, String(error));
      assert.match(error.message, says);
      return true;
    });
  const TEMPLATE =
    "A conversation:\n{{dialogue}}\n\nIts answer:\n{{response}}\n\n{{axis}}: {{ question }} ({{labels}}){{definition}}\nLabel:\n";

  it("is filled in, and its turns begin where the dialogue's do", async () => {
    const {promptTemplate, axes} = await read(TEMPLATE);
    const example = {
      turns: [
        {role: "user", text: "hi 😀\nthere"},
        {role: "bot", text: "{{axis}}"}
      ],
      response: " yes "
    };
    const {prompt, turns} = renderPrompt(example, axes[0]!, promptTemplate);
    assert.equal(
      prompt,
      "A conversation:\nuser: hi 😀 there\nbot: {{axis}}\n\nIts answer:\nyes\n\nNaturalness: How natural? (1, 2, 3, 4, 5)\nLabel:"
    );
    const places = [...prompt];
    assert.deepEqual(
      turns.map((start, i) => places.slice(start, turns[i + 1]).join("")),
      [
        "user: hi 😀 there\n",
        "bot: {{axis}}",
        "\n\nIts answer:\nyes\n\nNaturalness: How natural? (1, 2, 3, 4, 5)\nLabel:"
      ]
    );
    const alone = renderPrompt({turns: [], response: "yes"}, axes[0]!, promptTemplate);
    assert.match(alone.prompt, /^A conversation:\n\(nothing was said before\)\n/);
    assert.equal(alone.turns.length, 1);
  });

  it("is plain unless the study says chat", () => {
    const study = parseStudy(`${SOUND}template: {file: prompt.txt}\n`, "study.yaml");
    assert.deepEqual(study.template, {kind: "plain", file: "prompt.txt"});
  });

  it("goes with a chat template too", async () => {
    assert.ok((await read(TEMPLATE, "chat", HUB)).promptTemplate);
  });

  it("is refused where it cannot be used, with line and nearest name", async () => {
    await refused(null, /prompt\.txt \(key template\.file\).*no file/);
    await refused(TEMPLATE.replace("{{axis}}", "{{axes}}"), /prompt\.txt, line 7.*Did you mean \{\{axis\}\}/);
    await refused(TEMPLATE.replace("{{dialogue}}", ""), /\{\{dialogue\}\} once.*none/);
    await refused(`${TEMPLATE}{{response}} end`, /\{\{response\}\} once.*2 of them/);
    await refused("{{axis}} {{response}} {{dialogue}} x", /\{\{dialogue\}\} before \{\{response\}\}/);
    await refused("{{axis}} {{dialogue}} {{response}}\n", /words after the response/);
    await refused("{{dialogue}} {{response}} Label:", /a prompt of its own for each axis/);
  });
});
