import assert from "node:assert/strict";
import {test} from "node:test";
import type {Page} from "playwright-core";
import {hasBrowser, launch, open, settled, watchedPage} from "./browser.js";
import {openSite} from "./sample-site.js";

const NOTHING = {requests: [], console: [], errors: [], missing: []};
const entries = (page: Page) => page.locator("#vote-browser [role=option]");
const chosen = (page: Page) => page.locator("#vote-browser [aria-selected=true]");
/** How many examples match, as the page says. */
const matching = async (page: Page) =>
  Number((await page.locator("#vote-browser .example-count").innerText()).split(" ")[0]!.replace(",", ""));
const query = (page: Page) => new URL(page.url()).searchParams;

test("data and judges", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());

  await t.test(
    "votes are listed, filtered and read by keyboard, and the address brings them back",
    async () => {
      const {page, context, misdeeds} = await watchedPage(browser, site.url);
      await open(page, `${site.url}data-and-judges`);
      await entries(page).first().waitFor();
      const all = await matching(page);
      await page.locator("#vote-browser label", {hasText: /^Show/}).locator("select").selectOption("far");
      const far = await matching(page);
      assert.ok(far > 0 && far < all, `${far} of ${all}`);
      await page.locator("#vote-browser .example-list").focus();
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowDown");
      const id = await chosen(page).getAttribute("data-id");
      assert.equal(await entries(page).nth(1).getAttribute("data-id"), id);
      assert.equal(query(page).get("example"), id);
      assert.equal(
        await page.locator("#vote-browser .example-open tbody tr").count(),
        12,
        "three judges × four prompts"
      );
      await open(page, page.url());
      await chosen(page).waitFor();
      assert.equal(await chosen(page).getAttribute("data-id"), id);
      assert.equal(await matching(page), far);

      await page.locator("#vote-browser a", {hasText: "trained models"}).click();
      await page.waitForURL(/\/examples\?/);
      await page.locator(".example-list [aria-selected=true]").waitFor();
      assert.equal(await page.locator(".example-list [aria-selected=true]").getAttribute("data-id"), id);
      assert.deepEqual(misdeeds, NOTHING);
      await context.close();
    }
  );

  await t.test("the toggle bar narrows figures and votes alike", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await open(page, `${site.url}data-and-judges`);
    await entries(page).first().waitFor();
    const before = await matching(page);
    const said = await page.locator("[data-sentence=labels]").innerText();
    await page.locator(".toggle-bar [name=corpus]").selectOption({index: 1});
    await settled(page);
    const corpus = query(page).get("corpus")!;
    assert.ok((await matching(page)) < before);
    for (const id of await entries(page).evaluateAll((all) =>
      all.map((each) => (each as HTMLElement).dataset.id!)
    ))
      assert.ok(id.startsWith(`${corpus}/`), id);
    assert.notEqual(await page.locator("[data-sentence=labels]").innerText(), said);
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test("where nothing matches it says so", async () => {
    const {page, context} = await watchedPage(browser, site.url);
    await open(page, `${site.url}data-and-judges?search=nosuchword`);
    await page.locator("#vote-browser .no-study", {hasText: "No judged example matches"}).waitFor();
    assert.equal(await entries(page).count(), 0);
    await context.close();
  });
});
