import assert from "node:assert/strict";
import {readFile} from "node:fs/promises";
import {test} from "node:test";
import type {Page} from "playwright-core";
import {parseRatings, ratedMaterial, ratersAgreement, ratingLines} from "../../src/core/judging/ratings.js";
import type {Rating} from "../../src/core/judging/votes.js";
import type {ExamplesDocument, StudyFacts} from "../../src/core/cubes.js";
import {formatNumber} from "../../src/core/format.js";
import {accessibilityFaults} from "./accessibility.js";
import {hasBrowser, launch, open, watchedPage} from "./browser.js";
import {overflow} from "./legibility.js";
import {openSite} from "./sample-site.js";

const NOTHING = {requests: [], console: [], errors: [], missing: []};

const said = (page: Page) => page.locator(".rating-desk [role=status]");
const response = (page: Page) => page.locator(".rating-desk .judged").innerText();

/** Fills the form as a rater would, by keyboard, and waits for the desk. */
async function start(page: Page, rater: string, count = "10"): Promise<void> {
  await page.locator("[name=count]").selectOption(count);
  await page.locator("[name=rater]").fill(rater);
  await page.keyboard.press("Enter");
  await page.locator(".rating-desk").waitFor();
}

/** What the browser saves when a button is pressed. */
async function saved(
  page: Page,
  title: string,
  within = "#rating-files"
): Promise<{name: string; ratings: Rating[]}> {
  const waiting = page.waitForEvent("download");
  await page.locator(within).getByRole("button", {name: title, exact: true}).click();
  const download = await waiting;
  const text = await readFile(await download.path(), "utf8");
  return {name: download.suggestedFilename(), ratings: parseRatings(text, download.suggestedFilename())};
}

/** A document of the study as pages load it. */
async function documentOf<D>(page: Page, file: string): Promise<D> {
  return page.evaluate(async (name) => {
    const found = await fetch(`./_file/data/study/${name}`);
    return (await found.json()) as unknown;
  }, file) as Promise<D>;
}

