/** Every fault by itself: what it comes to, and that no score is made of it. */
import assert from "node:assert/strict";
import {describe, test} from "node:test";
import {gatherVotes} from "../../data-loaders/judges/gather-votes.js";
import type {VoteStatus} from "../../src/core/judging/votes.js";
import {EVERYTHING, scoreOf} from "./faults.js";
import type {Fault} from "./faults.js";
import {MisbehavingService} from "./misbehaving-service.js";
import {ENV, everythingIn, HURRIED, judge, judging, KEY, logged, questions, scratch} from "./questions.js";

/** What a reply that always comes like this is logged as. */
const KEPT: Partial<Record<Fault, VoteStatus[]>> = {
  "cut-off": ["cut-off"],
  refusal: ["refused"],
  "refusal-in-prose": ["refused"],
  empty: ["empty"],
  "out-of-scale": ["out-of-scale"],
  "wrong-types": ["unreadable", "out-of-scale"],
  "no-choices": ["empty"]
};
const LOST: Fault[] = [
  "429",
  "500",
  "error-in-200",
  "no-json",
  "hang",
  "endless",
  "dropped",
  "broken-off",
  "truncated-body"
];

describe("one fault in every call", () => {
  for (const [fault, statuses] of Object.entries(KEPT))
    test(`${fault}: kept, counted, asked for three times, and never a score`, async (t) => {
      const service = await MisbehavingService.start({faults: {[fault]: 1}});
      t.after(() => service.stop());
      const log = scratch(t);
      const summary = await gatherVotes(
        questions(12),
        {a: judge(service.url)},
        {judging: judging(), log, env: ENV}
      );
      const votes = logged(log);
      assert.equal(votes.length, 36);
      assert.equal(service.asked.length, 36);
      assert.equal(summary.scored, 0);
      assert.deepEqual(new Set(votes.map(({attempt}) => attempt)), new Set([1, 2, 3]));
      for (const {status, score, raw} of votes) {
        assert.ok(statuses.includes(status), `${status}: ${raw}`);
        assert.equal(score, null);
        assert.match(raw, /chatcmpl-/);
      }
      assert.deepEqual(summary.tokens, service.tokens);
      const again = await gatherVotes(
        questions(12),
        {a: judge(service.url)},
        {judging: judging(), log, env: ENV}
      );
      assert.equal(again.asked, 0, "out of attempts");
    });

  for (const fault of LOST)
    test(`${fault}: tried again as often as the judge allows, then logged as failed`, async (t) => {
      const service = await MisbehavingService.start({faults: {[fault]: 1}});
      t.after(() => service.stop());
      const log = scratch(t);
      const options = {judging: judging(), log, env: ENV, clock: HURRIED};
      const config = judge(service.url, {retries: 2, timeout: 0.2, concurrency: 4, structured: "none"});
      const summary = await gatherVotes(questions(6), {a: config}, options);
      assert.equal(service.asked.length, 18);
      assert.equal(summary.statuses.failed, 6);
      assert.deepEqual(summary.tokens, {input: 0, output: 0});
      assert.ok(logged(log).every(({status, score}) => status === "failed" && score === null));
    });

  for (const fault of ["two-choices", "slow", "no-usage"] as const)
    test(`${fault}: a vote all the same`, async (t) => {
      const service = await MisbehavingService.start({faults: {[fault]: 1}});
      t.after(() => service.stop());
      const log = scratch(t);
      const summary = await gatherVotes(
        questions(8),
        {a: judge(service.url)},
        {judging: judging(), log, env: ENV}
      );
      assert.equal(summary.scored, 8);
      for (const [i, {messages}] of questions(8).entries())
        assert.equal(
          logged(log).find(({example_id}) => example_id === `e${i}`)!.score,
          scoreOf(messages[1]!.content)
        );
      assert.equal(summary.judges[0]!.estimated, fault === "no-usage" ? 8 : 0);
      assert.ok(summary.tokens.input > 0);
    });
});

test("all faults at once: 300 votes arrive complete, and the spend is the service's own count", async (t) => {
  const service = await MisbehavingService.start({faults: EVERYTHING});
  t.after(() => service.stop());
  const log = scratch(t);
  const config = judge(service.url, {price: {input: 0.15, output: 0.6}});
  const options = {judging: judging({attempts: 20}), log, env: ENV, clock: HURRIED};
  const summary = await gatherVotes(questions(300), {a: config}, options);
  assert.equal(summary.scored, 300);
  assert.deepEqual(summary.tokens, service.tokens);
  const {input, output} = service.tokens;
  assert.ok(Math.abs(summary.cost! - (input * 0.15 + output * 0.6) / 1e6) < 1e-12);
  assert.ok(service.mostInFlight <= config.concurrency);
  assert.ok(!everythingIn(log).includes(KEY));
  assert.ok(service.asked.every(({key}) => key === `Bearer ${KEY}`));
});
