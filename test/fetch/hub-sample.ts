/** A dataset to fetch, and what fetching needs, with pauses of milliseconds. */
import {mkdtemp, readdir, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fetchDataset, planFetch} from "../../data-loaders/fetch/fetch-dataset.js";
import type {FetchReport} from "../../data-loaders/fetch/fetch-dataset.js";
import type {FetchedDataset, Hub} from "../../data-loaders/fetch/fetched-folder.js";
import {HubClient} from "../../data-loaders/fetch/hub-client.js";
import type {Machine} from "../../data-loaders/setup/environment.js";
import {Store} from "../../data-loaders/stages/store.js";
import {FakeHub, REVISION, TOKEN} from "./fake-hub.js";
import type {HubDataset} from "./fake-hub.js";

export const LARGE = "data/train-00000-of-00001.parquet";
export const SMALL = "data/a name with spaces & ümlauts?.jsonl";

/** Bytes that are the same at every run and nowhere alike. */
export function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0, state = seed; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

export const DATASET: HubDataset = {
  id: "talks/arena",
  cardData: {license: "cc-by-4.0"},
  files: [
    {path: "README.md", bytes: Buffer.from("---\nlicense: cc-by-4.0\n---\n"), lfs: false},
    {path: LARGE, bytes: noise(400_000, 1), lfs: true},
    {path: SMALL, bytes: noise(9_000, 2), lfs: false},
    {path: "data/test.parquet", bytes: noise(30_000, 3), lfs: true},
    {path: "empty.txt", bytes: Buffer.alloc(0), lfs: false}
  ]
};

export const HUB: Hub = {dataset: DATASET.id, revision: REVISION, files: ["data/*", "empty.txt"]};

export interface Fetching {
  hub: FakeHub;
  store: Store;
  notes: string[];
  /** Bytes reported, first those that were here. */
  reported: number[];
  fetch(options?: {
    hub?: Hub;
    token?: string | null;
    machine?: Machine;
    signal?: AbortSignal;
  }): Promise<FetchedDataset>;
  end(): Promise<void>;
}

/** A fake hub with some datasets, and an empty store. */
export async function fetching(datasets: HubDataset[] = [DATASET]): Promise<Fetching> {
  const hub = await new FakeHub(datasets).start();
  const folder = await mkdtemp(join(tmpdir(), "because-fetch-"));
  const store = new Store(folder);
  const notes: string[] = [];
  const reported: number[] = [];
  const report: FetchReport = {
    begin: ({bytesHere}) => void reported.push(bytesHere),
    advance: (bytes) => void reported.push(bytes),
    end: () => undefined
  };
  const note = (text: string): void => void notes.push(text);
  return {
    hub,
    store,
    notes,
    reported,
    async fetch({hub: asked = HUB, token = TOKEN, machine, signal} = {}) {
      const patience = {tries: 4, first: 5, longest: 2_000};
      const client = new HubClient({endpoint: hub.endpoint, token}, {patience, silence: 1_000, note});
      const plan = await planFetch(client, store, asked, signal);
      return fetchDataset(client, store, plan, {report, note, machine, signal});
    },
    async end() {
      await hub.stop();
      await rm(folder, {recursive: true});
    }
  };
}

/** Every file below a folder, as path → bytes. */
export async function filesBelow(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true}).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async (file) => [file.slice(folder.length + 1), await readFile(file)] as const)
    )
  );
}
