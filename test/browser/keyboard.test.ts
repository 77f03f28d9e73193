import assert from "node:assert/strict";
import {test} from "node:test";
import type {Page} from "playwright-core";
import {hasBrowser, launch, open, watchedPage} from "./browser.js";
import {openSite} from "./sample-site.js";

/** What must be reached without a mouse: every toggle, and every figure whose marks can be read. */
const WANTED = ".toggle-bar :is(select, input, .toggle-more > button), [data-figure] > .drawing[tabindex]";

/** Presses Tab from the page's start to its end; names what was wanted and never had the focus. */
async function unreached(page: Page): Promise<string[]> {
  const more = page.locator(".toggle-more > button");
  if ((await more.count()) > 0 && (await more.isVisible())) await more.click();
  await page.evaluate((wanted) => {
    const all = [...document.querySelectorAll<HTMLElement>(wanted)];
    const shown = all.filter((element) => element.checkVisibility());
    for (const element of shown) element.dataset.unreached = "";
    addEventListener("focusin", ({target}) => delete (target as HTMLElement).dataset.unreached);
    (document.activeElement as HTMLElement | null)?.blur();
  }, WANTED);
  for (let step = 0; step < 400; step++) {
    await page.keyboard.press("Tab");
    if ((await page.locator("[data-unreached]").count()) === 0) break;
  }
  return page
    .locator("[data-unreached]")
    .evaluateAll((all) => all.map((element) => element.outerHTML.slice(0, 120)));
}

test("by keyboard alone", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());

  for (const name of site.pages)
    await t.test(`${name || "home"}: every toggle and every figure can be reached`, async () => {
      const {page, context} = await watchedPage(browser, site.url);
      await open(page, site.url + name);
      assert.deepEqual(await unreached(page), []);
      await context.close();
    });

  await t.test("arrow keys read a figure's values, and Enter follows a value to its examples", async () => {
    const {page, context} = await watchedPage(browser, site.url);
    await open(page, site.url);
    await page.locator("[data-figure=effects] > .drawing").focus();
    await page.keyboard.press("ArrowRight");
    const said = page.locator("[data-figure=effects] .readout");
    assert.match(await said.innerText(), /\d/);
    const first = await said.innerText();
    await page.keyboard.press("ArrowRight");
    assert.notEqual(await said.innerText(), first);
    // a mean of settings has no examples of its own to lead to; the first value has
    await page.keyboard.press("ArrowLeft");
    assert.equal(await said.innerText(), first);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/examples\?/);
    await context.close();
  });
});
