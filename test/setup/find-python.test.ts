import assert from "node:assert/strict";
import {join} from "node:path";
import {describe, test} from "node:test";
import {findPython, versionText} from "../../data-loaders/setup/find-python.js";
import {BadInput} from "../../src/core/bad-input.js";
import {fakeMachine, writeExecutable} from "./fake-python.js";

const refusal = async (finding: Promise<unknown>): Promise<BadInput> => {
  const error = await finding.then(
    () => assert.fail("a Python was found"),
    (reason: unknown) => reason
  );
  assert.ok(error instanceof BadInput);
  return error;
};

describe("finding Python", () => {
  test("takes python3 where it will do", async (t) => {
    const fake = fakeMachine(t);
    fake.install("python3", {version: [3, 11, 7]});
    fake.install("python3.13", {version: [3, 13, 0]});
    assert.equal(versionText(await findPython(fake.machine)), "3.11.7");
  });

  test("goes on to a newer one where python3 is too old or lacks venv", async (t) => {
    const fake = fakeMachine(t);
    fake.install("python3", {version: [3, 9, 2]});
    fake.install("python3.13", {version: [3, 13, 0], venv: false});
    fake.install("python3.12", {version: [3, 12, 1]});
    assert.equal(versionText(await findPython(fake.machine)), "3.12.1");
  });

  test("passes over a command that is there but does not run", async (t) => {
    const fake = fakeMachine(t);
    writeExecutable(join(fake.bin, "python3"), "#!/bin/sh\nexit 127\n");
    fake.install("python3.10", {version: [3, 10, 0]});
    assert.equal(versionText(await findPython(fake.machine)), "3.10.0");
  });

  test("says so where there is none", async (t) => {
    const {detail} = await refusal(findPython(fakeMachine(t).machine));
    assert.equal(detail.found, "none on the PATH");
    assert.match(detail.mend, /apt install python3 python3-venv.*BECAUSE_PYTHON/);
  });

  test("says so where all are too old, naming them", async (t) => {
    const fake = fakeMachine(t);
    const path = fake.install("python3", {version: [3, 9, 2]});
    const {detail} = await refusal(findPython(fake.machine));
    assert.equal(detail.found, `only ${path} (3.9.2)`);
    assert.match(detail.expected, /Python 3\.10 or newer/);
  });

  test("names the Debian package where venv is missing", async (t) => {
    const fake = fakeMachine(t);
    fake.install("python3", {version: [3, 11, 2], venv: false});
    const {detail} = await refusal(findPython(fake.machine));
    assert.match(detail.found, /3\.11\.2\) without venv/);
    assert.match(detail.mend, /apt install python3-venv, or python3\.11-venv/);
  });

  test("takes what BECAUSE_PYTHON names and nothing else", async (t) => {
    const fake = fakeMachine(t);
    fake.install("python3", {version: [3, 11, 7]});
    const named = fake.install("mine", {version: [3, 12, 4]});
    fake.machine.env.BECAUSE_PYTHON = named;
    assert.equal((await findPython(fake.machine)).executable, named);
    fake.machine.env.BECAUSE_PYTHON = join(fake.bin, "absent");
    const {detail} = await refusal(findPython(fake.machine));
    assert.match(detail.where, /BECAUSE_PYTHON=.*absent/);
    assert.equal(detail.found, "no Python that runs there");
  });
});
