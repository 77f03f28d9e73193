/** What the tests of judges ask, and a log of their own. */
import {mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {TestContext} from "node:test";
import {JudgeConfig, Judging} from "../../src/core/study/judging.js";
import type {Vote, VoteRequest} from "../../src/core/judging/votes.js";
import {SYSTEM_CLOCK} from "../../data-loaders/judges/clock.js";
import type {Clock} from "../../data-loaders/judges/clock.js";

export const KEY = "sk-planted-3f9c1d7ab2e84c05";
export const ENV = {JUDGE_KEY: KEY};

const SPEED = 20;
const BEGAN = Date.now();
/** Time passes twenty times as fast. */
export const HURRIED: Clock = {
  now: () => BEGAN + (Date.now() - BEGAN) * SPEED,
  sleep: (milliseconds, signal) => SYSTEM_CLOCK.sleep(milliseconds / SPEED, signal)
};

/** `count` different questions to a judge, on 1–4. */
export function questions(count: number, judge = "a", from = 0): VoteRequest[] {
  return Array.from({length: count}, (_, i) => ({
    corpus: "chat",
    example_id: `e${from + i}`,
    axis: "quality",
    judge,
    prompt: "scale-4",
    messages: [
      {role: "system" as const, content: "You rate responses. Answer in JSON."},
      {role: "user" as const, content: `Question ${from + i}: how good is “yes”?`}
    ],
    scale: [1, 4] as const
  }));
}

export function judge(url: string, more: object = {}): JudgeConfig {
  return JudgeConfig.parse({model: "tiny", base_url: url, key_from: "JUDGE_KEY", timeout: 3, ...more});
}

export const judging = (more: object = {}): Judging => Judging.parse(more);

export function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "because-votes-"));
  t.after(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

/** All lines of a log. */
export function logged(folder: string): Vote[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean))
    .map((line) => JSON.parse(line) as Vote);
}

/** Everything below a folder as one text. */
export function everythingIn(folder: string): string {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), "utf8")}`)
    .join("\n");
}
