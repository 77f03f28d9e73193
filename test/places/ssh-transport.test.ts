import assert from "node:assert/strict";
import {mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile} from "node:fs/promises";
import {spawnSync} from "node:child_process";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {SshTransport} from "../../data-loaders/places/ssh-transport.js";
import {LinkLost} from "../../data-loaders/places/transport.js";
import {LoopbackSsh, skipWithoutSsh} from "./loopback-ssh.js";
import {HOSTILE} from "./hostile-names.js";

const NO_PATIENCE = {retries: 0, first: 1, longest: 1};
const SOME_PATIENCE = {retries: 8, first: 200, longest: 1000};

describe("a link over OpenSSH", {skip: skipWithoutSsh()}, () => {
  let ssh: LoopbackSsh;
  let folder: string;
  before(async () => {
    ssh = await LoopbackSsh.start();
    folder = await mkdtemp(join(tmpdir(), "because-link-"));
  });
  after(async () => {
    await rm(folder, {recursive: true, force: true});
    await ssh.stop();
  });

  const withLink = async <T>(
    use: (link: SshTransport) => Promise<T>,
    {patience = NO_PATIENCE, config = ssh.config} = {}
  ): Promise<T> => {
    const link = new SshTransport("box", patience, {...process.env, BECAUSE_SSH_CONFIG: config});
    try {
      return await use(link);
    } finally {
      await link.close();
    }
  };

  it("carries arguments, input, output and exit codes as they are", () =>
    withLink(async (link) => {
      const print = "import json, sys; print(json.dumps([sys.argv[1:], sys.stdin.read()])); sys.exit(7)";
      const {code, stdout} = await link.run(["python3", "-c", print, ...HOSTILE], {input: "in\nput"});
      assert.equal(code, 7);
      assert.deepEqual(JSON.parse(stdout), [HOSTILE, "in\nput"]);
      const large = await link.run(["head", "-c", "3000000", "/dev/zero"]);
      assert.equal(large.stdout.length, 3_000_000);
      assert.deepEqual(
        (await readdir(folder)).filter((name) => name.includes("pwned")),
        []
      );
    }));

  it("carries files whose names are hostile, both ways; links and devices stay behind", () =>
    withLink(async (link) => {
      const [from, there, back] = ["from", "there", "back"].map((name) => join(folder, name)) as [
        string,
        string,
        string
      ];
      await mkdir(join(from, "below"), {recursive: true});
      const names = HOSTILE.filter((name) => name !== "");
      for (const name of names) await writeFile(join(from, "below", name), name);
      await link.send(from, there);
      await symlink("/etc/passwd", join(there, "below", "secret"));
      await symlink("../..", join(there, "up"));
      spawnSync("mkfifo", [join(there, "pipe")]);
      await link.fetch(there, back);
      assert.deepEqual((await readdir(join(back, "below"))).sort(), names.sort());
      assert.deepEqual(await readdir(back), ["below"]);
      for (const name of names) assert.equal(await readFile(join(back, "below", name), "utf8"), name);
      await rm(back, {recursive: true});
      await link.fetch(there, back, {paths: ["below/a b", "below/$(touch pwned)", "not/there"]});
      assert.deepEqual((await readdir(join(back, "below"))).sort(), ["$(touch pwned)", "a b"]);
      assert.deepEqual(
        (await readdir(".")).filter((name) => name === "pwned"),
        []
      );
    }));

  it("waits for a host that comes back, and says when it does not", async () => {
    await ssh.down();
    await assert.rejects(
      withLink((link) => link.run(["true"])),
      (error) => {
        assert.ok(error instanceof LinkLost);
        assert.match(error.message, /The link to box broke: .*Connection refused/);
        return true;
      }
    );
    const waiting = withLink((link) => link.run(["echo", "here"]), {patience: SOME_PATIENCE});
    await sleep(600);
    await ssh.up();
    assert.equal((await waiting).stdout, "here\n");
  });

  it("a host that does not answer in time counts as lost, not as an answer", () =>
    withLink(async (link) => {
      await assert.rejects(link.run(["sleep", "20"], {timeout: 1500, again: false}), LinkLost);
    }));

  it("a key that the host refuses is said at once, with what to do", async () => {
    const config = join(folder, "no-key");
    const other = join(folder, "other-key");
    spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", other]);
    const text = await readFile(ssh.config, "utf8");
    await writeFile(config, text.replace(/IdentityFile .*/, `IdentityFile ${other}`));
    await assert.rejects(
      withLink((link) => link.run(["true"]), {patience: SOME_PATIENCE, config}),
      /a key that the host accepts.*Permission denied.*ssh-add/
    );
  });

  it("a host whose key nobody knows is refused", async () => {
    const config = join(folder, "unknown");
    const text = await readFile(ssh.config, "utf8");
    await writeFile(
      config,
      text.replace(/UserKnownHostsFile .*/, `UserKnownHostsFile ${join(folder, "none")}`)
    );
    await assert.rejects(
      withLink((link) => link.run(["true"]), {patience: SOME_PATIENCE, config}),
      /a host whose key is known.*compare the fingerprint/
    );
    await assert.rejects(readFile(join(folder, "none")), "no key was accepted");
  });

  it("a host whose key changed is refused, for commands and files", async () => {
    await ssh.changeHostKey();
    const changed = /the host key that your known hosts have for it.*Somebody may be in between/;
    await assert.rejects(
      withLink((link) => link.run(["true"]), {patience: SOME_PATIENCE}),
      changed
    );
    await assert.rejects(
      withLink((link) => link.fetch(folder, join(folder, "x")), {patience: SOME_PATIENCE}),
      changed
    );
  });
});