test("rating", async (t) => {
  if (!hasBrowser(t)) return;
  const site = await openSite(t);
  const browser = await launch();
  t.after(() => browser.close());

  await t.test("by keyboard alone, and back as a file that the golden set's reader takes", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await open(page, `${site.url}rate`);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await start(page, "Anna B.");
    const shown: string[] = [];
    for (const key of ["4", "1", "0", "5", "Space"]) {
      shown.push(await response(page));
      await page.keyboard.press(key);
    }
    assert.match(
      await said(page).innerText(),
      /^Example 6 of 10\. The one before: passed\. 5 done, 2 of them passed\./
    );
    await page.keyboard.press("ArrowLeft");
    assert.equal(await response(page), shown[4]);
    assert.match(await said(page).innerText(), /^Example 5 of 10\. This one: passed\. /);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("u");
    assert.match(await said(page).innerText(), /^Example 5 of 10\. Taken back\. 4 done, 1 of them passed\./);
    await page.keyboard.press("3");

    const {name, ratings} = await saved(page, "Save the ratings of Anna B.");
    assert.equal(name, "ratings-Anna-B.jsonl");
    assert.deepEqual(
      ratings.map(({label}) => label),
      ["4", "1", null, "5", "3"]
    );
    const {items} = await documentOf<ExamplesDocument>(page, "examples.json");
    for (const {corpus, example_id, axis, rater} of ratings) {
      assert.equal(rater, "Anna B.");
      assert.ok(
        items.some((item) => item.corpus === corpus && item.example_id === example_id && item.axis === axis),
        `${corpus}/${example_id} on ${axis} is no example of the study`
      );
    }
    assert.deepEqual(
      asked.filter((url) => !/^(?:blob|data):|examples\.json$/.test(url)),
      [],
      "something was sent or asked for while rating"
    );
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test("is blind: neither the label nor its reason is anywhere in the page", async () => {
    const {page, context} = await watchedPage(browser, site.url);
    await open(page, `${site.url}rate`);
    await start(page, "Anna");
    const {examples, items} = await documentOf<ExamplesDocument>(page, "examples.json");
    for (let step = 0; step < 5; step++) {
      const text = await response(page);
      const ids = examples
        .filter((example) => example.response.trim() === text.trim())
        .map((e) => e.example_id);
      const reasons = items
        .filter(({example_id, explanation}) => ids.includes(example_id) && explanation !== "")
        .map(({explanation}) => explanation);
      assert.ok(ids.length > 0, `“${text}” is no response of the study`);
      const html = await page.locator("#rating").innerHTML();
      for (const reason of reasons) assert.ok(!html.includes(reason), `“${reason}” is in the page`);
      assert.doesNotMatch(await page.locator("#rating").innerText(), /gold|judges|label-only|merged/i);
      assert.equal(await page.locator(".rating-desk input:checked").count(), 0, "a label is chosen already");
      await page.keyboard.press("2");
    }
    await context.close();
  });

  await t.test("goes on where it was left, in the same order, and other studies don't see it", async () => {
    const {page, context} = await watchedPage(browser, site.url);
    await open(page, `${site.url}rate`);
    await start(page, "Anna");
    await page.keyboard.press("3");
    const next = await response(page);
    await open(page, `${site.url}rate`);
    assert.equal(await page.locator("[name=rater]").inputValue(), "Anna");
    await start(page, "Anna");
    assert.equal(await response(page), next);
    assert.match(await said(page).innerText(), /^Example 2 of 10\. 1 done\./);
    assert.equal(await page.locator(".where-kept:visible").count(), 2);
    const material = ratedMaterial(await documentOf<StudyFacts>(page, "study.json"));
    const keys = await page.evaluate(() => Object.keys(localStorage));
    assert.deepEqual(keys, [`because-ratings-${material}`]);

    page.on("dialog", (dialog) => void dialog.accept());
    await page.locator("button", {hasText: "Forget all ratings"}).click();
    assert.match(await page.locator("#rating-files").innerText(), /Nothing is rated yet/);
    assert.equal(await page.locator(".rating-start").count(), 1, "what was forgotten is still rated");
    await context.close();
  });

  await t.test("files of several raters are added, and how far these agree is told", async () => {
    const {page, context, misdeeds} = await watchedPage(browser, site.url);
    await open(page, `${site.url}rate`);
    const {items} = await documentOf<ExamplesDocument>(page, "examples.json");
    const {axes} = await documentOf<StudyFacts>(page, "study.json");
    const axis = axes[0]!;
    const rated = items.filter((item) => item.axis === axis.id).slice(0, 30);
    const file = (rater: string, shift: number): Rating[] =>
      rated.map(({corpus, example_id}, i) => ({
        ...{corpus, example_id, axis: axis.id, rater, at: new Date(1e12 + i).toISOString()},
        label: axis.labels[(i + (i % 4 === 0 ? shift : 0)) % axis.labels.length]!
      }));
    const [anna, ben] = [file("Anna", 0), file("Ben", 1)];
    const foreign = {...anna[0]!, example_id: "of another study"};
    const files = [
      {name: "anna.jsonl", text: ratingLines([...anna, foreign])},
      {name: "ben.jsonl", text: ratingLines(ben)},
      {name: "broken.jsonl", text: "not a rating\n"}
    ];
    await start(page, "Cai");
    await page.keyboard.press("2");
    const shown = await response(page);
    await page
      .locator("#rating-files input[type=file]")
      .setInputFiles(
        files.map(({name, text}) => ({name, mimeType: "application/jsonl", buffer: Buffer.from(text)}))
      );
    const told = page.locator("#rating-files [role=status]");
    await told.filter({hasText: "ben.jsonl"}).waitFor();
    assert.deepEqual(await told.locator("p").allInnerTexts(), [
      "anna.jsonl: 30 ratings by Anna added, 1 not of this study left out.",
      "ben.jsonl: 30 ratings by Ben added.",
      "broken.jsonl, line 1: text that is no JSON. Nothing of this file was added."
    ]);
    assert.deepEqual(await told.locator(".rating-warning").allInnerTexts(), [
      "broken.jsonl, line 1: text that is no JSON. Nothing of this file was added."
    ]);
    assert.equal(await response(page), shown, "adding files has thrown the rater out");
    const all = (await saved(page, "Save all")).ratings;
    assert.equal(all.length, 61);
    assert.equal((await saved(page, "Save the ratings of Ben")).ratings.length, 30);
    assert.deepEqual(
      await page.locator("#rating-files table").first().locator("td:first-child").allInnerTexts(),
      ["Anna", "Ben", "Cai"]
    );
    const [wanted] = ratersAgreement(all, axes);
    const table = page.locator("#rating-files table").last();
    assert.ok((await table.innerText()).includes(formatNumber(wanted!.alpha)), await table.innerText());
    assert.match(await page.locator("#rating-files").innerText(), /0\.667 .*In brackets: a 95 % interval/s);
    assert.deepEqual(misdeeds, NOTHING);
    await context.close();
  });

  await t.test(
    "says so where the browser keeps nothing, or has no room, and rates all the same",
    async () => {
      for (const [what, words] of [
        ["absent", /keeps nothing for this page/],
        ["full", /has no room left/]
      ] as const) {
        const {page, context} = await watchedPage(browser, site.url);
        await page.addInitScript((kind) => {
          const refuse = () => {
            throw new DOMException("", kind === "full" ? "QuotaExceededError" : "SecurityError");
          };
          if (kind === "full") Storage.prototype.setItem = refuse;
          else Object.defineProperty(window, "localStorage", {get: refuse});
        }, what);
        await open(page, `${site.url}rate`);
        await start(page, "Anna");
        await page.keyboard.press("2");
        assert.match(await page.locator(".rating-warning").innerText(), words);
        assert.equal(await page.locator(".where-kept:visible").count(), 0, "the page says that it is kept");
        assert.equal((await saved(page, "Save the ratings of Anna")).ratings.length, 1);
        await context.close();
      }
    }
  );

  await t.test(
    "the desk breaks no rule of accessibility, light and dark, on a laptop and on a phone",
    async () => {
      for (const [width, colorScheme] of [
        [1280, "light"],
        [375, "dark"]
      ] as const) {
        const {page, context} = await watchedPage(browser, site.url, {
          colorScheme,
          viewport: {width, height: 800}
        });
        await open(page, `${site.url}rate`);
        await start(page, "Anna");
        await page.locator(".rating-labels label").nth(1).click();
        assert.match(await said(page).innerText(), /^Example 2 of 10/, "a click gives the label and goes on");
        assert.deepEqual(await accessibilityFaults(page), []);
        assert.deepEqual(await overflow(page), {pixels: 0, elements: []});
        await context.close();
      }
    }
  );

  await t.test("arrow keys between the labels only give them; Enter goes on", async () => {
    const {page, context} = await watchedPage(browser, site.url);
    await open(page, `${site.url}rate`);
    await start(page, "Anna");
    await page.locator(".rating-labels input").first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.match(await said(page).innerText(), /^Example 1 of 10\. This one: 3\. Enter goes on\. 1 done\./);
    await page.keyboard.press("Enter");
    assert.match(await said(page).innerText(), /^Example 2 of 10\. 1 done\./);
    assert.equal((await saved(page, "Save the ratings of Anna")).ratings[0]!.label, "3");
    await context.close();
  });

  await t.test("starts at the window's top and says whether keys rate", async () => {
    const {page, context} = await watchedPage(browser, site.url, {reducedMotion: "reduce"});
    await open(page, `${site.url}rate`);
    await start(page, "Anna");
    const {y} = (await page.locator(".rating-desk").boundingBox())!;
    assert.ok(y >= 0 && y < 40, `the desk starts at ${y}`);
    const keys = page.locator(".rating-keys");
    assert.equal(await keys.innerText(), "Keys are on: 1 to 5 give a label.");
    assert.equal(
      await page.locator(".rating-desk").evaluate((desk) => getComputedStyle(desk).outlineStyle),
      "solid"
    );
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    assert.equal(await keys.innerText(), "Click here for keys.");
    await keys.click();
    await page.keyboard.press("3");
    assert.match(await said(page).innerText(), /^Example 2 of 10\. The one before: 3\. 1 done\./);
    await context.close();
  });

  await t.test(
    "ends with what is done, and leads to what is open, to the file and to another axis",
    async () => {
      const {page, context} = await watchedPage(browser, site.url);
      await open(page, `${site.url}rate`);
      const {axes} = await documentOf<StudyFacts>(page, "study.json");
      await start(page, "Anna");
      for (const key of ["ArrowRight", ..."023412345"]) await page.keyboard.press(key);
      const end = page.locator(".rating-end");
      assert.equal(await end.locator("h2").innerText(), "9 of 10 done, 1 passed");
      assert.equal(
        await page.locator(".rating-form:visible").count(),
        0,
        "there are labels and nothing to rate"
      );
      await end.locator("button.primary", {hasText: "Go to the one still open"}).click();
      assert.match(await said(page).innerText(), /^Example 1 of 10\./);
      await page.keyboard.press("5");
      for (let step = 0; step < 9; step++) await page.keyboard.press("ArrowRight");
      assert.equal(await end.locator("h2").innerText(), "All 10 done, 1 passed");
      assert.deepEqual(await accessibilityFaults(page), []);
      const save = "Save the ratings of Anna";
      assert.equal(await end.locator("button.primary").innerText(), save);
      assert.equal((await saved(page, save, ".rating-end")).ratings.length, 10);
      await end.locator("button", {hasText: "Back"}).click();
      assert.match(await said(page).innerText(), /^Example 10 of 10\. This one: 5\./);
      await page.keyboard.press("ArrowRight");
      if (axes.length === 1)
        assert.equal(await end.locator("button", {hasText: "Rate another axis"}).count(), 0);
      else {
        await end.locator("button", {hasText: "Rate another axis"}).click();
        assert.equal(await page.locator("[name=axis]").inputValue(), axes[1]!.id);
      }
      await context.close();
    }
  );

  await t.test(
    "on a phone labels and buttons stay in reach of a thumb, however long the response",
    async () => {
      const {page, context} = await watchedPage(browser, site.url, {
        viewport: {width: 375, height: 667},
        reducedMotion: "reduce"
      });
      await open(page, `${site.url}rate`);
      await start(page, "Anna");
      await page.locator(".rating-desk .judged").evaluate((response) => {
        response.textContent = `${response.textContent} `.repeat(40);
      });
      const controls = page.locator(".rating-bar :is(label, button)");
      for (const control of await controls.all()) {
        const {y, height} = (await control.boundingBox())!;
        assert.ok(height >= 44, `${await control.innerText()} is ${height} px high`);
        assert.ok(y >= 0 && y + height <= 667, `${await control.innerText()} is out of the window`);
      }
      assert.equal(await page.locator(".rating-labels legend").innerText(), "Label: 1 lowest … 5 highest");
      await page.locator("button", {hasText: "Stop here"}).click();
      for (const field of await page.locator(".rating-start :is(input, select)").all())
        assert.equal(await field.evaluate((each) => getComputedStyle(each).fontSize), "16px");
      await context.close();
    }
  );
});
