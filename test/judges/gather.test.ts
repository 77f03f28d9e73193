/** A gathering as a whole: who is asked, what stops it, and what a user is told. */
import assert from "node:assert/strict";
import {describe, test, type TestContext} from "node:test";
import {BadInput, BadInputs} from "../../src/core/bad-input.js";
import {estimateVotes} from "../../data-loaders/judges/estimate-votes.js";
import {gatherVotes} from "../../data-loaders/judges/gather-votes.js";
import type {GatherOptions} from "../../data-loaders/judges/gather-votes.js";
import {VoteLog} from "../../data-loaders/judges/vote-log.js";
import {describeJudge, VotePace} from "../../data-loaders/judges/vote-display.js";
import {EVERYTHING} from "./faults.js";
import {MisbehavingService} from "./misbehaving-service.js";
import type {ServiceOptions} from "./misbehaving-service.js";
import {ENV, everythingIn, HURRIED, judge, judging, KEY, logged, questions, scratch} from "./questions.js";

async function serve(t: TestContext, options: ServiceOptions = {}): Promise<MisbehavingService> {
  const service = await MisbehavingService.start(options);
  t.after(() => service.stop());
  return service;
}

function options(t: TestContext, more: object = {}): GatherOptions & {log: string} {
  return {judging: judging(more), log: scratch(t), env: ENV, clock: HURRIED};
}

/** Answers with an error, as services put it. */
const error =
  (status: number, message: string, headers: Record<string, string> = {}): ServiceOptions["answer"] =>
  (_, response) => {
    response.writeHead(status, {"content-type": "application/json", ...headers});
    response.end(JSON.stringify({error: {message}}));
    return true;
  };

describe("what is asked", () => {
  test("only what is missing, also by another study that names things otherwise", async (t) => {
    const service = await serve(t);
    const how = options(t);
    await gatherVotes(questions(20), {a: judge(service.url)}, how);
    const summary = await gatherVotes(questions(30, "b"), {b: judge(service.url, {title: "B"})}, how);
    assert.equal(summary.asked, 10);
    assert.equal(summary.scored, 30);
    assert.equal(service.asked.length, 30);
  });

  test("questions of the same text once", async (t) => {
    const service = await serve(t);
    const twice = questions(5).map((request) => ({...request, corpus: "other"}));
    const summary = await gatherVotes([...questions(5), ...twice], {a: judge(service.url)}, options(t));
    assert.equal(summary.questions, 5);
    assert.equal(service.asked.length, 5);
  });

  test("several judges side by side, each within its own concurrency", async (t) => {
    const services = [await serve(t, {latency: 20}), await serve(t, {latency: 20})];
    const judges = {
      a: judge(services[0]!.url, {concurrency: 2}),
      b: judge(services[1]!.url, {concurrency: 5, seed: 7})
    };
    const summary = await gatherVotes([...questions(40), ...questions(40, "b")], judges, options(t));
    assert.equal(summary.scored, 80);
    assert.deepEqual(
      services.map(({mostInFlight}) => mostInFlight),
      [2, 5]
    );
    assert.deepEqual(
      services.map(({asked}) => asked[0]!.body.seed),
      [undefined, 7]
    );
    const {messages, model, temperature, max_tokens} = services[1]!.asked[0]!.body;
    assert.deepEqual(
      {messages, model, temperature, max_tokens},
      {
        messages: questions(1)[0]!.messages,
        model: "tiny",
        temperature: 0,
        max_tokens: 256
      }
    );
  });

  test("a question that got no reply is asked again by the next start", async (t) => {
    let down = true;
    const how = options(t);
    const service = await serve(t, {answer: (...turn) => down && error(503, "down")!(...turn)});
    const config = judge(service.url, {retries: 1, concurrency: 2});
    await gatherVotes(questions(4), {a: config}, how);
    assert.equal(logged(how.log).filter(({status}) => status === "failed").length, 4);
    down = false;
    const summary = await gatherVotes(questions(4), {a: config}, how);
    assert.equal(summary.scored, 4);
    assert.equal(summary.statuses.failed, 0);
  });
});

