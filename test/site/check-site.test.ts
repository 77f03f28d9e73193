import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {test, type TestContext} from "node:test";
import {siteProblems} from "../../data-loaders/site/check-site.js";
import {scriptHashes} from "../../data-loaders/site/content-policy.js";
import {finishPage} from "../../data-loaders/site/finish-pages.js";
import {writeFiles, type Files} from "./scratch-notebook.js";

async function problemsOf(t: TestContext, files: Files): Promise<string[]> {
  const site = await mkdtemp(join(tmpdir(), "because-site-"));
  t.after(() => rm(site, {recursive: true, force: true}));
  await writeFiles(site, files);
  return siteProblems(site);
}

const page = (body: string, head = "") =>
  `<!doctype html><html><head>${head}</head><body>${body}</body></html>`;

test("a sound site has no problems", async (t) => {
  const files = {
    "index.html": page(
      `<a href="./runs?seed=1#log">runs</a><a href="#top" id="top">up</a><a href="https://example.org/">out</a>`,
      `<link rel="icon" href="data:,"><script type="module">import {define} from "./_observablehq/client.js";</script>`
    ),
    "runs.html": page(`<h2 id="log">Log</h2><a href="/">home</a><a href="./">home</a>`),
    "_observablehq/client.js": "export const define = 1;",
    "_import/a.js": `import {b} from "./b.js"; export const text = "imported from “elsewhere”";`
  };
  assert.deepEqual(await problemsOf(t, files), []);
});

test("what loads from another origin, or is not there, is a problem", async (t) => {
  const problems = await problemsOf(t, {
    "index.html": page(
      `<img src="./gone.png"><img src="data:image/png;base64,AA==">`,
      `<script src="https://cdn.example/x.js"></script><link rel="stylesheet" href="//fonts.example/a.css">`
    ),
    "_npm/d3@7.0.0/d3.js": "",
    "_import/a.js": `import * as d3 from "d3";`
  });
  assert.deepEqual(problems, [
    "index.html: loads https://cdn.example/x.js from another origin",
    "index.html: loads //fonts.example/a.css from another origin",
    "index.html: loads ./gone.png, which is not there",
    "_import/a.js: imports “d3”, which is not installed in node_modules",
    "_npm/d3@7.0.0/d3.js: came from a package server, not from node_modules"
  ]);
});

test("a finished page names its language, may be zoomed, and is closed to other origins", () => {
  const framework = `<html>\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1, maximum-scale=1">`;
  const html = finishPage(framework);
  assert.match(html, /<html lang="en">/);
  assert.doesNotMatch(html, /maximum-scale/);
  assert.match(finishPage(`<td style="text-align:right">`), /<td align="right">/);
  assert.match(html, /Content-Security-Policy" content="default-src 'none'; script-src 'self'/);
});

test("a policy names the modules in a page's head by hash, and no script of its text", () => {
  const html = `<html><head>\n<meta charset="utf-8">\n<script type="module">\na();\r\n</script></head><body><script>b()</script></body>`;
  const sha = createHash("sha256").update("\na();\n").digest("base64");
  assert.deepEqual(scriptHashes(html), [sha]);
  const policy = /content="([^"]*)"/.exec(finishPage(html))![1]!;
  assert.match(
    policy,
    new RegExp(`script-src 'self' 'wasm-unsafe-eval' 'sha256-${sha.replace(/[+/]/g, "\\$&")}';`)
  );
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|https?:|\*/);
});

test("code, styles and addresses that run in a page's text are problems", async (t) => {
  const body = `<script>b()</script><img src="data:," onerror="b()"><a href=" javascript:b()">x</a><p style="color: red">x</p>`;
  const problems = await problemsOf(t, {"index.html": page(body)});
  assert.equal(
    problems.filter((problem) => /script stands|has (?:onerror|href|style)=/.test(problem)).length,
    4
  );
});
