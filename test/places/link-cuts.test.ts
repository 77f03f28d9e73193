import assert from "node:assert/strict";
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {createRandom} from "../../src/core/random.js";
import {parsePlaces} from "../../data-loaders/places/places-file.js";
import {reachSite} from "../../data-loaders/places/reach-site.js";
import {RemoteRuns} from "../../data-loaders/places/remote-runs.js";
import {SshLauncher} from "../../data-loaders/places/ssh-launcher.js";
import {SshTransport} from "../../data-loaders/places/ssh-transport.js";
import {watchRuns} from "../../data-loaders/trainers/watch-runs.js";
import {atOtherEnd, cutLink, layLink, mendLink, removeLink, THERE} from "./cut-link.js";
import {createFakePlace, runId, type FakePlace} from "./fake-place.js";
import {lacksSsh, LoopbackSsh} from "./loopback-ssh.js";

const CUTS = 20;
/** Of these cuts the link stays down long enough for ssh to give it up. */
const LONG = 2;
const RUNS = 40;
/** Runs that are asked for at a time. */
const PART = 8;
/** ssh gives a silent link up after three seconds, and not after fifteen as it does for users. */
const ALIVE = {seconds: 1, times: 3};
/** Pauses that do not outgrow the cuts, so that as much as can be falls into them. */
const PATIENCE = {retries: 60, first: 200, longest: 1000};

const lacking = lacksSsh() ?? layLink();

describe("a link that is cut at random", {skip: lacking ?? false}, () => {
  let ssh: LoopbackSsh;
  let place: FakePlace;
  before(async () => {
    ssh = await LoopbackSsh.start({address: THERE, around: atOtherEnd});
    place = await createFakePlace();
  });
  after(async () => {
    mendLink();
    await place.remove();
    await ssh.stop();
    removeLink();
  });

  it(`${CUTS} cuts in submit, watch and collect: everything arrives, nothing twice`, async () => {
    const runs = Array.from({length: RUNS}, (_, n) => runId(n % 3 === 0 ? "5" : "a", n));
    await place.writeJobs(runs);
    let over = false;
    let cuts = 0;
    let doing: "submit" | "watch" = "submit";
    const struck = {submit: 0, watch: 0};
    const random = createRandom("cuts", CUTS);
    const cutting = (async () => {
      while (!over && cuts < CUTS) {
        await sleep(400 + random.unit() * 1800);
        cutLink();
        cuts++;
        struck[doing]++;
        await sleep(cuts % Math.floor(CUTS / LONG) === 0 ? 5000 : 200 + random.unit() * 1500);
        mendLink();
      }
    })();
    const text = `because: 1\nplaces:\n  box: {kind: ssh, host: box, root: ${place.root}, environment: ${place.environment}}\n`;
    const config = parsePlaces(text, "places.yaml").places.box!;
    // Asked for in parts, so that cuts fall into each of submitting, watching and collecting, again and again.
    for (let asked = 0; asked < RUNS;) {
      doing = "submit";
      asked = cuts < CUTS ? Math.min(RUNS - 1, asked + PART) : RUNS;
      const wanted = runs.slice(0, asked);
      const env = {...process.env, BECAUSE_SSH_CONFIG: ssh.config};
      const transport = new SshTransport("box", PATIENCE, env, ALIVE);
      const site = await reachSite({name: "box", config, transport, log: () => undefined});
      const slots = [{BECAUSE_DEVICE: "cpu"}, {BECAUSE_DEVICE: "cpu"}];
      const trainer = new RemoteRuns({site, launcher: new SshLauncher(site, slots, 0.5), store: place.store});
      await trainer.submit(wanted.map((run) => [run]));
      doing = "watch"; // and collect, meanwhile
      const states = await watchRuns(trainer, wanted, () => undefined, AbortSignal.timeout(240_000));
      await trainer.close();
      for (const run of wanted) assert.equal(states.get(run)!.status, "done", states.get(run)!.reason);
    }
    over = true;
    await cutting;
    assert.equal(cuts, CUTS);
    assert.ok(struck.submit > 0 && struck.watch > 0, JSON.stringify(struck));
    assert.deepEqual((await readdir(place.store.runs)).sort(), [...runs].sort());
    for (const run of runs)
      assert.equal(
        await readFile(join(place.store.runs, run, "predictions.parquet"), "utf8"),
        `predictions of ${run}`
      );
    assert.deepEqual(new Set((await place.trained()).values()), new Set([1]));
  });
});
