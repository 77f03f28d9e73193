import assert from "node:assert/strict";
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, test, type TestContext} from "node:test";
import {nodeProblem} from "../../data-loaders/setup/node-version.mjs";
import {ensurePackages, packagesMatch} from "../../data-loaders/setup/packages.mjs";
import {writeExecutable} from "./fake-python.js";

describe("the version of Node.js", () => {
  test("will do from 20.19 on", () => {
    for (const version of ["20.19.0", "20.20.2", "21.0.0", "22.4.1", "26.0.0"])
      assert.equal(nodeProblem(version), undefined);
  });

  test("is refused below, with what was found and the mend", () => {
    for (const version of ["20.18.3", "18.20.4", "12.0.0"]) {
      const problem = nodeProblem(version) ?? "";
      assert.match(problem, new RegExp(`needs Node.js 20.19 or newer, found ${version}: install`));
    }
  });
});

/** A project whose lock file asks for two packages, one of them for another platform, and an npm that plays along. */
function project(t: TestContext, npmExit = 0): {root: string; env: NodeJS.ProcessEnv; calls: () => number} {
  const root = mkdtempSync(join(tmpdir(), "because-packages-"));
  t.after(() => rmSync(root, {recursive: true}));
  writeFileSync(join(root, "package-lock.json"), lockFile("1.0.0"));
  const npm = `#!${process.execPath}
const fs = require("node:fs");
fs.appendFileSync("npm-calls", process.argv.slice(2).join(" ") + "\\n");
fs.mkdirSync("node_modules", {recursive: true});
process.exitCode = ${npmExit};
`;
  mkdirSync(join(root, "bin"));
  writeExecutable(join(root, "bin", "npm"), npm);
  const calls = (): number =>
    existsSync(join(root, "npm-calls"))
      ? readFileSync(join(root, "npm-calls"), "utf8").trim().split("\n").length
      : 0;
  return {root, env: {PATH: join(root, "bin")}, calls};
}

const lockFile = (version: string): string =>
  JSON.stringify({
    packages: {
      "": {name: "x"},
      "node_modules/a": {version},
      "node_modules/b": {version: "2.0.0", optional: true}
    }
  });

/** What npm itself notes after an install. */
function npmRecord(root: string, version: string): void {
  mkdirSync(join(root, "node_modules"), {recursive: true});
  writeFileSync(
    join(root, "node_modules", ".package-lock.json"),
    JSON.stringify({packages: {"node_modules/a": {version}}})
  );
}

describe("the npm packages", () => {
  const quiet = (): void => undefined;

  test("are installed once", async (t) => {
    const {root, env, calls} = project(t);
    assert.equal(await ensurePackages(root, quiet, env), true);
    assert.equal(await ensurePackages(root, quiet, env), false);
    assert.equal(calls(), 1);
    assert.match(readFileSync(join(root, "npm-calls"), "utf8"), /^ci /);
  });

  test("are installed again when the lock file changes", async (t) => {
    const {root, env, calls} = project(t);
    await ensurePackages(root, quiet, env);
    writeFileSync(join(root, "package-lock.json"), lockFile("1.0.1"));
    await ensurePackages(root, quiet, env);
    assert.equal(calls(), 2);
  });

  test("are left alone where npm's own record says that they are the locked ones", async (t) => {
    const {root, env, calls} = project(t);
    npmRecord(root, "1.0.0");
    assert.equal(await ensurePackages(root, quiet, env), false);
    assert.equal(calls(), 0);
  });

  test("are left alone where a package was added by hand", async (t) => {
    const {root, env, calls} = project(t);
    await ensurePackages(root, quiet, env);
    writeFileSync(join(root, "package-lock.json"), lockFile("1.0.1"));
    npmRecord(root, "1.0.1");
    assert.equal(await ensurePackages(root, quiet, env), false);
    assert.equal(calls(), 1);
  });

  test("do not match where npm's record has another version, or is half a file", (t) => {
    const {root} = project(t);
    npmRecord(root, "0.9.0");
    assert.equal(packagesMatch(root), false);
    writeFileSync(join(root, "node_modules", ".package-lock.json"), '{"packages": {"node_mod');
    assert.equal(packagesMatch(root), false);
  });

  test("leave no stamp when npm fails, and say what to do", async (t) => {
    const {root, env} = project(t, 3);
    await assert.rejects(
      ensurePackages(root, quiet, env),
      /npm ci did not succeed \(exit code 3\).*network or the registry/
    );
    assert.equal(packagesMatch(root), false);
  });

  test("need npm", async (t) => {
    const {root} = project(t);
    await assert.rejects(
      ensurePackages(root, quiet, {PATH: join(root, "nowhere")}),
      /npm was not found: install Node.js/
    );
  });
});

test("the lock file has the packages of every platform: npm ci refuses one that has not", () => {
  const file = new URL("../../package-lock.json", import.meta.url);
  type Locked = {optionalDependencies?: Record<string, string>};
  const {packages} = JSON.parse(readFileSync(file, "utf8")) as {packages: Record<string, Locked>};
  const isLocked = (from: string, name: string): boolean => {
    const above = from.lastIndexOf("/node_modules/");
    return (
      `${from}/node_modules/${name}` in packages ||
      `node_modules/${name}` in packages ||
      (above >= 0 && isLocked(from.slice(0, above), name))
    );
  };
  const missing = Object.entries(packages).flatMap(([from, {optionalDependencies = {}}]) =>
    Object.keys(optionalDependencies).filter((name) => !isLocked(from, name))
  );
  assert.deepEqual(missing, []);
});
