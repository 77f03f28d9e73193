/** Chromium for measuring: as the browser tests start it, without waiting for a screen's refresh where asked. */
import type {Browser, CDPSession, Page} from "playwright-core";
import {chromium} from "playwright-core";

const CHROMIUM = process.env.BECAUSE_CHROMIUM ?? "/usr/bin/chromium";

/**
 * Frames are made as soon as there is something to show, unless `vsync`: otherwise each time would hold up to 16.7 ms
 * of waiting for a screen that a machine without one pretends to have. All that is compared is measured alike.
 */
export function launchForMeasuring({vsync = false} = {}): Promise<Browser> {
  const unlimited = vsync ? [] : ["--disable-frame-rate-limit", "--disable-gpu-vsync"];
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--js-flags=--expose-gc", ...unlimited]
  });
}

/** A fresh page, without anything in a cache, and its line to the browser. */
export async function freshPage(
  browser: Browser
): Promise<{page: Page; cdp: CDPSession; close(): Promise<void>}> {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}});
  // tsx keeps the names of functions by calling this; functions that run in the page need it there.
  await context.addInitScript({content: "globalThis.__name = (named) => named;"});
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  return {page, cdp, close: () => context.close()};
}

/** The value that a share `p` of the values does not exceed; NaN where there are none. */
export function quantile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? NaN;
}
