/**
 * Times the merging of logged votes: `npm run bench -- merge [--votes 100k,400k]`. Every measurement is a process of its
 * own that reads the log, merges by all six rules, compares them with the golden set and takes the explanations
 * (*merge*), and does that and all cubes about judges (*all*). *Nothing* holds the examples and their questions alone.
 */
import {spawnSync} from "node:child_process";
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {chooseRule, mergeByAllRules} from "../../src/core/judging/rated-set.js";
import {goldenSet} from "../../data-loaders/annotators/golden-set.js";
import {describeJudging} from "../../data-loaders/annotators/judge-annotations.js";
import {ratedVotes} from "../../data-loaders/annotators/rated-votes.js";
import {VoteTable} from "../../data-loaders/annotators/vote-table.js";
import {voteRequests} from "../../data-loaders/judges/requests.js";
import {VoteLog} from "../../data-loaders/judges/vote-log.js";
import {madeVotes, writeVotes} from "./made-votes.js";
import {parseCount} from "./make-runs.js";

/** What a measured process reports. */
export interface Measured {
  seconds: number;
  /** Of all threads of the process, user and system: what is left of the time where others are at work too. */
  cpuSeconds: number;
  /** Largest resident set of the whole process. */
  peakMegabytes: number;
}

export async function main(args: string[]): Promise<void> {
  const {values} = parseArgs({
    args,
    options: {votes: {type: "string", default: "100k,400k"}, task: {type: "string"}, log: {type: "string"}}
  });
  if (values.task) return perform(values.task, values.log!, parseCount(values.votes));
  for (const votes of values.votes.split(",").map(parseCount)) {
    const measured = await measureMerge(votes, ["nothing", "merge", "all"]);
    for (const [task, {seconds, cpuSeconds, peakMegabytes}] of Object.entries(measured))
      console.log(
        `${votes.toLocaleString("en").padStart(9)} votes  ${task.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s  ` +
          `${cpuSeconds.toFixed(1).padStart(6)} core-s  ` +
          `${peakMegabytes.toFixed(0).padStart(5)} MB`
      );
  }
}

/**
 * Writes a log of so many votes, with replies of `raw` characters, into a folder that is removed again, and measures tasks
 * on it one after the other.
 */
export async function measureMerge(
  votes: number,
  tasks: string[],
  raw?: number
): Promise<Record<string, Measured>> {
  const log = await mkdtemp(join(tmpdir(), "because-merge-"));
  try {
    await writeVotes(log, votes, raw);
    return Object.fromEntries(tasks.map((task) => [task, measure(task, log, votes)]));
  } finally {
    await rm(log, {recursive: true, force: true});
  }
}

function measure(task: string, log: string, votes: number): Measured {
  const script = fileURLToPath(new URL("main.ts", import.meta.url));
  const args = ["--import", "tsx", script, "merge", "--task", task, "--log", log, "--votes", String(votes)];
  const {stdout, stderr, status} = spawnSync(process.execPath, args, {encoding: "utf8"});
  if (status !== 0) throw new Error(`${task} failed: ${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as Measured;
}

async function perform(task: string, folder: string, votes: number): Promise<void> {
  const started = performance.now();
  const {file, drawn} = madeVotes(votes);
  const asked = await voteRequests(
    file,
    drawn.map(({id, train, test}) => ({id, examples: [...train, ...test]}))
  );
  if (task !== "nothing") {
    const golden = goldenSet(file, drawn, []);
    const table = await VoteTable.read(asked.requests, file.study.judges, new VoteLog(folder));
    const rated = ratedVotes(file, drawn, asked.requests, table, golden);
    const rules = mergeByAllRules(rated.set, {}, 1);
    const chosen = chooseRule(rated.set, "best", rules)!;
    const merging = {rules: task === "all" ? rules : [chosen], chosen};
    if (task === "all")
      await describeJudging(file, {drawn, rated, table, merging, written: null, dropped: []});
    if (table.unasked > 0) throw new Error(`${table.unasked} votes were not found`);
  }
  const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage();
  const measured: Measured = {
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMegabytes: maxRSS / 1024
  };
  console.log(JSON.stringify(measured));
}
