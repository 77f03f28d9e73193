import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import type {BadInput} from "../../src/core/bad-input.js";
import {BUILT_IN, describeScale, promptConfigs, promptOf} from "../../src/core/judging/prompts.js";
import {readReply} from "../../src/core/judging/reply.js";
import {BUILT_IN_PROMPTS} from "../../src/core/study/judging.js";

const AXIS = {
  id: "clarity",
  title: "Clarity",
  question: "Is the response clear?",
  kind: "ordinal" as const,
  labels: ["1", "2", "3", "4", "5"]
};
const EXAMPLE = {
  turns: [
    {role: "user", text: "What is {{response}} in a template?"},
    {role: "Anna", text: "Two lines,\nreally."}
  ],
  response: "A placeholder; $& and {{axis}} are text here."
};

function asked(template: string, example = EXAMPLE): string {
  const config = {template: "ask.txt", scale: [1, 5] as [number, number]};
  return promptOf(config, "own", template).render(example, AXIS)[0]!.content;
}

describe("built-in prompts", () => {
  for (const built_in of BUILT_IN_PROMPTS)
    it(`${built_in} shows question, scale, dialogue and response, once filled`, () => {
      const prompt = promptOf({built_in}, "mine");
      const [message, ...others] = prompt.render(EXAMPLE, AXIS);
      const {content, role} = message!;
      assert.equal(prompt.id, "mine");
      assert.deepEqual(prompt.scale, [1, built_in.startsWith("scale-4") ? 4 : 5]);
      assert.deepEqual([role, others.length], ["user", 0]);
      assert.match(content, /You rate: Clarity\nQuestion: Is the response clear\?/);
      assert.ok(content.includes(`from 1 to ${prompt.scale[1]}`));
      assert.ok(content.includes("user: What is {{response}} in a template?\nAnna: Two lines,\nreally."));
      assert.ok(content.endsWith(`<response>\n${EXAMPLE.response}\n</response>`));
      assert.equal(content.includes("Three examples"), built_in.endsWith("examples"));
      assert.deepEqual(
        content.match(/\{\{[^}]*\}\}/g),
        ["{{response}}", "{{axis}}"],
        "only those of the example"
      );
    });

  it("worked examples are replies that are read as they should, over the whole scale", () => {
    for (const id of BUILT_IN_PROMPTS.filter((each) => each.endsWith("examples"))) {
      const {scale, template} = BUILT_IN[id];
      const worked = template.split("\n").filter((line) => line.startsWith('{"explanation":"'));
      const replies = worked.map((line) => readReply(line, scale));
      assert.equal(replies.length, 3);
      assert.deepEqual([replies[0]!.score, replies[2]!.score], [...scale]);
      for (const {status, explanation} of replies) {
        assert.equal(status, "scored");
        assert.match(explanation, /^[a-z].*[a-z]$/);
      }
    }
  });

  it("are what a study without prompts asks with", () => {
    assert.deepEqual(
      promptConfigs({}).map(([key]) => key),
      [...BUILT_IN_PROMPTS]
    );
    assert.deepEqual(promptConfigs({one: {built_in: "scale-5"}}), [["one", {built_in: "scale-5"}]]);
  });

  it("an example without turns says so, and a definition stands below the question", () => {
    const prompt = promptOf({built_in: "scale-5"}, "p");
    const text = prompt.render({turns: [], response: "Hi."}, {...AXIS, definition: "Clear is what …"})[0]!
      .content;
    assert.match(text, /<dialogue>\n\(nothing was said before\)\n<\/dialogue>/);
    assert.match(text, /Is the response clear\?\nClear is what …\nScale/);
  });
});

describe("own templates", () => {
  it("are filled once: what looks like a placeholder in a value stays", () => {
    assert.equal(asked("{{ axis }}|{{scale}}|{{response}}"), `Clarity|from 1 to 5|${EXAMPLE.response}`);
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, response) => {
        const filled = asked("<{{dialogue}}>{{response}}", {turns: [{role: "r", text}], response});
        assert.equal(filled, `<r: ${text}>${response}`);
      })
    );
  });

  it("can ask for replies as the built-in prompts do", () =>
    assert.match(asked("{{response}}\n{{format}}"), /one JSON object[\s\S]*a whole number, from 1 to 5\.$/));

  it("keep braces around anything else", () =>
    assert.equal(
      asked('{{"score": 4}} {{}} {{response}}', {turns: [], response: "x"}),
      '{{"score": 4}} {{}} x'
    ));

  it("an unknown placeholder: line, what there is, nearest", () => {
    assert.throws(
      () => asked("{{response}}\n{{dialog}}"),
      (error: BadInput) => {
        const {where, expected, found, mend} = error.detail;
        assert.equal(where, "ask.txt, line 2");
        assert.match(expected, /\{\{axis\}\}, .*\{\{dialogue\}\}/);
        assert.deepEqual([found, mend], ["{{dialog}}", "Did you mean {{dialogue}}?"]);
        return true;
      }
    );
    assert.throws(() => asked("{{response}} {{weather}}"), /Remove it/);
  });

  it("without the response there is nothing to rate", () =>
    assert.throws(() => asked("{{dialogue}}"), /shows the response/));
});

describe("what a scale means", () => {
  it("labels in words are named: each where scores are as many, else the ends", () => {
    assert.equal(
      describeScale(["bad", "fair", "good"], [1, 3]),
      '1 means "bad", 2 means "fair", 3 means "good".'
    );
    assert.match(describeScale(["bad", "fair", "good"], [1, 5]), /^1 means "bad", 5 means "good", and/);
  });

  it("labels in numbers would contradict another scale, so only its ends are named", () =>
    assert.equal(
      describeScale(["1", "2", "3", "4", "5"], [1, 4]),
      "1 is the lowest score and 4 the highest."
    ));
});
