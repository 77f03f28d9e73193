/** A dataset's revision: what of it is here, what is missing, and getting that. */
import {mkdir, stat} from "node:fs/promises";
import {join} from "node:path";
import {roomFor} from "../setup/disk-space.js";
import {thisMachine} from "../setup/environment.js";
import type {Machine} from "../setup/environment.js";
import {holdLock} from "../setup/lock.js";
import type {Store} from "../stages/store.js";
import {hashesOf} from "./checksum.js";
import {chooseFiles, matches} from "./choose-files.js";
import {datasetInfo, listTree} from "./dataset-info.js";
import type {TreeFile} from "./dataset-info.js";
import {downloadFile, partOf} from "./download-file.js";
import {datasetFolder, fetchedFolder, readFetched, writeFetched} from "./fetched-folder.js";
import type {FetchedDataset, FetchedFile, Hub} from "./fetched-folder.js";
import type {HubClient} from "./hub-client.js";

/** Files downloaded at a time. */
const AT_A_TIME = 4;
/** Free bytes left besides what is downloaded. */
const MARGIN = 100e6;

/** What a dataset's files take, before anything is downloaded. */
export interface FetchPlan {
  hub: Hub;
  licence: string | null;
  gated: boolean;
  /** Of the hub where it was asked; as recorded where nothing is missing. */
  files: {path: string; bytes: number}[];
  /** To be downloaded, and how many of their bytes are here already. */
  missing: TreeFile[];
  bytesHere: number;
}

/** Where bytes are reported. */
export interface FetchReport {
  begin(plan: FetchPlan): void;
  advance(bytes: number): void;
  end(): void;
}

/**
 * What there is to do. Where all files are here and unchanged, the hub is not asked at all.
 *
 * @throws BadInput where the hub has no such dataset, commit or file
 */
export async function planFetch(
  client: HubClient,
  store: Store,
  hub: Hub,
  signal?: AbortSignal
): Promise<FetchPlan> {
  const record = await readFetched(store, hub);
  const whole = record ? await unchanged(record, fetchedFolder(store, hub)) : [];
  if (record && hub.files.every((pattern) => record.patterns.includes(pattern))) {
    const wanted = record.files.filter(({path}) => hub.files.some((pattern) => matches(pattern, path)));
    if (wanted.every((file) => whole.includes(file)))
      return {hub, licence: record.licence, gated: false, files: wanted, missing: [], bytesHere: 0};
  }
  const {licence, gated} = await datasetInfo(client, hub, signal);
  const files = chooseFiles(hub, hub.files, await listTree(client, hub, signal));
  const missing = files.filter(({path}) => !whole.some((file) => file.path === path));
  const parts = await Promise.all(missing.map((file) => partSize(file, fetchedFolder(store, hub))));
  return {hub, licence, gated, files, missing, bytesHere: parts.reduce((sum, bytes) => sum + bytes, 0)};
}

/** Files of a record that are there, with the bytes that were verified. */
async function unchanged(record: FetchedDataset, folder: string): Promise<FetchedFile[]> {
  const checks = record.files.map(async (file) => {
    const path = join(folder, file.path);
    const found = await stat(path).catch(() => null);
    return found?.size === file.bytes && (await hashesOf(path)).sha256 === file.sha256 ? [file] : [];
  });
  return (await Promise.all(checks)).flat();
}

async function partSize(file: TreeFile, folder: string): Promise<number> {
  const found = await stat(partOf(folder, file)).catch(() => null);
  return Math.min(found?.size ?? 0, file.bytes);
}

export interface FetchOptions {
  report: FetchReport;
  note: (text: string) => void;
  signal?: AbortSignal;
  machine?: Machine;
}

/**
 * Downloads what a plan misses and records it, file by file, so that a killed fetch loses no file that was whole.
 *
 * @throws BadInput where there is no room, or the hub does not give the files
 */
export async function fetchDataset(
  client: HubClient,
  store: Store,
  plan: FetchPlan,
  {report, note, signal, machine = thisMachine}: FetchOptions
): Promise<FetchedDataset> {
  const {hub} = plan;
  const folder = fetchedFolder(store, hub);
  await mkdir(folder, {recursive: true});
  const lock = join(datasetFolder(store, hub), "fetch.lock");
  let waited = false;
  const waiting = (): void => {
    waited = true;
    note(`Another fetch of ${hub.dataset} is at work: waiting …`);
  };
  const release = await holdLock(lock, waiting, signal);
  try {
    if (waited) plan = await planFetch(client, store, hub, signal); // the other may have done it all
    report.begin(plan);
    const left = bytesLeft(plan);
    if (left > 0) await roomFor(store.root, left + MARGIN, `the files of ${hub.dataset}`, machine);
    return await downloadAll(client, store, plan, {report, note, signal});
  } finally {
    report.end();
    await release();
  }
}

/** Bytes that have to be downloaded. */
export function bytesLeft({missing, bytesHere}: FetchPlan): number {
  return missing.reduce((sum, {bytes}) => sum + bytes, 0) - bytesHere;
}

async function downloadAll(
  client: HubClient,
  store: Store,
  {hub, licence, missing}: FetchPlan,
  {report, signal}: FetchOptions
): Promise<FetchedDataset> {
  const before = await readFetched(store, hub);
  let record: FetchedDataset = {
    ...(hub.kind ? {kind: hub.kind} : {}),
    dataset: hub.dataset,
    revision: hub.revision,
    licence,
    host: before?.host ?? client.host,
    fetched_at: before?.fetched_at ?? new Date().toISOString(),
    patterns: before?.patterns ?? [],
    files: before?.files ?? []
  };
  // One failure ends the others, which would otherwise go on after it was reported.
  const failure = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  const download = {
    client,
    hub,
    folder: fetchedFolder(store, hub),
    advance: (bytes: number) => report.advance(bytes),
    signal: stop
  };
  let saved: Promise<void> = Promise.resolve();
  const queue = [...missing];
  const work = async (): Promise<void> => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      const fetched = await downloadFile(file, download);
      const others = record.files.filter(({path}) => path !== fetched.path);
      record = {
        ...record,
        host: client.host,
        fetched_at: new Date().toISOString(),
        files: [...others, fetched]
      };
      await (saved = saved.then(() => writeFetched(store, record)));
    }
  };
  const workers = Array.from({length: Math.min(AT_A_TIME, queue.length)}, () =>
    work().catch((error: unknown) => {
      failure.abort(error);
      throw error;
    })
  );
  await Promise.allSettled(workers);
  signal?.throwIfAborted();
  failure.signal.throwIfAborted();
  const files = [...record.files].sort((a, b) => (a.path < b.path ? -1 : 1));
  record = {...record, licence, patterns: [...new Set([...record.patterns, ...hub.files])].sort(), files};
  if (missing.length > 0 || !before || hub.files.some((pattern) => !before.patterns.includes(pattern)))
    await writeFetched(store, record);
  return record;
}
