/**
 * The notebook in Chromium: first chart, bytes before it, toggle → paint, brush; and the same of `@uwdata/vgplot` on the
 * same database, in the same run. `npm run bench -- page --site FOLDER`, or `--tables FOLDER` to build one first. Prints a
 * table, judges nothing: times depend on the machine, ratios less so.
 */
import {mkdtemp, rm} from "node:fs/promises";
import {availableParallelism, loadavg, tmpdir} from "node:os";
import {join} from "node:path";
import {parseArgs} from "node:util";
import type {Browser} from "playwright-core";
import {buildSite} from "../../data-loaders/site/build-site.js";
import {serveSite} from "../../data-loaders/site/serve-site.js";
import {dragBrush} from "./page/brush.js";
import {freshPage, launchForMeasuring, quantile} from "./page/chromium.js";
import {firstChart, type FirstChart} from "./page/first-chart.js";
import {servedFolder} from "./page/folder.js";
import {pagesWithFigures} from "./page/pages.js";
import {controlsOf, moveControl, putStopWatch} from "./page/toggles.js";

const USAGE = `npm run bench -- page (--site FOLDER | --tables FOLDER) [--repeat 12] [--pause 400] [--vsync] [--only PAGE,…]`;

interface Plan {
  repeat: number;
  /** Milliseconds between a frame and the next input. */
  pause: number;
  vsync: boolean;
  only: string[];
}

export async function main(args: string[]): Promise<void> {
  const {values} = parseArgs({
    args,
    options: {
      site: {type: "string"},
      tables: {type: "string"},
      repeat: {type: "string", default: "12"},
      pause: {type: "string", default: "400"},
      vsync: {type: "boolean", default: false},
      only: {type: "string", default: ""}
    }
  });
  if (!values.site && !values.tables) throw new Error(USAGE);
  const built = values.site ? undefined : await mkdtemp(join(tmpdir(), "because-bench-site-"));
  if (built) await buildSite({tables: values.tables!, output: join(built, "site")});
  const plan = {
    repeat: Number(values.repeat),
    pause: Number(values.pause),
    vsync: values.vsync,
    only: values.only.split(",").filter(Boolean)
  };
  const folder = await servedFolder(values.site ?? join(built!, "site"));
  const server = await serveSite({folder, port: 0});
  const browser = await launchForMeasuring(plan);
  try {
    await measure(browser, server.url, plan);
  } finally {
    await browser.close();
    await server.close();
    for (const path of [folder, built]) if (path) await rm(path, {recursive: true, force: true});
  }
}

async function measure(browser: Browser, url: string, plan: Plan): Promise<void> {
  console.log(
    `Chromium ${browser.version()}, ${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(1)}; ` +
      `frames ${plan.vsync ? "at 60 Hz" : "as soon as painted (--disable-frame-rate-limit)"}; ` +
      `${plan.repeat} moves a control, ${plan.pause} ms after the frame before; from the key's time stamp to the end of the ` +
      `main thread's work on the first frame that shows the change.\n`
  );
  const empty = await firstChart(browser, url, ".empty", 5);
  console.log(
    `empty page: ${empty.ms.toFixed(0)} ms; allowed: 1.2 × that + 300 ms = ${(1.2 * empty.ms + 300).toFixed(0)} ms\n`
  );
  print(["page", "first chart ms", "kB before it", "toggle", "moves", "median ms", "p95 ms"]);
  const ours = await measureNotebook(browser, `${url}notebook/`, plan);
  const rival = await measureRival(browser, `${url}rival/`, plan);
  print([
    "vgplot / ours",
    (rival.first.ms / ours.first.ms).toFixed(1),
    (rival.first.bytes / ours.first.bytes).toFixed(1),
    "all of the accuracy page",
    "",
    (quantile(rival.took, 0.5) / quantile(ours.took, 0.5)).toFixed(1),
    (quantile(rival.took, 0.95) / quantile(ours.took, 0.95)).toFixed(1)
  ]);
}

interface Measured {
  first: FirstChart;
  took: number[];
}

/** Every page; returns what is compared: the accuracy page. */
async function measureNotebook(browser: Browser, url: string, plan: Plan): Promise<Measured> {
  const compared: Measured = {first: {ms: NaN, bytes: NaN}, took: []};
  const all: number[] = [];
  for (const name of (await pagesWithFigures(browser, url)).filter(
    (name) => plan.only.length === 0 || plan.only.includes(name)
  )) {
    const address = url + (name === "index" ? "" : name);
    const first = await firstChart(browser, address, "[data-figure] svg", 5);
    const took = await measureToggles(browser, address, {...OURS, name, first}, plan);
    all.push(...took);
    if (name === "accuracy") Object.assign(compared, {first, took});
    const brushed = await dragBrush(browser, address, plan.repeat);
    if (brushed.length > 0) print([name, "", "", "brush", String(brushed.length), ...spread(brushed)]);
  }
  print(["all pages", "", "", "all toggles", String(all.length), ...spread(all)]);
  return compared;
}

async function measureRival(browser: Browser, url: string, plan: Plan): Promise<Measured> {
  const first = await firstChart(browser, url, ".chart svg circle", 3);
  const took = await measureToggles(browser, url, {...RIVAL, name: "vgplot", first}, plan);
  return {first, took};
}

/** Where controls and charts are, and how to know that the page is live. */
const OURS = {form: ".toggle-bar", charts: "[data-figure]"};
const RIVAL = {form: ".menus", charts: ".chart"};

interface Subject {
  name: string;
  first: FirstChart;
  form: string;
  charts: string;
}

async function measureToggles(
  browser: Browser,
  url: string,
  subject: Subject,
  plan: Plan
): Promise<number[]> {
  const {page, close} = await freshPage(browser);
  await page.goto(url, {waitUntil: "load"});
  const live = await page
    .waitForSelector(`${subject.form} :is(select, input)`, {timeout: 120_000})
    .catch(() => null);
  const all: number[] = [];
  let head = [subject.name, subject.first.ms.toFixed(0), (subject.first.bytes / 1000).toFixed(0)];
  if (!live) print([...head, "none"]);
  else {
    await page.waitForTimeout(2000);
    await putStopWatch(page, subject.charts);
    for (const control of await controlsOf(page, subject.form)) {
      const took = await moveControl(page, control, {times: plan.repeat, pause: plan.pause});
      print([...head, control.name, String(took.length), ...spread(took)]);
      head = ["", "", ""];
      all.push(...took);
    }
    print([...head, "all", String(all.length), ...spread(all)]);
  }
  await close();
  return all;
}

function spread(took: number[]): [string, string] {
  return took.length === 0 ? ["–", "–"] : [quantile(took, 0.5).toFixed(1), quantile(took, 0.95).toFixed(1)];
}

const WIDTHS = [22, 15, 13, 12, 6, 10, 8];

function print(cells: string[]): void {
  console.log(
    cells
      .map((cell, i) => (i === 0 || i === 3 ? cell.padEnd(WIDTHS[i]!) : cell.padStart(WIDTHS[i]!)))
      .join("  ")
  );
}