describe("what stops it", () => {
  test("the budget, which is never passed while a service keeps to max_tokens", async (t) => {
    const service = await serve(t, {faults: {...EVERYTHING, "no-usage": 0}});
    const how = options(t, {budget: {tokens: 12_000}});
    const config = judge(service.url, {timeout: 2});
    const summary = await gatherVotes(questions(1000), {a: config}, how);
    const used = service.tokens.input + service.tokens.output;
    assert.equal(summary.stopped, "budget");
    assert.deepEqual(summary.tokens, service.tokens);
    assert.ok(used <= 12_000, `${used} tokens`);
    assert.ok(used + summary.unconfirmed_tokens > 11_000, `${used} tokens and ${summary.unconfirmed_tokens}`);
    const again = await gatherVotes(
      questions(1000),
      {a: config},
      {...how, judging: judging({budget: {tokens: used}})}
    );
    assert.equal(again.asked, 0, "what is logged counts");
  });

  test("the budget in money; passed only by what is in flight where a service uses more than was asked for", async (t) => {
    const greedy = await serve(t, {
      answer: ({question, length}, response) => {
        greedy.deliver(response, {id: question, question, input: length, output: 5000});
        const message = {content: JSON.stringify({explanation: "it answers", score: 3})};
        const usage = {prompt_tokens: length, completion_tokens: 5000};
        response.end(JSON.stringify({choices: [{message, finish_reason: "stop"}], usage}));
        return true;
      }
    });
    const config = judge(greedy.url, {price: {input: 1, output: 10}, concurrency: 4, max_tokens: 100});
    const summary = await gatherVotes(questions(500), {a: config}, options(t, {budget: {money: 0.5}}));
    assert.equal(summary.stopped, "budget");
    const {input, output} = greedy.tokens;
    assert.ok(Math.abs(summary.cost! - (input + 10 * output) / 1e6) < 1e-9);
    assert.ok(summary.cost! <= 0.5 + 4 * 0.0502, `${summary.cost}`);
  });

  for (const [status, mend] of [
    [401, /JUDGE_KEY/],
    [403, /JUDGE_KEY/],
    [404, /base_url/],
    [400, /other settings/],
    [402, /billing/]
  ] as const)
    test(`${status}, after one call, and the key is not shown`, async (t) => {
      const service = await serve(t, {answer: error(status, `no access with ${KEY}`)});
      const other = await serve(t);
      const how = options(t);
      const asking = gatherVotes(
        [...questions(30), ...questions(30, "b")],
        {a: judge(service.url), b: judge(other.url)},
        how
      );
      await assert.rejects(asking, (problem: Error) => {
        assert.ok(problem instanceof BadInput);
        assert.match(problem.detail.mend, mend);
        assert.match(problem.message, /no access with \[key\]/);
        return true;
      });
      assert.equal(service.asked.length, 1);
      assert.equal(other.delivered.length, 30, "the other judge goes on");
      assert.ok(!everythingIn(how.log).includes(KEY));
    });

  test("a missing key or price, before anything is sent", async (t) => {
    const service = await serve(t);
    const judges = {a: judge(service.url), b: judge(service.url, {key_from: "OTHER_KEY", seed: 1})};
    const requests = [...questions(2), ...questions(2, "b")];
    const how = options(t);
    await assert.rejects(gatherVotes(requests, judges, how), (problem: Error) =>
      /OTHER_KEY/.test(problem.message)
    );
    const poor = {...how, judging: judging({budget: {money: 1}})};
    await assert.rejects(
      gatherVotes(requests, judges, poor),
      (problem: Error) => problem instanceof BadInputs
    );
    await assert.rejects(
      gatherVotes(requests, judges, {...how, env: {JUDGE_KEY: `${KEY}\u00e9`}}),
      (problem: Error) => {
        assert.ok(!problem.message.includes(KEY));
        return true;
      }
    );
    assert.equal(service.asked.length, 0);
  });

  test("a service that is down, before all questions are logged as failed", async (t) => {
    const service = await serve(t, {faults: {dropped: 1}});
    const how = options(t);
    await assert.rejects(gatherVotes(questions(500), {a: judge(service.url, {retries: 1})}, how), BadInput);
    assert.ok(logged(how.log).length <= 16);
  });

  test("a service that asks to wait for hours", async (t) => {
    const service = await serve(t, {answer: error(429, "daily limit", {"retry-after": "9000"})});
    await assert.rejects(gatherVotes(questions(5), {a: judge(service.url)}, options(t)), /150 minutes/);
    assert.equal(service.asked.length, 1);
  });
});

