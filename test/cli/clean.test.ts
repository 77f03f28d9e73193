import assert from "node:assert/strict";
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, it} from "node:test";
import {forgetStates, openRuns, rememberStates} from "../../data-loaders/places/remembered-states.js";
import type {RunState} from "../../data-loaders/trainers/trainer.js";
import {because, SMALL_STUDY} from "../street/street.js";

const [HERE, BOX, CLUSTER] = ["1", "2", "3"].map((digit) => digit.repeat(16)) as [string, string, string];
const state = (status: RunState["status"]): RunState => ({status, reason: "", progress: null});
const states = (runs: Record<string, RunState["status"]>) => ({
  heard: 7,
  states: new Map(Object.entries(runs).map(([run, status]) => [run, state(status)]))
});

describe("clean, while places go on", () => {
  let folder: string;
  let store: {root: string};
  let study: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "because-clean-"));
    store = {root: join(folder, "store")};
    study = join(folder, "small.yaml");
    await writeFile(study, `${SMALL_STUDY}store: ${store.root}\n`);
    for (const run of [HERE, BOX, CLUSTER]) {
      await mkdir(join(store.root, "jobs", run), {recursive: true});
      await writeFile(join(store.root, "jobs", run, "job.json"), "{}");
    }
    await mkdir(join(store.root, "runs", HERE), {recursive: true});
    await writeFile(join(store.root, "runs", HERE, "trainer.log"), "said");
    await mkdir(join(store.root, "tables", "0"), {recursive: true});
    await writeFile(join(store.root, "tables", "0", "stage.json"), "{}");
    await mkdir(join(store.root, "studies", "small"), {recursive: true});
    await writeFile(join(store.root, "studies", "small", "runs.json"), JSON.stringify([HERE, BOX, CLUSTER]));
    process.env.BECAUSE_PLACES = join(folder, "places.yaml");
    await writeFile(process.env.BECAUSE_PLACES, "because: 1\nplaces: {cluster: {kind: slurm}}\n");
    await rememberStates(store, "box", states({[BOX]: "queued"}));
    await rememberStates(store, "cluster", states({[CLUSTER]: "running", [HERE]: "failed"}));
  });
  afterEach(() => rm(folder, {recursive: true, force: true}));

  const jobs = async (): Promise<string[]> => (await readdir(join(store.root, "jobs"))).sort();
  const clean = async (...more: string[]): Promise<string> => {
    const {code, stdout, stderr} = await because("clean", "--yes", ...more, "--study", study);
    assert.equal(code, 0, stderr);
    return stdout;
  };

  it("keeps jobs of runs that were asked for and not brought, and says where they are", async () => {
    const said = await clean("--runs");
    assert.match(
      said,
      /^Kept: 1 run asked for at box and not brought yet\. \S+places\.yaml describes no such place; delete \S+box\.json to forget them\.$/m
    );
    assert.match(
      said,
      /^Kept: 1 run asked for at cluster and not brought yet\. .*because cancel --on cluster/m
    );
    assert.deepEqual(await jobs(), [BOX, CLUSTER]);
    await forgetStates(store, "box", [BOX]);
    assert.doesNotMatch(await clean("--runs"), /at box/);
    assert.deepEqual(await jobs(), [CLUSTER]);
  });

  it("even where everything is to go, it forgets none of them", async () => {
    await clean("--all");
    assert.deepEqual(await jobs(), [BOX, CLUSTER]);
    assert.deepEqual((await readdir(store.root)).sort(), ["jobs", "places", "runs", "studies"]);
    assert.deepEqual(await readdir(join(store.root, "runs")), []);
    assert.deepEqual([...(await openRuns(store)).keys()].sort(), [BOX, CLUSTER]);
    for (const [place, run] of [
      ["box", BOX],
      ["cluster", CLUSTER]
    ] as const)
      await forgetStates(store, place, [run]);
    await clean("--all");
    assert.deepEqual(await readdir(store.root), []);
  });

  it("what one pipeline asked for is not forgotten when another follows its own runs there", async () => {
    await rememberStates(store, "box", {...states({[HERE]: "done"}), heard: 9});
    const open = await openRuns(store);
    assert.deepEqual([open.get(BOX)?.status, open.get(BOX)?.heard], ["queued", 7]);
    await rememberStates(store, "box", {...states({[BOX]: "done"}), heard: 11});
    assert.deepEqual([...(await openRuns(store)).keys()], [CLUSTER]);
    assert.ok(!(await readFile(join(store.root, "places", "box.json"), "utf8")).includes(HERE));
  });
});
