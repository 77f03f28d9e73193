import assert from "node:assert/strict";
import {execFile, spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {readFile, readdir, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {test, type TestContext} from "node:test";
import {promisify} from "node:util";
import {buildSite} from "../../data-loaders/site/build-site.js";
import {runFramework, stubStandardLibrary} from "../../data-loaders/site/framework.js";
import {notebookIn} from "../../data-loaders/site/project.js";
import {PROJECT} from "../../data-loaders/stages/store.js";
import {encodeColumns} from "../../src/core/columns.js";
import {writeSampleTables} from "./sample-tables.js";
import {scratchNotebook, writeFiles, type Files} from "./scratch-notebook.js";

async function prepare(t: TestContext, files: Files = {}) {
  const project = await scratchNotebook(t, files);
  const tables = await writeSampleTables(join(project, "tables"));
  const output = join(project, "store", "site");
  const build = () => buildSite({tables, output, project});
  const page = (name: string) => readFile(join(output, `${name}.html`), "utf8");
  return {project, tables, output, build, page};
}

/** The one data file of a site whose name starts with `name`. */
async function dataOf(output: string, name: string): Promise<string> {
  const folder = join(output, "_file", "data", "study");
  const file = (await readdir(folder)).find((candidate) => candidate.startsWith(`${name}.`));
  assert.ok(file, `${name} is not in the site`);
  return readFile(join(folder, file), "utf8");
}

test("a page's HTML says what it has to say before any script has run", async (t) => {
  const {build, page, output} = await prepare(t);
  await build();
  const home = await page("index");
  assert.match(home, /<p data-sentence="answer">Over <b>2<\/b> runs\.<\/p>/);
  assert.match(home, /<div data-figure="levels"><svg viewBox="0 0 10 10"><text>label-only<\/text>/);
  assert.match(home, /<html lang="en">/);
  for (const name of ["index", "accuracy", "entropy", "examples", "runs", "methods", "404"]) {
    const html = await page(name);
    assert.match(html, /synthetic-banner/, `${name} does not say that the study is synthetic`);
    assert.match(html, /A &lt;small&gt; sample/, `${name} does not name the study`);
    assert.match(html, /Cite as: A\. Author\./, `${name} does not say how to cite`);
  }
  assert.deepEqual(
    (await readdir(join(output, ".."))).filter((name) => name !== "site"),
    [],
    "the build left something beside the site"
  );
});

test("a loader runs again when its inputs or its code changed, and only then", async (t) => {
  const {project, tables, output, build} = await prepare(t);
  const cached = join(project, "src", ".observablehq", "cache", "data", "study.zip");
  await build();
  const first = (await stat(cached)).mtimeMs;
  const before = JSON.parse(await dataOf(output, "runs")).rows;

  await writeFiles(project, {"src/methods.md": "# Methods\n\nOther words.\n"});
  await build();
  assert.equal((await stat(cached)).mtimeMs, first, "nothing that the loader reads had changed");

  const runs = [...Array(before + 1).keys()].map((run) => ({run: String(run)}));
  await writeFile(join(tables, "runs.json"), JSON.stringify(encodeColumns(runs)));
  await build();
  assert.equal(
    JSON.parse(await dataOf(output, "runs")).rows,
    before + 1,
    "the site shows the earlier tables"
  );

  const loader = join(project, "src", "data", "study.zip.ts");
  await writeFile(loader, `${await readFile(loader, "utf8")}\n// changed\n`);
  const second = (await stat(cached)).mtimeMs;
  await build();
  assert.notEqual((await stat(cached)).mtimeMs, second, "the loader's code had changed");
});

test("every mistake fails the build, all are named, and the earlier site stays", async (t) => {
  const {project, build, output} = await prepare(t);
  await build();
  const earlier = await readFile(join(output, "index.html"), "utf8");
  await writeFiles(project, {
    "src/methods.md": "# Methods\n\n```ts\nconst = 3;\n```\n",
    "src/runs.md": "# Runs\n\n[gone](./nowhere) and [no such part](./methods#gone)\n",
    "src/entropy.md": '# Entropy\n\n```js\nimport {nothing} from "no-such-package";\ndisplay(nothing);\n```\n'
  });
  await assert.rejects(build(), (error: Error) => {
    assert.match(error.message, /methods\.html: a code block does not parse: SyntaxError/);
    assert.match(error.message, /runs\.html: links to \.\/nowhere, which is not there/);
    assert.match(error.message, /runs\.html: links to \.\/methods#gone, a page without that anchor/);
    assert.match(error.message, /entropy\.html: imports “no-such-package”/);
    return true;
  });
  assert.equal(await readFile(join(output, "index.html"), "utf8"), earlier);
});

test("an unknown static figure fails the build and names the page", async (t) => {
  const {build, output} = await prepare(t, {"src/runs.md": '# Runs\n\n<div data-figure="levles"></div>\n'});
  await assert.rejects(
    build(),
    /src\/runs\.md: expected a static figure of src\/figures\/static\.ts \(levels\), found “levles”/
  );
  assert.ok(!existsSync(output));
});

test("two builds at a time do not collide", async (t) => {
  const {project, tables, output, build} = await prepare(t);
  await Promise.all([build(), buildSite({tables, output: `${output}-second`, project})]);
  assert.ok(existsSync(join(output, "index.html")));
  assert.ok(existsSync(join(`${output}-second`, "index.html")));
});

test("a build needs no network", async (t) => {
  if (spawnSync("unshare", ["-rn", "true"]).status !== 0) {
    t.skip("this machine cannot start a process without a network: `unshare -rn` is not permitted");
    return;
  }
  const {project, tables, output, page} = await prepare(t);
  const script = `
    import {buildSite} from ${JSON.stringify(join(PROJECT, "data-loaders/site/build-site.ts"))};
    await buildSite(${JSON.stringify({tables, output, project})});`;
  const args = ["-rn", process.execPath, "--import", "tsx", "--input-type=module", "--eval", script];
  await promisify(execFile)("unshare", args, {cwd: PROJECT});
  assert.match(await page("index"), /Over <b>2<\/b> runs/);
});

test("before any study, pages can be worked on, and say that there is none", async (t) => {
  const {project, output, page} = await prepare(t);
  const notebook = notebookIn(project);
  await stubStandardLibrary(notebook);
  const {code, tail} = await runFramework(notebook, ["build"], {tables: "", output}, () => {}).ended;
  assert.equal(code, 0, tail.join("\n"));
  assert.match(await page("index"), /role="status">There is no study yet/);
  assert.match(await page("index"), /<div data-figure="levels"><span class="no-study">/);
  assert.equal(JSON.parse(await dataOf(output, "runs")).rows, 0);
});

test("tables that are not there are named", async (t) => {
  const project = await scratchNotebook(t);
  const build = buildSite({tables: join(project, "gone"), output: join(project, "site"), project});
  await assert.rejects(
    build,
    /gone\/study\.json: expected tables of a study, found no such file\. Run the study first/
  );
});