describe("what a service does not know", () => {
  const refuses =
    (form: string, status = 400): ServiceOptions["answer"] =>
    ({body}, response) => {
      const {type} = (body.response_format ?? {}) as {type?: string};
      return type === form || (form === "any" && type)
        ? error(status, status === 500 ? "internal" : `response_format ${type} is unknown`)!(
            {} as never,
            response,
            0
          )
        : false;
    };

  for (const [form, status, calls] of [
    ["json_schema", 400, 11],
    ["any", 422, 12],
    ["any", 500, 13]
  ] as const)
    test(`form of replies: ${form}, ${status}`, async (t) => {
      const service = await serve(t, {answer: refuses(form, status)});
      const summary = await gatherVotes(questions(10), {a: judge(service.url)}, options(t));
      assert.equal(summary.scored, 10);
      assert.equal(service.asked.length, calls);
      assert.deepEqual(
        service.asked.at(-1)!.body.response_format,
        form === "any" ? undefined : {type: "json_object"}
      );
    });

  test("where the study insists on a form, it says so", async (t) => {
    const service = await serve(t, {answer: refuses("any")});
    const config = judge(service.url, {structured: "schema"});
    await assert.rejects(gatherVotes(questions(10), {a: config}, options(t)), /json_schema is unknown/);
  });

  test("name of the longest reply", async (t) => {
    const service = await serve(t, {
      answer: ({body}, response) =>
        "max_tokens" in body &&
        error(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")!(
          {} as never,
          response,
          0
        )
    });
    const summary = await gatherVotes(questions(5), {a: judge(service.url)}, options(t));
    assert.equal(summary.scored, 5);
    assert.equal(service.asked.at(-1)!.body.max_completion_tokens, 256);
  });

  test("a question that is too long, or filtered, is that question's matter alone", async (t) => {
    const service = await serve(t, {
      answer: ({question}, response) =>
        (question.startsWith("Question 3:") &&
          error(400, "maximum context length is 64 tokens")!({} as never, response, 0)) ||
        (question.startsWith("Question 4:") &&
          error(400, "content_filter triggered")!({} as never, response, 0))
    });
    const how = options(t);
    const {statuses} = await gatherVotes(questions(10), {a: judge(service.url)}, how);
    assert.equal(statuses.scored, 8);
    assert.equal(statuses.failed, 1);
    assert.equal(statuses.refused, 1);
    assert.match(logged(how.log).find(({status}) => status === "failed")!.raw, /maximum context length/);
  });
});

test("a 429 holds the whole judge back for as long as the service says", async (t) => {
  let at = 0;
  const times: number[] = [];
  const service = await serve(t, {
    latency: 5,
    answer: (asked, response, number) => {
      times.push(Date.now());
      if (number !== 20) return false;
      at = Date.now();
      return error(429, "slow down", {"retry-after": "40"})!(asked, response, number);
    }
  });
  const summary = await gatherVotes(questions(60), {a: judge(service.url)}, options(t));
  assert.equal(summary.scored, 60);
  const during = times.filter((time) => time > at + 700 && time < at + 1900); // forty seconds pass in two
  assert.deepEqual(during, []);
});

test("the estimate says what is left, and what it costs at most", async (t) => {
  const service = await serve(t);
  const how = options(t);
  const judges = {a: judge(service.url, {price: {input: 1, output: 2}, max_tokens: 500})};
  await gatherVotes(questions(10), judges, how);
  const log = new VoteLog(how.log);
  const {
    judges: by,
    all,
    left
  } = await estimateVotes([...questions(30), ...questions(5)], judges, {log, judging: how.judging});
  assert.deepEqual([all.calls, left.calls, by.length], [30, 20, 1]);
  assert.equal(left.most_output_tokens, 20 * 500);
  assert.ok(Math.abs(left.cost! - (left.input_tokens + 2 * left.output_tokens) / 1e6) < 1e-12);
  assert.ok(Math.abs(left.most_cost! - (left.input_tokens + 2 * left.most_output_tokens) / 1e6) < 1e-12);
});

test("progress in words", async (t) => {
  const service = await serve(t, {faults: {refusal: 1}});
  const config = judge(service.url, {title: "Judge A", price: {input: 1, output: 2}});
  const {judges} = await gatherVotes(questions(4), {a: config}, options(t, {attempts: 1}));
  const pace = new VotePace({...judges[0]!, settled: 0, questions: 12}, 0);
  pace.judge.settled = 4;
  assert.match(
    describeJudge(pace, "EUR", 60_000),
    /^Judge A: 0 of 12 votes · 0\.00 EUR · \d+ tokens · 4 refused · about 2 min left$/
  );
});
