/** What is on its way in batches, on disk: a start after a kill collects it instead of paying again. */
import {mkdir, readdir, readFile, rm} from "node:fs/promises";
import {join} from "node:path";
import type {VoteRequest} from "../../src/core/judging/votes.js";
import {writeAtomically} from "../stages/atomic-files.js";

/** A question in a batch, with all that its vote needs. */
export interface BatchEntry {
  key: string;
  /** From 1. */
  attempt: number;
  /** Length of its prompt. */
  bytes: number;
  request: Omit<VoteRequest, "messages">;
}

export interface BatchLedger {
  /** Our own name of the batch, which the service keeps beside it. */
  token: string;
  /** Name of the judge's log: service and model. */
  log: string;
  /** The service's name of the batch; null while it is being sent. */
  batch: string | null;
  /** Which form of replies was asked for, counted by this process' `ReplyForm`; -1 for what another process sent. */
  form: number;
  entries: BatchEntry[];
}

/** Batches that were sent, or may have been, and are not collected. */
export async function readLedgers(folder: string): Promise<BatchLedger[]> {
  const names = await readdir(ledgerFolder(folder)).catch(() => []);
  const texts = await Promise.all(
    names
      .filter((name) => name.endsWith(".json"))
      .map((name) => readFile(join(ledgerFolder(folder), name), "utf8"))
  );
  return texts.map((text) => ({...(JSON.parse(text) as BatchLedger), form: -1}));
}

export async function writeLedger(folder: string, ledger: BatchLedger): Promise<void> {
  await mkdir(ledgerFolder(folder), {recursive: true});
  await writeAtomically(fileOf(folder, ledger), JSON.stringify(ledger));
}

export async function removeLedger(folder: string, ledger: BatchLedger): Promise<void> {
  await rm(fileOf(folder, ledger), {force: true});
}

function ledgerFolder(folder: string): string {
  return join(folder, "batches");
}

function fileOf(folder: string, {token}: BatchLedger): string {
  return join(ledgerFolder(folder), `${token}.json`);
}
