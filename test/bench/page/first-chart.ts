/** When a page first shows a chart, and how much it had loaded by then. */
import type {Browser, CDPSession} from "playwright-core";
import {freshPage, quantile} from "./chromium.js";

export interface FirstChart {
  /** Milliseconds from navigation to the frame that shows it. */
  ms: number;
  /** Bytes that had come over the wire by then, headers included; those of files still coming count as far as they came. */
  bytes: number;
}

/**
 * Opens `url` afresh and waits for the first frame that shows anything that `selector` finds. Looked for in every frame, so that
 * the time is that of the frame in which it was there.
 */
async function once(browser: Browser, url: string, selector: string): Promise<FirstChart> {
  const {page, cdp, close} = await freshPage(browser);
  const received = await countBytes(cdp);
  await page.addInitScript((wanted) => {
    const look = () => {
      const isShown = [...document.querySelectorAll(wanted)].some((found) => {
        const {width, height} = found.getBoundingClientRect();
        return width * height > 0;
      });
      if (!isShown) return void requestAnimationFrame(look);
      const channel = new MessageChannel(); // its message comes after this frame was painted
      channel.port1.onmessage = () => Object.assign(globalThis, {chartShown: performance.now()});
      channel.port2.postMessage(null);
    };
    requestAnimationFrame(look);
  }, selector);
  await page.goto(url, {waitUntil: "commit"});
  await page.waitForFunction(() => "chartShown" in globalThis, undefined, {timeout: 120_000});
  const [ms, origin] = await page.evaluate(() => [
    (globalThis as unknown as {chartShown: number}).chartShown,
    performance.timeOrigin
  ]);
  await page.waitForTimeout(300); // for reports of the network that come late
  const bytes = received(origin + ms);
  await close();
  return {ms, bytes};
}

/** Bytes by the time at which they came, in milliseconds since 1970. */
async function countBytes(cdp: CDPSession): Promise<(until: number) => number> {
  const came: {at: number; bytes: number}[] = [];
  let offset: number | undefined; // between the browser's own clock and the wall's
  await cdp.send("Network.enable");
  cdp.on("Network.requestWillBeSent", ({timestamp, wallTime}) => {
    offset ??= (wallTime - timestamp) * 1000;
  });
  const add = (timestamp: number, bytes: number) => {
    if (bytes > 0) came.push({at: timestamp * 1000 + (offset ?? 0), bytes});
  };
  cdp.on("Network.responseReceived", ({timestamp, response}) => add(timestamp, response.encodedDataLength));
  cdp.on("Network.dataReceived", ({timestamp, encodedDataLength}) => add(timestamp, encodedDataLength));
  return (until) => came.filter(({at}) => at <= until).reduce((sum, {bytes}) => sum + bytes, 0);
}

/** A figure that is there as a whole: one that has become live, or a drawing after which the next has begun to come. */
export const WHOLE_FIGURE = "[data-figure] > .drawing svg, .drawing:has(+ .drawing) svg";

/** The median of several openings, each with an empty cache. */
export async function firstChart(
  browser: Browser,
  url: string,
  selector: string,
  times: number
): Promise<FirstChart> {
  const all: FirstChart[] = [];
  for (let i = 0; i < times; i++) all.push(await once(browser, url, selector));
  return {
    ms: quantile(
      all.map(({ms}) => ms),
      0.5
    ),
    bytes: quantile(
      all.map(({bytes}) => bytes),
      0.5
    )
  };
}
