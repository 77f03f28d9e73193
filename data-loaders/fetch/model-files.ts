/**
 * The small files of a study's model that the pipeline reads itself: the tokenizer, by which lengths are counted and
 * matched, and the configuration, from which sizes are estimated. Weights are the trainer's, which has them from the
 * hub's own cache; where that cache holds these files too, they are taken from there.
 */
import {existsSync} from "node:fs";
import {homedir} from "node:os";
import {join} from "node:path";
import type {Study} from "../../src/core/study.js";
import type {Store} from "../stages/store.js";
import {bytesLeft, fetchDataset, planFetch} from "./fetch-dataset.js";
import type {FetchReport} from "./fetch-dataset.js";
import {fetchedFolder} from "./fetched-folder.js";
import type {Hub} from "./fetched-folder.js";
import type {HubClient} from "./hub-client.js";

const TOKENIZER = "tokenizer.json";
const CONFIGURATION = "config.json";
/** With what else may lie beside them: how a conversation is put before the model. */
type ModelFile = typeof TOKENIZER | typeof CONFIGURATION | "tokenizer_config.json" | "chat_template.jinja";

/** What is fetched of a study's model; null where it is not on the hub. */
export function modelHub(model: Study["model"]): Hub | null {
  if (!("hub" in model)) return null;
  return {kind: "model", dataset: model.hub, revision: model.revision, files: [CONFIGURATION, TOKENIZER]};
}

/** Where a file of the study's model is, or will be once it is fetched; null where the model is made from scratch. */
export function modelFile(
  model: Study["model"],
  name: ModelFile,
  store: Store,
  env: NodeJS.ProcessEnv = process.env
): string | null {
  if ("folder" in model) return join(model.folder, name);
  const hub = modelHub(model);
  if (!hub) return null;
  const fetched = join(fetchedFolder(store, hub), name);
  const cached = join(cachedSnapshot(hub, env), name);
  return !existsSync(fetched) && existsSync(cached) ? cached : fetched;
}

/** Whether lengths can be counted in the model's own tokens already; true where it is made from scratch. */
export function hasTokenizer(model: Study["model"], store: Store): boolean {
  const file = modelFile(model, TOKENIZER, store);
  return file === null || existsSync(file);
}

/**
 * Fetches what the pipeline reads of a model on the hub, unless it is here.
 *
 * @throws BadInput where the hub cannot be reached, does not show the model, or the model has no `tokenizer.json`
 */
export async function fetchModelFiles(
  client: HubClient,
  store: Store,
  model: Study["model"],
  {note, signal}: {note: (text: string) => void; signal?: AbortSignal}
): Promise<void> {
  const hub = modelHub(model);
  if (!hub || hasTokenizer(model, store)) return;
  const plan = await planFetch(client, store, hub, signal);
  if (bytesLeft(plan) > 0) note(`Fetching the tokenizer of ${hub.dataset} …`);
  await fetchDataset(client, store, plan, {report: QUIET, note, signal});
}

const QUIET: FetchReport = {begin: () => undefined, advance: () => undefined, end: () => undefined};

/** Folder of a commit in the hub client's cache: HF_HUB_CACHE, else HF_HOME, else where it is by itself. */
function cachedSnapshot({dataset, revision}: Hub, env: NodeJS.ProcessEnv): string {
  const home = env.HF_HOME ?? join(env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "huggingface");
  const cache = env.HF_HUB_CACHE ?? join(home, "hub");
  return join(cache, `models--${dataset.replace("/", "--")}`, "snapshots", revision);
}
