/** What narrow windows change: advice folds, tables scroll within themselves and show it, pages are named in one line. */
import assert from "node:assert/strict";
import {test} from "node:test";
import {hasBrowser, launch, open, watchedPage} from "./browser.js";
import {openSite} from "./sample-site.js";

const PHONE = {width: 375, height: 812};
const DESK = {width: 1280, height: 900};

test("narrow windows and wide ones", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());

  await t.test(
    "advice is folded on a phone and opened by a key, and open elsewhere and without scripts",
    async () => {
      for (const [options, isOpen] of [
        [{viewport: PHONE}, false],
        [{viewport: DESK}, true],
        [{viewport: PHONE, javaScriptEnabled: false}, true]
      ] as const) {
        const {page, context} = await watchedPage(browser, site.url, options);
        await page.goto(`${site.url}sql`, {waitUntil: "load"});
        assert.equal(await page.locator(".try ul").isVisible(), isOpen, JSON.stringify(options));
        await page.locator(".try > summary").focus();
        await page.keyboard.press("Enter");
        await page.locator(".try ul").waitFor({state: isOpen ? "hidden" : "visible"});
        await context.close();
      }
    }
  );

  await t.test("every page's advice can be folded", async () => {
    const {page, context} = await watchedPage(browser, site.url, {viewport: PHONE});
    let lists = 0;
    for (const name of site.pages) {
      await page.goto(site.url + name, {waitUntil: "load"});
      assert.equal(await page.locator(".try:not(details)").count(), 0, name);
      lists += await page.locator("details.try:not([open]) > summary").count();
    }
    assert.ok(lists >= site.pages.length / 2, `only ${lists} lists of advice`);
    await context.close();
  });

  await t.test("a table with columns out of sight says so until they are reached by keys", async () => {
    const {page, context} = await watchedPage(browser, site.url, {viewport: PHONE});
    await open(page, `${site.url}runs`);
    const region = page.getByRole("region", {name: "Every run"});
    const frame = page.locator("#run-table .table-frame");
    assert.deepEqual(await frame.evaluate((box) => ({...(box as HTMLElement).dataset})), {after: ""});
    await region.focus();
    const there = () => region.evaluate((box) => box.scrollLeft + box.clientWidth >= box.scrollWidth - 1);
    for (let press = 0; press < 60 && !(await there()); press++) await page.keyboard.press("ArrowRight");
    await page.locator("#run-table .table-frame[data-before]:not([data-after])").waitFor();
    await context.close();
  });

  await t.test("where all columns are seen, a table is no stop of its own", async () => {
    const {page, context} = await watchedPage(browser, site.url, {viewport: DESK});
    await open(page, `${site.url}training`);
    await page.locator("#training-cost .table-scroll:not([tabindex])").waitFor();
    assert.equal(await page.locator("#training-cost [role=region]").count(), 0);
    await context.close();
  });

  await t.test("all pages are named in one line", async () => {
    for (const viewport of [PHONE, {width: 1100, height: 900}, DESK]) {
      const {page, context} = await watchedPage(browser, site.url, {viewport});
      await page.goto(site.url, {waitUntil: "load"});
      const lines = await page
        .locator(".site-nav a")
        .evaluateAll(
          (links) => new Set(links.map((link) => Math.round(link.getBoundingClientRect().top))).size
        );
      assert.equal(lines, 1, `${viewport.width} px`);
      await context.close();
    }
  });
});
