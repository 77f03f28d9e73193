/** Where fetched datasets lie in the store, and the record of what was fetched, by whom it may be used, and when. */
import {readFileSync} from "node:fs";
import {readFile, stat} from "node:fs/promises";
import {join} from "node:path";
import {z} from "zod";
import {BadInput} from "../../src/core/bad-input.js";
import type {CorpusConfig, PublishedCorpusConfig} from "../../src/core/study.js";
import {writeAtomically} from "../stages/atomic-files.js";
import type {Store} from "../stages/store.js";
import {matches} from "./choose-files.js";
import type {Repository} from "./repository.js";

/** A dataset or model on the hub, at one commit, and which of its files are wanted. */
export type Hub = NonNullable<PublishedCorpusConfig["hub"]> & Pick<Repository, "kind">;

const FetchedFile = z.strictObject({
  /** In the dataset, with `/` between folders. */
  path: z.string(),
  bytes: z.int(),
  /** 64 hex digits. */
  sha256: z.string()
});
export type FetchedFile = z.infer<typeof FetchedFile>;

const FetchedDataset = z.strictObject({
  kind: z.literal("model").optional(),
  dataset: z.string(),
  revision: z.string(),
  /** As the hub names it; null where the dataset states none. */
  licence: z.string().nullable(),
  /** Host that the files came from, without token or path. */
  host: z.string(),
  /** ISO 8601, UTC: when the last of the files arrived. */
  fetched_at: z.string(),
  /** Patterns whose files are all here. */
  patterns: z.array(z.string()),
  files: z.array(FetchedFile)
});
/** What `fetched.json` says: a file is fetched when it stands there, and its bytes have this hash. */
export type FetchedDataset = z.infer<typeof FetchedDataset>;

/** Folder of a dataset or model: all its revisions, and the lock of whoever fetches. */
export function datasetFolder(store: Store, {kind, dataset}: Pick<Repository, "kind" | "dataset">): string {
  return store.path("fetched", ...(kind === "model" ? ["models"] : []), dataset.replace("/", "--"));
}

/** Where the files of a dataset's revision lie, at their paths in the dataset. */
export function fetchedFolder(store: Store, repository: Repository): string {
  return join(datasetFolder(store, repository), repository.revision);
}

/** The record of a revision. It lies beside the files, since a dataset may have a file of any name. */
export function recordFile(store: Store, hub: Repository): string {
  return `${fetchedFolder(store, hub)}.fetched.json`;
}

/** What was fetched of a dataset's revision; null for nothing. */
export async function readFetched(store: Store, hub: Repository): Promise<FetchedDataset | null> {
  return recordIn(await readFile(recordFile(store, hub), "utf8").catch(() => ""));
}

/** The licence that came with a corpus' files; null where none did, or the corpus is read from a `path`. */
export function fetchedLicence(store: Store, config: CorpusConfig): string | null {
  if (!("hub" in config) || !config.hub || config.path !== undefined) return null;
  try {
    return recordIn(readFileSync(recordFile(store, config.hub), "utf8"))?.licence ?? null;
  } catch {
    return null;
  }
}

/** Null for what is no record: whatever wrote it, the next fetch writes it anew. */
function recordIn(text: string): FetchedDataset | null {
  try {
    return FetchedDataset.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export async function writeFetched(store: Store, record: FetchedDataset): Promise<void> {
  await writeAtomically(recordFile(store, record), `${JSON.stringify(record, null, 2)}\n`);
}

/**
 * The files that a corpus asks of the hub, as paths on this disk, sorted.
 *
 * @param corpus names the corpus in the message
 * @throws BadInput where one is not there, or is not as long as when it was fetched
 */
export async function fetchedFiles(store: Store, hub: Hub, corpus: string): Promise<string[]> {
  const record = await readFetched(store, hub);
  const missing = hub.files.filter((pattern) => !record?.patterns.includes(pattern));
  if (!record || missing.length > 0)
    throw notFetched(
      hub,
      corpus,
      missing.length < hub.files.length ? `all but ${missing.join(", ")}` : "nothing of it"
    );
  const folder = fetchedFolder(store, hub);
  const wanted = record.files.filter(({path}) => hub.files.some((pattern) => matches(pattern, path)));
  for (const {path, bytes} of wanted) {
    const found = await stat(join(folder, path)).catch(() => null);
    if (found?.size !== bytes)
      throw notFetched(
        hub,
        corpus,
        found ? `${path} with ${found.size} bytes instead of ${bytes}` : `no ${path}`
      );
  }
  return wanted.map(({path}) => join(folder, path)).sort();
}

function notFetched({dataset, revision}: Hub, corpus: string, found: string): BadInput {
  return new BadInput({
    where: `corpus ${corpus}`,
    expected: `its files of ${dataset} (revision ${revision.slice(0, 8)}) in the store`,
    found,
    mend: "Download them with `npx because fetch` and the study's `--study`, or name a `path` where you have them."
  });
}
