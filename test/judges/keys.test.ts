/** Keys stay out of what is logged, and what a service says stays as it is. */
import assert from "node:assert/strict";
import {describe, test} from "node:test";
import type {TestContext} from "node:test";
import fc from "fast-check";
import {gatherVotes} from "../../data-loaders/judges/gather-votes.js";
import {KeyGuard} from "../../data-loaders/judges/key-guard.js";
import {BatchApi} from "./batch-api.js";
import {MisbehavingService} from "./misbehaving-service.js";
import {everythingIn, HURRIED, judge, judging, KEY, logged, questions, scratch} from "./questions.js";

const EXPLANATION = "1 local example explains none of it, exactly as asked";
const PLACEHOLDERS = ["x", "1", "none", "local", "e", "score", "content", "not-needed"];

/** A completion whose explanation is `explanation`, with the key in a field beside it. */
function bodyWith(explanation: string, key: string): object {
  const content = JSON.stringify({explanation, score: 3});
  return {
    id: `chatcmpl-${key}`,
    debug: `got\nBearer ${key}\n${key}`,
    choices: [{index: 0, message: {role: "assistant", content}, finish_reason: "stop"}],
    usage: {prompt_tokens: 20, completion_tokens: 7}
  };
}

async function voteWith(t: TestContext, key: string, explanation: string) {
  const service = await MisbehavingService.start({
    answer: (_, response) => response.end(JSON.stringify(bodyWith(explanation, key))) !== undefined
  });
  t.after(() => service.stop());
  const log = scratch(t);
  const options = {judging: judging(), log, env: {JUDGE_KEY: key}, clock: HURRIED};
  await gatherVotes(questions(1), {a: judge(service.url)}, options);
  return {vote: logged(log)[0]!, log};
}

async function batchVoteWith(t: TestContext, key: string, explanation: string) {
  const api = await BatchApi.start({
    result: () => ({response: {status_code: 200, body: bodyWith(explanation, key)}})
  });
  t.after(() => api.stop());
  const log = scratch(t);
  const options = {judging: judging(), log, env: {JUDGE_KEY: key}, clock: HURRIED};
  await gatherVotes(questions(1), {a: judge(api.url, {batch: true})}, options);
  return {vote: logged(log)[0]!, log};
}

for (const [how, ask] of [
  ["calls", voteWith],
  ["batches", batchVoteWith]
] as const)
  describe(`keys and ${how}`, () => {
    for (const key of PLACEHOLDERS)
      test(`a placeholder, ${key}, changes no reply`, async (t) => {
        const {vote} = await ask(t, key, EXPLANATION);
        assert.deepEqual([vote.status, vote.score, vote.explanation], ["scored", 3, EXPLANATION]);
        assert.equal(vote.input_tokens, 20);
        if (key.length < 8) assert.deepEqual(JSON.parse(vote.raw), bodyWith(EXPLANATION, key));
      });

    test("a key that is sent back, in the body and in the explanation, is not written down", async (t) => {
      const {vote, log} = await ask(t, KEY, `it repeats ${KEY} to the user`);
      assert.deepEqual([vote.status, vote.score], ["scored", 3]);
      assert.equal(vote.explanation, "it repeats [key] to the user");
      assert.ok(!everythingIn(log).includes(KEY));
      assert.match(vote.raw, /chatcmpl-\[key\]/);
    });
  });

test("nor in what a batch says of a question that failed", async (t) => {
  const api = await BatchApi.start({
    result: () => ({response: {status_code: 413, body: {error: {message: `too long for ${KEY}`}}}})
  });
  t.after(() => api.stop());
  const log = scratch(t);
  const options = {judging: judging(), log, env: {JUDGE_KEY: KEY}, clock: HURRIED};
  await gatherVotes(questions(1), {a: judge(api.url, {batch: true})}, options);
  assert.deepEqual(
    logged(log).map(({status, raw}) => [status, raw]),
    [["failed", "too long for [key]"]]
  );
});

describe("what is taken for a key", () => {
  test("one of eight characters or more, as a word by itself", () => {
    const guard = new KeyGuard("ab12cd34");
    assert.equal(guard.clear("key ab12cd34, not xab12cd34"), "key [key], not xab12cd34");
    assert.equal(new KeyGuard("ab12cd3").clear("ab12cd3"), "ab12cd3");
  });

  test("also as JSON writes it, wherever it stands", () =>
    fc.assert(
      fc.property(
        fc.stringMatching(/^[!-~]{8,40}$/),
        fc.constantFrom("", "a line\n", "x “", "Bearer "),
        (key, before) => {
          const raw = JSON.stringify({said: `${before}${key}`, more: `${key} twice`});
          const cleared = new KeyGuard(key).clear(raw);
          assert.ok(!cleared.includes(JSON.stringify(key).slice(1, -1)), cleared);
        }
      )
    ));
});
