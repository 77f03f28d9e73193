/** What is said where a budget ends before judging is done. */
import assert from "node:assert/strict";
import {test} from "node:test";
import {requireAsked} from "../../data-loaders/annotators/ask-judges.js";
import {gatherVotes} from "../../data-loaders/judges/gather-votes.js";
import {MisbehavingService} from "./misbehaving-service.js";
import {ENV, judge, judging, questions, scratch} from "./questions.js";

test("in the middle of repeated attempts, it says how many votes are asked for again", async (t) => {
  const service = await MisbehavingService.start({faults: {refusal: 1}});
  t.after(() => service.stop());
  const log = scratch(t);
  const judges = {a: judge(service.url, {concurrency: 1, max_tokens: 40})};
  const once = await gatherVotes(questions(4), judges, {judging: judging({attempts: 1}), log, env: ENV});
  assert.deepEqual([once.unasked, once.stopped], [0, null]);
  const tokens = once.tokens.input + once.tokens.output + 1;
  const again = {judging: judging({attempts: 3, budget: {tokens}}), log, env: ENV};
  const summary = await gatherVotes(questions(4), judges, again);
  assert.deepEqual([summary.unasked, summary.stopped], [0, "budget"]);
  assert.throws(
    () => requireAsked(summary),
    /found a budget that ended with 4 to be asked for again, since the reply was no score/
  );
});
