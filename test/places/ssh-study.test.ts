import assert from "node:assert/strict";
import {readdir, readFile, realpath, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {createRandom} from "../../src/core/random.js";
import {because, createStreet, runBytes, startBecause} from "../street/street.js";
import type {Street} from "../street/street.js";
import {LoopbackSsh, skipWithoutSsh} from "./loopback-ssh.js";
import {PLACE_STUDY, studyHere} from "./study-here.js";

const KILLS = 3;

describe("a small study behind SSH", {skip: skipWithoutSsh()}, () => {
  let ssh: LoopbackSsh;
  let there: Street | undefined, elsewhere: Street | undefined;
  let root: string;
  before(async () => {
    ssh = await LoopbackSsh.start();
    [there, elsewhere] = await Promise.all([createStreet(), createStreet()]);
    root = join(ssh.folder, "place");
    const environment = await realpath(there.store.path("python"));
    const places = join(ssh.folder, "places.yaml");
    await writeFile(
      places,
      `because: 1\nplaces:\n  box: {kind: ssh, host: box, root: ${root}, environment: ${environment}, workers: 2}\n`
    );
    process.env.BECAUSE_PLACES = places;
    process.env.BECAUSE_SSH_CONFIG = ssh.config;
  });
  after(async () => {
    for (const street of [there, elsewhere]) await street?.remove();
    await ssh.stop();
  });

  /** How often each run was begun at the place. */
  const begun = async (): Promise<number[]> => {
    const runs = await readdir(join(root, "runs"));
    return Promise.all(
      runs.map(async (run) => {
        const lines = (await readFile(join(root, "runs", run, "attempts.jsonl"), "utf8")).trim().split("\n");
        return lines.filter((line) => (JSON.parse(line) as {event: string}).event === "begun").length;
      })
    );
  };

  it("gives the same bytes as on this machine, while its pipeline is killed again and again", async () => {
    const bytes = await studyHere();
    const study = await there!.writeStudy(PLACE_STUDY);
    const random = createRandom("ssh-kill", KILLS);
    for (let kill = 0; kill < KILLS; kill++) {
      const {child, ended} = startBecause(["run", "--on", "box", "--study", study]);
      await Promise.race([ended, sleep(random.unit() * 12_000)]);
      child.kill("SIGKILL");
      await ended;
    }
    const remote = await because("run", "--on", "box", "--study", study);
    assert.equal(remote.code, 0, remote.stderr);
    assert.deepEqual(await runBytes(there!.store), bytes);
    assert.deepEqual(new Set(await begun()), new Set([1]), "nothing was begun twice");
  });

  it("from another machine, which needs no Python, nothing is trained again, only brought", async () => {
    await rm(elsewhere!.store.path("python"));
    const study = await elsewhere!.writeStudy(PLACE_STUDY);
    const again = await because("run", "--on", "box", "--study", study);
    assert.equal(again.code, 0, again.stderr);
    const {stdout} = await because("status", "--study", study);
    assert.match(stdout, /^done +runs +explanation/m);
    assert.doesNotMatch(stdout, /^(?!done)\w+ +runs/m);
    assert.deepEqual(await runBytes(elsewhere!.store), await studyHere());
    assert.deepEqual(new Set(await begun()), new Set([1]));
  });

  it("a study may name the place itself, and detach", async () => {
    const named = await elsewhere!.writeStudy(
      `${PLACE_STUDY.replace("steps: 40", "steps: 41").replace(", explanation", "")}trainer: {place: box}\n`
    );
    await rm(join(elsewhere!.store.root, "runs"), {recursive: true});
    const left = await because("run", "--detach", "--study", named);
    assert.equal(left.code, 0, left.stderr);
    assert.match(left.stderr, /go on at box/);
    const jobs = await readdir(elsewhere!.store.jobs);
    const cleaned = await because("clean", "--runs", "--yes", "--study", named);
    assert.match(cleaned.stdout, /^Kept: 5 runs asked for at box and not brought yet\./m);
    assert.ok((await readdir(elsewhere!.store.jobs)).length >= 5, jobs.join(", "));
    const followed = await because("run", "--study", named);
    assert.equal(followed.code, 0, followed.stderr);
    assert.deepEqual(new Set(await begun()), new Set([1]));
    assert.doesNotMatch((await because("clean", "--runs", "--yes", "--study", named)).stdout, /Kept/);
  });
});
