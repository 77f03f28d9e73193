import assert from "node:assert/strict";
import {test} from "node:test";
import type {Page} from "playwright-core";
import {hasBrowser, launch, open, watchedPage} from "./browser.js";
import {openSite} from "./sample-site.js";

const NOTHING = {requests: [], console: [], errors: [], missing: []};
const ADDRESS = "entropy-and-accuracy?estimator=label_entropy";

const map = (page: Page) => page.locator("[data-figure=joint] [data-brush=map]");
const frame = (page: Page) => page.locator("[data-figure=joint] .brush-frame").getAttribute("d");
const said = (page: Page) => page.locator(".brush-said").innerText();
const region = (page: Page) => new URL(page.url()).searchParams.get("brush");
const number = (page: Page) => page.locator("[data-figure=joint] .arm-row .number").first().textContent();

/** Opens the page at the brush, once it takes pointers. */
async function openAtBrush(page: Page, url: string): Promise<void> {
  await open(page, url);
  await page.locator("[data-figure=joint]").scrollIntoViewIfNeeded();
  await map(page).waitFor();
}

/** Drags over the map from one place to another, in shares of its width and height. */
async function drag(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const {x, y, width, height} = (await map(page).boundingBox())!;
  await page.mouse.move(x + from[0] * width, y + from[1] * height);
  await page.mouse.down();
  await page.mouse.move(x + to[0] * width, y + to[1] * height, {steps: 4});
  await page.mouse.up();
  await page.waitForTimeout(100);
}

test("the brush", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());

  await t.test("is drawn, moved and cleared by mouse; the address brings it back", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await openAtBrush(page, site.url + ADDRESS);
    assert.equal(await frame(page), "");
    const whole = await number(page);
    await drag(page, [0.45, 0.1], [0.98, 0.98]);
    const [drawn, address] = [await frame(page), region(page)];
    assert.match(drawn!, /^M/);
    assert.match(await said(page), /^Entropy .* nats, confidence .* %: .*outside/);
    assert.notEqual(await number(page), whole, "the brushed accuracy is that of all rows");

    await drag(page, [0.7, 0.5], [0.6, 0.5]);
    assert.notEqual(region(page), address, "it did not move");
    const kept = [await frame(page), await said(page)];
    await openAtBrush(page, page.url());
    assert.deepEqual([await frame(page), await said(page)], kept);

    await page.getByRole("button", {name: "Clear the brush"}).click();
    await page.waitForTimeout(50);
    assert.equal(await frame(page), "");
    assert.equal(region(page), null);
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test("is made, moved, resized and taken away by keyboard", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await openAtBrush(page, site.url + ADDRESS);
    await map(page).focus();
    const seen = new Set<string | null>();
    for (const key of ["Enter", "ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowDown", "ArrowUp"]) {
      await page.keyboard.press(key);
      await page.waitForTimeout(60);
      seen.add(await frame(page));
    }
    assert.equal(seen.size, 5, "a key did nothing");
    await page.waitForFunction(() => location.search.includes("brush="));
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !location.search.includes("brush="));
    assert.equal(await frame(page), "");
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test("follows a finger", async () => {
    const {page, context} = await watchedPage(browser, site.url, {
      viewport: {width: 375, height: 800},
      hasTouch: true
    });
    await openAtBrush(page, site.url + ADDRESS);
    const {x, y, width, height} = (await map(page).boundingBox())!;
    const client = await context.newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", at?: [number, number]) =>
      client.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: at ? [{x: x + at[0] * width, y: y + at[1] * height}] : []
      });
    await touch("touchStart", [0.3, 0.2]);
    await touch("touchMove", [0.6, 0.5]);
    await touch("touchMove", [0.9, 0.9]);
    await touch("touchEnd");
    await page.waitForFunction(() => location.search.includes("brush="));
    assert.match((await frame(page))!, /^M/);
    await context.close();
  });

  await t.test("outlives a toggle, and leads to the examples in it", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await openAtBrush(page, site.url + ADDRESS);
    await drag(page, [0.2, 0.1], [0.95, 0.95]);
    const address = region(page);
    await page.locator(".toggle-bar input[name=modes]").last().uncheck();
    await page.waitForFunction(() => location.search.includes("modes="));
    await map(page).waitFor();
    await page.waitForTimeout(300);
    assert.equal(region(page), address);
    assert.match((await frame(page))!, /^M/, "the brush is gone from the figure");

    await page.getByRole("link", {name: /^Examples in this region/}).click();
    await page.waitForSelector(".example-list");
    const query = new URL(page.url()).searchParams;
    assert.match(query.get("entropy") ?? "", /^[\d.]+_[\d.]+$/);
    assert.match(query.get("confidence") ?? "", /^[\d.]+_[\d.]+$/);
    assert.match(await page.locator(".example-ranges").innerText(), /% confident, entropy over labels/);
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test("takes no longer than a frame of 33 ms for a move", async () => {
    const {page, context} = await watchedPage(browser, site.url);
    await openAtBrush(page, site.url + ADDRESS);
    const {x, y, width, height} = (await map(page).boundingBox())!;
    await page.mouse.move(x + width * 0.2, y + height * 0.2);
    await page.mouse.down();
    const milliseconds = await page.evaluate(
      async ({left, top, across, down}) => {
        const area = document.querySelector("[data-brush=map]")!;
        const times: number[] = [];
        for (let i = 1; i <= 60; i++) {
          const begun = performance.now();
          const at = {clientX: left + across * (0.2 + i / 80), clientY: top + down * (0.2 + i / 80)};
          area.dispatchEvent(new PointerEvent("pointermove", {...at, pointerId: 1, bubbles: true}));
          await new Promise((resolve) => requestAnimationFrame(resolve));
          document.querySelector(".brush-frame")!.getBoundingClientRect(); // layout is part of the work
          times.push(performance.now() - begun);
        }
        return times.sort((a, b) => a - b)[30]!;
      },
      {left: x, top: y, across: width, down: height}
    );
    await page.mouse.up();
    assert.ok(milliseconds <= 33, `the median move took ${milliseconds.toFixed(1)} ms`);
    await context.close();
  });
});
