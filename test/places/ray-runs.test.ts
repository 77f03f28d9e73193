import assert from "node:assert/strict";
import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {submissionId} from "../../src/core/places/ray-jobs.js";
import type {RayPlace} from "../../src/core/places/ray-place.js";
import {LocalTransport} from "../../data-loaders/places/local-transport.js";
import {parsePlaces} from "../../data-loaders/places/places-file.js";
import {RayClient} from "../../data-loaders/places/ray/ray-client.js";
import {rayLauncher} from "../../data-loaders/places/ray/ray-launcher.js";
import {reachSite} from "../../data-loaders/places/reach-site.js";
import {RemoteRuns} from "../../data-loaders/places/remote-runs.js";
import {parseStudy} from "../../data-loaders/study/read-study.js";
import {watchRuns} from "../../data-loaders/trainers/watch-runs.js";
import {healthy} from "../../data-loaders/setup/findings.js";
import {rayFindings} from "../../data-loaders/places/ray/examine-ray.js";
import {because, createStreet, runBytes, startBecause, type Street} from "../street/street.js";
import {createFakePlace, runId, type FakePlace} from "./fake-place.js";
import {openRay, type RayCluster} from "./ray-cluster.js";
import {PLACE_STUDY, studyHere} from "./study-here.js";

const KILLS = 2;
const ray = await openRay(2);

describe("a real Ray", {skip: ray.lacks ?? false}, () => {
  let cluster: RayCluster;
  let place: FakePlace;
  let there: Street | undefined;
  before(async () => {
    cluster = await ray.start();
    [place, there] = await Promise.all([createFakePlace(), createStreet()]);
  });
  after(async () => {
    await cluster.stop();
    await place.remove();
    await there?.remove();
  });

  const entry = (root: string, environment: string): string =>
    `because: 1\nplaces:\n  cluster: {kind: ray, address: "${cluster.address}", root: ${root}, environment: ${environment}, gpus: 0}\n`;
  const open = async (): Promise<{
    trainer: RemoteRuns;
    client: RayClient;
    workers: number;
    config: RayPlace;
  }> => {
    const config = parsePlaces(entry(place.root, place.environment), "places.yaml").places
      .cluster as RayPlace;
    const transport = new LocalTransport();
    const site = await reachSite({name: "cluster", config, transport, log: () => undefined});
    const client = new RayClient({name: "cluster", config});
    const launcher = await rayLauncher(
      site,
      {file: "small.yaml", study: parseStudy(PLACE_STUDY, "small.yaml")},
      {client, pollSeconds: 1}
    );
    return {
      trainer: new RemoteRuns({site, launcher, store: place.store}),
      client,
      workers: launcher.workers,
      config
    };
  };

  it("counts what fits, trains each run once, follows a log to its end", async () => {
    const {trainer, workers, config} = await open();
    assert.equal(workers, 2);
    const looked = await rayFindings("cluster", config);
    assert.ok(healthy(looked), JSON.stringify(looked));
    assert.match(looked[0]!.found, /^2\.\d+\.\d+ at /);
    assert.match(looked[1]!.found, /^room for 2 jobs of CPU 1 on 1 in all$/);
    const runs = ["d", "a", "5", "f"].map((kind) => runId(kind, 1));
    await place.writeJobs(runs);
    await trainer.submit(runs.map((run) => [run]));
    let log = "";
    const following = trainer.follow(runs[0]!, (text) => (log += text));
    const states = await watchRuns(trainer, runs, () => undefined, AbortSignal.timeout(240_000));
    await following;
    await trainer.close();
    assert.deepEqual(
      runs.map((run) => states.get(run)!.status),
      ["done", "done", "done", "failed"]
    );
    assert.match(log, /something dreadful/);
    const trained = await place.trained();
    assert.deepEqual(
      runs.map((run) => trained.get(run)),
      [2, 1, 1, 1]
    );
  });

  it("refuses the same id twice; a run that it stops goes on from where it was; cancelled ones end", async () => {
    const {trainer, client} = await open();
    const id = submissionId("00000000", runId("a", 2), 1);
    const job = {
      ...{submission_id: id, entrypoint: "exec true", entrypoint_num_cpus: 0, entrypoint_num_gpus: 0},
      ...{runtime_env: {env_vars: {}}, metadata: {}}
    };
    assert.deepEqual([await client.submit(job), await client.submit(job)], ["new", "known"]);
    assert.equal(await client.job(submissionId("00000000", runId("a", 2), 2)), null);

    const runs = [runId("b", 2), runId("b", 3)];
    await place.writeJobs(runs);
    await trainer.submit(runs.map((run) => [run]));
    const begun = async (count: number): Promise<void> => {
      while (((await place.trained()).get(runs[0]!) ?? 0) < count) {
        await trainer.poll();
        await sleep(500);
      }
    };
    await begun(1);
    for (const {submission_id, status} of await client.jobs())
      if (status === "RUNNING") await client.stop(submission_id);
    await begun(2);
    await trainer.cancel([runs[1]!]);
    while ((await trainer.poll()).get(runs[1]!)!.status !== "cancelled") await sleep(500);
    await writeFile(join(place.root, "enough"), "");
    const states = await watchRuns(trainer, runs, () => undefined, AbortSignal.timeout(240_000));
    await trainer.close();
    assert.equal(states.get(runs[0]!)!.status, "done");
    assert.match(states.get(runs[1]!)!.reason, /cancelled/);
  });

  it("a small study gives the bytes of this machine, its pipeline killed on the way, and detached", async () => {
    const bytes = await studyHere();
    const places = join(there!.folder, "places.yaml");
    const root = join(there!.folder, "shared");
    await writeFile(places, entry(root, there!.store.path("python")));
    process.env.BECAUSE_PLACES = places;
    const study = await there!.writeStudy(PLACE_STUDY);
    for (let kill = 0; kill < KILLS; kill++) {
      const {child, ended} = startBecause(["run", "--on", "cluster", "--study", study]);
      await Promise.race([ended, sleep(8000 + 5000 * kill)]);
      child.kill("SIGKILL");
      await ended;
    }
    const detached = await because("run", "--detach", "--on", "cluster", "--study", study);
    assert.equal(detached.code, 0, detached.stderr);
    const remote = await because("run", "--on", "cluster", "--study", study);
    assert.equal(remote.code, 0, remote.stderr);
    assert.deepEqual(await runBytes(there!.store), bytes);
    for (const run of new Set([...bytes.keys()].map((name) => name.split("/")[0]!))) {
      const lines = (await readFile(join(root, "runs", run, "attempts.jsonl"), "utf8")).match(/"begun"/g);
      assert.equal(lines?.length, 1, `${run} was begun again`);
    }
  });
});
