import assert from "node:assert/strict";
import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {test} from "node:test";
import type {Page} from "playwright-core";
import type {SearchDocument} from "../../src/core/search-index.js";
import {accessibilityFaults} from "./accessibility.js";
import {hasBrowser, launch, open, watchedPage} from "./browser.js";
import {openSite} from "./sample-site.js";

const NOTHING = {requests: [], console: [], errors: [], missing: []};

const field = (page: Page) => page.locator(".site-search input");
const options = (page: Page) => page.locator(".site-search [role=option]");

/** What the site can find, as its own index says. */
async function indexOf(site: string): Promise<SearchDocument> {
  const folder = join(site, "_file", "data", "study");
  const file = (await readdir(folder)).find((name) => name.startsWith("search."))!;
  return JSON.parse(await readFile(join(folder, file), "utf8")) as SearchDocument;
}

/** Types into the field, reached by `/`, and waits for what is found. */
async function ask(page: Page, text: string): Promise<void> {
  await page.keyboard.press("/");
  await page.keyboard.type(text);
  await options(page).first().waitFor();
}

test("the search in the head", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const index = await indexOf(site.folder);
  const browser = await launch();
  t.after(() => browser.close());

  await t.test(
    "loads its index when it is stepped into, and leads to a run by its id's beginning",
    async () => {
      const {page, context, misdeeds} = await watchedPage(browser, site.url);
      const loaded: string[] = [];
      page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
      await open(page, site.url);
      const asked = () => loaded.filter((path) => /search[^/]*\.json$/.test(path)).length;
      assert.equal(asked(), 0);
      const {id} = index.runs.at(-1)!;
      await ask(page, id.slice(0, 6));
      assert.equal(asked(), 1);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/runs\?/);
      assert.equal(new URL(page.url()).searchParams.get("run"), id);
      await page.waitForSelector("#run-table tbody tr");
      assert.equal(await page.locator("#run-table tbody tr").count(), 1);
      assert.deepEqual(misdeeds, NOTHING);
      await context.close();
    }
  );

  await t.test("leads to an example by its id, and keeps what was chosen", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await open(page, `${site.url}accuracy?modes=explanation`);
    const [{corpus, ids}] = index.examples as [SearchDocument["examples"][number]];
    await ask(page, ids[1]!);
    await options(page).filter({hasText: corpus}).first().click();
    await page.waitForSelector(".example-list [aria-selected=true]");
    const query = new URL(page.url()).searchParams;
    assert.equal(query.get("modes"), "explanation");
    const chosen = await page.locator(".example-list [aria-selected=true]").getAttribute("data-id");
    assert.ok(chosen!.startsWith(`${corpus}/${ids[1]}/`), chosen!);
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test(
    "is a combobox: arrows choose, Escape closes, and `/` stays a letter where one types",
    async () => {
      const {page, context, misdeeds} = await watchedPage(browser, site.url);
      await open(page, `${site.url}sql`);
      await ask(page, "accuracy");
      assert.equal(await field(page).getAttribute("aria-expanded"), "true");
      const first = await field(page).getAttribute("aria-activedescendant");
      await page.keyboard.press("ArrowDown");
      assert.notEqual(await field(page).getAttribute("aria-activedescendant"), first);
      assert.equal(await page.locator(".site-search [aria-selected=true]").count(), 1);
      assert.deepEqual(await accessibilityFaults(page), []);
      await page.keyboard.press("Escape");
      assert.equal(await field(page).getAttribute("aria-expanded"), "false");
      assert.equal(await field(page).inputValue(), "accuracy");
      await page.keyboard.press("Escape");
      assert.equal(await field(page).inputValue(), "");
      await page.keyboard.type("a/b");
      assert.equal(await field(page).inputValue(), "a/b");
      assert.deepEqual(misdeeds, NOTHING);
      await context.close();
    }
  );

  await t.test("shows a setting on the page that is open", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await open(page, `${site.url}entropy`);
    const {corpus, axis, title} = index.settings.at(-1)!;
    await ask(page, title);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.search.includes("axis="));
    await page.waitForSelector(".toggle-bar");
    assert.match(page.url(), /\/entropy\?/);
    const query = new URL(page.url()).searchParams;
    assert.deepEqual([query.get("corpus"), query.get("axis")], [corpus, axis]);
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });
});
