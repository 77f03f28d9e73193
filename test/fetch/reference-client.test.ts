/** The fake hub against the hub's own client: what we are tested with must be what the protocol is. */
import assert from "node:assert/strict";
import {execFile} from "node:child_process";
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {it} from "node:test";
import {promisify} from "node:util";
import {fetchedFolder} from "../../data-loaders/fetch/fetched-folder.js";
import {isolated} from "../../data-loaders/setup/environment.js";
import {ensurePython} from "../../data-loaders/setup/python-environment.js";
import {Store} from "../../data-loaders/stages/store.js";
import {REVISION, TOKEN} from "./fake-hub.js";
import {DATASET, fetching, filesBelow, HUB} from "./hub-sample.js";

const SNAPSHOT = `
import json, sys
from huggingface_hub import HfApi, snapshot_download
dataset, revision, target, patterns = *sys.argv[1:4], json.loads(sys.argv[4])
info = HfApi().dataset_info(dataset, revision=revision)
snapshot_download(dataset, repo_type="dataset", revision=revision, local_dir=target, allow_patterns=patterns)
print(json.dumps({"sha": info.sha, "licence": info.card_data["license"]}))
`;

it("the hub's own Python client fetches the same from it", async () => {
  const {python} = await ensurePython({store: new Store(".because").root, log: () => undefined});
  const folder = await mkdtemp(join(tmpdir(), "because-snapshot-"));
  const here = await fetching([{...DATASET, gated: "auto"}]);
  try {
    const target = join(folder, "snapshot");
    const {stdout} = await promisify(execFile)(
      python,
      ["-c", SNAPSHOT, DATASET.id, REVISION, target, JSON.stringify(HUB.files)],
      {
        env: {
          ...isolated(process.env),
          ...{HF_ENDPOINT: here.hub.endpoint, HF_TOKEN: TOKEN, HF_HOME: join(folder, "home")},
          ...{HF_HUB_DISABLE_PROGRESS_BARS: "1", HF_HUB_DISABLE_XET: "1", HF_HUB_DISABLE_TELEMETRY: "1"}
        }
      }
    );
    assert.deepEqual(JSON.parse(stdout), {sha: REVISION, licence: "cc-by-4.0"});
    await here.fetch();
    const theirs = await filesBelow(target);
    const ours = await filesBelow(fetchedFolder(here.store, HUB));
    for (const path of theirs.keys()) if (path.startsWith(".cache")) theirs.delete(path);
    assert.deepEqual([...theirs.keys()].sort(), [...ours.keys()].sort());
    for (const [path, bytes] of ours) assert.ok(theirs.get(path)!.equals(bytes), path);
  } finally {
    await here.end();
    await rm(folder, {recursive: true});
  }
});
