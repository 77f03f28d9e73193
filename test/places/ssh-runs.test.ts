import assert from "node:assert/strict";
import {readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, afterEach, before, beforeEach, describe, it} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
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
  let opened: RemoteRuns[] = [];
  before(async () => {
    ssh = await LoopbackSsh.start();
  });
  beforeEach(async () => {
    place = await createFakePlace();
  });
  afterEach(async () => {
    await writeFile(join(place.root, "enough"), ""); // busy runs end
    await Promise.all(opened.map((trainer) => trainer.close()));
    opened = [];
    await place.remove();
  });
  after(() => ssh.stop());

  const open = async ({workers = 2, store = place.store} = {}): Promise<RemoteRuns> => {
    const text = `because: 1\nplaces:\n  box: {kind: ssh, host: box, root: ${place.root}, environment: ${place.environment}}\n`;
    const config = parsePlaces(text, "places.yaml").places.box!;
    const transport = new SshTransport("box", undefined, {...process.env, BECAUSE_SSH_CONFIG: ssh.config});
    const site = await reachSite({name: "box", config, transport, log: () => undefined});
    const slots = Array.from({length: workers}, () => ({BECAUSE_DEVICE: "cpu"}));
    const trainer = new RemoteRuns({site, launcher: new SshLauncher(site, slots, 0.5), store});
    opened.push(trainer);
    return trainer;
  };
  const settle = async (trainer: RemoteRuns, runs: string[]) =>
    watchRuns(trainer, runs, () => undefined, new AbortController().signal);
  const alone = (runs: string[]): string[][] => runs.map((run) => [run]);
  const untilTrained = async (run: string): Promise<void> => {
    for (let tries = 0; tries < 200 && !(await place.trained()).has(run); tries++) await sleep(50);
    assert.ok((await place.trained()).has(run), `${run} was not begun`);
  };
  /** Pids of the processes that hold runs, as their claims say. */
  const holders = async (): Promise<number[]> => {
    const claims = join(place.root, "claims");
    const names = (await readdir(claims)).filter((name) => !name.startsWith("."));
    const texts = await Promise.all(names.map((name) => readFile(join(claims, name), "utf8")));
    return texts.map((text) => (JSON.parse(text) as {pid: number}).pid);
  };

  it("each is trained once, brought whole, and what fails says why", async () => {
    const runs = ["a", "d", "e", "f", "c", "0"].map((kind) => runId(kind));
    await place.writeJobs(runs);
    const trainer = await open();
    await trainer.submit(alone(runs));
    const states = await settle(trainer, runs);
    const told = runs.map((run) => `${states.get(run)!.status}: ${states.get(run)!.reason}`);
    assert.deepEqual(told, [
      "done: finished",
      "done: finished",
      "failed: killed: its process was ended by SIGKILL (something dreadful)",
      "failed: error: The loss is not a number at step 3.",
      "failed: error: its process ended with exit code 1 (ValueError: a mistake in the code)",
      'failed: its manifest names "../../../escaped", which is refused'
    ]);
    const brought = join(place.store.runs, runs[0]!, "predictions.parquet");
    assert.equal(await readFile(brought, "utf8"), `predictions of ${runs[0]}`);
    const trained = await place.trained();
    assert.deepEqual(
      runs.map((run) => trained.get(run)),
      [1, 2, 3, 1, 1, 1]
    );
    const kept = JSON.parse(await readFile(join(place.store.root, "places", "box.json"), "utf8")) as {
      runs: Record<string, {status: string}>;
    };
    assert.equal(kept.runs[runs[0]!]!.status, "done");
  });

  it("asked for from two machines at once, nothing is trained twice, and both get it", async () => {
    const runs = Array.from({length: 12}, (_, n) => runId("a", n));
    await place.writeJobs(runs);
    const other = await createFakePlace();
    await other.writeJobs(runs);
    const [first, second] = await Promise.all([open(), open({store: other.store})]);
    await Promise.all([first.submit(alone(runs)), second.submit(alone([...runs].reverse()))]);
    const all = await Promise.all([settle(first, runs), settle(second, runs)]);
    for (const states of all) for (const run of runs) assert.equal(states.get(run)!.status, "done");
    assert.deepEqual(new Set((await place.trained()).values()), new Set([1]));
    assert.equal((await readdir(other.store.runs)).length, runs.length);
    await other.remove();
  });

  it("goes on without the pipeline, and is followed again", async () => {
    const runs = [runId("b"), runId("a", 1), runId("a", 2)];
    await place.writeJobs(runs);
    const trainer = await open();
    await trainer.submit(alone(runs));
    await untilTrained(runs[0]!);
    assert.match(await trainer.leave(), /3 runs go on at box/);
    await trainer.close();
    await writeFile(join(place.root, "enough"), "");
    const again = await open();
    await again.submit(alone(runs));
    const states = await settle(again, runs);
    assert.ok(runs.every((run) => states.get(run)!.status === "done"));
    assert.deepEqual(new Set((await place.trained()).values()), new Set([1]));
  });

  it("a worker that is killed loses its runs to the next, which takes them up", async () => {
    const run = runId("b");
    await place.writeJobs([run]);
    const trainer = await open({workers: 1});
    await trainer.submit([[run]]);
    await untilTrained(run);
    for (const pid of await holders()) process.kill(pid, "SIGKILL");
    await writeFile(join(place.root, "enough"), "");
    const next = await open({workers: 1});
    await next.submit([[run]]);
    await next.submit([[run]]);
    const states = await watchRuns(next, [run], () => undefined, AbortSignal.timeout(60_000));
    assert.equal(states.get(run)!.status, "done");
    assert.ok((await place.trained()).get(run)! <= 2);
  });

  it("cancelled runs stop at the place, and can be asked for again", async () => {
    const runs = [runId("b", 1), runId("b", 2), runId("b", 3)];
    await place.writeJobs(runs);
    const trainer = await open({workers: 1});
    await trainer.submit(alone(runs));
    await untilTrained(runs[0]!);
    await trainer.cancel();
    const states = await watchRuns(trainer, runs, () => undefined, AbortSignal.timeout(60_000));
    assert.deepEqual(
      runs.map((run) => `${states.get(run)!.status}: ${states.get(run)!.reason}`),
      Array(3).fill("cancelled: cancelled")
    );
    assert.equal((await place.trained()).size, 1, "what was queued was never begun");
    for (let tries = 0; tries < 100 && (await holders()).length > 0; tries++) await sleep(100);
    assert.deepEqual(await holders(), []);
    await writeFile(join(place.root, "enough"), "");
    await trainer.submit(alone(runs));
    assert.ok([...(await settle(trainer, runs)).values()].every(({status}) => status === "done"));
  });

  it("a group is done by one process, and logs are followed to the end", async () => {
    const runs = [runId("5", 1), runId("5", 2)];
    await place.writeJobs(runs);
    const trainer = await open();
    await trainer.submit([runs, [runId("d")]].slice(0, 1));
    await settle(trainer, runs);
    const attempts = await Promise.all(
      runs.map((run) => readFile(join(place.store.runs, run, "attempts.jsonl"), "utf8"))
    );
    const slots = attempts.map((text) => (JSON.parse(text.split("\n")[0]!) as {slot: number}).slot);
    assert.equal(new Set(slots).size, 1);
    const dies = runId("d");
    await place.writeJobs([dies]);
    await trainer.submit([[dies]]);
    let heard = "";
    await trainer.follow(dies, (text) => (heard += text));
    assert.match(heard, /something dreadful/);
    await settle(trainer, [dies]);
  });
});
