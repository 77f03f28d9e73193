/** Which pages of a notebook show figures. */
import type {Browser, Page} from "playwright-core";
import {freshPage} from "./chromium.js";
import {WHOLE_FIGURE} from "./first-chart.js";

/** Milliseconds after which a page that is loaded has shown a figure, if it ever does unasked. */
const PATIENCE = 5000;

/** Names of the pages that the notebook's navigation leads to and that show a figure unasked: `index`, `accuracy`. */
export async function pagesWithFigures(browser: Browser, url: string): Promise<string[]> {
  const {page, close} = await freshPage(browser);
  await page.goto(url);
  const links = await page
    .locator(".site-nav a")
    .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).pathname));
  const names: string[] = [];
  for (const path of new Set(links)) {
    const {origin} = new URL(url);
    await page.goto(origin + path);
    if (await showsFigure(page)) names.push(path.split("/").at(-1) || "index");
  }
  await close();
  return names;
}

function showsFigure(page: Page): Promise<boolean> {
  const shown = page.locator(WHOLE_FIGURE).filter({visible: true}).first();
  return shown.waitFor({timeout: PATIENCE}).then(
    () => true,
    () => false
  );
}
