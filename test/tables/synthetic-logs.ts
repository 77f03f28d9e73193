/** Files of a run log: Parquet, and a manifest whose hashes hold. */
import {createHash} from "node:crypto";
import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {CONTRACT_VERSION, type Manifest} from "../../src/core/contract.js";
import {alongFiles} from "../../data-loaders/tables/along-rows.js";
import {Database, literal} from "../../data-loaders/tables/database.js";
import type {RunInput} from "../../data-loaders/tables/tables-input.js";
import {PREDICTION_TYPES, type SyntheticPrediction} from "./synthetic-predictions.js";

/** Replaces a Parquet file by other rows. */
export async function writeParquet(
  db: Database,
  path: string,
  types: Record<string, string>,
  rows: object[]
): Promise<void> {
  await db.run("DROP TABLE IF EXISTS made");
  await db.createTable("made", types, rows);
  await db.run(`COPY made TO ${literal(path)} (FORMAT parquet)`);
}

/** Rewrites one run's predictions, row by row, and its manifest with the new hash. */
export async function changePredictions(
  run: RunInput,
  change: (row: SyntheticPrediction, i: number, rows: SyntheticPrediction[]) => SyntheticPrediction
): Promise<void> {
  const db = await Database.create(":memory:");
  const path = join(run.folder, "predictions.parquet");
  const rows = (await db.rows(`FROM read_parquet(${literal(path)})`)) as unknown as SyntheticPrediction[];
  // JSON has neither NaN nor infinities: they travel as text.
  const changed = rows.map(change).map((row) => ({...row, label_logits: row.label_logits.map(String)}));
  await writeParquet(db, path, {...PREDICTION_TYPES, label_logits: "VARCHAR[]"}, changed);
  db.discard();
  await writeManifest(run);
}

/** Writes a manifest that fits the files as they are. `change` overrides parts of it. */
export async function writeManifest(
  {run, job, folder}: RunInput,
  change: Partial<Manifest> = {}
): Promise<void> {
  const names =
    job.kind === "train"
      ? ["predictions.parquet", "layers.parquet", "progress.jsonl", ...alongFiles(job, "cpu")]
      : ["predictions.parquet"];
  const files: Manifest["files"] = {};
  for (const name of names) {
    const bytes = await readFile(join(folder, name));
    files[name] = {sha256: sha256(bytes), bytes: bytes.length, rows: null};
  }
  const manifest: Manifest = {
    contract: CONTRACT_VERSION,
    run,
    kind: job.kind,
    status: "done",
    reason: "finished",
    job_sha256: sha256(JSON.stringify(job)),
    trainer_version: "0",
    files,
    libraries: {torch: "2", numpy: "2"},
    device: {kind: "cpu", name: "test", threads: 1, instruction_set: "none"},
    started: 1000,
    finished: 1010,
    wall_seconds: 10,
    train_seconds: 5,
    score_seconds: 1,
    peak_memory_bytes: 1,
    parameters: job.kind === "train" ? 240000 : 0,
    steps: 200,
    examples: 1600,
    tokens: 1000,
    label_tokens: 100,
    explanation_tokens: 0,
    truncated_rows: 0,
    resumed: job.kind === "train" ? 1 : 0, // nothing else leaves checkpoints
    ...change
  };
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
}

/** In hexadecimal. */
export function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
