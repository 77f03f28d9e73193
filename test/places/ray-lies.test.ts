import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, afterEach, before, beforeEach, describe, it} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {BadInput} from "../../src/core/bad-input.js";
import type {RayPlace} from "../../src/core/places/ray-place.js";
import {LocalTransport} from "../../data-loaders/places/local-transport.js";
import type {Patience} from "../../data-loaders/places/patience.js";
import {parsePlaces} from "../../data-loaders/places/places-file.js";
import {RayClient} from "../../data-loaders/places/ray/ray-client.js";
import {RayLauncher} from "../../data-loaders/places/ray/ray-launcher.js";
import {reachSite} from "../../data-loaders/places/reach-site.js";
import {RemoteRuns} from "../../data-loaders/places/remote-runs.js";
import type {RunState} from "../../data-loaders/trainers/trainer.js";
import {watchRuns} from "../../data-loaders/trainers/watch-runs.js";
import {createFakePlace, runId, type FakePlace} from "./fake-place.js";
import {FakeRay, type Lie, type Told} from "./fake-ray.js";

const QUICK: Patience = {retries: 8, first: 20, longest: 100};
const TOKEN = "hf-very-secret-9d2c";

describe(
  "a Ray that lies",
  {skip: spawnSync("rsync", ["--version"]).status === 0 ? false : "no rsync"},
  () => {
    let ray: FakeRay;
    let place: FakePlace;
    let n = 0;
    before(() => {
      process.env.RAY_TEST_TOKEN = TOKEN;
    });
    after(() => {
      delete process.env.RAY_TEST_TOKEN;
    });
    beforeEach(async () => {
      [ray, place] = await Promise.all([FakeRay.start(), createFakePlace()]);
    });
    afterEach(async () => {
      await ray.stop();
      await place.remove();
    });

    const open = async (runs = place.store.runs): Promise<RemoteRuns> => {
      const text = `because: 1\nplaces:\n  ray: {kind: ray, address: "${ray.address}", token_variable: RAY_TEST_TOKEN, root: ${place.root}, environment: ${place.environment}, gpus: 0}\n`;
      const config = parsePlaces(text, "places.yaml").places.ray as RayPlace;
      const site = await reachSite({
        name: "ray",
        config,
        transport: new LocalTransport(),
        log: () => undefined
      });
      const client = new RayClient({name: "ray", config, patience: QUICK, timeout: 500});
      const launcher = new RayLauncher({site, config, client, workers: 2, pollSeconds: 0.3, patience: 600});
      return new RemoteRuns({site, launcher, store: {root: join(runs, ".."), jobs: place.store.jobs, runs}});
    };
    /** The file for which busy runs wait. */
    const enough = (): string => join(place.root, "enough");
    const some = async (...kinds: string[]): Promise<string[]> => {
      const runs = kinds.map((kind) => runId(kind, ++n));
      await place.writeJobs(runs);
      return runs;
    };
    const settle = (trainer: RemoteRuns, runs: string[]): Promise<Map<string, RunState>> =>
      watchRuns(trainer, runs, () => undefined, AbortSignal.timeout(30_000));
    /** Everything that was told of runs, with how often each was trained. */
    const verdicts = async (runs: string[], lie: Lie): Promise<string[]> => {
      ray.lie = lie;
      const trainer = await open();
      await trainer.submit(runs.map((run) => [run]));
      const states = await settle(trainer, runs);
      await trainer.close();
      const trained = await place.trained();
      const told = runs.map(
        (run) => `${trained.get(run) ?? 0} × ${states.get(run)!.status}: ${states.get(run)!.reason}`
      );
      for (const line of told) assert.ok(!line.includes(TOKEN), line);
      return told;
    };
    const DONE = "1 × done: finished";

    it("honest for once: each is trained once, in no more jobs than there are workers", async () => {
      const runs = await some("a", "5", "5", "a", "f", "a");
      const told = await verdicts(runs, (_ask, honest) => honest());
      assert.deepEqual(told, [
        DONE,
        DONE,
        DONE,
        DONE,
        "1 × failed: error: The loss is not a number at step 3.",
        DONE
      ]);
      assert.equal(ray.submissions.length, 2);
      assert.ok(ray.asks.every(({authorization}) => authorization === `Bearer ${TOKEN}`));
      assert.ok(
        ray.asks.every(({body}) => !JSON.stringify(body).includes(TOKEN)),
        "the token stands in a job"
      );
      const text = await readFile(join(place.store.runs, runs[0]!, "predictions.parquet"), "utf8");
      assert.equal(text, `predictions of ${runs[0]}`);
    });

    it("the answer is lost after it took the job, and the second try meets a traceback", async () => {
      let lost = 0;
      const told = await verdicts(await some("a", "5", "5"), ({method, path}, honest) => {
        const answer = honest();
        return method === "POST" && path === "/api/jobs/" && lost++ < 3 ? "cut" : answer;
      });
      assert.deepEqual(told, [DONE, DONE, DONE]);
      assert.equal(new Set(ray.submissions).size, 2);
      assert.ok(ray.submissions.length > 2, "nothing was submitted again");
    });

    it("every second answer is a 500 of an agent that is not there yet", async () => {
      let asked = 0;
      const told = await verdicts(await some("a", "5"), (_ask, honest) =>
        asked++ % 2 === 0
          ? {status: 500, body: "500 Internal Server Error\n\nServer got itself in trouble"}
          : honest()
      );
      assert.deepEqual(told, [DONE, DONE]);
    });

    it("its table is empty all the while", async () => {
      const told = await verdicts(await some("5", "a", "5"), ({method, path}, honest) =>
        method === "GET" && path === "/api/jobs/" ? {status: 200, body: []} : honest()
      );
      assert.deepEqual(told, [DONE, DONE, DONE]);
      assert.equal(ray.submissions.length, 2, ray.submissions.join(", "));
    });

    it("its table is empty, it denies each job, and they wait: asking again is refused by Ray itself", async () => {
      ray.slots = 0;
      void (async () => {
        while (ray.submissions.length < 3) await sleep(50);
        ray.allow(2);
      })();
      const told = await verdicts(await some("5"), ({method, path}, honest) => {
        if (method !== "GET" || ray.slots > 0) return honest();
        return path === "/api/jobs/" ? {status: 200, body: []} : {status: 404, body: "Job does not exist"};
      });
      assert.deepEqual(told, [DONE]);
      assert.equal(new Set(ray.submissions).size, 1);
    });

    it("FAILED, though the manifest says done; SUCCEEDED, though there is no manifest", async () => {
      const failed = await verdicts(await some("a", "5"), (ask, honest) =>
        withStatus(ask, honest(), "FAILED")
      );
      assert.deepEqual(failed, [DONE, DONE]);
      const succeeded = await verdicts(await some("5", "d"), (ask, honest) =>
        withStatus(ask, honest(), "SUCCEEDED")
      );
      assert.deepEqual(succeeded, [DONE, "2 × done: finished"]);
    });

    it("a job that does nothing and calls itself a success is begun again, within a bound", async () => {
      const [run] = await some("a");
      const told = await verdicts([run!], ({method, body}, honest) => {
        if (method === "POST" && "entrypoint" in body) body.entrypoint = "true";
        return honest();
      });
      assert.match(told[0]!, /^0 × failed: it was lost \d times: .*its Ray job ended before it was done/);
      assert.ok(ray.submissions.length <= 7, ray.submissions.join(", "));
      assert.equal(new Set(ray.submissions).size, ray.submissions.length);
    });

    it("jobs that cannot begin stop the pipeline with what to mend, not after a thousand of them", async () => {
      const runs = await some("a", "a", "a", "a", "a", "a", "a", "a");
      await assert.rejects(
        verdicts(runs, ({method, body}, honest) => {
          if (method === "POST" && "entrypoint" in body) body.entrypoint = "/no/such/python 1>&2";
          return honest();
        }),
        (error) =>
          error instanceof BadInput &&
          /disk that every node/.test(error.detail.mend) &&
          /not found/.test(error.detail.found)
      );
      assert.ok(ray.submissions.length <= 6, ray.submissions.join(", "));
    });

    it("the head forgets its jobs: those that go on are done once, those that died go on from where they were", async () => {
      for (const kill of [false, true]) {
        const runs = await some("b", "b", "a");
        const begun = async (): Promise<number> => {
          const trained = await place.trained();
          return runs.slice(0, 2).reduce((sum, run) => sum + (trained.get(run) ?? 0), 0);
        };
        void (async () => {
          while ((await begun()) < 2) await sleep(50);
          ray.restart({kill});
          if (kill) while ((await begun()) < 4) await sleep(50);
          else await sleep(1500);
          await writeFile(enough(), "");
        })();
        const told = await verdicts(runs, (_ask, honest) => honest());
        const each = kill ? "2 × done: finished" : DONE;
        assert.deepEqual(told, [each, each, DONE]);
        await rm(enough());
      }
    });

    it("it hangs, or talks garbage, for a while", async () => {
      for (const answer of [
        "hang",
        "cut",
        {status: 200, body: "<html>Sign in</html>"},
        {status: 200, body: {jobs: 7}}
      ] as const) {
        const since = Date.now();
        const told = await verdicts(await some("5", "a"), (_ask, honest) =>
          Date.now() - since < 700 ? answer : honest()
        );
        assert.deepEqual(told, [DONE, DONE]);
      }
    });

    it("while it says nothing at all, runs that are being done are still seen and brought", async () => {
      const runs = await some("5", "a");
      let submitted = 0;
      const told = await verdicts(runs, ({method}, honest) => {
        if (submitted < 2) {
          if (method === "POST") submitted++;
          return honest();
        }
        return "hang";
      });
      assert.deepEqual(told, [DONE, DONE]);
    });

    it("a job that waited too long for resources is asked for again, and that is no failure", async () => {
      const told = await verdicts(await some("a"), ({method, body}, honest) => {
        if (method === "POST" && ray.submissions.length < 5) body.entrypoint = "sleep 0.2; exit 1";
        for (const job of [...ray.jobs.values()].slice(0, 5))
          if (job.status === "FAILED") {
            job.error_type = "JOB_SUPERVISOR_ACTOR_START_TIMEOUT";
            job.driver_exit_code = null;
          }
        return honest();
      });
      assert.deepEqual(told, [DONE]);
      assert.equal(ray.submissions.length, 6);
    });

    it("it refuses the token, and shows it in its page", async () => {
      const runs = await some("a");
      await assert.rejects(
        verdicts(runs, ({authorization}) => ({status: 401, body: `Unauthorized: ${authorization}`})),
        (error) =>
          error instanceof BadInput && /RAY_TEST_TOKEN/.test(error.message) && !error.message.includes(TOKEN)
      );
    });

    it("it shows the token in a traceback: no message holds it", async () => {
      const client = new RayClient({
        name: "ray",
        config: {address: ray.address, token_variable: "RAY_TEST_TOKEN"},
        patience: {retries: 1, first: 1, longest: 1}
      });
      ray.lie = ({authorization}) => ({status: 503, body: `bad header ${authorization}`});
      await assert.rejects(
        client.jobs({patient: true}),
        (error: Error) => /bad header Bearer …/.test(error.message) && !error.stack!.includes(TOKEN)
      );
    });

    it("it leads elsewhere: the token does not follow", async () => {
      const other = await FakeRay.start();
      const client = new RayClient({
        name: "ray",
        config: {address: ray.address, token_variable: "RAY_TEST_TOKEN"}
      });
      assert.deepEqual(await client.jobs(), []);
      ray.lie = () => ({status: 307, body: "", location: `${other.address}/api/jobs/`});
      await assert.rejects(client.jobs(), /answered 307/);
      assert.deepEqual(other.asks, []);
      await other.stop();
    });

    it("cancelled: what runs stops, what waits is taken back, nothing comes again", async () => {
      ray.slots = 1;
      const runs = await some("b", "b", "a");
      const trainer = await open();
      await trainer.submit(runs.map((run) => [run]));
      while ((await place.trained()).size === 0) await sleep(50);
      await trainer.cancel();
      const states = await settle(trainer, runs);
      await trainer.close();
      for (const run of runs) assert.match(states.get(run)!.reason, /cancelled/);
      assert.deepEqual([...(await place.trained()).values()], [1]);
      assert.ok([...ray.jobs.values()].every(({status}) => status !== "PENDING"));
    });

    it("two pipelines at once: one job a run, one training a run", async () => {
      const runs = await some("5", "5", "a", "a");
      const [one, other] = await Promise.all([open(), open(join(place.folder, "elsewhere", "runs"))]);
      await Promise.all([one, other].map((trainer) => trainer.submit(runs.map((run) => [run]))));
      const both = await Promise.all([one, other].map((trainer) => settle(trainer, runs)));
      for (const states of both) assert.ok(runs.every((run) => states.get(run)!.status === "done"));
      assert.deepEqual([...(await place.trained()).values()], [1, 1, 1, 1]);
      assert.ok(ray.jobs.size <= 4);
      await Promise.all([one.close(), other.close()]);
    });
  }
);

function withStatus({method, path}: {method: string; path: string}, told: Told, status: string): Told {
  if (method !== "GET" || path !== "/api/jobs/") return told;
  return {...told, body: (told.body as object[]).map((job) => ({...job, status}))};
}
