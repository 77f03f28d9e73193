/** Chromium as the browser tests use it: Debian's own, driven by playwright-core, with nothing but this machine in reach. */
import {existsSync} from "node:fs";
import type {TestContext} from "node:test";
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page
} from "playwright-core";

const CHROMIUM = process.env.BECAUSE_CHROMIUM ?? "/usr/bin/chromium";
const MEND = "Install it with `apt-get install chromium`, or name another with BECAUSE_CHROMIUM.";

/** Whether there is a browser. Without one the test is skipped by name, but fails where CI is set. */
export function hasBrowser(t: TestContext): boolean {
  if (existsSync(CHROMIUM)) return true;
  const reason = `there is no browser at ${CHROMIUM}. ${MEND}`;
  if (process.env.CI) throw new Error(reason);
  t.skip(reason);
  return false;
}

/** Starts the browser. */
export function launch(): Promise<Browser> {
  return chromium.launch({executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"]});
}

/** What a page did that it should not have. */
export interface Misdeeds {
  /** Addresses of other origins that it asked for; each was refused. */
  requests: string[];
  /** Errors and warnings on the console. */
  console: string[];
  /** Errors that nothing caught. */
  errors: string[];
  /** Addresses of our own origin that were not there. */
  missing: string[];
}

/** A page that can reach only `origin`, and the record of what it did besides. */
export async function watchedPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {}
): Promise<{page: Page; context: BrowserContext; misdeeds: Misdeeds}> {
  const context = await browser.newContext({viewport: {width: 1200, height: 900}, ...options});
  const misdeeds: Misdeeds = {requests: [], console: [], errors: [], missing: []};
  await context.route("**/*", (route) => {
    const url = route.request().url();
    if (/^(?:data|blob):/.test(url) || url.startsWith(origin)) return route.continue();
    misdeeds.requests.push(url);
    return route.abort();
  });
  // tsx keeps the names of functions by calling this; functions that run in the page need it there.
  await context.addInitScript({content: "globalThis.__name = (named) => named;"});
  const page = await context.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      misdeeds.console.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => misdeeds.errors.push(error.message));
  page.on("response", (response) => {
    if (response.status() >= 400) misdeeds.missing.push(response.url());
  });
  return {page, context, misdeeds};
}

/** Opens a page and waits until its code has run: no block waits for its first value, and all figures are live. */
export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url, {waitUntil: "load"});
  await page.waitForFunction(() => !document.querySelector("observablehq-loading"));
  await page.waitForFunction(() => !document.querySelector("[data-figure] > .drawings"));
  if ((await page.locator("[data-figure]").count()) === 0) await page.waitForLoadState("networkidle");
  await settled(page);
}

/** Waits until every figure shows what was chosen and can be read, and the address says it. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      !document.querySelector(
        "[data-figure]:is(.stale, [aria-busy]), [data-figure] > .drawing[tabindex] title"
      )
  );
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))));
}
