import assert from "node:assert/strict";
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterEach, describe, it} from "node:test";
import {HubClient} from "../../data-loaders/fetch/hub-client.js";
import {fetchModelFiles, hasTokenizer, modelFile} from "../../data-loaders/fetch/model-files.js";
import {readFile} from "node:fs/promises";
import {BadInput} from "../../src/core/bad-input.js";
import type {HubDataset} from "./fake-hub.js";
import {REVISION, TOKEN} from "./fake-hub.js";
import {fetching, noise} from "./hub-sample.js";
import type {Fetching} from "./hub-sample.js";

const MODEL: HubDataset = {
  kind: "model",
  id: "makers/small-llama",
  files: [
    {path: "config.json", bytes: Buffer.from(`{"model_type": "llama"}`), lfs: false},
    {path: "model.safetensors", bytes: noise(50_000, 4), lfs: true},
    {path: "tokenizer.json", bytes: noise(20_000, 5), lfs: true}
  ]
};
const ASKED = {hub: MODEL.id, revision: REVISION};

describe("the small files of a model on the hub", () => {
  let here: Fetching;
  afterEach(() => here.end());

  const fetch = async (model = ASKED, token: string | null = TOKEN): Promise<void> => {
    const patience = {tries: 2, first: 5, longest: 50};
    const client = new HubClient({endpoint: here.hub.endpoint, token}, {patience, silence: 1_000});
    await fetchModelFiles(client, here.store, model, {note: () => undefined});
  };
  const refusedWith = (error: unknown, ...says: RegExp[]): boolean => {
    assert.ok(error instanceof BadInput, String(error));
    for (const each of says) assert.match(error.message, each);
    return true;
  };

  it("are fetched once, without the weights, and lie beside those of datasets", async () => {
    here = await fetching([MODEL]);
    assert.equal(hasTokenizer(ASKED, here.store), false);
    await fetch();
    assert.ok(hasTokenizer(ASKED, here.store));
    const file = modelFile(ASKED, "tokenizer.json", here.store)!;
    assert.equal(
      file,
      here.store.path("fetched", "models", "makers--small-llama", REVISION, "tokenizer.json")
    );
    assert.ok((await readFile(file)).equals(noise(20_000, 5)));
    assert.deepEqual(here.hub.downloads("model.safetensors"), []);
    const asked = here.hub.asked.length;
    await fetch();
    assert.equal(here.hub.asked.length, asked);
  });

  it("are taken from the hub client's own cache where that has them", async () => {
    here = await fetching([MODEL]);
    const cache = here.store.path("cache");
    const snapshot = join(cache, "models--makers--small-llama", "snapshots", REVISION);
    await mkdir(snapshot, {recursive: true});
    await writeFile(join(snapshot, "tokenizer.json"), "{}");
    const at = (env: NodeJS.ProcessEnv) => modelFile(ASKED, "tokenizer.json", here.store, env);
    assert.equal(at({HF_HUB_CACHE: cache}), join(snapshot, "tokenizer.json"));
    assert.match(at({HF_HUB_CACHE: here.store.path("none")})!, /fetched/);
  });

  it("a model without tokenizer.json is refused, and says what works", async () => {
    here = await fetching([{...MODEL, files: MODEL.files.slice(0, 2)}]);
    await assert.rejects(fetch(), (error) =>
      refusedWith(error, /tokenizer\.json beside the model's weights/, /save_pretrained/, /folder/)
    );
  });

  it("a model that is not there, or a commit: the study's keys for a model are named", async () => {
    here = await fetching([MODEL, {...MODEL, kind: undefined, id: "makers/data"}]);
    await assert.rejects(fetch({...ASKED, hub: "makers/data"}), (error) =>
      refusedWith(error, /a model that can be read/, /Check `model\.hub`/)
    );
    await assert.rejects(fetch({...ASKED, revision: "f".repeat(40)}), (error) =>
      refusedWith(error, /`model\.revision`/, /\/makers\/small-llama\/commits\/main/)
    );
  });

  it("a gated model says where its terms are accepted", async () => {
    here = await fetching([{...MODEL, gated: "auto"}]);
    await assert.rejects(fetch(ASKED, null), (error) =>
      refusedWith(error, /accepted its terms/, new RegExp(`${here.hub.endpoint}/makers/small-llama`))
    );
  });

  it("without a network, that is what is said", async () => {
    here = await fetching([MODEL]);
    await here.hub.stop();
    await assert.rejects(fetch(), (error) => refusedWith(error, /no connection/, /HF_ENDPOINT/));
  });
});
