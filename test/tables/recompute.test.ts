/**
 * Every measure of every cell, recomputed in Python from `predictions.parquet` with scikit-learn, agrees to 1e-9. The smooth
 * calibration error alone is compared elsewhere, with its authors' package.
 */
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";
import {fileURLToPath} from "node:url";
import type {MeasureId} from "../../src/core/cubes.js";
import {MEASURES} from "../../src/core/measures.js";
import type {TablesInput} from "../../data-loaders/tables/tables-input.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import {inScratch, readCubes} from "./scratch.js";
import {SMALL} from "./synthetic-plan.js";
import {writeSyntheticRuns} from "./synthetic-runs.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PYTHON = join(ROOT, ".because/python/bin/python");

const RECOMPUTED = MEASURES.filter(({id}) => id !== "smooth_ece");

type Recomputed = Record<string, Record<string, Record<MeasureId, number | null>>>;

function recompute({axes, runs}: TablesInput): Recomputed {
  const request = {
    labels: Object.fromEntries(axes.map(({id, labels}) => [id, labels])),
    ordinal: Object.fromEntries(axes.map(({id, kind}) => [id, kind === "ordinal"])),
    files: runs.map(({folder}) => join(folder, "predictions.parquet"))
  };
  const script = join(ROOT, "test/python/recompute_measures.py");
  const {stdout, stderr, status} = spawnSync(PYTHON, [script], {
    input: JSON.stringify(request),
    encoding: "utf8",
    maxBuffer: 2 ** 28
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Recomputed;
}

test("all measures agree with scikit-learn to 1e-9", async (t) => {
  if (!existsSync(PYTHON))
    return t.skip(`there is no ${PYTHON}: measures were not compared with scikit-learn`);
  const [first] = SMALL.axes;
  const axes = [...SMALL.axes, {...first!, id: "kind", kind: "nominal" as const}];
  await inScratch(async (folder) => {
    const input = await writeSyntheticRuns(join(folder, "runs"), {axes});
    await writeTables(input, join(folder, "tables"));
    const {levels} = await readCubes(join(folder, "tables"));
    const recomputed = recompute(input);
    let compared = 0;
    for (const {job, folder: runFolder} of input.runs) {
      const system = job.kind === "train" ? `${job.arm.mode}` : job.kind === "baseline" ? job.baseline : "";
      const seed = job.kind === "train" ? String(job.seed) : "all";
      for (const [cell, values] of Object.entries(recomputed[join(runFolder, "predictions.parquet")]!)) {
        for (const {id} of RECOMPUTED) {
          const row = levels.find(
            (one) =>
              one.system.split(".")[0] === system &&
              one.seed === seed &&
              `${one.corpus}|${one.axis}` === cell &&
              one.measure === id
          );
          assert.ok(row, `levels lack ${system} ${seed} ${cell} ${id}`);
          const expected = values[id];
          if (expected === null) assert.equal(row.value, null, `${system} ${cell} ${id}`);
          else
            assert.ok(
              Math.abs(row.value! - expected) < 1e-9,
              `${system} ${cell} ${id}: ${row.value} against ${expected}`
            );
          compared += 1;
        }
      }
    }
    assert.equal(compared, input.runs.length * 3 * 4 * RECOMPUTED.length);
  });
});
