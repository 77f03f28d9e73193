/** Imported predictions as a run log that follows the contract, without layers: nobody looked into that model here. */
import {createHash} from "node:crypto";
import {stat} from "node:fs/promises";
import {join} from "node:path";
import {CONTRACT_VERSION, LAYER_KEYS, PREDICTION_COLUMNS} from "../../src/core/contract.js";
import type {Manifest} from "../../src/core/contract.js";
import {fillFolderAtomically, writeAtomically} from "../stages/atomic-files.js";
import {canonicalJson, hashFile} from "../stages/content-hash.js";
import {Database, literal} from "../tables/database.js";
import type {MatchedRow} from "./match-predictions.js";

/** What an import is: written beside its run log, and hashed into its run id. */
export interface ImportIdentity {
  arm: string;
  seed: number;
  scope: {corpus: string; axis: string} | null;
  test: string;
  files: {name: string; sha256: string}[];
}

/** Writes `folder`, whole or not at all. */
export async function writeImportedRun(
  folder: string,
  run: string,
  identity: ImportIdentity,
  rows: MatchedRow[]
): Promise<void> {
  await fillFolderAtomically(folder, async (partial) => {
    await writeParquets(partial, rows);
    const text = `${JSON.stringify(identity, null, 2)}\n`;
    await writeAtomically(join(partial, "import.json"), text);
    const manifest = await manifestOf(partial, run, identity, {rows: rows.length, text});
    await writeAtomically(join(partial, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  });
}

async function writeParquets(folder: string, rows: MatchedRow[]): Promise<void> {
  const db = await Database.create(":memory:");
  try {
    const list = {...PREDICTION_COLUMNS, label_logits: "VARCHAR[]"}; // −∞ travels as text
    await db.createTable("predictions", list, rows.map(predictionOf));
    const columns = Object.entries(PREDICTION_COLUMNS).map(([name, type]) => `${name}::${type} AS ${name}`);
    const copy = (from: string, name: string) =>
      db.run(`COPY (${from}) TO ${literal(join(folder, name))} (FORMAT parquet, COMPRESSION zstd)`);
    await copy(`SELECT ${columns.join(", ")} FROM predictions`, "predictions.parquet");
    const keys = Object.entries(LAYER_KEYS).map(([name, type]) => `NULL::${type} AS ${name}`);
    await copy(`SELECT ${keys.join(", ")} WHERE false`, "layers.parquet");
  } finally {
    db.discard();
  }
}

/** Log-probabilities are logits whose log-sum-exp over the vocabulary is zero. */
function predictionOf({row, predicted, logits, offLabel}: MatchedRow): object {
  const {example_id, dialogue_id, corpus, axis, gold} = row;
  return {
    ...{example_id, dialogue_id, corpus, axis, gold, predicted},
    label_logits: logits.map(String),
    log_sum_exp: offLabel === null ? null : 0,
    off_label_mass: offLabel,
    truncated: null,
    prompt_tokens: null,
    generated: null,
    generated_tokens: null
  };
}

async function manifestOf(
  folder: string,
  run: string,
  {files}: ImportIdentity,
  {rows, text}: {rows: number; text: string}
): Promise<Manifest> {
  const now = Date.now() / 1000;
  const counts = {"predictions.parquet": rows, "layers.parquet": 0, "import.json": null};
  const listed = await Promise.all(
    Object.entries(counts).map(async ([name, count]) => {
      const path = join(folder, name);
      return [name, {sha256: await hashFile(path), bytes: (await stat(path)).size, rows: count}] as const;
    })
  );
  return {
    contract: CONTRACT_VERSION,
    run,
    kind: "train",
    status: "done",
    reason: `imported from ${namesOf(files)}`,
    job_sha256: createHash("sha256").update(text).digest("hex"),
    trainer_version: "imported",
    files: Object.fromEntries(listed),
    libraries: {},
    device: {kind: "imported", name: "", threads: 0, instruction_set: ""},
    ...{started: now, finished: now, wall_seconds: 0, train_seconds: 0, score_seconds: 0},
    ...{peak_memory_bytes: 0, parameters: 0, steps: 0, examples: 0, tokens: 0},
    ...{label_tokens: 0, explanation_tokens: 0, truncated_rows: 0, resumed: 0}
  };
}

/** `a.csv, b.csv`. */
export function namesOf(files: ImportIdentity["files"]): string {
  return files.map(({name}) => name).join(", ");
}

/** First 16 hex digits of a SHA-256 over what an import is. */
export function importRunId(identity: ImportIdentity): string {
  return createHash("sha256")
    .update(canonicalJson({import: identity}))
    .digest("hex")
    .slice(0, 16);
}
