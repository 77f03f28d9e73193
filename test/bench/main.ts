/** Benchmarks by name: `npm run bench -- NAME …`. They print what they measure; tests judge, these don't. */

/** What a benchmark's module exports. */
interface Benchmark {
  main(args: string[]): Promise<void>;
}

/** Loaded when asked for, so that one doesn't wait for another's browser or database. */
const BENCHMARKS: Record<string, () => Promise<Benchmark>> = {
  "make-runs": () => import("./make-runs.js"),
  tables: () => import("./tables.bench.js"),
  merge: () => import("./merge.bench.js"),
  coverage: () => load("./coverage.bench.js"),
  trainer: () => load("./trainer.bench.js"),
  capture: () => load("./capture.bench.js"),
  gpu: () => load("./gpu.bench.js"),
  page: () => load("./page.bench.js"),
  slurm: () => load("./slurm.bench.js")
};

async function load(path: string): Promise<Benchmark> {
  return (await import(path)) as Benchmark;
}

const [asked = "", ...args] = process.argv.slice(2);
const benchmark = BENCHMARKS[asked];
if (benchmark) await (await benchmark()).main(args);
else {
  console.error(`There is no benchmark “${asked}”. There are: ${Object.keys(BENCHMARKS).join(", ")}.`);
  process.exitCode = 1;
}

export type {Benchmark};
