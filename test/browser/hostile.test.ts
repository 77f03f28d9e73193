import assert from "node:assert/strict";
import {mkdir, mkdtemp, readdir, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {test, type TestContext} from "node:test";
import {csvParseRows} from "d3";
import type {Page} from "playwright-core";
import {exportFigures} from "../../data-loaders/paper/export-figures.js";
import {BUNDLED_FIGURES} from "../../data-loaders/publish/publish-study.js";
import {buildSite} from "../../data-loaders/site/build-site.js";
import {serveSite} from "../../data-loaders/site/serve-site.js";
import {readCubes} from "../../data-loaders/site/study-tables.js";
import {pathsBelow} from "../../data-loaders/stages/written-folder.js";
import {Database, literal} from "../../data-loaders/tables/database.js";
import type {TablesInput} from "../../data-loaders/tables/tables-input.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import {writeManifest} from "../tables/synthetic-logs.js";
import {SMALL, writeSyntheticRuns} from "../tables/synthetic-runs.js";
import {hasBrowser, launch, open, watchedPage} from "./browser.js";
import {FORMULA_BEGINNINGS, HOSTILE} from "./hostile-strings.js";

const text = (i: number): string => HOSTILE[i % HOSTILE.length]!;
const LABELS = [0, 21, 33, 150, 300].map(text);

/** A study whose every text, title, label and id is hostile; each of the strings stands in several places. */
async function hostileTables(folder: string): Promise<string> {
  const [first, second] = SMALL.axes;
  const input = await writeSyntheticRuns(join(folder, "runs"), {
    ...SMALL,
    dialogues: 90,
    axes: [
      {...first!, title: text(21), question: text(3), definition: text(48), labels: LABELS},
      {...second!, title: text(24), question: text(60)}
    ]
  });
  const ids = new Map(
    [...input.test, ...input.train].map(({corpus, example_id}, i) => [
      `${corpus}/${example_id}`,
      `${text(i)} ${String(i)}`.replace(/\p{Surrogate}/gu, "\uFFFD")
    ])
  );
  const idOf = (row: {corpus: string; example_id: string}) => ids.get(`${row.corpus}/${row.example_id}`)!;
  await renameExamples(input, ids);
  const disguise = (example: TablesInput["test"][number], i: number) => ({
    ...example,
    example_id: idOf(example),
    turns: [
      {role: text(i + 7), text: text(i + 11)},
      {role: "user", text: text(i + 13)}
    ],
    response: text(i + 17)
  });
  const tables = join(folder, "tables");
  await writeTables(
    {
      ...input,
      study: {...input.study, title: text(0), authors: [text(6), text(9)], note: text(21)},
      corpora: input.corpora.map((corpus, i) => ({
        ...corpus,
        title: text(3 + 18 * i),
        licence: text(27 + i),
        dropped: [{reason: text(30 + i), rows: 1}]
      })),
      test: input.test.map(disguise),
      train: input.train.map(disguise),
      annotations: input.annotations.map((row, i) => ({...row, example_id: idOf(row), explanation: text(i)})),
      training: input.training.map((row, i) => ({
        ...row,
        example_id: idOf(row),
        prompt: text(i + 2),
        completions: {"label-only": text(i + 5), explanation: text(i + 8)}
      }))
    },
    tables
  );
  return tables;
}

/** The trainer's files with the new ids, and manifests that fit; one run ends with a hostile reason. */
async function renameExamples({runs}: TablesInput, ids: ReadonlyMap<string, string>): Promise<void> {
  const db = await Database.create(":memory:");
  const rows = [...ids].map(([key, id]) => ({key, id}));
  await db.createTable("renamed", {key: "VARCHAR", id: "VARCHAR"}, rows);
  for (const [i, run] of runs.entries()) {
    for (const name of ["predictions.parquet", "layers.parquet"].slice(0, run.job.kind === "train" ? 2 : 1)) {
      const file = literal(join(run.folder, name));
      await db.run(`CREATE OR REPLACE TABLE was AS FROM read_parquet(${file})`);
      await db.run(
        `COPY (SELECT w.* REPLACE (r.id AS example_id) FROM was w JOIN renamed r ON r.key = w.corpus || '/' || w.example_id)
         TO ${file} (FORMAT parquet)`
      );
    }
    await writeManifest(run, i === runs.length - 1 ? {status: "failed", reason: text(8)} : {});
  }
  db.discard();
}

async function hostileSite(
  t: TestContext
): Promise<{folder: string; tables: string; site: string; url: string}> {
  const folder = await mkdtemp(join(tmpdir(), "because-hostile-"));
  t.after(() => rm(folder, {recursive: true, force: true}));
  const tables = await hostileTables(folder);
  const site = join(folder, "out", "site");
  await buildSite({tables, output: site});
  const server = await serveSite({folder: site, port: 0});
  t.after(() => server.close());
  return {folder, tables, site, url: server.url};
}

/** What hostile strings made of a page. */
async function harmIn(page: Page): Promise<object> {
  return page.evaluate(() => ({
    pwned: (globalThis as {pwned?: unknown}).pwned ?? null,
    violations: (globalThis as unknown as {violations: string[]}).violations,
    elements: [
      ...document.querySelectorAll(
        "iframe, object, embed, marquee, math, foreignObject, xmp, body style, body link, body meta, body base, body script:not([src])"
      )
    ].map(({localName}) => localName),
    attributes: [...document.querySelectorAll("*")].flatMap((element) =>
      [...element.attributes].filter(({name}) => name.startsWith("on")).map(({name}) => name)
    ),
    addresses: [...document.querySelectorAll("a")]
      .map((link) => link.href.toString())
      .filter(
        (href) => href !== "" && !href.startsWith(location.origin) && href !== "[object SVGAnimatedString]"
      )
  }));
}

const HARMLESS = {pwned: null, violations: [], elements: [], attributes: [], addresses: []};

test("hostile strings in every text, title, label and id", async (t) => {
  assert.ok(HOSTILE.length >= 300, String(HOSTILE.length));
  const {folder, tables, site, url} = await hostileSite(t);

  await t.test("nothing was written outside the site's own folder, under a name of theirs", async () => {
    assert.deepEqual((await readdir(folder)).sort(), ["out", "runs", "tables"]);
    assert.deepEqual(await readdir(join(folder, "out")), ["site"]);
    const names = (await pathsBelow(site)).filter((path) => /pwned|[<>"'`$\\]|\.\.|elsewhere/.test(path));
    assert.deepEqual(names, []);
  });

  await t.test("figures keep to their folder; cells of their data are inert", async () => {
    const figures = join(folder, "out", "figures");
    await mkdir(figures);
    await exportFigures(readCubes(tables), {...BUNDLED_FIGURES, formats: ["svg"]}, figures);
    assert.deepEqual((await readdir(join(folder, "out"))).sort(), ["figures", "site"]);
    let texts = 0;
    for (const file of await readdir(figures)) {
      const content = await readFile(join(figures, file), "utf8");
      if (file.endsWith(".svg"))
        assert.doesNotMatch(content, /<(?:script|img|iframe|foreignObject)|\son\w+=["'](?!.*&)/);
      if (!file.endsWith(".csv")) continue;
      for (const cell of csvParseRows(content).flat()) {
        if (cell === "" || Number.isFinite(Number(cell))) continue;
        texts += 1;
        assert.doesNotMatch(cell, FORMULA_BEGINNINGS, `${file}: ${cell}`);
      }
    }
    assert.ok(texts > 100);
  });

  if (!hasBrowser(t)) return;
  const browser = await launch();
  t.after(() => browser.close());
  const {page, misdeeds} = await watchedPage(browser, url);
  await page.addInitScript({
    content: `globalThis.violations = [];
      addEventListener("securitypolicyviolation", ({violatedDirective}) => violations.push(violatedDirective));`
  });
  page.on("dialog", (dialog) => {
    misdeeds.errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const pages = (await readdir(site))
    .filter((name) => name.endsWith(".html"))
    .map((name) => name.replace(/(?:index)?\.html$/, ""));
  const fair = () =>
    assert.deepEqual({requests: misdeeds.requests, errors: misdeeds.errors}, {requests: [], errors: []});

  for (const name of pages)
    await t.test(`${name || "home"} shows them and runs none`, async () => {
      await open(page, url + name);
      assert.deepEqual(await harmIn(page), HARMLESS);
      assert.equal(await page.title().then((title) => title.includes(text(0))), true);
      fair();
    });

  await t.test("examples, one by one, and what the search finds", async () => {
    const {items} = readCubes(tables).examples;
    const every = Math.ceil(items.length / 60);
    for (const {corpus, example_id, axis} of items.filter((_, i) => i % every === 0)) {
      await page.goto(`${url}examples?example=${encodeURIComponent(`${corpus}/${example_id}/${axis}`)}`);
      await page.waitForFunction(() => !document.querySelector("observablehq-loading"));
      await page.waitForTimeout(50);
      assert.deepEqual(await harmIn(page), HARMLESS, example_id);
    }
    for (const asked of ["<script", "pwned", "=", "..", "javascript"]) {
      await page.locator(".site-search input").fill(asked);
      await page.waitForTimeout(150);
      assert.deepEqual(await harmIn(page), HARMLESS, asked);
    }
    fair();
  });

  await t.test("queries: texts stay texts, and their CSV is inert", async () => {
    await open(
      page,
      `${url}sql?sql=${encodeURIComponent("SELECT example_id, response, turns FROM examples")}`
    );
    await page.locator(".sql-rows tbody tr").first().waitFor({timeout: 60_000});
    assert.deepEqual(await harmIn(page), HARMLESS);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", {name: "Save CSV"}).click()
    ]);
    const cells = csvParseRows(await readFile(await download.path(), "utf8")).flat();
    assert.ok(cells.length > 1000);
    assert.deepEqual(
      cells.filter((cell) => FORMULA_BEGINNINGS.test(cell)),
      []
    );
    fair();
  });
});
