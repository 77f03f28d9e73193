import assert from "node:assert/strict";
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, test} from "node:test";
import {ensurePython, setupLog} from "../../data-loaders/setup/python-environment.js";
import {forgetHalfPackages, readStamp} from "../../data-loaders/setup/virtual-environment.js";
import {BadInput} from "../../src/core/bad-input.js";
import {fakeMachine, writeExecutable, type FakeMachine} from "./fake-python.js";

const setUp = ({store, requirements, machine, lines}: FakeMachine, dev = false): Promise<{python: string}> =>
  ensurePython({store, requirements, machine, dev, log: (line) => lines.push(line)});

const refusal = async (fake: FakeMachine): Promise<BadInput["detail"]> => {
  const error = await setUp(fake).then(
    () => assert.fail("set-up succeeded"),
    (reason: unknown) => reason
  );
  assert.ok(error instanceof BadInput, String(error));
  assert.equal(readStamp(join(fake.store, "python")), undefined, "a failed set-up leaves no stamp");
  return error.detail;
};

const TORCH = "--no-deps --force-reinstall torch==2.13.0+cpu";
const TRAINER = "-r requirements-torch.txt -r requirements.txt";

describe("the Python environment", () => {
  test("is made once: torch first, then the trainer's packages", async (t) => {
    const fake = fakeMachine(t);
    fake.install("python3", {version: [3, 11, 7]});
    const {python} = await setUp(fake);
    assert.equal(python, join(fake.store, "python", "bin", "python"));
    assert.deepEqual(fake.pipCalls(), [TORCH, TRAINER]);
    fake.lines.length = 0;
    await setUp(fake);
    assert.deepEqual(fake.lines, [], "a second set-up does nothing");
    assert.equal(fake.pipCalls().length, 2);
  });

  test("gets the developers' packages when they are asked for, and keeps the rest", async (t) => {
    const fake = fakeMachine(t);
    fake.install("python3", {version: [3, 11, 7]});
    await setUp(fake);
    await setUp(fake, true);
    assert.deepEqual(fake.pipCalls().slice(2), [TRAINER, "-r requirements-dev.txt"]);
  });

  test("follows a change of the pinned packages", async (t) => {
    const fake = fakeMachine(t);
    fake.install("python3", {version: [3, 11, 7]});
    await setUp(fake);
    writeFileSync(join(fake.requirements, "requirements-torch.txt"), "torch==2.14.1\n");
    await setUp(fake);
    assert.deepEqual(fake.pipCalls().slice(2), [TORCH.replace("2.13.0", "2.14.1"), TRAINER]);
  });

  test("is made anew where its Python no longer runs", async (t) => {
    const fake = fakeMachine(t);
    fake.install("python3", {version: [3, 11, 7]});
    const {python} = await setUp(fake);
    writeExecutable(python, "#!/bin/sh\nexit 1\n");
    await setUp(fake);
    assert.match(fake.lines.join("\n"), /making it anew/);
    assert.deepEqual(fake.pipCalls(), [TORCH, TRAINER], "all installed again");
  });

  test("is made anew where BECAUSE_PYTHON asks for another version", async (t) => {
    const fake = fakeMachine(t);
    fake.install("python3", {version: [3, 11, 7]});
    await setUp(fake);
    fake.machine.env.BECAUSE_PYTHON = fake.install("other", {version: [3, 13, 1]});
    await setUp(fake);
    assert.equal(readStamp(join(fake.store, "python"))?.python, "3.13.1");
  });

  test("is taken up again where pip was killed", async (t) => {
    const fake = fakeMachine(t, {FAKE_PIP: "killed in the trainer's packages"});
    fake.install("python3", {version: [3, 11, 7]});
    const {where, found} = await refusal(fake);
    assert.match(where, /the trainer's packages/);
    assert.match(found, /an error of pip/);
    fake.machine.env.FAKE_PIP = "well";
    await setUp(fake);
    assert.deepEqual(fake.pipCalls(), [TORCH, TRAINER, TRAINER], "torch is not installed twice");
  });

  test("forgets a package that was half installed", async (t) => {
    const {folder} = fakeMachine(t);
    const packages = join(folder, "lib", "python3.11", "site-packages");
    for (const [name, files] of Object.entries({
      "whole-1.0.dist-info": ["METADATA", "INSTALLER", "RECORD"],
      "half-1.0.dist-info": ["METADATA", "RECORD"]
    })) {
      mkdirSync(join(packages, name), {recursive: true});
      for (const file of files) writeFileSync(join(packages, name, file), "");
    }
    assert.deepEqual(await forgetHalfPackages(folder), ["half-1.0.dist-info"]);
    assert.ok(existsSync(join(packages, "whole-1.0.dist-info", "METADATA")));
  });

  test("waits for another set-up in the same store, and then has nothing to do", async (t) => {
    const fake = fakeMachine(t);
    fake.install("python3", {version: [3, 11, 7]});
    await Promise.all([setUp(fake), setUp(fake)]);
    assert.equal(fake.pipCalls().length, 2);
    assert.ok(!existsSync(join(fake.store, "python.lock")));
  });
});

describe("the build of torch", () => {
  test("is the default one where the index has no CPU build", async (t) => {
    const fake = fakeMachine(t, {FAKE_PIP: "no CPU build"});
    fake.install("python3", {version: [3, 11, 7]});
    await setUp(fake);
    assert.deepEqual(fake.pipCalls(), [TORCH, TORCH.replace("+cpu", ""), TRAINER]);
  });

  test("is the default one where an NVIDIA GPU answers", async (t) => {
    const fake = fakeMachine(t);
    fake.install("python3", {version: [3, 11, 7]});
    writeExecutable(join(fake.bin, "nvidia-smi"), "#!/bin/sh\necho 'GPU 0: NVIDIA H200 (UUID: GPU-1)'\n");
    await setUp(fake);
    assert.deepEqual(fake.pipCalls(), [TORCH.replace("+cpu", ""), TRAINER]);
  });

  test("comes from the index that BECAUSE_TORCH_INDEX names, and torch alone", async (t) => {
    const fake = fakeMachine(t);
    fake.install("python3", {version: [3, 11, 7]});
    await setUp(fake);
    const index = "https://me:secret@mirror.example/torch";
    fake.machine.env.BECAUSE_TORCH_INDEX = index;
    await setUp(fake);
    const [again, rest] = fake.pipCalls().slice(2);
    assert.equal(again, TORCH.replace("torch==", `--index-url ${index} torch==`));
    assert.equal(rest, TRAINER);
    const written = fake.lines.join("\n") + readFileSync(setupLog(fake.store), "utf8");
    assert.ok(!written.includes("secret"), "no password in what is shown or logged");
  });
});

describe("set-up says what is missing", () => {
  test("Python", async (t) => {
    assert.equal((await refusal(fakeMachine(t))).found, "none on the PATH");
  });

  test("a venv that can be made", async (t) => {
    const fake = fakeMachine(t);
    fake.install("python3", {version: [3, 11, 2], venvFails: true});
    const {found, mend} = await refusal(fake);
    assert.match(found, /ensurepip is not available/);
    assert.match(mend, /apt install python3-venv/);
  });

  test("room on the disk, before anything is downloaded", async (t) => {
    const fake = fakeMachine(t);
    fake.install("python3", {version: [3, 11, 7]});
    fake.machine.freeBytes = () => Promise.resolve(1.2e9);
    const {expected, found, mend} = await refusal(fake);
    assert.match(expected, /^3\.0 GB free/);
    assert.equal(found, "1.2 GB free");
    assert.match(mend, /`store:`/);
    assert.throws(() => fake.pipCalls(), /ENOENT/);
  });

  test("room for CUDA, where only the default build is offered", async (t) => {
    const fake = fakeMachine(t, {FAKE_PIP: "no CPU build"});
    fake.install("python3", {version: [3, 11, 7]});
    fake.machine.freeBytes = () => Promise.resolve(5e9);
    assert.match((await refusal(fake)).expected, /^10\.0 GB free for torch with its CUDA libraries/);
  });

  test("a network, naming pip's last words and its log", async (t) => {
    const fake = fakeMachine(t, {FAKE_PIP: "no network"});
    fake.install("python3", {version: [3, 11, 7]});
    const {found, mend} = await refusal(fake);
    assert.match(found, /^no connection to the package index.*NewConnectionError/);
    assert.ok(mend.includes(setupLog(fake.store)));
    assert.match(
      readFileSync(setupLog(fake.store), "utf8"),
      /\$ pip install .*torch==2\.13\.0\+cpu\n(.*\n)*.*NewConnection/
    );
    assert.equal(fake.pipCalls().length, 1, "no second attempt without a network");
  });

  test("room that ran out while installing", async (t) => {
    const fake = fakeMachine(t, {FAKE_PIP: "disk full"});
    fake.install("python3", {version: [3, 11, 7]});
    assert.match((await refusal(fake)).found, /^a full disk/);
  });

  test("a system library that a package needs", async (t) => {
    const fake = fakeMachine(t, {
      FAKE_IMPORT: "Traceback\nImportError: libgomp.so.1: cannot open shared object file\n"
    });
    fake.install("python3", {version: [3, 11, 7]});
    assert.match((await refusal(fake)).found, /libgomp\.so\.1/);
  });

  test("a store that can be written", async (t) => {
    const fake = fakeMachine(t);
    fake.install("python3", {version: [3, 11, 7]});
    rmSync(fake.store, {force: true, recursive: true});
    writeFileSync(fake.store, "a file where the store should be");
    const {where, expected} = await refusal(fake);
    assert.equal(where, fake.store);
    assert.equal(expected, "a folder that can be written");
  });
});
