/**
 * Times the tables stage against bare DuckDB on the same run logs: `npm run bench -- tables --predictions 10M
 * [--layers 1M] [--runs FOLDER]`. Every measurement is a process of its own. *Cold*: the files' pages were dropped from
 * the page cache first, as far as the system does so without root. Bare DuckDB reads the same files and does one group-by
 * over them, the mean of every numeric column by run, corpus, axis (and layer), on all cores. *Ranks* is DuckDB again: the
 * AUROC of a single estimator, by run, corpus, axis and layer, which needs the rows in order; of that the tables hold all
 * estimators, each with intervals over dialogues, and everything else.
 */
import {spawnSync} from "node:child_process";
import {mkdtemp, readdir, rm, stat} from "node:fs/promises";
import {availableParallelism, tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";
import {ESTIMATORS} from "../../src/core/contract.js";
import {Database, literal} from "../../data-loaders/tables/database.js";
import {FileHashes} from "../../data-loaders/stages/file-hashes.js";
import type {TablesInput} from "../../data-loaders/tables/tables-input.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import {makeRuns, parametersOf, parseCount, readMadeRuns, type MadeParameters} from "./make-runs.js";

/** What a measured process reports. */
interface Measured {
  seconds: number;
  /** Of all threads of the process, user and system. */
  cpuSeconds: number;
  /** Largest resident set of the whole process. */
  peakMegabytes: number;
}

const TASKS: Record<string, (runs: string, out: string) => Promise<void>> = {
  bare: groupBare,
  ranks: rankOneEstimator,
  hashes: hashAll,
  tables: async (runs, out) => writeTables(await readMadeRuns(runs), join(out, "tables")),
  "all but one": async (runs, out) => {
    const input = await readMadeRuns(runs);
    await writeTables({...input, runs: input.runs.slice(0, -1)}, join(out, "fewer"), {memory: memoryIn(out)});
  },
  "one more": async (runs, out) =>
    writeTables(await readMadeRuns(runs), join(out, "more"), {memory: memoryIn(out)}),
  "but one recorded": async (runs, out) => {
    const input = await readMadeRuns(runs);
    const last = lastRecorded(input.runs);
    await writeTables({...input, runs: input.runs.filter((run) => run !== last)}, join(out, "unrecorded"), {
      memory: memoryIn(out)
    });
  }
};

/** The last run that left entropies. */
function lastRecorded(runs: TablesInput["runs"]): TablesInput["runs"][number] {
  return runs.findLast(({job}) => job.kind === "train" && job.capture.estimators.length > 0)!;
}

const memoryIn = (out: string) => ({folder: join(out, "memory"), version: "bench"});

export async function main(args: string[]): Promise<void> {
  const {values} = parseArgs({
    args,
    options: {
      predictions: {type: "string", default: "10M"},
      layers: {type: "string"},
      runs: {type: "string"},
      task: {type: "string"},
      out: {type: "string"}
    }
  });
  if (values.task) return perform(values.task, values.runs!, values.out!);
  const scratch = await mkdtemp(join(tmpdir(), "because-bench-"));
  try {
    const runs = values.runs ?? join(scratch, "runs");
    if (!values.runs) await makeRuns(runs, madeWith(parseCount(values.predictions), values.layers));
    await compare(runs, scratch);
  } finally {
    await rm(scratch, {recursive: true, force: true});
  }
}

/** Without a number of its own, one prediction in ten has entropies. */
function madeWith(predictions: number, layers: string | undefined): MadeParameters {
  return parametersOf(predictions, layers === undefined ? predictions / 10 : parseCount(layers));
}

async function compare(runs: string, scratch: string): Promise<void> {
  const files = await parquetFiles(runs);
  const bytes = (await Promise.all(files.map((file) => stat(file)))).reduce((sum, {size}) => sum + size, 0);
  console.log(
    `${files.length} Parquet files, ${(bytes / 1e9).toFixed(2)} GB, ${availableParallelism()} cores`
  );
  for (const state of ["cold", "warm"] as const) {
    const measured = ["bare", "hashes", "tables"].map((task) => {
      if (state === "cold") dropFromCache(files);
      return report(`${state}, ${task}`, task, runs, scratch);
    });
    const ratio = measured[2]!.seconds / measured[0]!.seconds;
    const work = measured[2]!.cpuSeconds / measured[0]!.cpuSeconds;
    console.log(
      `${state}: tables take ${ratio.toFixed(2)} × the time of bare DuckDB, ${work.toFixed(1)} × its work`
    );
  }
  report("warm, ranks of one estimator", "ranks", runs, scratch);
  report("all but a run, remembered", "all but one", runs, scratch);
  report("that run added", "one more", runs, scratch);
  await forget(scratch);
  report("all but one with entropies", "but one recorded", runs, scratch);
  report("that run added", "one more", runs, scratch);
}

function forget(scratch: string): Promise<void> {
  return rm(memoryIn(scratch).folder, {recursive: true, force: true});
}

async function parquetFiles(runs: string): Promise<string[]> {
  const names = await readdir(runs, {recursive: true});
  return names.filter((name) => name.endsWith(".parquet")).map((name) => join(runs, name));
}

/** POSIX_FADV_DONTNEED, by way of GNU dd. */
function dropFromCache(files: string[]): void {
  for (const file of files) spawnSync("dd", [`if=${file}`, "iflag=nocache", "count=0", "status=none"]);
}

function report(title: string, task: string, runs: string, out: string): Measured {
  const script = fileURLToPath(new URL("main.ts", import.meta.url));
  const args = ["--import", "tsx", script, "tables", "--task", task, "--runs", runs, "--out", out];
  const {stdout, stderr, status} = spawnSync(process.execPath, args, {encoding: "utf8"});
  if (status !== 0) throw new Error(`${title} failed: ${stderr}`);
  const measured = JSON.parse(stdout.trim().split("\n").at(-1)!) as Measured;
  const {seconds, cpuSeconds, peakMegabytes} = measured;
  console.log(
    `${title.padEnd(30)} ${seconds.toFixed(1).padStart(7)} s  ${cpuSeconds.toFixed(1).padStart(7)} core-s  ` +
      `${peakMegabytes.toFixed(0).padStart(6)} MB`
  );
  return measured;
}

async function perform(task: string, runs: string, out: string): Promise<void> {
  const started = performance.now();
  await TASKS[task]!(runs, out);
  const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage();
  const measured: Measured = {
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMegabytes: maxRSS / 1024
  };
  console.log(JSON.stringify(measured));
}

/** One group-by over all predictions, one over all entropies. */
async function groupBare(runs: string): Promise<void> {
  const db = await Database.create(":memory:", {threads: availableParallelism()});
  const mean = (column: string) => `avg(${column})`;
  const logits = [1, 2, 3, 4, 5].map((k) => mean(`label_logits[${k}]`));
  const numbers = ["log_sum_exp", "off_label_mass", "prompt_tokens", "truncated::INTEGER"].map(mean);
  const source = (name: string) => `read_parquet(${literal(join(runs, "*", name))}, filename = true)`;
  await db.rows(
    `SELECT filename, corpus, axis, avg((predicted = gold)::INTEGER), ${[...numbers, ...logits].join(", ")}
     FROM ${source("predictions.parquet")} GROUP BY ALL`
  );
  await db.rows(
    `SELECT filename, corpus, axis, layer, ${ESTIMATORS.map(mean).join(", ")}
     FROM ${source("layers.parquet")} GROUP BY ALL`
  );
  db.discard();
}

/** AUROC of the first estimator as a detector of errors; equal entropies share their mean rank. */
async function rankOneEstimator(runs: string): Promise<void> {
  const db = await Database.create(":memory:", {threads: availableParallelism()});
  const source = (name: string) => `read_parquet(${literal(join(runs, "*", name))}, filename = true)`;
  const run = "parse_path(filename)[-2]";
  const keys = "run, corpus, axis, layer";
  await db.rows(
    `WITH outcomes AS (
       SELECT ${run} AS run, corpus, axis, example_id, predicted <> gold AS wrong FROM ${source("predictions.parquet")}
     ), ranked AS (
       SELECT ${keys}, wrong, rank() OVER (PARTITION BY ${keys} ORDER BY entropy)
         + (count(*) OVER (PARTITION BY ${keys}, entropy) - 1) / 2.0 AS place
       FROM (SELECT ${run} AS run, corpus, axis, example_id, layer, ${ESTIMATORS[0]} AS entropy FROM ${source("layers.parquet")})
       JOIN outcomes USING (run, corpus, axis, example_id)
     )
     SELECT ${keys}, (sum(place) FILTER (wrong) - count(*) FILTER (wrong) * (count(*) FILTER (wrong) + 1) / 2.0)
       / (count(*) FILTER (wrong) * count(*) FILTER (NOT wrong)) AS auroc
     FROM ranked GROUP BY ${keys}`
  );
  db.discard();
}

/** What checking the manifests' hashes costs alone. */
async function hashAll(runs: string): Promise<void> {
  const hashes = await FileHashes.open(null);
  const files = await parquetFiles(runs);
  await Promise.all(
    [0, 1, 2, 3].map(async (first) => {
      for (let i = first; i < files.length; i += 4) await hashes.of(files[i]!);
    })
  );
}
