/**
 * Pictures of every page, light and dark, on a laptop and on a phone, in `.because/test/screenshots/`: made by each run
 * of the tests, to be looked at. What a machine can judge of them is judged here.
 */
import assert from "node:assert/strict";
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {test} from "node:test";
import type {Browser, Page} from "playwright-core";
import {PROJECT} from "../../data-loaders/stages/store.js";
import {accessibilityFaults} from "./accessibility.js";
import {hasBrowser, launch, open, watchedPage} from "./browser.js";
import {overflow} from "./legibility.js";
import {openSite} from "./sample-site.js";

const FOLDER = join(PROJECT, ".because", "test", "screenshots");
const WINDOWS = [
  {width: 1280, height: 900},
  {width: 375, height: 812}
];

/** The share of a picture's pixels that are not of its most frequent colour. */
async function inkOf(browser: Browser, picture: Buffer): Promise<number> {
  const page = await browser.newPage();
  const share = await page.evaluate(async (bytes) => {
    const image = new Image();
    image.src = `data:image/png;base64,${bytes}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, Math.min(image.height, 4000));
    const brush = canvas.getContext("2d")!;
    brush.drawImage(image, 0, 0);
    const pixels = new Uint32Array(brush.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    const counts = new Map<number, number>();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    return 1 - Math.max(...counts.values()) / pixels.length;
  }, picture.toString("base64"));
  await page.close();
  return share;
}

/** Figures in sight that say nothing to those who do not see them, by name. */
function figuresWithoutText(page: Page): Promise<string[]> {
  return page
    .locator("[data-figure]")
    .evaluateAll((places) =>
      places
        .filter((place) =>
          [...place.querySelectorAll("svg.figure")].some(
            (svg) =>
              !/\w+ \w+/.test(svg.querySelector(":scope > desc")?.textContent ?? "") ||
              !svg.getAttribute("aria-label")
          )
        )
        .map((place) => (place as HTMLElement).dataset.figure!)
    );
}

test("pictures of every page", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());
  await mkdir(FOLDER, {recursive: true});

  for (const name of site.pages)
    for (const viewport of WINDOWS)
      for (const colorScheme of ["light", "dark"] as const) {
        const title = `${name || "index"}-${colorScheme}-${viewport.width}`;
        await t.test(title, async () => {
          const {page, context} = await watchedPage(browser, site.url, {colorScheme, viewport});
          await open(page, site.url + name);
          assert.deepEqual(await overflow(page), {pixels: 0, elements: []}, "it is wider than the window");
          // As high as the page, so that the toggles stand at its foot and not across its middle.
          const height = await page.evaluate(() => document.documentElement.scrollHeight);
          await page.setViewportSize({width: viewport.width, height});
          const picture = await page.screenshot();
          await page.setViewportSize(viewport);
          await writeFile(join(FOLDER, `${title}.png`), picture);
          const ink = await inkOf(browser, picture);
          assert.ok(ink > 0.01, `only ${(ink * 100).toFixed(2)} % of the picture are not background`);
          assert.deepEqual(await figuresWithoutText(page), [], "a figure has no alternative text");
          assert.deepEqual(await accessibilityFaults(page), [], "it breaks rules of accessibility");
          await context.close();
        });
      }
});
