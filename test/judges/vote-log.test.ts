/** The log outlives kills, and tells what counts. */
import assert from "node:assert/strict";
import {appendFileSync, readdirSync, readFileSync, statSync, truncateSync} from "node:fs";
import {join} from "node:path";
import {describe, test} from "node:test";
import type {Vote} from "../../src/core/judging/votes.js";
import {logName, VoteLog, voteKey} from "../../data-loaders/judges/vote-log.js";
import {judge, logged, questions, scratch} from "./questions.js";

const CONFIG = judge("http://127.0.0.1:1/v1");

function vote(number: number, more: Partial<Vote> = {}): Vote {
  const request = questions(1, "a", number)[0]!;
  const {messages: _, ...rest} = request;
  return {
    key: voteKey(CONFIG, request),
    ...rest,
    attempt: 1,
    status: "scored",
    score: 3,
    explanation: "it answers – “so”\nand so",
    raw: "{}",
    input_tokens: 10,
    output_tokens: 5,
    cost: null,
    seconds: 1,
    at: "2026-01-01T00:00:00.000Z",
    ...more
  };
}

async function write(folder: string, votes: Vote[]): Promise<string> {
  const writer = await new VoteLog(folder).hold(() => undefined);
  for (const each of votes) writer.append(CONFIG, each);
  await writer.close();
  return join(folder, `${logName(CONFIG)}.jsonl`);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe("the key of a vote", () => {
  const request = questions(1)[0]!;

  test("changes with everything that decides the reply", () => {
    const others = [
      voteKey({...CONFIG, model: "other"}, request),
      voteKey({...CONFIG, base_url: "http://127.0.0.1:2/v1"}, request),
      voteKey({...CONFIG, temperature: 0.5}, request),
      voteKey({...CONFIG, seed: 1}, request),
      voteKey({...CONFIG, max_tokens: 9}, request),
      voteKey({...CONFIG, structured: "none"}, request),
      voteKey(CONFIG, {...request, scale: [1, 5]}),
      voteKey(CONFIG, {...request, messages: request.messages.slice(1)}),
      voteKey(CONFIG, request)
    ];
    assert.equal(new Set(others).size, others.length);
    assert.match(others[0]!, /^[0-9a-f]{32}$/);
  });

  test("does not change with names, limits, prices, or a slash at the end of the address", () => {
    const renamed = {...request, corpus: "x", example_id: "y", judge: "z", prompt: "p", axis: "q"};
    assert.equal(voteKey(CONFIG, renamed), voteKey(CONFIG, request));
    const slower = {
      ...CONFIG,
      concurrency: 1,
      timeout: 9,
      price: {input: 1, output: 2},
      base_url: `${CONFIG.base_url}/`
    };
    assert.equal(voteKey(slower, request), voteKey(CONFIG, request));
  });
});

describe("the vote log", () => {
  test("gives back what was written", async (t) => {
    const folder = scratch(t);
    const votes = [vote(1), vote(2), vote(3)];
    await write(folder, votes);
    assert.deepEqual(await all(new VoteLog(folder).attempts(new Set(votes.map(({key}) => key)))), votes);
    assert.deepEqual(await all(new VoteLog(folder).attempts(new Set([votes[1]!.key]))), [votes[1]]);
    assert.deepEqual(await all(new VoteLog(join(folder, "absent")).attempts(new Set(["x"]))), []);
  });

  test("the scored vote counts, else the last attempt", async (t) => {
    const folder = scratch(t);
    const empty = {status: "empty", score: null} as const;
    await write(folder, [
      vote(1, {...empty}),
      vote(2, {...empty}),
      vote(1, {attempt: 2}),
      vote(2, {status: "refused", score: null, attempt: 2}),
      vote(3)
    ]);
    const keys = [1, 2, 4].map((number) => vote(number).key);
    const last = await all(new VoteLog(folder).lastVotes(keys));
    assert.deepEqual(
      last.map(({example_id, attempt, status}) => [example_id, attempt, status]),
      [
        ["e1", 2, "scored"],
        ["e2", 2, "refused"]
      ]
    );
  });

  test("cut off at any byte of its last line, loses that line at most and goes on", async (t) => {
    const folder = scratch(t);
    const file = await write(folder, [vote(1)]);
    const first = statSync(file).size;
    await write(folder, [vote(2)]);
    const whole = readFileSync(file);
    for (let size = whole.length; size >= first; size -= 7) {
      truncateSync(file, size);
      const reader = new VoteLog(folder);
      assert.ok((await all(reader.attempts(new Set([vote(1).key])))).length === 1);
      await write(folder, [vote(3)]);
      const names = logged(folder).map(({example_id}) => example_id);
      assert.deepEqual(names, size >= whole.length - 1 ? ["e1", "e2", "e3"] : ["e1", "e3"], `cut at ${size}`);
      truncateSync(file, 0);
      appendFileSync(file, whole);
    }
  });

  test("without the end of its last line alone, keeps the vote that was paid for", async (t) => {
    const folder = scratch(t);
    const file = await write(folder, [vote(1), vote(2)]);
    truncateSync(file, statSync(file).size - 1);
    await write(folder, [vote(3)]);
    assert.deepEqual(
      logged(folder).map(({example_id}) => example_id),
      ["e1", "e2", "e3"]
    );
  });

  test("passes over lines that cannot be read", async (t) => {
    const folder = scratch(t);
    const file = await write(folder, [vote(1)]);
    appendFileSync(file, `\n{"key":"${vote(2).key}", broken\n\u0000\u0000\n`);
    await write(folder, [vote(3)]);
    const keys = [1, 2, 3].map((number) => vote(number).key);
    assert.deepEqual(
      (await all(new VoteLog(folder).lastVotes(keys))).map(({example_id}) => example_id),
      ["e1", "e3"]
    );
  });

  test("reads lines longer than any block", async (t) => {
    const folder = scratch(t);
    const votes = [vote(1, {raw: "x".repeat(3_000_000)}), vote(2)];
    await write(folder, votes);
    assert.deepEqual(await all(new VoteLog(folder).attempts(new Set(votes.map(({key}) => key)))), votes);
  });

  test("is written by one at a time, and leaves nothing but its files", async (t) => {
    const folder = scratch(t);
    const log = new VoteLog(folder);
    const first = await log.hold(() => undefined);
    let waited = 0;
    const second = log.hold(() => (waited += 1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    first.append(CONFIG, vote(1));
    await first.close();
    await (await second).close();
    assert.equal(waited, 1);
    assert.deepEqual(readdirSync(folder), [`${logName(CONFIG)}.jsonl`]);
  });
});
