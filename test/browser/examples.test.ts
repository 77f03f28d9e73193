import assert from "node:assert/strict";
import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {test} from "node:test";
import {DuckDBInstance} from "@duckdb/node-api";
import type {Page} from "playwright-core";
import {hasBrowser, launch, open, watchedPage} from "./browser.js";
import {openSite} from "./sample-site.js";

const NOTHING = {requests: [], console: [], errors: [], missing: []};

const entries = (page: Page) => page.locator(".example-list [role=option]");
const chosen = (page: Page) => page.locator(".example-list [aria-selected=true]");
const flips = (page: Page) => page.locator(".example-filters label", {hasText: /^Flips/}).locator("select");
const query = (page: Page) => new URL(page.url()).searchParams;

/** What the site's own database says of one test row: arm, seed and label of each run, sorted. */
async function predictionsOf(site: string, row: string[]): Promise<string[][]> {
  const [corpus, example, axis] = [row[0]!, row.slice(1, -1).join("/"), row.at(-1)!];
  const folder = join(site, "_file", "data");
  const file = (await readdir(folder)).find((name) => name.endsWith(".duckdb"));
  assert.ok(file, "the site has no database");
  const instance = await DuckDBInstance.create(join(folder, file), {access_mode: "READ_ONLY"});
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(
    `SELECT system, seed, predicted FROM predictions JOIN (SELECT run, kind FROM runs) USING (run)
     WHERE kind = 'train' AND corpus = $corpus AND example_id = $example AND axis = $axis`,
    {corpus, example, axis}
  );
  connection.closeSync();
  instance.closeSync();
  return result
    .getRowsJS()
    .map((row) => row.map(String))
    .sort();
}

test("examples", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());

  await t.test("flips narrow the list, and the address brings the same list and example back", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await open(page, `${site.url}examples`);
    await entries(page).first().waitFor();
    const all = await entries(page).count();
    assert.ok(all > 0, "no example is listed");
    await flips(page).selectOption("gained");
    const gained = await entries(page).count();
    assert.ok(gained > 0 && gained < all, `${gained} of ${all} rows were gained`);
    assert.equal(query(page).get("flips"), "gained");
    await flips(page).selectOption("lost");
    const lost = await entries(page).count();
    await flips(page).selectOption("either");
    assert.ok(
      (await entries(page).count()) >= Math.max(gained, lost),
      "what was gained or lost was not all flipped"
    );

    await page.locator(".example-list").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const id = await chosen(page).getAttribute("data-id");
    assert.equal(await entries(page).nth(2).getAttribute("data-id"), id);
    assert.equal(query(page).get("example"), id);
    const text = await page.locator(".example-open .dialogue").innerText();

    await open(page, page.url());
    await chosen(page).waitFor();
    assert.equal(await chosen(page).getAttribute("data-id"), id);
    assert.equal(await page.locator(".example-open .dialogue").innerText(), text);
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test("where nothing matches no example is shown, and the filters can be cleared", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await open(page, `${site.url}examples?search=nosuchword&flips=lost`);
    assert.match(await page.locator(".example-open").innerText(), /Nothing matches “nosuchword”/);
    assert.equal(await page.locator(".example-open .dialogue").count(), 0);
    await page.locator(".example-open button", {hasText: "Clear"}).click();
    assert.ok((await entries(page).count()) > 0);
    assert.ok(await page.locator(".example-open .dialogue").isVisible());
    assert.equal(query(page).get("search"), null);
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test("an address of an example that is not there, or not listed, says so", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    const missing = page.locator(".example-missing");
    await open(page, `${site.url}examples?example=assistant/nobody/naturalness`);
    assert.match(await missing.innerText(), /shows no example “assistant\/nobody\/naturalness”/);
    await entries(page).nth(1).click();
    assert.equal(await missing.innerText(), "");

    const id = query(page).get("example")!;
    await open(page, `${site.url}examples?example=${id}&search=zzzz`);
    assert.match(await missing.innerText(), /left out by corpus, axis or filters/);
    await page.locator(".example-open button", {hasText: "Clear"}).click();
    assert.equal(await missing.innerText(), "");
    assert.equal(await chosen(page).getAttribute("data-id"), id);
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test("the database loads when asked, not before, and says what it says in Node", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    const loaded: string[] = [];
    page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
    await open(page, `${site.url}examples`);
    assert.deepEqual(
      loaded.filter((path) => /\.(?:wasm|duckdb)$/.test(path)),
      []
    );

    const details = page.locator(".example-open details", {hasText: "Every run"});
    await details.locator("summary").focus();
    await page.keyboard.press("Enter");
    const table = details.locator("table").first();
    await table.waitFor({timeout: 60_000});
    assert.equal(loaded.filter((path) => /\.(?:wasm|duckdb)$/.test(path)).length, 2);

    const rows = await table
      .locator("tbody tr")
      .evaluateAll((all) =>
        all.map((row) => [
          (row as HTMLElement).dataset.arm ?? "",
          ...[...row.querySelectorAll("td")].map((cell) => cell.textContent ?? "")
        ])
      );
    const shown = rows.map(([arm, seed, label]) => [arm, seed, label!.replace(" ✓", "")]).sort();
    const id = (await chosen(page).getAttribute("data-id"))!;
    assert.deepEqual(shown, await predictionsOf(site.folder, id.split("/")));
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });
});
