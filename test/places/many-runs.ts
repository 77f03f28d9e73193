/** Many trivial runs on a real Slurm, by pipelines that are killed on the way: what it took, and what became of them. */
import {spawn} from "node:child_process";
import {chmod, mkdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {setTimeout as sleep} from "node:timers/promises";
import {createRandom} from "../../src/core/random.js";
import {verifyRun} from "../../data-loaders/trainers/run-state.js";
import {createFakePlace, runId, type FakePlace} from "./fake-place.js";
import type {Usage} from "./many-pipeline.js";
import {SlurmCluster} from "./slurm-cluster.js";
import {timesTrained} from "./slurm-place.js";

const PIPELINE = fileURLToPath(new URL("many-pipeline.ts", import.meta.url));

export interface ManyOptions {
  count: number;
  /** How often the pipeline is killed on the way. */
  kills: number;
  /** Seconds between two questions. */
  poll: number;
}

export interface ManyFigures {
  count: number;
  seconds: number;
  /** Seconds from the first call until everything was submitted; null where it was killed before. */
  submit: number | null;
  /** Of all pipelines together, the killed ones too. */
  cpu: number;
  /** Bytes, of the largest. */
  memory: number;
  rounds: number;
  /** Calls of Slurm's commands. */
  calls: Record<string, number>;
  /** Runs that are in the store, whole. */
  whole: number;
  /** How often runs were trained, together. */
  trained: number;
}

export async function trainMany({count, kills, poll}: ManyOptions): Promise<ManyFigures> {
  const cluster = await SlurmCluster.start({cores: 4});
  const place = await createFakePlace();
  try {
    const runs = Array.from({length: count}, (_, n) => runId("a", n));
    await place.writeJobs(runs);
    const commands = await countedCommands(place);
    const keys = `commands: ${commands}, poll: ${poll}, file_lag: 60, memory: 50M`;
    const begun = Date.now();
    const usages = await killedOnTheWay(place, keys, {count, kills});
    const seconds = (Date.now() - begun) / 1000;
    const verdicts = await Promise.all(runs.map((run) => verifyRun(join(place.store.runs, run))));
    return {
      count,
      seconds,
      submit: usages[0]!.submit,
      cpu: usages.reduce((sum, {cpu}) => sum + cpu, 0),
      memory: Math.max(...usages.map(({memory}) => memory)),
      rounds: usages.reduce((sum, {rounds}) => sum + rounds, 0),
      calls: await countCalls(commands),
      whole: verdicts.filter(({status}) => status === "done").length,
      trained: await timesTrained(place, runs)
    };
  } finally {
    await cluster.stop();
    await place.remove();
  }
}

/** Kills a pipeline each time that another share of the runs is done, and lets the last one end. */
async function killedOnTheWay(
  place: FakePlace,
  keys: string,
  {count, kills}: Pick<ManyOptions, "count" | "kills">
): Promise<Usage[]> {
  const random = createRandom("many", kills);
  const usages: Usage[] = [];
  for (let life = 0; life <= kills; life++) {
    const file = join(place.folder, `usage-${life}.json`);
    const child = spawn(process.execPath, ["--import", "tsx", PIPELINE, place.folder, keys, file], {
      stdio: ["ignore", "ignore", "inherit"]
    });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const share = (count * (life + random.unit())) / (kills + 1);
    let over = false;
    void ended.then(() => (over = true));
    while (!over && (life === kills || ((await read(file))?.done ?? 0) < share)) await sleep(100);
    if (life < kills) child.kill("SIGKILL");
    const code = await ended;
    if (life === kills && code !== 0) throw new Error(`the last pipeline ended with exit code ${code}`);
    usages.push((await read(file)) ?? {cpu: 0, submit: null, memory: 0, rounds: 0, done: 0});
  }
  return usages;
}

async function read(file: string): Promise<Usage | null> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Usage;
  } catch {
    return null; // not there yet, or being written
  }
}

/** Slurm's commands in a folder of their own, each of which notes that it was called. */
async function countedCommands({folder}: FakePlace): Promise<string> {
  const commands = join(folder, "commands");
  await mkdir(commands);
  for (const name of ["sbatch", "squeue", "sacct", "scontrol", "scancel"]) {
    await writeFile(
      join(commands, name),
      `#!/bin/sh\necho ${name} >> ${commands}/calls\nexec /usr/bin/env ${name} "$@"\n`
    );
    await chmod(join(commands, name), 0o755);
  }
  return commands;
}

async function countCalls(commands: string): Promise<Record<string, number>> {
  const calls: Record<string, number> = {};
  const lines = (await readFile(join(commands, "calls"), "utf8")).trim().split("\n");
  for (const name of lines) calls[name] = (calls[name] ?? 0) + 1;
  return calls;
}
