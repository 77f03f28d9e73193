/** A process that gathers votes and can be killed: `gather-child.ts '{"url", "log", "count", …}'`. */
import {gatherVotes} from "../../data-loaders/judges/gather-votes.js";
import {createVoteDisplay} from "../../data-loaders/judges/vote-display.js";
import {HURRIED, judge, judging, questions} from "./questions.js";

export interface ChildTask {
  url: string;
  log: string;
  count: number;
  judge?: object;
  judging?: object;
}

const task = JSON.parse(process.argv[2]!) as ChildTask;
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
const summary = await gatherVotes(
  questions(task.count),
  {a: judge(task.url, task.judge)},
  {
    judging: judging(task.judging),
    log: task.log,
    clock: HURRIED,
    display: createVoteDisplay("USD"),
    note: (text) => process.stderr.write(`${text}\n`),
    signal: stop.signal
  }
);
process.stdout.write(`${JSON.stringify(summary)}\n`);
