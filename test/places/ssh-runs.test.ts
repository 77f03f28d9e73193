import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {parsePlaces} from "../../data-loaders/places/places-file.js";
import {reachSite} from "../../data-loaders/places/reach-site.js";
import {RemoteRuns} from "../../data-loaders/places/remote-runs.js";
import {SshLauncher} from "../../data-loaders/places/ssh-launcher.js";
import {SshTransport} from "../../data-loaders/places/ssh-transport.js";
import {watchRuns} from "../../data-loaders/trainers/watch-runs.js";
import {createFakePlace, runId, type FakePlace} from "./fake-place.js";
import {LoopbackSsh, skipWithoutSsh} from "./loopback-ssh.js";

describe("runs behind SSH", {skip: skipWithoutSsh()}, () => {
  let ssh: LoopbackSsh;
  let place: FakePlace;
  before(async () => {
    ssh = await LoopbackSsh.start();
    place = await createFakePlace();
  });
  after(async () => {
    await place.remove();
    await ssh.stop();
  });

  const open = async (workers = 2): Promise<RemoteRuns> => {
    const text = `because: 1\nplaces:\n  box: {kind: ssh, host: box, root: ${place.root}, environment: ${place.environment}}\n`;
    const config = parsePlaces(text, "places.yaml").places.box!;
    const transport = new SshTransport("box", undefined, {...process.env, BECAUSE_SSH_CONFIG: ssh.config});
    const site = await reachSite({name: "box", config, transport, log: () => undefined});
    const slots = Array.from({length: workers}, () => ({BECAUSE_DEVICE: "cpu"}));
    return new RemoteRuns({site, launcher: new SshLauncher(site, slots), store: place.store});
  };
  const settle = async (trainer: RemoteRuns, runs: string[]) =>
    watchRuns(trainer, runs, () => undefined, new AbortController().signal);

  it("each is trained once, brought whole, and what fails says why", async () => {
    const runs = [runId("a", 1), runId("d", 1), runId("e", 1), runId("f", 1), runId("c", 1), runId("0", 1)];
    await place.writeJobs(runs);
    const trainer = await open();
    await trainer.submit(runs.map((run) => [run]));
    const states = await settle(trainer, runs);
    await trainer.close();
    const told = runs.map((run) => `${states.get(run)!.status}: ${states.get(run)!.reason}`);
    assert.deepEqual(told, [
      "done: finished",
      "done: finished",
      "failed: killed: its process was ended by SIGKILL (something dreadful)",
      "failed: error: The loss is not a number at step 3.",
      "failed: error: its process ended with exit code 1 (ValueError: a mistake in the code)",
      'failed: its manifest names "../../../escaped", which is refused'
    ]);
    assert.equal(
      await readFile(join(place.store.runs, runs[0]!, "predictions.parquet"), "utf8"),
      `predictions of ${runs[0]}`
    );
    const trained = await place.trained();
    assert.deepEqual(
      runs.map((run) => trained.get(run)),
      [1, 2, 3, 1, 1, 1]
    );
  });
});
