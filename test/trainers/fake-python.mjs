#!/usr/bin/env node
// @ts-check
/**
 * Stands for `python -m because_trainer worker`: reads run ids, one line a group, and does with each what its first letter
 * says.
 * a: done · d: dies the first time, then done · e: dies always · f: a failed manifest · c: says done but leaves nothing ·
 * b: stays busy until it is told to stop
 */
import {createHash} from "node:crypto";
import {appendFileSync, existsSync, mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {createInterface} from "node:readline";

const runs = process.argv[process.argv.indexOf("--runs") + 1] ?? "";
/** @param {string} text */
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

/** @param {string} run @param {string} status @param {string} reason */
function leaveManifest(run, status, reason) {
  const content = `predictions of ${run}`;
  writeFileSync(join(runs, run, "predictions.parquet"), content);
  const manifest = {
    contract: 1,
    run,
    kind: "train",
    status,
    reason,
    job_sha256: sha256("job"),
    trainer_version: "fake",
    files: {"predictions.parquet": {sha256: sha256(content), bytes: content.length, rows: 1}},
    libraries: {},
    device: {kind: "cpu", name: "fake", threads: 1, instruction_set: "none"},
    started: 0,
    finished: 1,
    wall_seconds: 1,
    train_seconds: 1,
    score_seconds: 0,
    peak_memory_bytes: 1,
    parameters: 1,
    steps: 1,
    examples: 1,
    tokens: 1,
    label_tokens: 1,
    explanation_tokens: 0,
    truncated_rows: 0,
    resumed: 0
  };
  writeFileSync(join(runs, run, "manifest.json"), JSON.stringify(manifest));
}

process.on("SIGTERM", () => process.exit(143));

for await (const line of createInterface({input: process.stdin}))
  for (const run of line.split(" ")) await train(run, line);

/** @param {string} run @param {string} asked */
async function train(run, asked) {
  const folder = join(runs, run);
  mkdirSync(folder, {recursive: true});
  writeFileSync(join(folder, "asked"), asked);
  writeFileSync(join(folder, "devices"), process.env.CUDA_VISIBLE_DEVICES ?? "");
  appendFileSync(join(folder, "tries"), "x");
  const kind = run[0];
  if (kind === "e" || (kind === "d" && !existsSync(join(folder, "died")))) {
    writeFileSync(join(folder, "died"), "");
    process.stderr.write("something dreadful\n");
    process.kill(process.pid, "SIGKILL");
  }
  if (kind === "b") {
    appendFileSync(
      join(folder, "progress.jsonl"),
      `${JSON.stringify({event: "step", time: 1, step: 3, steps: 9, loss: 1.5})}\n{"half`
    );
    await new Promise(() => setInterval(() => undefined, 1000));
  }
  if (kind === "f") leaveManifest(run, "failed", "The loss is not a number at step 3.");
  else if (kind !== "c") leaveManifest(run, "done", "finished");
  process.stdout.write(
    `${JSON.stringify({run, status: kind === "f" ? "failed" : "done", reason: "as said"})}\n`
  );
}
