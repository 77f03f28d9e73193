/** Which pages of a notebook hold figures. */
import type {Browser} from "playwright-core";
import {freshPage} from "./chromium.js";

/** Names of the pages that the notebook's navigation leads to and that hold a figure: `index`, `accuracy`. */
export async function pagesWithFigures(browser: Browser, url: string): Promise<string[]> {
  const {page, close} = await freshPage(browser);
  await page.goto(url);
  const links = await page
    .locator(".site-nav a")
    .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).pathname));
  const names: string[] = [];
  for (const path of new Set(links)) {
    const {origin} = new URL(url);
    await page.goto(origin + path, {waitUntil: "domcontentloaded"});
    if ((await page.locator("[data-figure]").count()) > 0) names.push(path.split("/").at(-1) || "index");
  }
  await close();
  return names;
}
