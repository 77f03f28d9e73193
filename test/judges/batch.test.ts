/** Asking through the Batch API: complete, counted, and never paid twice. */
import assert from "node:assert/strict";
import {readdirSync} from "node:fs";
import {join} from "node:path";
import {describe, test, type TestContext} from "node:test";
import {BadInput} from "../../src/core/bad-input.js";
import {readLedgers, writeLedger} from "../../data-loaders/judges/batch-ledger.js";
import {gatherVotes} from "../../data-loaders/judges/gather-votes.js";
import type {GatherSummary} from "../../data-loaders/judges/gather-votes.js";
import {BatchApi} from "./batch-api.js";
import type {BatchApiOptions} from "./batch-api.js";
import {scoreOf} from "./faults.js";
import {ENV, everythingIn, HURRIED, judge, judging, KEY, logged, questions, scratch} from "./questions.js";

interface Stage {
  api: BatchApi;
  log: string;
  gather(
    count: number,
    more?: {judging?: object; judge?: object; signal?: AbortSignal}
  ): Promise<GatherSummary>;
}

async function stage(t: TestContext, options: BatchApiOptions = {}): Promise<Stage> {
  const api = await BatchApi.start(options);
  t.after(() => api.stop());
  const log = scratch(t);
  const gather: Stage["gather"] = (count, more = {}) =>
    gatherVotes(
      questions(count),
      {a: judge(api.url, {batch: true, ...more.judge})},
      {judging: judging(more.judging), log, env: ENV, clock: HURRIED, signal: more.signal}
    );
  return {api, log, gather};
}

const onTheirWay = (log: string): string[] => readdirSync(join(log, "batches"));

describe("the Batch API", () => {
  test("all votes arrive, with the tokens that the service counted", async (t) => {
    const {api, log, gather} = await stage(t);
    const summary = await gather(200);
    assert.equal(summary.scored, 200);
    assert.equal(api.batches.size, 1);
    assert.equal(summary.tokens.input + summary.tokens.output, api.tokens);
    for (const {example_id, score, seconds} of logged(log)) {
      assert.equal(score, scoreOf(questions(1, "a", Number(example_id.slice(1)))[0]!.messages[1]!.content));
      assert.equal(seconds, 60);
    }
    assert.deepEqual(onTheirWay(log), []);
    assert.ok(!everythingIn(log).includes(KEY));
    assert.equal((await gather(200)).asked, 0);
  });

  test("what is no score, failed, or in no file is asked again in another batch", async (t) => {
    const {api, log, gather} = await stage(t, {
      result: (question, asked) => {
        const kind = Number.parseInt(question.custom_id.slice(0, 2), 16) % 4;
        if (asked > 1 || kind === 0) return undefined;
        if (kind === 1) return {response: api.good(question, "I cannot say.")};
        return kind === 2 ? {error: {code: "batch_expired", message: "too late"}} : null;
      }
    });
    const summary = await gather(100);
    assert.equal(summary.scored, 100);
    assert.equal(api.batches.size, 2);
    assert.equal(summary.tokens.input + summary.tokens.output, api.tokens);
    assert.ok(logged(log).length > 100 && logged(log).every(({status}) => status !== "failed"));
  });

  test("a form of replies that the service does not know is given up", async (t) => {
    const {api, gather} = await stage(t, {
      result: ({body}) =>
        body.response_format
          ? {response: {status_code: 400, body: {error: {message: "response_format is not supported"}}}}
          : undefined
    });
    assert.equal((await gather(10)).scored, 10);
    assert.equal(api.batches.size, 3);
    await assert.rejects(gather(20, {judge: {structured: "schema"}}), BadInput);
  });

  test("stopped while a batch is away, the next start collects it and sends nothing", async (t) => {
    const {api, log, gather} = await stage(t, {looks: 4});
    const stop = new AbortController();
    const first = gather(50, {signal: stop.signal});
    while (api.batches.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    assert.equal((await first).stopped, "interrupted");
    assert.equal(onTheirWay(log).length, 1);
    const summary = await gather(60, {judge: {batch: false, retries: 0}}).catch((error: unknown) => error);
    assert.ok(
      summary instanceof BadInput,
      "without batches, the ten others are asked where this service has nothing"
    );
    assert.equal(logged(log).filter(({status}) => status === "scored").length, 50);
    assert.equal(api.batches.size, 1);
    assert.deepEqual(
      [...api.asked.values()],
      Array.from({length: 50}, () => 1)
    );
    assert.deepEqual(onTheirWay(log), []);
  });

  test("killed before the batch's name was noted, it is found by our own; what was never sent is sent", async (t) => {
    const {api, log, gather} = await stage(t, {looks: 4});
    const stop = new AbortController();
    const first = gather(20, {signal: stop.signal});
    while (api.batches.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await first;
    const [ledger] = await readLedgers(log);
    await writeLedger(log, {...ledger!, batch: null});
    assert.equal((await gather(20)).scored, 20);
    assert.equal(api.batches.size, 1);
    await writeLedger(log, {
      ...ledger!,
      batch: null,
      token: "never-sent",
      entries: ledger!.entries.slice(0, 1)
    });
    assert.equal((await gather(21)).scored, 21);
    assert.equal(api.batches.size, 2);
    assert.deepEqual(onTheirWay(log), []);
  });

  test("a batch whose creation was not heard of is found again", async (t) => {
    const {api, gather} = await stage(t);
    api.dropCreation = true;
    assert.equal((await gather(30)).scored, 30);
    assert.equal(api.batches.size, 1);
  });

  test("what is set aside keeps to the budget, batch after batch", async (t) => {
    const {api, gather} = await stage(t);
    const summary = await gather(400, {judging: {budget: {tokens: 9000}}});
    assert.equal(summary.stopped, "budget");
    assert.ok(api.batches.size > 1);
    assert.equal(summary.tokens.input + summary.tokens.output, api.tokens);
    assert.ok(api.tokens <= 9000 && api.tokens > 8000, `${api.tokens}`);
  });

  test("a batch that fails says why", async (t) => {
    const {log, gather} = await stage(t, {status: "failed", errors: [{message: `line 1 of ${KEY} is bad`}]});
    await assert.rejects(gather(5), (error: BadInput) => {
      assert.match(error.message, /the batch failed: line 1 of \[key\] is bad/);
      return true;
    });
    assert.deepEqual(onTheirWay(log), []);
  });
});
