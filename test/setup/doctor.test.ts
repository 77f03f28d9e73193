import assert from "node:assert/strict";
import {createServer} from "node:net";
import {once} from "node:events";
import {mkdirSync} from "node:fs";
import {join} from "node:path";
import {describe, test} from "node:test";
import {examine, healthy, printFindings, type Finding} from "../../data-loaders/setup/doctor.js";
import {fakeMachine, writeExecutable, type FakeMachine} from "./fake-python.js";

const look = async ({store, machine}: FakeMachine, port?: number): Promise<Record<string, Finding>> =>
  Object.fromEntries((await examine({store, machine, port})).map((each) => [each.what, each]));

const printed = (findings: Finding[]): string => {
  const lines: string[] = [];
  printFindings(findings, (line) => lines.push(line));
  return lines.join("\n");
};

describe("the doctor", () => {
  test("names what a bare machine lacks, with the mend, and changes nothing", async (t) => {
    const fake = fakeMachine(t);
    fake.machine.freeBytes = () => Promise.resolve(0.5e9);
    const found = await look(fake);
    assert.equal(found["Node.js"]?.ok, true);
    assert.match(found.Python?.mend ?? "", /apt install python3/);
    assert.equal(found.Disk?.found, "0.5 GB free");
    assert.match(found.Environment?.mend ?? "", /npm start/);
    assert.equal(found.Trainer?.ok, false);
    assert.equal(healthy(Object.values(found)), false);
    assert.match(printed(Object.values(found)), /^4 of what a study needs are missing\.$/m);
  });

  test("does not count what only some uses need", async (t) => {
    const found = await look(fakeMachine(t));
    assert.deepEqual([found.Chromium?.ok, found.Chromium?.needed], [false, false]);
    const ok: Finding = {what: "x", ok: true, needed: true, found: "", expected: "", mend: ""};
    assert.equal(healthy([ok, {...ok, ok: false, needed: false}]), true);
    assert.equal(healthy([ok, {...ok, ok: false}]), false);
    assert.match(printed([ok, {...ok, ok: false, needed: false}]), /All that a study needs is there\.$/);
  });

  test("sees a port that is taken", async (t) => {
    const server = createServer().listen(0);
    t.after(() => server.close());
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : assert.fail("no port");
    const found = await look(fakeMachine(t), port);
    assert.deepEqual(
      [found.Port?.ok, found.Port?.needed, found.Port?.found],
      [false, false, `${port} is taken`]
    );
  });

  test("names libraries that are not the pinned ones, and a GPU that torch cannot use", async (t) => {
    const fake = fakeMachine(t);
    const bin = join(fake.store, "python", "bin");
    mkdirSync(bin, {recursive: true});
    const report = {libraries: [{name: "pyarrow", pinned: "26.0.1", installed: "25.0.0", holds: false}]};
    const says = `case "$*" in *importlib*) echo 2.13.0+cpu;; *because_trainer*) echo '${JSON.stringify(report)}';; esac`;
    writeExecutable(join(bin, "python"), `#!/bin/sh\n${says}\n`);
    writeExecutable(join(fake.bin, "nvidia-smi"), "#!/bin/sh\necho 'GPU 0: NVIDIA H200'\n");
    const found = await look(fake);
    assert.equal(found.Trainer?.found, "pyarrow 25.0.0 instead of 26.0.1");
    assert.match(found.Device?.found ?? "", /2\.13\.0\+cpu, though there is an NVIDIA GPU/);
    assert.equal(found.Device?.needed, false);
  });
});
