/** The suite's own runner: what it counts, and that nothing passes by not being there. */
import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {describe, test} from "node:test";
import {capture} from "../../data-loaders/setup/capture.js";
import {foldersOf, tallyOf} from "../runner/node-tests.js";
import {PARTS, type Part} from "../runner/parts.js";
import {junitTally} from "../runner/pytest.js";
import {closingLine, nothing, report, sum} from "../runner/tally.js";

const REPORTER = new URL("../runner/counting-reporter.mjs", import.meta.url).href;
const part = (name: string): Part => PARTS.find((each) => each.name === name) ?? assert.fail(name);

describe("the runner counts", () => {
  test("Node's tests: passed, failed, skipped, and files without any", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "because-runner-"));
    t.after(() => rmSync(folder, {recursive: true}));
    const file = (name: string, body: string): string => {
      writeFileSync(join(folder, name), `import {describe, test} from "node:test";\n${body}`);
      return join(folder, name);
    };
    const files = [
      file(
        "mixed.test.mjs",
        'describe("s", () => { test("good", () => {}); test("bad", () => { throw new Error("why\\nmore"); }); });'
      ),
      file("skips.test.mjs", 'test("waits", (t) => t.skip("no data here"));'),
      file("nested.test.mjs", 'test("outer", async (t) => { await t.test("inner", () => {}); });'),
      file("empty.test.mjs", ""),
      file("broken.test.mjs", 'throw new Error("does not load");')
    ];
    const counts = join(folder, "counts.jsonl");
    const {NODE_TEST_CONTEXT: _, ...env} = process.env;
    const options = [`--test-reporter=${REPORTER}`, `--test-reporter-destination=${counts}`];
    const {code} = await capture(process.execPath, ["--test", ...options, ...files], {env, cwd: folder});
    const tally = tallyOf(readFileSync(counts, "utf8"), code ?? null, new Set(files));
    assert.equal(tally.passed, 3, "good, inner and outer");
    assert.equal(tally.failed.length, 3);
    assert.match(tally.failed.join("\n"), /mixed\.test\.mjs: bad: why$/m);
    assert.match(tally.failed.join("\n"), /empty\.test\.mjs: holds no test/);
    assert.match(tally.failed.join("\n"), /broken\.test\.mjs/);
    assert.equal(tally.skipped.length, 1);
    assert.match(tally.skipped[0] ?? "", /waits: no data here$/);
  });

  test("a test process that fails without a failed test", () => {
    assert.deepEqual(tallyOf("", 7, new Set()).failed, ["the test process ended with exit code 7"]);
    assert.deepEqual(tallyOf("", null, new Set()).failed, ["the test process ended with a signal"]);
  });

  test("pytest's cases", () => {
    const xml = `<?xml version="1.0"?><testsuites><testsuite tests="4">
      <testcase classname="test_loss" name="test_a"/>
      <testcase classname="test_loss" name="test_b"><failure message="1 != 2&#10;more">trace</failure></testcase>
      <testcase classname="test_loss" name="test_c"><skipped message="no GPU"/></testcase>
      <testcase classname="test_run" name="test_d"><error message="fixture"/></testcase></testsuite></testsuites>`;
    const tally = junitTally(xml, 1);
    assert.equal(tally.passed, 1);
    assert.deepEqual(tally.failed, ["test_loss.test_b: 1 != 2", "test_run.test_d: fixture"]);
    assert.deepEqual(tally.skipped, ["test_loss.test_c: no GPU"]);
    assert.deepEqual(junitTally("<testsuites/>", 5).failed, ["pytest ended with exit code 5"]);
  });

  test("all parts in the closing line, alone at the end", () => {
    const tally = {passed: 3, failed: ["a: b"], skipped: ["c: d"]};
    const text = report([
      {part: "fast", seconds: 12.3, tally},
      {part: "python", seconds: 4, tally: {...nothing(), passed: 2}}
    ]);
    assert.equal(text.split("\n").at(-1), "5 passed, 1 failed, 1 skipped");
    assert.match(text, /SKIPPED:\n {2}c: d\n/);
    assert.match(text, /FAILED:\n {2}a: b\n/);
    assert.equal(closingLine(sum([])), "0 passed, 0 failed, 0 skipped");
  });
});

describe("the parts", () => {
  test("leave no folder of tests out", () => {
    const present = ["core", "street", "site", "a-new-one"];
    const run = PARTS.flatMap((each) => foldersOf(each, present));
    for (const folder of present) assert.equal(run.filter((each) => each === folder).length, 1, folder);
    assert.ok(foldersOf(part("fast"), present).includes("a-new-one"));
  });
});
