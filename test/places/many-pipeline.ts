/** A pipeline as a process of its own, to be killed: asks for many runs at a fake place on Slurm, and brings them. */
import {readdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {openSlurm, settle} from "./slurm-place.js";
import type {FakePlace} from "./fake-place.js";

/** What a pipeline has used, so far. */
export interface Usage {
  /** Seconds of the processor, of this process alone; and until all was submitted, by the clock. */
  cpu: number;
  submit: number | null;
  /** Bytes. */
  memory: number;
  rounds: number;
  done: number;
}

const [folder = "", keys = "", usageFile = ""] = process.argv.slice(2);
const place = {
  root: join(folder, "place"),
  environment: join(folder, "environment"),
  store: {
    root: join(folder, "store"),
    jobs: join(folder, "store", "jobs"),
    runs: join(folder, "store", "runs")
  }
} as FakePlace;
const usage: Usage = {cpu: 0, submit: null, memory: 0, rounds: 0, done: 0};

async function note(): Promise<void> {
  const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage();
  usage.cpu = (userCPUTime + systemCPUTime) / 1e6;
  usage.memory = maxRSS * 1024;
  await writeFile(usageFile, JSON.stringify(usage));
}

async function main(): Promise<void> {
  await note();
  const runs = await readdir(place.store.jobs);
  const trainer = await openSlurm(place, keys);
  const begun = Date.now();
  await trainer.submit(runs.map((run) => [run]));
  usage.submit = (Date.now() - begun) / 1000;
  const states = await settle(trainer, runs, (now) => {
    usage.rounds++;
    usage.done = [...now.values()].filter(({status}) => status === "done").length;
    void note();
  });
  await trainer.close();
  usage.done = [...states.values()].filter(({status}) => status === "done").length;
  await note();
}

await main();
