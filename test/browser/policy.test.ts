import assert from "node:assert/strict";
import {cp, mkdtemp, readFile, rm} from "node:fs/promises";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {test} from "node:test";
import type {Page} from "playwright-core";
import sirv from "sirv";
import {writeHostFiles} from "../../data-loaders/publish/host-files.js";
import {hasBrowser, launch, open, watchedPage} from "./browser.js";
import {openSite} from "./sample-site.js";

const NOTHING = {requests: [], console: [], errors: [], missing: []};

/** Directives that a page violated so far. */
const violations = (page: Page): Promise<string[]> =>
  page.evaluate(() => (globalThis as unknown as {violations: string[]}).violations);

/** Notes every violation from before the page's first byte. */
async function note(page: Page): Promise<void> {
  await page.addInitScript({
    content: `globalThis.violations = [];
      addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI, sample}) =>
        violations.push([violatedDirective, blockedURI, sample].join(" ")));`
  });
}

test("the policy of published pages", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());

  for (const name of [...site.pages, "404"]) {
    await t.test(`${name || "home"}: nothing violates it, nothing is asked of another origin`, async () => {
      const {page, context, misdeeds} = await watchedPage(browser, site.url);
      await note(page);
      await open(page, site.url + name);
      for (let y = 0; y < 6; y++) await page.mouse.wheel(0, 2000);
      const toggle = page.locator(".toggle-bar input, .toggle-bar button, .toggle-bar select").first();
      if (await toggle.isVisible().catch(() => false)) await toggle.focus();
      await page.keyboard.press("ArrowRight");
      await page.waitForTimeout(300);
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(misdeeds, NOTHING);
      const policy = await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
      assert.doesNotMatch(policy!, /'unsafe-inline'|'unsafe-eval'|'unsafe-hashes'|blob:|https?:|\*/);
      await context.close();
    });
  }

  await t.test("the page of an address that is not there finds its style sheet from any depth", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await note(page);
    await page.goto(`${site.url}no/such/page`);
    await page.waitForFunction(
      () => getComputedStyle(document.querySelector(".site-nav a")!).display === "inline-block"
    );
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(misdeeds.requests, []);
    await context.close();
  });

  await t.test("the database's worker runs", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await note(page);
    await open(page, `${site.url}sql?sql=${encodeURIComponent("SELECT count(*) AS many FROM predictions")}`);
    await page.locator(".sql-rows tbody tr").first().waitFor({timeout: 60_000});
    assert.match(await page.locator(".sql-rows tbody").innerText(), /\d/);
    assert.deepEqual([await violations(page), misdeeds], [[], NOTHING]);
    await context.close();
  });

  await t.test("from the disk, without a server, text and static figures show", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    for (const name of ["index", "accuracy", "entropy"]) {
      await page.goto(`file://${resolve(site.folder)}/${name}.html`);
      assert.ok(await page.locator("[data-figure] svg:visible").first().isVisible(), name);
      assert.match(await page.locator("[data-sentence]").first().innerText(), /\w+ \w+ \w+/);
      const display = await page
        .locator(".site-nav a")
        .first()
        .evaluate((a) => getComputedStyle(a).display);
      assert.equal(display, "inline-block", "without its style sheet");
    }
    await context.close();
  });

  await t.test("under a path, with the headers of `_headers`, all is the same", async () => {
    const host = await mkdtemp(join(tmpdir(), "because-host-"));
    t.after(() => rm(host, {recursive: true, force: true}));
    const below = join(host, "some", "where");
    await cp(site.folder, below, {recursive: true});
    await writeHostFiles(below);
    const headers = [...(await readFile(join(below, "_headers"), "utf8")).matchAll(/^ {2}([\w-]+): (.*)$/gm)];
    assert.ok(headers.length >= 4);
    const files = sirv(host, {
      extensions: ["html"],
      setHeaders: (response) => headers.forEach(([, name, value]) => response.setHeader(name!, value!))
    });
    const server = createServer((request, response) => files(request, response));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    t.after(() => server.close());
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    const {page, context, misdeeds} = await watchedPage(browser, url);
    await note(page);
    for (const name of ["", "accuracy", "examples"]) {
      await open(page, `${url}some/where/${name}`);
      assert.deepEqual(await violations(page), [], name);
    }
    await open(page, `${url}some/where/sql?sql=${encodeURIComponent("SELECT count(*) FROM predictions")}`);
    await page.locator(".sql-rows tbody tr").first().waitFor({timeout: 60_000});
    assert.deepEqual([await violations(page), misdeeds], [[], NOTHING]);
    await context.close();
  });

  await t.test("what is injected does not run, and reaches nobody", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await note(page);
    await open(page, site.url);
    await page.evaluate(() => {
      const add = (html: string): void => {
        document.body.append(document.createRange().createContextualFragment(html));
      };
      add(`<script>globalThis.ran = "script"</` + `script>`);
      add(`<img src="data:," onerror="globalThis.ran = 'attribute'">`);
      add(`<iframe srcdoc="<script>parent.ran = 'frame'</` + `script>"></iframe>`);
      add(`<p id="dressed" style="color: rgb(1, 2, 3)">x</p>`);
      const image = new Image();
      image.src = "https://elsewhere.invalid/x.png";
      void fetch("https://elsewhere.invalid/x").catch(() => undefined);
    });
    await page.waitForTimeout(300);
    assert.equal(await page.evaluate(() => (globalThis as {ran?: string}).ran), undefined);
    assert.notEqual(
      await page.locator("#dressed").evaluate((p) => getComputedStyle(p).color),
      "rgb(1, 2, 3)"
    );
    // In a task of its own: what the debugger evaluates itself is free of the policy.
    const evaluated = await page.evaluate(
      () =>
        new Promise((resolve) =>
          setTimeout(() => {
            try {
              resolve(new Function("return 1")());
            } catch (error) {
              resolve((error as Error).name);
            }
          })
        )
    );
    assert.equal(evaluated, "EvalError");
    assert.deepEqual(misdeeds.requests, []);
    const named = (await violations(page)).map((violation) => violation.split(" ")[0]);
    for (const directive of [
      "script-src-elem",
      "script-src-attr",
      "style-src-attr",
      "img-src",
      "connect-src"
    ])
      assert.ok(named.includes(directive), `nothing violated ${directive}: ${named.join(", ")}`);
    await context.close();
  });
});
