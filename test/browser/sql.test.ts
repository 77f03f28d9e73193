import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {test} from "node:test";
import {tableFromIPC} from "apache-arrow";
import type {Page} from "playwright-core";
import {STARTERS} from "../../src/components/sql-starters.js";
import {accessibilityFaults} from "./accessibility.js";
import {hasBrowser, launch, open, watchedPage} from "./browser.js";
import {openSite} from "./sample-site.js";

const NOTHING = {requests: [], console: [], errors: [], missing: []};
const SLOW = {timeout: 60_000};

const editor = (page: Page) => page.locator("textarea.sql-editor");
const status = (page: Page) => page.locator(".sql-status");
const rows = (page: Page) => page.locator(".sql-rows tbody tr");

/** Runs a query by keyboard and waits for what comes of it. */
async function run(page: Page, sql: string): Promise<string> {
  await editor(page).fill(sql);
  await editor(page).press("Control+Enter");
  await page.waitForFunction(() => !document.querySelector("[aria-busy]"), undefined, SLOW);
  return status(page).innerText();
}

test("SQL in the browser", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());

  await t.test("loads no engine before it is asked, and then lists tables with their columns", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    const loaded: string[] = [];
    page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
    await open(page, `${site.url}sql`);
    assert.deepEqual(
      loaded.filter((path) => /\.(?:wasm|duckdb)$|arrow/.test(path)),
      []
    );
    await editor(page).focus();
    const column = page.locator(".sql-schema button", {hasText: /^label_entropy$/});
    await column.waitFor({...SLOW, state: "attached"});
    await page.locator(".sql-schema summary", {hasText: "predictions"}).click();
    await editor(page).fill("SELECT");
    await column.click();
    assert.equal(await editor(page).inputValue(), "SELECT label_entropy");
    await page.keyboard.press("Tab");
    assert.ok(!(await editor(page).evaluate((area) => area === document.activeElement)), "Tab is trapped");
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test("runs every example of a query", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await open(page, `${site.url}sql`);
    for (const {title, sql} of STARTERS) {
      await page.getByLabel("Start from").selectOption(title);
      await page.waitForFunction(
        () => document.querySelector("[aria-busy]") || document.querySelector(".sql-rows"),
        undefined,
        SLOW
      );
      await page.waitForFunction(() => !document.querySelector("[aria-busy]"), undefined, SLOW);
      assert.equal(await editor(page).inputValue(), sql);
      assert.match(await status(page).innerText(), /^[\d,]+ rows?, \d+ columns, /, title);
      assert.equal(new URL(page.url()).searchParams.get("sql"), sql.trim());
    }
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test("shows nulls and types, sorts, pages, and saves CSV and Arrow", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await open(page, `${site.url}sql`);
    await run(page, "SELECT i, CASE WHEN i % 2 = 0 THEN 'x' || i END AS t, [i] AS l FROM range(120) r(i)");
    assert.match(await page.locator(".sql-rows thead").innerText(), /BIGINT[\s\S]*VARCHAR[\s\S]*BIGINT\[\]/);
    assert.equal(await rows(page).count(), 50);
    assert.equal(await page.locator(".sql-rows td.null").count(), 25);
    await page.getByRole("button", {name: "Next"}).click();
    assert.match(await rows(page).first().innerText(), /^50\b/);
    const head = page.locator(".sql-rows th").first();
    await head.locator("button").click();
    await head.locator("button").click();
    assert.equal(await head.getAttribute("aria-sort"), "descending");
    assert.match(await rows(page).first().innerText(), /^119\b/);

    const save = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", {name}).click()
      ]);
      return readFile(await download.path());
    };
    const csv = (await save("Save CSV")).toString("utf8").split("\n");
    assert.deepEqual([csv[0], csv[1], csv[2], csv.length], ["i,t,l", "0,x0,[0]", "1,,[1]", 122]);
    const table = tableFromIPC(await save("Save Arrow"));
    assert.deepEqual([table.numRows, table.schema.fields.map(({name}) => name)], [120, ["i", "t", "l"]]);
    assert.deepEqual(await accessibilityFaults(page), []);
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test("draws a chart, and a link brings query and chart back", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await open(page, `${site.url}sql`);
    await run(page, STARTERS[0]!.sql);
    await page.getByRole("button", {name: "Chart"}).click();
    await page.locator(".sql-output form select").first().selectOption("dot");
    const drawn = page.locator(".sql-figure svg").first();
    const label = await drawn.getAttribute("aria-label");
    assert.match(label!, /A dot chart of \d+ rows: accuracy runs from/);
    await open(page, page.url());
    await drawn.waitFor(SLOW);
    assert.equal(await drawn.getAttribute("aria-label"), label);
    assert.deepEqual(await accessibilityFaults(page), []);
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test(
    "tells errors with their place, keeps the study as it is, and goes on after either",
    async () => {
      const {page, context, misdeeds} = await watchedPage(browser, site.url);
      await open(page, `${site.url}sql`);
      assert.match(await run(page, "SELECT *\nFRM predictions"), /isn’t SQL.* Line 2/);
      assert.ok((await editor(page).evaluate((area) => (area as HTMLTextAreaElement).selectionStart)) >= 9);
      assert.match(await run(page, "SELECT nosuch FROM predictions"), /doesn’t fit/);
      assert.match(await run(page, "DELETE FROM predictions"), /reading only/);
      await run(page, "CREATE TABLE memory.main.kept AS SELECT 7 AS seven");
      await run(page, "SELECT seven FROM memory.main.kept");
      assert.match(await rows(page).first().innerText(), /^7$/);
      assert.deepEqual(misdeeds, NOTHING);
      await context.close();
    }
  );

  await t.test("reaches the study alone, whatever a link asks for", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    const elsewhere = "https://elsewhere.invalid/x";
    await open(page, `${site.url}sql?sql=${encodeURIComponent(`FROM read_csv('${elsewhere}.csv')`)}`);
    await page.waitForFunction(() => /study alone/.test(document.querySelector(".sql-status")!.textContent));
    for (const sql of [
      `ATTACH '${elsewhere}.duckdb'`,
      "SET enable_external_access = true",
      `COPY (SELECT 1) TO '${elsewhere}.csv'`,
      `SELECT * FROM '${site.url}_file/data/study/runs.json'`
    ])
      assert.match(await run(page, sql), /study alone|extension|isn’t there/, sql);
    assert.match(await run(page, ";"), /no query here/);
    assert.match(await run(page, "SELECT count(*) FROM predictions"), /^1 row/);
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test("cancels a query that runs too long", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await open(page, `${site.url}sql`);
    await run(page, "SELECT 1");
    const endless = "SELECT count(*) FROM range(100000000) a(x), range(100000) b(y) WHERE x * y % 7 = 3";
    await editor(page).fill(endless);
    await editor(page).press("Control+Enter");
    await page.getByRole("button", {name: "Cancel"}).click();
    await page.waitForFunction(() => !document.querySelector("[aria-busy]"), undefined, {timeout: 15_000});
    assert.equal(await status(page).innerText(), "Cancelled.");
    assert.match(await run(page, "SELECT 2 AS two"), /^1 row/);
    await editor(page).fill(endless);
    await editor(page).press("Control+Enter");
    await page.getByRole("button", {name: "Cancel"}).waitFor();
    await editor(page).fill("SELECT 3 AS three");
    await editor(page).press("Control+Enter"); // another query takes its place
    await page.waitForFunction(() => document.querySelector(".sql-rows th")?.textContent?.includes("three"));
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });
});
