/** From a pointer's move over a brush to the frame that shows what it selects. */
import type {Browser} from "playwright-core";
import {freshPage} from "./chromium.js";

/**
 * Drags over the page's brush, `moves` steps; milliseconds from each move's time stamp to the end of the main thread's
 * work on the next frame. None where the page has no brush.
 */
export async function dragBrush(browser: Browser, url: string, moves: number): Promise<number[]> {
  const {page, close} = await freshPage(browser);
  await page.goto(url, {waitUntil: "load"});
  const brush = page.locator("[data-brush]").first();
  const there = await brush.waitFor({state: "attached", timeout: 5000}).then(
    () => true,
    () => false
  );
  if (!there) {
    await close();
    return [];
  }
  await page.waitForTimeout(1500);
  await brush.scrollIntoViewIfNeeded();
  const box = (await brush.boundingBox())!;
  await page.evaluate(() => {
    const took: number[] = [];
    Object.assign(globalThis, {brushTook: took});
    const onMove = (event: PointerEvent) => {
      if (event.buttons === 0) return;
      requestAnimationFrame(() => {
        const channel = new MessageChannel(); // its message comes after this frame was painted
        channel.port1.onmessage = () => took.push(performance.now() - event.timeStamp);
        channel.port2.postMessage(null);
      });
    };
    addEventListener("pointermove", onMove, {capture: true});
  });
  const at = (share: number) => [box.x + box.width * share, box.y + box.height * share] as const;
  await page.mouse.move(...at(0.2));
  await page.mouse.down();
  for (let i = 1; i <= moves; i++) {
    await page.mouse.move(...at(0.2 + (0.6 * i) / moves));
    await page.waitForTimeout(30);
  }
  await page.mouse.up();
  const took = await page.evaluate(() => (globalThis as unknown as {brushTook: number[]}).brushTook);
  await close();
  return took;
}
