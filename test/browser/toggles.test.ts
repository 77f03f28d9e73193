import assert from "node:assert/strict";
import {test} from "node:test";
import type {Page} from "playwright-core";
import {hasBrowser, launch, open, settled, watchedPage} from "./browser.js";
import {openSite} from "./sample-site.js";

const NOTHING = {requests: [], console: [], errors: [], missing: []};

/** What a page shows: the drawing of every figure, and every generated sentence. */
function shown(page: Page): Promise<string> {
  return page.evaluate(() => {
    const places = [...document.querySelectorAll("[data-figure] svg, [data-sentence]")];
    return places
      .map((place) => (place instanceof SVGElement ? place.innerHTML : place.textContent))
      .join("\n");
  });
}

/** What the toggles say: name → value, with all checked values of a group. */
function toggles(page: Page): Promise<Record<string, string>> {
  return page.evaluate(() => {
    const form = document.querySelector<HTMLFormElement>(".toggle-bar")!;
    const data = new FormData(form);
    return Object.fromEntries([...data.keys()].map((key) => [key, data.getAll(key).join(" ")]));
  });
}

const search = (page: Page) => new URL(page.url()).search;

/** Moves to a control with Tab alone, as one does without a mouse. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let step = 0; step < 80; step++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${selector} cannot be reached with Tab`);
}

/** Where toggles wait behind “More”, opens it. */
async function openMore(page: Page): Promise<void> {
  const button = page.locator(".toggle-more > button");
  if ((await button.count()) === 0) return;
  await tabTo(page, ".toggle-more > button");
  await page.keyboard.press("Enter");
  assert.equal(await button.getAttribute("aria-expanded"), "true");
}

test("toggles", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());

  await t.test("a mode switched off by keyboard changes the address, the figure and the links", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await open(page, site.url);
    const before = await shown(page);
    await tabTo(page, ".toggle-bar input[name=modes]");
    await page.keyboard.press("Space");
    await page.waitForFunction(() => location.search !== "");
    await settled(page);
    assert.notEqual(await shown(page), before);
    const links = await page
      .locator(".site-nav a")
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).search));
    assert.deepEqual(new Set(links), new Set([search(page)]));
    await page.keyboard.press("Space");
    await page.waitForFunction(() => location.search === "");
    await settled(page);
    assert.equal(await shown(page), before, "switching back does not lead back");
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test(
    "what was chosen is in the address, is restored from it, and travels to the next page",
    async () => {
      const {page, context, misdeeds} = await watchedPage(browser, site.url);
      await open(page, site.url);
      const before = await shown(page);
      const selects = await page
        .locator(".toggle-bar select")
        .evaluateAll((all) => all.map((select) => (select as HTMLSelectElement).name));
      assert.ok(selects.length > 0, "there is nothing to choose from");
      await openMore(page);
      for (const name of selects) {
        await tabTo(page, `.toggle-bar select[name=${name}]`);
        // Some open at their last choice.
        const last = await page.evaluate(() => {
          const {selectedIndex, length} = document.activeElement as HTMLSelectElement;
          return selectedIndex === length - 1;
        });
        await page.keyboard.press(last ? "ArrowUp" : "ArrowDown");
        await settled(page);
      }
      const [chosen, view, address] = [await toggles(page), await shown(page), page.url()];
      assert.notEqual(view, before);
      for (const name of selects) assert.match(search(page), new RegExp(`\\b${name}=`));

      await open(page, address);
      assert.deepEqual(await toggles(page), chosen);
      assert.equal(await shown(page), view);

      await page.locator('.site-nav a[href*="accuracy"]').first().click();
      await page.waitForSelector(".toggle-bar");
      assert.match(page.url(), /\/accuracy\?/);
      const there = await toggles(page);
      for (const [name, value] of Object.entries(chosen))
        if (name in there) assert.equal(there[name], value, name);
      assert.deepEqual(misdeeds, NOTHING);
      await context.close();
    }
  );

  await t.test("hiding all modes is named as such, and one button brings them back", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await open(page, `${site.url}?modes=`);
    assert.match(await page.locator(".selection-note").innerText(), /All modes are hidden\./);
    assert.equal(await page.locator("[data-figure=effects] svg").count(), 0);
    await page.locator("[data-figure=effects] button", {hasText: "Show all"}).click();
    await page.waitForFunction(() => location.search === "");
    await settled(page);
    assert.ok(await page.locator("[data-figure=effects] svg").first().isVisible());
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test("a walk over toggles shows what its address shows when opened afresh", async () => {
    for (const name of site.pages) {
      const {page, context, misdeeds} = await watchedPage(browser, site.url);
      await open(page, site.url + name);
      const controls = page.locator(".toggle-bar :is(select, input)");
      const count = await controls.count();
      for (let step = 0; step < Math.min(count, 9); step++) {
        await controls.nth((step * 5) % count).focus();
        const isSelect = await page.evaluate(() => document.activeElement instanceof HTMLSelectElement);
        await page.keyboard.press(isSelect ? "ArrowDown" : "Space");
      }
      await settled(page);
      const [walked, address] = [await shown(page), page.url()];
      await open(page, address);
      assert.equal(await shown(page), walked, address);
      assert.deepEqual(misdeeds, NOTHING);
      await context.close();
    }
  });

  await t.test("an address from another study opens, and says what was left out", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await open(page, `${site.url}?corpus=nowhere&modes=explanation`);
    assert.match(await page.locator(".selection-note").innerText(), /corpus=nowhere/);
    assert.equal((await toggles(page)).modes, "explanation");
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });
});
