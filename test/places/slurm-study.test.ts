import assert from "node:assert/strict";
import {chmod, mkdir, readdir, readFile, realpath, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {because, createStreet, runBytes, type Street} from "../street/street.js";
import {lacksSsh, LoopbackSsh} from "./loopback-ssh.js";
import {skipWithoutSlurm, SlurmCluster} from "./slurm-cluster.js";
import {PLACE_STUDY, studyHere} from "./study-here.js";

/** On the login node itself, and from elsewhere through SSH. */
describe("a small study on a real Slurm", {skip: skipWithoutSlurm() || (lacksSsh() ?? false)}, () => {
  let slurm: SlurmCluster;
  let ssh: LoopbackSsh;
  let [there, elsewhere]: Street[] = [];
  let root: string;
  before(async () => {
    slurm = await SlurmCluster.start();
    ssh = await LoopbackSsh.start();
    [there, elsewhere] = [await createStreet(), await createStreet()];
    root = join(slurm.folder, "place");
    const commands = await commandsThatKnow(slurm);
    const environment = await realpath(there.store.path("python"));
    const keys = `kind: slurm, root: ${root}, environment: ${environment}, memory: 900M, poll: 1`;
    const places = join(slurm.folder, "places.yaml");
    await writeFile(
      places,
      `because: 1\nplaces:\n  login: {${keys}}\n  far: {${keys}, host: box, commands: ${commands}}\n`
    );
    process.env.BECAUSE_PLACES = places;
    process.env.BECAUSE_SSH_CONFIG = ssh.config;
  });
  after(async () => {
    await slurm?.stop();
    await Promise.all([there, elsewhere].flatMap((street) => (street ? [street.remove()] : [])));
    await ssh?.stop();
  });

  /** How often each run was begun there. */
  const begun = async (): Promise<Set<number>> => {
    const runs = await readdir(join(root, "runs"));
    const counts = runs.map(async (run) => {
      const text = await readFile(join(root, "runs", run, "attempts.jsonl"), "utf8");
      return text.split("\n").filter((line) => line.includes('"begun"')).length;
    });
    return new Set(await Promise.all(counts));
  };

  it("asked for all at once and left, then followed through SSH: the same bytes as on this machine", async () => {
    const study = await there!.writeStudy(PLACE_STUDY);
    const left = await because("run", "--on", "login", "--detach", "--study", study);
    assert.equal(left.code, 0, left.stderr);
    assert.match(left.stderr, /go on at login/);
    const far = await because("run", "--on", "far", "--study", await elsewhere!.writeStudy(PLACE_STUDY));
    assert.equal(far.code, 0, far.stderr);
    assert.deepEqual(await runBytes(elsewhere!.store), await studyHere());
    assert.deepEqual(await begun(), new Set([1]), "nothing was begun twice");
  });

  it("on the login node itself what is there is only brought", async () => {
    const again = await because("run", "--on", "login", "--study", await there!.writeStudy(PLACE_STUDY));
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(await runBytes(there!.store), await studyHere());
    assert.deepEqual(await begun(), new Set([1]));
    await rm(root, {recursive: true, force: true});
  });
});

/** Slurm's commands for a login that has no SLURM_CONF, as they are at a real site. */
async function commandsThatKnow({folder, config}: SlurmCluster): Promise<string> {
  const commands = join(folder, "commands");
  await mkdir(commands);
  for (const name of ["sbatch", "squeue", "sacct", "scontrol", "scancel"]) {
    await writeFile(join(commands, name), `#!/bin/sh\nSLURM_CONF=${config} exec /usr/bin/env ${name} "$@"\n`);
    await chmod(join(commands, name), 0o755);
  }
  return commands;
}
