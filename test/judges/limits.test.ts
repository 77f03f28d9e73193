/** Rate limits, pauses and budget, without waiting for them. */
import assert from "node:assert/strict";
import {describe, test} from "node:test";
import fc from "fast-check";
import {Budget} from "../../data-loaders/judges/budget.js";
import type {Clock} from "../../data-loaders/judges/clock.js";
import {RateLimit} from "../../data-loaders/judges/rate-limit.js";
import {backoff, retryAfter} from "../../data-loaders/judges/retry.js";
import {mostTokens, promptBytes} from "../../data-loaders/judges/token-bounds.js";

/** Whoever sleeps lets the time pass. */
function fakeClock(): Clock & {time: number} {
  const clock = {
    time: 1_000_000,
    now: () => clock.time,
    sleep: async (milliseconds: number) => void (clock.time += milliseconds)
  };
  return clock;
}

/** The most that any minute holds, wherever it begins. */
function busiestMinute(calls: {at: number; amount: number}[]): number {
  return Math.max(
    ...calls.map(({at}) =>
      calls
        .filter((call) => call.at >= at && call.at < at + 60_000)
        .reduce((sum, {amount}) => sum + amount, 0)
    )
  );
}

describe("rate limits", () => {
  test("no minute holds more requests than allowed, and none fewer without need", async () => {
    const clock = fakeClock();
    const rate = new RateLimit({requests: 30}, clock);
    const calls: {at: number; amount: number}[] = [];
    for (let i = 0; i < 300; i++) {
      await rate.admit(1);
      calls.push({at: clock.now(), amount: 1});
    }
    assert.equal(busiestMinute(calls), 30);
    assert.ok(clock.now() - calls[0]!.at <= 10 * 60_000, "300 calls at 30 a minute take 10 minutes at most");
    assert.ok(calls.filter(({at}) => at === calls[0]!.at).length <= 3, "no burst at the start");
  });

  test("no minute holds more tokens than allowed, whatever the calls are estimated at and use", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            estimate: fc.integer({min: 1, max: 900}),
            share: fc.double({min: 0, max: 1, noNaN: true})
          }),
          {
            minLength: 1,
            maxLength: 60
          }
        ),
        async (plan) => {
          const clock = fakeClock();
          const rate = new RateLimit({tokens: 1000, requests: 50}, clock);
          const calls = [];
          for (const {estimate, share} of plan) {
            const admission = await rate.admit(estimate);
            const amount = Math.floor(estimate * share);
            calls.push({at: clock.now(), amount});
            clock.time += 137; // the call takes a while
            admission!.correct(amount);
          }
          assert.ok(busiestMinute(calls) <= 1000, `${busiestMinute(calls)} tokens in a minute`);
        }
      ),
      {numRuns: 60}
    );
  });

  test("a call that exceeds the limit by itself is sent when nothing else is", async () => {
    const clock = fakeClock();
    const rate = new RateLimit({tokens: 100}, clock);
    await rate.admit(500);
    const first = clock.now();
    await rate.admit(10);
    assert.equal(clock.now() - first, 60_000);
  });

  test("a pause holds every call back, and an abort lets go", async () => {
    const clock = fakeClock();
    const rate = new RateLimit({}, clock);
    rate.pauseUntil(clock.now() + 5000);
    rate.pauseUntil(clock.now() + 1000);
    const before = clock.now();
    await Promise.all([rate.admit(1), rate.admit(1)]);
    assert.equal(clock.now() - before, 5000);
    rate.pauseUntil(clock.now() + 5000);
    assert.equal(await rate.admit(1, AbortSignal.abort()), null);
  });
});

describe("pauses between tries", () => {
  const after = (headers: Record<string, string>) => retryAfter(new Headers(headers), Date.UTC(2026, 0, 1));

  test("as the service says", () => {
    assert.equal(after({"retry-after": "7"}), 7000);
    assert.equal(after({"retry-after": "0.5"}), 500);
    assert.equal(after({"retry-after-ms": "250", "retry-after": "7"}), 250);
    assert.equal(after({"retry-after": "Thu, 01 Jan 2026 00:00:30 GMT"}), 30_000);
    assert.equal(after({"retry-after": "Thu, 01 Jan 2025 00:00:30 GMT"}), 0);
    assert.equal(after({"retry-after": "soon"}), null);
    assert.equal(after({}), null);
    assert.equal(retryAfter(undefined, 0), null);
  });

  test("doubled and spread where it says nothing", () => {
    assert.deepEqual(
      [1, 2, 3, 9, 50].map((failures) => backoff(failures, () => 0)),
      [250, 500, 1000, 30_000, 30_000]
    );
    assert.equal(backoff(1, () => 0.999999) > 499, true);
  });
});

describe("the budget", () => {
  test("is never passed while calls use no more than was set aside, and is used as far as calls fit", async () => {
    const call = fc.record({
      most: fc.integer({min: 1, max: 300}),
      share: fc.double({min: 0, max: 1, noNaN: true})
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, {minLength: 1, maxLength: 50}),
        fc.integer({min: 0, max: 3000}),
        async (calls, limit) => {
          const budget = new Budget({tokens: limit});
          const queue = calls.values();
          const refused: number[] = [];
          const worker = async (): Promise<void> => {
            for (const {most, share} of queue) {
              const settle = await budget.reserve({tokens: most, money: 0});
              if (!settle) refused.push(most);
              await Promise.resolve();
              settle?.({tokens: Math.floor(most * share), money: 0});
            }
          };
          await Promise.all([worker(), worker(), worker()]);
          assert.ok(budget.spent.tokens <= limit);
          assert.equal(budget.exhausted, refused.length > 0);
          if (refused.length > 0) assert.ok(limit - budget.spent.tokens < Math.max(...refused));
        }
      )
    );
  });

  test("counts money and tokens, and what was spent before", async () => {
    const budget = new Budget({money: 1}, {tokens: 5, money: 0.75});
    assert.equal(await budget.reserve({tokens: 1e9, money: 0.5}), null);
    assert.equal(await budget.reserve({tokens: 1, money: 0.1}), null, "once stopped, stopped");
    const open = await new Budget({money: 1}, {tokens: 5, money: 0.75}).reserve({tokens: 1e9, money: 0.25});
    assert.notEqual(open, null);
  });

  test("sets aside at least what any byte-level tokenizer can make of a prompt", () => {
    const messages = [{role: "user" as const, content: "日本語 😀"}];
    const most = mostTokens(promptBytes(messages), {max_tokens: 100});
    assert.ok(most.input_tokens >= Buffer.byteLength("日本語 😀"));
    assert.equal(most.output_tokens, 100);
  });
});
