/** A report as one file from the disk, and as the notebook's page: provenance by keyboard without scripts, legible, printable. */
import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {test} from "node:test";
import {pathToFileURL} from "node:url";
import type {Page} from "playwright-core";
import {reportPage} from "../../data-loaders/report/write-page.js";
import {defaultReport} from "../report/sample-report.js";
import {accessibilityFaults} from "./accessibility.js";
import {hasBrowser, launch, open, watchedPage} from "./browser.js";
import {faintTexts, overflow, unseenFocus} from "./legibility.js";
import {openSite} from "./sample-site.js";

const PHONE = {width: 375, height: 812};
const NOTHING = {requests: [], console: [], errors: [], missing: []};

/** Reaches the first claim by the tab key alone, and says what it shows. */
async function provenanceByKeys(page: Page): Promise<string> {
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press("Tab");
    const about = page.locator(".claim > a:focus-visible + .claim-about");
    if ((await about.count()) > 0) {
      assert.ok(await about.isVisible(), "what a claim rests on shows while the claim is focused");
      const box = (await about.boundingBox())!;
      const {width, height} = page.viewportSize()!;
      assert.ok(
        box.x >= 0 && box.y >= 0 && box.x + box.width <= width + 1 && box.y + box.height <= height + 1,
        "it is in the window"
      );
      return about.innerText();
    }
  }
  throw new Error("no claim is reached by the tab key");
}

test("a report in a file of its own", async (t) => {
  if (!hasBrowser(t)) return;
  const folder = mkdtempSync(join(tmpdir(), "because-report-page-"));
  const file = join(folder, "report.html");
  writeFileSync(file, await reportPage(defaultReport()));
  const url = pathToFileURL(file).href;
  const browser = await launch();
  t.after(async () => {
    await browser.close();
    rmSync(folder, {recursive: true, force: true});
  });

  for (const [name, options] of [
    ["light", {colorScheme: "light"}],
    ["dark, on a phone", {colorScheme: "dark", viewport: PHONE}]
  ] as const)
    await t.test(`${name}: legible, within the window, and nothing asked of anyone`, async () => {
      const {page, context, misdeeds} = await watchedPage(browser, "file:", options);
      await page.goto(url);
      assert.deepEqual(await overflow(page), {pixels: 0, elements: []});
      assert.deepEqual(await faintTexts(page), []);
      assert.deepEqual(misdeeds, NOTHING);
      await context.close();
    });

  await t.test(
    "what a number rests on shows by keyboard, without scripts, and leads to its entry and back",
    async () => {
      for (const viewport of [PHONE, {width: 1280, height: 900}]) {
        const {page, context} = await watchedPage(browser, "file:", {javaScriptEnabled: false, viewport});
        await page.goto(url);
        assert.match(
          await provenanceByKeys(page),
          /overview.*mean of 3 seeds\.\s+[\d,]+ test rows in \d+ dialogues; \d+ runs; seeds 1, 2 and 3\./s
        );
        await page.keyboard.press("Enter");
        assert.match(page.url(), /#claim-1$/);
        const entry = page.locator("#claim-1");
        assert.ok(await entry.isVisible());
        assert.match(await entry.innerText(), /Runs [0-9a-f]{16} /);
        await entry.locator("a").first().click();
        assert.match(page.url(), /#said-1$/);
        await context.close();
      }
    }
  );

  await t.test("what a number rests on shows when it is pointed at", async () => {
    const {page, context} = await watchedPage(browser, "file:", {viewport: {width: 1280, height: 900}});
    await page.goto(url);
    const claim = page.locator(".claim:not(.of-words)").first();
    await claim.scrollIntoViewIfNeeded();
    assert.ok(!(await claim.locator(".claim-about").isVisible()));
    await claim.locator("a").hover();
    assert.ok(await claim.locator(".claim-about").isVisible());
    await context.close();
  });

  await t.test("axe-core finds no fault, and focus is seen", async () => {
    for (const options of [{}, {colorScheme: "dark", viewport: PHONE}] as const) {
      const context = await browser.newContext({bypassCSP: true, ...options});
      const page = await context.newPage();
      await page.addInitScript({content: "globalThis.__name = (named) => named;"});
      await page.goto(url);
      assert.deepEqual(await accessibilityFaults(page), []);
      assert.deepEqual(await unseenFocus(page), []);
      await context.close();
    }
  });

  await t.test("prints light, on numbered pages, whole figures each", async () => {
    const context = await browser.newContext({colorScheme: "dark"});
    const page = await context.newPage();
    await page.goto(url);
    await page.emulateMedia({media: "print"});
    const styles = await page.evaluate(() => ({
      ink: getComputedStyle(document.body).color,
      breaks: [...document.querySelectorAll(".report-figure")].map(
        (figure) => getComputedStyle(figure).breakInside
      ),
      drawn: [...document.querySelectorAll(".report-figure")].map(
        (figure) =>
          [...figure.querySelectorAll("svg.figure")].filter((svg) => svg.getBoundingClientRect().height > 0)
            .length
      ),
      about: [...document.querySelectorAll(".claim-about")].filter(
        (about) => about.getBoundingClientRect().height > 0
      ).length
    }));
    assert.equal(styles.ink, "rgb(29, 27, 24)");
    assert.deepEqual([...new Set(styles.breaks)], ["avoid"]);
    assert.deepEqual([...new Set(styles.drawn)], [1]);
    assert.equal(styles.about, 0);
    const sheets =
      (await page.pdf({preferCSSPageSize: true})).toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    assert.ok(sheets >= 5, `${sheets} sheets`);
    await context.close();
  });
});

test("the notebook's page Report", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());

  await t.test("says what its numbers rest on, and where its runs are told of", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await open(page, `${site.url}report`);
    assert.match(await provenanceByKeys(page), /test rows in \d+ dialogues; \d+ runs/);
    await page.locator('#claim-1 a[href*="runs?run="]').first().click();
    await page.waitForURL(/runs\?run=[0-9a-f]+/);
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test("axe-core finds no fault", async () => {
    const {page, context} = await watchedPage(browser, site.url);
    await open(page, `${site.url}report`);
    assert.deepEqual(await accessibilityFaults(page), []);
    await context.close();
  });
});
