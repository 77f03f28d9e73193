/** A study's worth of votes from a service that misbehaves, in a process that is killed again and again. */
import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {once} from "node:events";
import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {describe, test} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {fileURLToPath} from "node:url";
import type {GatherSummary} from "../../data-loaders/judges/gather-votes.js";
import type {Vote} from "../../src/core/judging/votes.js";
import {EVERYTHING, scoreOf} from "../judges/faults.js";
import type {ChildTask} from "../judges/gather-child.js";
import {MisbehavingService} from "../judges/misbehaving-service.js";
import {ENV, everythingIn, KEY, logged, questions, scratch} from "../judges/questions.js";

const VOTES = 2000;
const KILLS = 10;
const CONCURRENCY = 8;
const CHILD = fileURLToPath(new URL("../judges/gather-child.ts", import.meta.url));

function start(task: ChildTask) {
  const child = spawn(process.execPath, ["--import", "tsx", CHILD, JSON.stringify(task)], {
    env: {...process.env, ...ENV},
    stdio: ["ignore", "pipe", "pipe"]
  });
  let said = "";
  let summary = "";
  child.stdout.on("data", (text: Buffer) => (summary += text.toString()));
  child.stderr.on("data", (text: Buffer) => (said += text.toString()));
  const ended = once(child, "close").then(([code]) => ({code: code as number | null, said, summary}));
  return {child, ended};
}

/** Whole lines alone: the last one may be half-written. */
function wholeVotes(folder: string): Vote[] {
  if (!existsSync(folder)) return [];
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
  return texts.flatMap((text) => text.split("\n").slice(0, -1)).map((line) => JSON.parse(line) as Vote);
}

const textOf = new Map(questions(VOTES).map(({example_id, messages}) => [example_id, messages[1]!.content]));

/** Every question has one vote that counts, and its score is what the service meant. */
function assertComplete(votes: Vote[]): void {
  const scored = votes.filter(({status}) => status === "scored");
  assert.equal(scored.length, VOTES);
  assert.equal(new Set(scored.map(({key}) => key)).size, VOTES);
  for (const {example_id, score} of scored) assert.equal(score, scoreOf(textOf.get(example_id)!));
  for (const {status, score} of votes) assert.equal(score !== null, status === "scored");
}

/** The log holds each reply once, with the tokens that the service counted for it. Returns how many it does not hold. */
function assertBooksAgree(votes: Vote[], service: MisbehavingService): number {
  const books = new Map(service.delivered.map((each) => [each.id, each]));
  for (const {raw, status, input_tokens, output_tokens} of votes.filter(({raw}) => raw.startsWith("{"))) {
    const {id} = JSON.parse(raw) as {id: string};
    const {input, output} =
      books.get(id) ?? assert.fail(`${status}: ${id} was not delivered, or is logged twice`);
    assert.deepEqual([input_tokens, output_tokens], [input, output]);
    books.delete(id);
  }
  return books.size;
}

describe(`${VOTES} votes from a service that misbehaves`, () => {
  test("arrive complete, and the spend is the service's own count", async (t) => {
    const service = await MisbehavingService.start({faults: EVERYTHING, latency: 10});
    t.after(() => service.stop());
    const log = join(scratch(t), "votes");
    const began = Date.now();
    const task = {
      url: service.url,
      log,
      count: VOTES,
      judge: {concurrency: CONCURRENCY},
      judging: {attempts: 30}
    };
    const {code, said, summary} = await start(task).ended;
    assert.equal(code, 0, said);
    const votes = wholeVotes(log);
    assertComplete(votes);
    assert.equal(assertBooksAgree(votes, service), 0);
    assert.deepEqual((JSON.parse(summary) as GatherSummary).tokens, service.tokens);
    assert.ok(service.mostInFlight <= CONCURRENCY);
    for (const fault of Object.keys(EVERYTHING))
      assert.ok(service.met[fault as never], `no call met ${fault}`);
    assert.ok(!(everythingIn(log) + said + summary).includes(KEY));
    const seconds = (Date.now() - began) / 1000;
    t.diagnostic(
      `${service.asked.length} calls, ${votes.length} replies, ${(VOTES / seconds).toFixed(0)} votes/s`
    );
  });

  test(`${KILLS} SIGKILLs: no vote is asked for again after it was logged`, async (t) => {
    const service = await MisbehavingService.start({faults: EVERYTHING, latency: 10, seed: 2});
    t.after(() => service.stop());
    const log = join(scratch(t), "votes");
    const task = {
      url: service.url,
      log,
      count: VOTES,
      judge: {concurrency: CONCURRENCY},
      judging: {attempts: 30}
    };
    let everythingSaid = "";
    for (let kills = 0; kills < KILLS; kills++) {
      const until = ((kills + 1) * VOTES) / (KILLS + 1);
      const {child, ended} = start(task);
      while (wholeVotes(log).filter(({status}) => status === "scored").length < until) {
        assert.equal(child.exitCode, null, `${KILLS} kills before the end`);
        await sleep(100);
      }
      child.kill("SIGKILL");
      everythingSaid += (await ended).said;
      while (service.inFlight > 0) await sleep(20); // what the dead process had asked
      const scored = wholeVotes(log).filter(({status}) => status === "scored");
      service.settled = new Set(scored.map(({example_id}) => textOf.get(example_id)!));
    }
    const {code, said, summary} = await start(task).ended;
    assert.equal(code, 0, said);
    const votes = logged(log);
    assertComplete(votes);
    assert.equal(service.askedAgain, 0);
    const lost = assertBooksAgree(votes, service);
    assert.ok(lost <= KILLS * CONCURRENCY, `${lost} replies in flight at the kills`);
    const tokens = (JSON.parse(summary) as GatherSummary).tokens;
    assert.equal(
      tokens.input,
      votes.reduce((sum, {input_tokens}) => sum + input_tokens, 0)
    );
    assert.ok(!(everythingIn(log) + everythingSaid + said + summary).includes(KEY));
    t.diagnostic(
      `${service.asked.length} calls, ${votes.length} replies logged, ${lost} lost in ${KILLS} kills`
    );
  });

  test("Ctrl-C finishes and logs what is in flight", async (t) => {
    const service = await MisbehavingService.start({latency: 100});
    t.after(() => service.stop());
    const log = join(scratch(t), "votes");
    const {child, ended} = start({url: service.url, log, count: VOTES});
    while (service.delivered.length < 40) await sleep(20);
    child.kill("SIGINT");
    const {code, summary, said} = await ended;
    assert.equal(code, 0, said);
    assert.equal((JSON.parse(summary) as GatherSummary).stopped, "interrupted");
    assert.equal(logged(log).length, service.delivered.length, "every reply that was delivered is logged");
    assert.equal(service.asked.length, service.delivered.length, "no call was broken off");
  });
});
