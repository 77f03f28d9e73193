/** One file of a dataset: downloaded where it broke off, verified, and renamed into place. */
import {mkdir, open, rename, rm, stat} from "node:fs/promises";
import type {FileHandle} from "node:fs/promises";
import {dirname, join} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import {agrees, hashesOf} from "./checksum.js";
import type {TreeFile} from "./dataset-info.js";
import type {FetchedFile} from "./fetched-folder.js";
import type {Answer, HubClient} from "./hub-client.js";
import {PassingTrouble} from "./patience.js";
import {keysOf, pagePath} from "./repository.js";
import type {Repository} from "./repository.js";

/** Downloads from the first byte on before bytes that are not the hub's are believed to be all there is. */
const WHOLE_TRIES = 2;
/** Digits of the checksum in a part's name: a part of other content is never continued. */
const NAMED_BY = 12;

/** What a download needs to know. */
export interface Download {
  client: HubClient;
  hub: Repository;
  /** Where the dataset's files lie. */
  folder: string;
  /** Bytes that arrived; negative where some were thrown away. */
  advance: (bytes: number) => void;
  signal?: AbortSignal;
}

/** Where a file lies while it is not whole. */
export function partOf(folder: string, {path, checksum}: TreeFile): string {
  return `${join(folder, path)}.${checksum.digest.slice(0, NAMED_BY)}.part`;
}

/**
 * Downloads a file, going on from its `.part` where there is one.
 *
 * @throws BadInput where the hub refuses it, or sends other bytes than it promised
 */
export async function downloadFile(file: TreeFile, download: Download): Promise<FetchedFile> {
  const {folder, advance} = download;
  const part = partOf(folder, file);
  await mkdir(dirname(part), {recursive: true});
  for (let tries = 1; ; tries++) {
    const resumed = (await sizeOf(part)) > 0;
    await fill(file, part, download);
    const hashes = await hashesOf(part);
    if (agrees(hashes, file.checksum)) {
      await rename(part, join(folder, file.path));
      return {path: file.path, bytes: hashes.bytes, sha256: hashes.sha256};
    }
    await rm(part, {force: true});
    if (resumed) tries--; // its beginning may be what was wrong
    if (tries >= WHOLE_TRIES) throw otherBytes(file, download);
    advance(-file.bytes);
  }
}

/** Fills a part up to the file's length, over as many connections as it takes. */
async function fill(file: TreeFile, part: string, download: Download): Promise<void> {
  if ((await sizeOf(part)) > file.bytes) await rm(part, {force: true});
  const handle = await open(part, "a+");
  let gained = 0;
  try {
    await download.client.patiently(
      download.hub.dataset,
      download.signal,
      async () => {
        gained = 0;
        await continuePart(file, handle, download, (bytes) => (gained += bytes));
      },
      () => gained > 0
    );
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** One connection's worth of a file, appended to its part. */
async function continuePart(
  file: TreeFile,
  handle: FileHandle,
  {client, hub, advance, signal}: Download,
  gain: (bytes: number) => void
): Promise<void> {
  let have = (await handle.stat()).size;
  if (have === file.bytes) return;
  const path = `${pagePath(hub)}/resolve/${hub.revision}/${file.path.split("/").map(encodeURIComponent).join("/")}`;
  const headers: Record<string, string> = have > 0 ? {range: `bytes=${have}-`} : {};
  const answer = await client.open(path, hub.dataset, {headers, signal});
  try {
    expectCommit(answer.hubHeaders, client, hub);
    if (have > 0 && !continuesAt(answer.response, have)) {
      await handle.truncate(0);
      advance(-have);
      have = 0;
      if (answer.response.status !== 200) throw new PassingTrouble("another part than was asked for");
    }
    for await (const chunk of chunksOf(answer)) {
      if (have + chunk.length > file.bytes) {
        await handle.truncate(0);
        throw longer(file, client, hub);
      }
      await handle.appendFile(chunk);
      have += chunk.length;
      gain(chunk.length);
      advance(chunk.length);
    }
  } catch (error) {
    throw error instanceof BadInput || error instanceof PassingTrouble ? error : client.interrupted(error);
  } finally {
    answer.end();
  }
  if (have < file.bytes) throw new PassingTrouble("a connection that broke off");
}

/** The bytes of an answer as they arrive. Whoever stops reading closes the connection. */
async function* chunksOf({response, heard}: Answer): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (let {done, value} = await reader.read(); !done; {done, value} = await reader.read()) {
      heard();
      if (value) yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Whether the answer is the rest from some byte on. A server may ignore the range and send all. */
function continuesAt({status, headers}: Response, byte: number): boolean {
  return status === 206 && (headers.get("content-range") ?? "").startsWith(`bytes ${byte}-`);
}

/** A mirror that serves a branch's latest files under any revision must not pass. */
function expectCommit(headers: Headers, {host}: HubClient, hub: Repository): void {
  const {dataset, revision} = hub;
  const commit = headers.get("x-repo-commit");
  if (commit === null || commit === revision) return;
  throw new BadInput({
    where: `${dataset} at ${host}`,
    expected: `files of commit ${revision}`,
    found: `files of commit ${commit}`,
    mend: `Set ${keysOf(hub).revision} to a commit that this hub has, or HF_ENDPOINT to another hub.`
  });
}

function longer({path, bytes}: TreeFile, {host}: HubClient, {dataset}: Download["hub"]): BadInput {
  return new BadInput({
    where: `${dataset}, ${path}`,
    expected: `${bytes} bytes, as ${host} lists it`,
    found: "more",
    mend: "Fetch again; if it stays so, try another hub (HF_ENDPOINT), or name a `path` where you have the file."
  });
}

function otherBytes({path, checksum}: TreeFile, {client, hub}: Download): BadInput {
  return new BadInput({
    where: `${hub.dataset}, ${path}`,
    expected: `bytes whose ${checksum.kind === "sha256" ? "SHA-256" : "git SHA-1"} is ${checksum.digest}, as ${client.host} lists it`,
    found: `other bytes, ${WHOLE_TRIES} times; they were thrown away`,
    mend: "A proxy or mirror may change files: try another network or hub (HF_ENDPOINT), or name a `path` where you have the file."
  });
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({size}) => size,
    () => 0
  );
}
