import assert from "node:assert/strict";
import {test} from "node:test";
import type {Page} from "playwright-core";
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
