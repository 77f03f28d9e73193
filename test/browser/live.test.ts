import assert from "node:assert/strict";
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {test} from "node:test";
import {setTimeout as wait} from "node:timers/promises";
import getPort from "get-port";
import {previewSite} from "../../data-loaders/site/preview-site.js";
import type {LiveRun, LiveStudy} from "../../src/core/live.js";
import {accessibilityFaults} from "./accessibility.js";
import {hasBrowser, launch, watchedPage} from "./browser.js";
import {overflow} from "./legibility.js";
import {openSite} from "./sample-site.js";

const NOW = Date.now() / 1000;

const run = (n: number, status: LiveRun["status"], more: Partial<LiveRun> = {}): LiveRun => ({
  ...{run: n.toString(16).padStart(16, "0"), title: `label-only, seed ${n}`, status, word: ""},
  ...{step: null, steps: 400, tokens_per_second: null, losses: []},
  ...more
});
const training = (step: number): LiveRun =>
  run(1, "running", {
    step,
    tokens_per_second: 51234.4,
    word: "at gpu-1",
    losses: Array.from({length: step / 10}, (_, i) => ({
      step: 10 * (i + 1),
      loss: 3 / (i + 1),
      time: NOW + i
    }))
  });
const study = (runs: LiveRun[], more: Partial<LiveStudy> = {}): LiveStudy => ({
  ...{
    id: "small",
    title: "Small",
    stage: "training",
    place: "gpu-box",
    at: Date.now() / 1000,
    ended: false,
    runs
  },
  ...more
});

test("the Live page", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());

  await t.test("a built notebook has none in its navigation, and asks nothing", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await page.goto(`${site.url}live`, {waitUntil: "networkidle"});
    assert.match(await page.locator("#live-runs").innerText(), /because preview --live/);
    assert.equal(await page.locator('.site-nav a[href$="live"]').count(), 0);
    assert.equal(await page.locator('meta[name="live"]').count(), 0);
    assert.deepEqual(misdeeds, {requests: [], console: [], errors: [], missing: []});
    await context.close();
  });

  await t.test("in a preview, without tables even, it follows runs without being loaded again", async () => {
    const tables = await mkdtemp(join(tmpdir(), "because-no-tables-"));
    const port = await getPort();
    const end = new AbortController();
    let told: LiveStudy[] = [];
    const preview = previewSite({
      ...{tables, port, signal: end.signal, log: () => undefined},
      live: () => Promise.resolve(told)
    });
    const url = `http://127.0.0.1:${port}/live`;
    for (let tries = 0; tries < 150 && !(await fetch(url).catch(() => null))?.ok; tries++) await wait(200);
    const {page, context, misdeeds} = await watchedPage(browser, "http://127.0.0.1:");
    await page.goto(url);
    const status = page.locator("#live-runs [role=status]");
    await status.filter({hasText: "No study has been trained here today."}).waitFor();
    await page.evaluate(() => Object.assign(window, {stayed: true}));

    told = [study([run(3, "queued", {word: "waits for resources"}), training(100), run(2, "done")])];
    await status.filter({hasText: "Small: 1 running · 1 queued · 1 of 3 done."}).waitFor();
    const row = page.locator(".live-runs tbody tr").first();
    assert.deepEqual(
      (await row.locator("td").allInnerTexts()).map((text) => text.trim()),
      ["label-only, seed 1", "running", "100 of 400", "", "0.30", "51,234", "30 s", "at gpu-1"]
    );
    assert.equal(
      await row.locator(".sparkline").getAttribute("aria-label"),
      "loss 3.00 at step 10, 0.30 at step 100"
    );
    const line = await row.locator(".sparkline path").getAttribute("d");
    // The frame around a page is mended when a site is built, so that a preview has Framework's own.
    const faults = (await accessibilityFaults(page)).filter(
      (fault) => !/^(?:html-has-lang|meta-viewport)/.test(fault)
    );
    assert.deepEqual(faults, []);
    await page.setViewportSize({width: 375, height: 800});
    assert.deepEqual(await overflow(page), {pixels: 0, elements: []});
    assert.match(await page.locator(".live-note").innerText(), /^training at gpu-box$/);

    told = [
      study([training(200), run(3, "failed", {word: "out of memory: <b>none</b> left"}), run(2, "done")], {
        ended: true
      })
    ];
    await status.filter({hasText: "1 failed; its pipeline has ended."}).waitFor();
    assert.equal(await row.locator("td").nth(2).innerText(), "200 of 400");
    assert.notEqual(await row.locator(".sparkline path").getAttribute("d"), line);
    const words = await page.locator(".live-runs tbody tr").nth(1).locator("td").last().innerText();
    assert.equal(words, "out of memory: <b>none</b> left", "words of a log were read as markup");
    assert.equal(await page.evaluate(() => "stayed" in window), true, "the page was loaded again");
    assert.equal(await page.locator('.site-nav a[aria-current="page"]').innerText(), "Live");
    assert.deepEqual({...misdeeds, console: []}, {requests: [], console: [], errors: [], missing: []});

    const address = (await page.locator('meta[name="live"]').getAttribute("content"))!;
    const asked = (headers: Record<string, string>) => fetch(address, {headers}).then(({status}) => status);
    assert.equal(await asked({Origin: "http://elsewhere.example"}), 403);
    assert.equal(await asked({Origin: `http://127.0.0.1:${port}`}), 200);
    assert.equal((await fetch(address.replace("/runs", "/"))).status, 404);
    await context.close();
    end.abort();
    await preview;
    await assert.rejects(fetch(address), "the endpoint outlived its preview");
    await rm(tables, {recursive: true});
  });
});
