import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {renderCompletion, renderPrompt} from "../../src/core/prompt.js";

const TONE = {id: "tone", title: "Tone", question: "How kind?", labels: ["1", "2", "3"]};

describe("prompts", () => {
  it("hold dialogue, response and axis, one a line, and end before the label", () => {
    const {prompt, turns} = renderPrompt(
      {turns: [{role: "user", text: "hi\n there 😀"}], response: "hello\tyou"},
      TONE
    );
    assert.equal(prompt, "user: hi there 😀\nresponse: hello you\ntone:");
    assert.deepEqual(turns, [0, 17], "in code points, so that an emoji is one");
  });

  it("completions follow the order; without an explanation only the label is left", () => {
    const row = {label: "4", explanation: "it is kind"};
    assert.equal(renderCompletion(row, "label-first"), " 4 because it is kind");
    assert.equal(renderCompletion(row, "explanation-first"), " because it is kind so 4");
    for (const order of ["label-first", "explanation-first"] as const)
      assert.equal(renderCompletion({label: "4", explanation: ""}, order), " 4");
  });
});
