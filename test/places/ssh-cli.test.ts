import assert from "node:assert/strict";
import {readdir, realpath, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {because, createStreet, SMALL_STUDY, startBecause} from "../street/street.js";
import type {Street} from "../street/street.js";
import {LoopbackSsh, skipWithoutSsh} from "./loopback-ssh.js";

/** So many steps that nothing ends before it is cancelled. */
const LONG_STUDY = SMALL_STUDY.replace("steps: 40", "steps: 100000");

describe("commands about a place", {skip: skipWithoutSsh()}, () => {
  let ssh: LoopbackSsh;
  let street: Street;
  let root: string;
  let study: string;
  before(async () => {
    ssh = await LoopbackSsh.start();
    street = await createStreet();
    study = await street.writeStudy(LONG_STUDY);
    root = join(ssh.folder, "place");
    const environment = await realpath(street.store.path("python"));
    process.env.BECAUSE_PLACES = join(ssh.folder, "places.yaml");
    process.env.BECAUSE_SSH_CONFIG = ssh.config;
    await writeFile(
      process.env.BECAUSE_PLACES,
      `because: 1
places:
  box: {kind: ssh, host: box, root: ${root}, environment: ${environment}, workers: 1}
  off: {kind: ssh, host: nowhere.invalid}
`
    );
  });
  after(async () => {
    await street.remove();
    await ssh.stop();
  });

  it("places lists them, and reaches none", async () => {
    const {code, stdout} = await because("places");
    assert.equal(code, 0);
    assert.match(stdout, /^local +local +this machine$/m);
    assert.match(stdout, /^off +ssh +nowhere\.invalid:~\/because$/m);
  });

  it("doctor looks before anything is there, and changes nothing", async () => {
    const {code, stdout} = await because("doctor", "--on", "box");
    assert.match(stdout, /^ok +Link +box, \d+ ms$/m);
    assert.match(stdout, /^ok +Python +3\.\d+/m);
    assert.match(stdout, /^(?:without|ok) +GPU/m);
    assert.match(stdout, /^missing +Environment .*no trainer in[^]*because prepare box/m);
    assert.equal(code, 1);
    await assert.rejects(readdir(root));
    const off = await because("doctor", "--on", "off");
    assert.equal(off.code, 1);
    assert.match(off.stdout, /^missing +Link +.*resolve hostname[^]*your OpenSSH configuration/im);
  });

  it("prepare sets it up, after which doctor finds all that is needed", async () => {
    const {code, stdout, stderr} = await because("prepare", "box");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^box is ready: .*, trainer [0-9a-f]{16}\.$/m);
    const healthy = await because("doctor", "--on", "box", "--study", study);
    assert.equal(healthy.code, 0, healthy.stdout);
    assert.match(healthy.stdout, /^ok +Environment .*libraries as pinned$/m);
  });

  it("Ctrl-C leaves runs going on; logs follows one, cancel ends them", async () => {
    const {child, ended} = startBecause(["run", "--on", "box", "--study", study]);
    for (let tries = 0; tries < 600 && !(await training(root)); tries++) await sleep(200);
    child.kill("SIGINT");
    const left = await ended;
    assert.equal(left.code, 130, left.stderr);
    assert.match(left.stderr, /go on at box.*because cancel --on box/);
    assert.ok(await training(root), "it goes on");

    const cancelled = await because("cancel", "--on", "box", "--study", study);
    assert.equal(cancelled.code, 0, cancelled.stderr);
    assert.match(cancelled.stdout, /^5 runs are cancelled at box\.$/m);
    for (let tries = 0; tries < 300 && (await training(root)); tries++) await sleep(100);
    assert.equal(await training(root), undefined);
    const none = await because("cancel", "--on", "box", "--study", study);
    assert.match(none.stdout, /^0 runs are cancelled at box\.$/m);
  });

  it("what cannot be is said with what to do", async () => {
    const local = await because("cancel", "--study", study);
    assert.equal(local.code, 2);
    assert.match(local.stderr, /Ctrl-C where the study is trained/);
    const unknown = await because("run", "--on", "bx", "--study", study);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /--on bx[^]*local, box, off[^]*Did you mean “box”/);
    const run = await because("logs", "zzz", "--on", "box", "--study", study);
    assert.equal(run.code, 2);
    assert.match(run.stderr, /the id of a run of this store/);
  });
});

/** A run of the study proper that is being done; its runs alone take as many steps. */
async function training(root: string): Promise<string | undefined> {
  const claims = await readdir(join(root, "claims")).catch(() => []);
  const done = await readdir(join(root, "runs")).catch(() => []);
  return done.length > 5 ? claims.find((name) => !name.startsWith(".")) : undefined;
}
