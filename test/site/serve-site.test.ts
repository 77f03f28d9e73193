import assert from "node:assert/strict";
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {test, type TestContext} from "node:test";
import {serveSite} from "../../data-loaders/site/serve-site.js";
import {BadInput} from "../../src/core/bad-input.js";
import {writeFiles, type Files} from "./scratch-notebook.js";

const SITE: Files = {
  "index.html": "home",
  "runs.html": "runs",
  "404.html": "nothing here",
  "_node/duckdb.wasm": "\0asm"
};

async function serve(t: TestContext, {files = SITE, port}: {files?: Files; port?: number} = {}) {
  const folder = await mkdtemp(join(tmpdir(), "because-serve-"));
  t.after(() => rm(folder, {recursive: true, force: true}));
  await writeFiles(folder, files);
  const server = await serveSite({folder, port});
  t.after(() => server.close());
  return {folder, ...server};
}

test("pages have clean addresses, and WebAssembly its own type", async (t) => {
  const {url} = await serve(t, {port: 0});
  assert.equal(await (await fetch(url)).text(), "home");
  assert.equal(await (await fetch(`${url}runs?modes=explanation`)).text(), "runs");
  assert.equal((await fetch(`${url}_node/duckdb.wasm`)).headers.get("content-type"), "application/wasm");
});

test("what is not there gets the site's own page and status 404", async (t) => {
  const {url} = await serve(t, {port: 0});
  const response = await fetch(`${url}nowhere`);
  assert.equal(response.status, 404);
  assert.equal(await response.text(), "nothing here");
  assert.equal((await fetch(`${url}..%2f..%2fetc/hostname`)).status, 404);
});

test("a site that is replaced while it is served is served as it is", async (t) => {
  const {folder, url} = await serve(t, {port: 0});
  await writeFiles(folder, {"index.html": "new home", "methods.html": "methods"});
  assert.equal(await (await fetch(url)).text(), "new home");
  assert.equal(await (await fetch(`${url}methods`)).text(), "methods");
});

test("a port that was asked for and is taken is an error; otherwise the next free one is used", async (t) => {
  const first = await serve(t);
  const taken = Number(new URL(first.url).port);
  await assert.rejects(serve(t, {port: taken}), (error) => {
    assert.ok(error instanceof BadInput);
    assert.match(
      error.message,
      new RegExp(`port ${taken}: expected a free port, found a program that already listens`)
    );
    return true;
  });
  const second = await serve(t);
  assert.notEqual(second.url, first.url);
});

test("a folder without a site is named", async (t) => {
  await assert.rejects(
    serve(t, {files: {"a.txt": ""}}),
    /expected a built notebook with an index\.html, found a folder without one/
  );
});
