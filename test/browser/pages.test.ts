import assert from "node:assert/strict";
import {copyFile, mkdtemp, rm, symlink} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {test} from "node:test";
import type {Page} from "playwright-core";
import {serveSite} from "../../data-loaders/site/serve-site.js";
import {hasBrowser, launch, open, watchedPage} from "./browser.js";
import {faintTexts, overflow, unseenFocus} from "./legibility.js";
import {openSite} from "./sample-site.js";

const PHONE = {width: 375, height: 812};
const NOTHING = {requests: [], console: [], errors: [], missing: []};

test("pages of the notebook", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());
  assert.ok(site.pages.length >= 7, `the notebook has only ${site.pages.length} pages`);

  for (const name of site.pages) {
    await t.test(`${name || "home"}: light`, async () => {
      const {page, context, misdeeds} = await watchedPage(browser, site.url, {colorScheme: "light"});
      await open(page, site.url + name);
      assert.deepEqual(misdeeds, NOTHING, "it asked another origin, or complained");
      assert.equal(await page.locator("h1").count(), 1);
      if (site.synthetic)
        assert.ok(
          await page.locator(".synthetic-banner").isVisible(),
          "it does not say that the study is synthetic"
        );
      assert.deepEqual(await faintTexts(page), [], "text cannot be read");
      assert.deepEqual(await unseenFocus(page), [], "what is focused cannot be seen");
      await context.close();
    });

    await t.test(`${name || "home"}: dark, on a phone`, async () => {
      const {page, context, misdeeds} = await watchedPage(browser, site.url, {
        colorScheme: "dark",
        viewport: PHONE
      });
      await open(page, site.url + name);
      assert.deepEqual(misdeeds, NOTHING, "it asked another origin, or complained");
      assert.deepEqual(await overflow(page), {pixels: 0, elements: []}, "it is wider than the window");
      assert.deepEqual(await faintTexts(page), [], "text cannot be read");
      await context.close();
    });
  }
});

test("before any script has run", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());
  const {page} = await watchedPage(browser, site.url, {javaScriptEnabled: false});

  for (const name of site.pages) {
    await t.test(`${name || "home"}: its static figures are drawn, and the banner stands`, async () => {
      await page.goto(site.url + name);
      // A section whose figures have nothing to draw in this study is left out.
      const places = page.locator(
        "[data-figure]:not(.where-drawn:not(:has(svg.figure:not([data-empty]))) *)"
      );
      for (let i = 0; i < (await places.count()); i++) {
        assert.ok((await places.nth(i).locator("svg:visible").count()) > 0, `figure ${i + 1} is empty`);
      }
      assert.equal(await page.locator(".synthetic-banner").isVisible(), site.synthetic);
    });
  }

  await t.test("the home page opens with an answer and a figure", async () => {
    await page.goto(site.url);
    assert.ok((await page.locator("[data-figure] svg:visible").count()) > 0);
    assert.match(await page.locator("[data-sentence]").first().innerText(), /\w+ \w+ \w+/);
  });
});

test("an address that is not there gets a page of the notebook", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());
  const {page, misdeeds} = await watchedPage(browser, site.url);
  const response = await page.goto(`${site.url}no-such-page`);
  assert.equal(response?.status(), 404);
  assert.ok(await page.locator(".site-nav").isVisible());
  assert.deepEqual(misdeeds.requests, []);
});

test("so does one under a path, at any depth", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const host = await mkdtemp(join(tmpdir(), "because-host-"));
  t.after(() => rm(host, {recursive: true, force: true}));
  await symlink(resolve(site.folder), join(host, "sub"));
  for (const file of ["index.html", "404.html"]) await copyFile(join(site.folder, file), join(host, file));
  const server = await serveSite({folder: host, port: 0});
  t.after(() => server.close());
  const browser = await launch();
  t.after(() => browser.close());
  for (const address of ["sub/no-such-page", "sub/no/such/page"]) {
    const {page, context} = await watchedPage(browser, server.url);
    await page.goto(`${server.url}${address}`);
    const link = page.locator(".site-nav a", {hasText: /^Accuracy$/});
    await page.waitForFunction(
      () => getComputedStyle(document.querySelector(".site-nav a")!).display === "inline-block"
    );
    await link.click();
    await page.waitForURL(`${server.url}sub/accuracy`);
    assert.equal(await page.locator("h1").innerText(), "Accuracy");
    await context.close();
  }
});

/** Sheets of a printed page. */
async function sheetsOf(page: Page): Promise<number> {
  const file = (await page.pdf()).toString("latin1");
  return file.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

test("on paper a live page has all that its HTML has: figures out of sight, too", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());
  for (const name of ["", "accuracy", "entropy"]) {
    const still = await browser.newContext({javaScriptEnabled: false});
    const plain = await still.newPage();
    await plain.goto(site.url + name);
    const {page, context} = await watchedPage(browser, site.url);
    await open(page, site.url + name);
    const [live, built] = [await sheetsOf(page), await sheetsOf(plain)];
    assert.ok(built >= 3, `${name || "home"}: only ${built} sheets without scripts`);
    // Live figures are drawn for the window and made smaller, so that they need less.
    assert.ok(live >= 0.6 * built, `${name || "home"}: ${live} sheets, ${built} without scripts`);
    await context.close();
    await still.close();
  }
});
