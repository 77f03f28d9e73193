/** Texts of figures stay inside their figure and off one another, whatever the window and the toggles. */
import assert from "node:assert/strict";
import {test} from "node:test";
import {hasBrowser, launch, open, watchedPage} from "./browser.js";
import {misplacedTexts} from "./legibility.js";
import {openSite} from "./sample-site.js";

/** One for each of the drawings that the style sheet chooses from. */
const WIDTHS = [1280, 700, 375];
/** Toggles that give figures other titles and other numbers. */
const QUERIES = [
  "",
  "view=effect&measure=overconfidence&seed=1",
  "corpus=support&axis=adherence&measure=nll"
];

test("texts of figures fit", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());

  for (const name of site.pages)
    await t.test(name || "index", async () => {
      for (const width of WIDTHS) {
        const {page, context} = await watchedPage(browser, site.url, {viewport: {width, height: 900}});
        for (const query of QUERIES) {
          await open(page, `${site.url}${name}?${query}`);
          if ((await page.locator("svg.figure").count()) === 0) break;
          assert.deepEqual(await misplacedTexts(page), [], `${width} pixels, ${query || "as it opens"}`);
        }
        await context.close();
      }
    });
});
