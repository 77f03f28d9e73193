import assert from "node:assert/strict";
import {test} from "node:test";
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
      const places = page.locator("[data-figure]");
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
