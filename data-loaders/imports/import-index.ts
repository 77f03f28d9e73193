/**
 * Which predictions of other trainers a study has: a list beside what the store knows of it. An import whose run log was
 * removed (`because clean --runs`) is forgotten.
 */
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import type {TrainJob} from "../../src/core/contract.js";
import {exists, writeAtomically} from "../stages/atomic-files.js";
import {canonicalJson} from "../stages/content-hash.js";
import type {Context} from "../stages/context.js";

export interface ImportRecord {
  /** Run id of its run log. */
  run: string;
  arm: string;
  seed: number;
  scope: TrainJob["scope"];
  /** Hash of the test rows that it predicts: with others it no longer counts. */
  test: string;
  /** Names of the files, for people. */
  from: string;
}

/** Imports of a study whose run logs are there. */
export async function readImports({store, file}: Context): Promise<ImportRecord[]> {
  const text = await readFile(store.path("studies", file.id, FILE), "utf8").catch(() => "[]");
  const records = JSON.parse(text) as ImportRecord[];
  const there = await Promise.all(records.map(({run}) => exists(join(store.runs, run, "manifest.json"))));
  return records.filter((_, i) => there[i]);
}

/** Notes imports; each replaces what stood for its arm, seed and setting. */
export async function addImports(context: Context, added: ImportRecord[]): Promise<void> {
  const places = new Set(added.map(placeOf));
  const kept = (await readImports(context)).filter((record) => !places.has(placeOf(record)));
  const file = context.store.path("studies", context.file.id, FILE);
  await writeAtomically(file, `${JSON.stringify([...kept, ...added], null, 2)}\n`);
}

/**
 * Takes an arm's and seed's imports back, in all settings; their run logs stay until `because clean --runs`.
 *
 * @returns those removed
 */
export async function removeImports(
  context: Context,
  {arm, seed}: Pick<ImportRecord, "arm" | "seed">
): Promise<ImportRecord[]> {
  const all = await readImports(context);
  const removed = all.filter((record) => record.arm === arm && record.seed === seed);
  const kept = all.filter((record) => !removed.includes(record));
  const file = context.store.path("studies", context.file.id, FILE);
  if (removed.length > 0) await writeAtomically(file, `${JSON.stringify(kept, null, 2)}\n`);
  return removed;
}

const FILE = "imports.json";

/** What of a study an import stands for. */
export function placeOf({arm, seed, scope}: Pick<ImportRecord, "arm" | "seed" | "scope">): string {
  return canonicalJson([arm, seed, scope]);
}
