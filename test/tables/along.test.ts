/** Runs that were scored along their training. */
import assert from "node:assert/strict";
import {rm} from "node:fs/promises";
import {join} from "node:path";
import {test} from "node:test";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {Database, literal} from "../../data-loaders/tables/database.js";
import type {RunInput} from "../../data-loaders/tables/tables-input.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import {inScratch, readCubes} from "./scratch.js";
import {writeManifest} from "./synthetic-logs.js";
import {writeSyntheticRuns} from "./synthetic-runs.js";

interface Prediction {
  axis: string;
  gold: string;
  predicted: string;
  label_logits: number[];
}

/** Tables of a study in which one run was also scored after half of its 200 steps, when it always said “1”. */
async function tablesOf(spoil: (run: RunInput) => Promise<void> = () => Promise.resolve()): Promise<{
  cubes: AllCubes;
  scored: RunInput;
  predictions: Prediction[];
  entropy: number;
}> {
  return inScratch(async (folder) => {
    const input = await writeSyntheticRuns(join(folder, "runs"), {dialogues: 6});
    const scored = input.runs.find(({job}) => job.kind === "train")!;
    if (scored.job.kind !== "train") throw new TypeError("a train run");
    scored.job.capture.along = [0.5];
    const db = await Database.create(":memory:");
    const from = (file: string) => `read_parquet(${literal(join(scored.folder, file))})`;
    const copy = (select: string, file: string) =>
      db.run(`COPY (${select}) TO ${literal(join(scored.folder, file))} (FORMAT parquet)`);
    await copy(
      `SELECT 100 AS step, * REPLACE ('1' AS predicted) FROM ${from("predictions.parquet")}`,
      "along.parquet"
    );
    await copy(
      `SELECT 100 AS step, * REPLACE (2 * softmax AS softmax) FROM ${from("layers.parquet")}`,
      "along_layers.parquet"
    );
    const predictions = (await db.rows(`FROM ${from("predictions.parquet")}`)) as unknown as Prediction[];
    const [{entropy} = {}] = await db.rows(
      `SELECT avg(softmax) AS entropy FROM ${from("layers.parquet")} WHERE layer = 1`
    );
    db.discard();
    await writeManifest(scored);
    await spoil(scored);
    await writeTables(input, join(folder, "tables"));
    return {cubes: await readCubes(join(folder, "tables")), scored, predictions, entropy: entropy as number};
  });
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const near = (found: number, expected: number) =>
  assert.ok(Math.abs(found - expected) < 1e-4 * Math.max(1, Math.abs(expected)), `${found}, not ${expected}`);

test("accuracy, loss and entropies after each of its steps, the end included", async () => {
  const {cubes, scored, predictions, entropy} = await tablesOf();
  assert.deepEqual(new Set(cubes.along.map(({run}) => run)), new Set([scored.run]), "no other run has any");
  const valueOf = (measure: string, step: number, layer: number | null = null) =>
    cubes.along.find((row) => row.measure === measure && row.step === step && row.layer === layer)!;
  const right = ({gold, predicted}: Prediction) => Number(gold === predicted);
  near(valueOf("accuracy", 100).value, mean(predictions.map(({gold}) => Number(gold === "1"))));
  near(valueOf("accuracy", 200).value, mean(predictions.map(right)));
  assert.equal(valueOf("accuracy", 200).rows, predictions.length);
  const nll = mean(
    predictions.map(({gold, label_logits}) => {
      const sum = label_logits.reduce((total, logit) => total + Math.exp(logit), 0);
      return Math.log(sum) - label_logits[Number(gold) - 1]!;
    })
  );
  for (const step of [100, 200]) near(valueOf("nll", step).value, nll);
  near(valueOf("softmax", 200, 1).value, entropy);
  near(valueOf("softmax", 100, 1).value, 2 * entropy);
  assert.equal(cubes.along.filter(({measure, layer}) => measure === "energy" && layer === 0).length, 0);
});

test("a run that lacks what was scored on the way is not done", async () => {
  const {cubes, scored} = await tablesOf(({folder}) => rm(join(folder, "along.parquet")));
  const {status, reason} = cubes.runs.find(({run}) => run === scored.run)!;
  assert.equal(status, "failed");
  assert.match(reason, /along\.parquet/);
  assert.deepEqual(cubes.along, []);
});

test("what a manifest says of speed, memory and how a run was carried out stands in its row", async () => {
  const determinism = {cudnn_tf32: false, deterministic_algorithms: true, cublas_workspace: ":4096:8"};
  const {cubes, scored} = await tablesOf((run) =>
    writeManifest(run, {
      ...{encoded_tokens: 500, tokens_per_second: 321, flops_utilisation: 0.41, micro_batch: 4, processes: 2},
      ...{attention: "flex", shared_dialogues: true, determinism},
      ...{peak_device_memory_bytes: 7e10, trainable_parameters: 1234}
    })
  );
  const row = cubes.runs.find(({run}) => run === scored.run)!;
  assert.deepEqual(
    [row.tokens_per_second, row.encoded_tokens_per_second, row.flops_utilisation],
    [321, 100, 0.41]
  );
  assert.deepEqual([row.peak_device_memory_bytes, row.trainable_parameters], [7e10, 1234]);
  assert.equal(
    row.execution,
    "attention flex; 4 examples at a time; 2 processes; dialogues read once; deterministic algorithms"
  );
  const device = {kind: "cuda", name: "NVIDIA H200", threads: 1, instruction_set: ""};
  const onGpu = await tablesOf((run) => writeManifest(run, {device, determinism}));
  assert.equal(
    onGpu.cubes.runs.find(({run}) => run === onGpu.scored.run)!.execution,
    "cublas workspace :4096:8; cudnn tf32 off; deterministic algorithms"
  );
});

test("the kind of a failure, and what helps, stands with its reason", async () => {
  const {cubes, scored} = await tablesOf((run) =>
    writeManifest(run, {status: "failed", reason: "The longest batch needs 90 GB.", cause: "out-of-memory"})
  );
  const {reason} = cubes.runs.find(({run}) => run === scored.run)!;
  assert.match(reason, /^out of memory: The longest batch needs 90 GB\. Lower execution\.micro_batch/);
});
