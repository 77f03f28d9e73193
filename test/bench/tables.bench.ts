/** Times the tables stage on 30 runs × 1,800 test rows: `node --import tsx test/bench/tables.bench.ts`. Prints, judges nothing. */
import {mkdtemp, readdir, rm, stat} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import {readFileSync} from "node:fs";
import {LABEL_ONLY, MODES, type Arm} from "../../src/core/arms.js";
import {ESTIMATORS} from "../../src/core/contract.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import {SMALL} from "../tables/synthetic-plan.js";
import {writeSyntheticRuns} from "../tables/synthetic-runs.js";

const modes = MODES.filter((mode) => !["label-only", "key-words", "random-vocabulary"].includes(mode));
const crossed = modes.flatMap((mode) =>
  (["token-mean", "part-mean"] as const).map((reduction): Arm => ({mode, order: "label-first", reduction}))
);
const arms = [LABEL_ONLY, ...crossed.slice(0, 9)].map((arm, i) => ({arm, skill: 0.5 + 0.2 * i}));
const [first] = SMALL.axes;
const folder = await mkdtemp(join(tmpdir(), "because-bench-"));
try {
  const input = await writeSyntheticRuns(join(folder, "runs"), {
    corpora: ["assistant", "support", "reading", "product", "film", "small-talk"],
    axes: ["naturalness", "comprehensiveness", "adherence"].map((id) => ({...first!, id})),
    arms,
    baselines: ["majority", "length", "bag-of-words"],
    seeds: [1, 2, 3],
    dialogues: 50,
    examplesPerDialogue: 2,
    estimators: [...ESTIMATORS]
  });
  const started = performance.now();
  await writeTables(input, join(folder, "tables"));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `tables: ${seconds} s for ${input.runs.length} runs, ${process.memoryUsage().rss >> 20} MiB resident`
  );
  for (const name of (await readdir(join(folder, "tables"))).sort()) {
    const path = join(folder, "tables", name);
    const zipped = gzipSync(readFileSync(path)).length;
    console.log(
      `${name.padEnd(16)} ${(await stat(path)).size.toString().padStart(9)} bytes, gzipped ${zipped.toString().padStart(8)}`
    );
  }
} finally {
  await rm(folder, {recursive: true, force: true});
}
