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
import {firstChart, WHOLE_FIGURE, type FirstChart} from "./page/first-chart.js";
import {servedFolder} from "./page/folder.js";
import {withMainThread} from "./page/main-thread.js";
import {pagesWithFigures} from "./page/pages.js";
import {measureStalls} from "./page/stalls.js";
import {controlsOf, moveControl, putStopWatch} from "./page/toggles.js";

const USAGE = `npm run bench -- page (--site FOLDER | --tables FOLDER) [--runs FOLDER] [--repeat 12] [--pause 400] [--vsync] [--only PAGE,…]`;

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
      runs: {type: "string"},
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
  const {folder, rows} = await servedFolder(values.site ?? join(built!, "site"), values.runs);
  console.log(
    `${rows.toLocaleString("en")} predictions, for the notebook in cubes, for vgplot in one flat table\n`
  );
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
      `main thread's work on the first frame that shows the change; “busy” is the main thread's processor time of that.\n`
  );
  const {share, longest} = measureStalls();
  console.log(
    `This machine let a process that only counts run ${(100 * share).toFixed(0)} % of the time; longest gap ${longest.toFixed(0)} ms.\n`
  );
  const empty = await firstChart(browser, url, ".empty", 5);
  console.log(
    `empty page: ${empty.ms.toFixed(0)} ms; allowed: 1.2 × that + 300 ms = ${(1.2 * empty.ms + 300).toFixed(0)} ms\n`
  );
  print(["page", "first chart ms", "kB before it", "toggle", "moves", "median ms", "p95 ms", "busy ms"]);
  const ours = await measureNotebook(browser, `${url}notebook/`, plan);
  const rival = await measureRival(browser, `${url}rival/`, plan);
  const [ourMoves, rivalMoves] = [ours, rival].map(({moves}) => moves.filter(({name}) => SHARED.has(name)));
  const ratio = (of: (moves: Move[]) => number) => (of(rivalMoves!) / of(ourMoves!)).toFixed(1);
  print([
    "vgplot / ours",
    (rival.first.ms / ours.first.ms).toFixed(1),
    (rival.first.bytes / ours.first.bytes).toFixed(1),
    [...SHARED].join(", "),
    "",
    ratio((moves) => quantile(tookOf(moves), 0.5)),
    ratio((moves) => quantile(tookOf(moves), 0.95)),
    ratio((moves) => quantile(busyOf(moves), 0.5))
  ]);
}

/** One move of a control. */
interface Move {
  /** The control's name. */
  name: string;
  took: number;
  busy: number;
}

interface Measured {
  first: FirstChart;
  moves: Move[];
}

/** Controls of the accuracy page that the rival has, too. */
const SHARED = new Set(["corpus", "axis", "seed"]);

const tookOf = (moves: Move[]) => moves.map(({took}) => took);
const busyOf = (moves: Move[]) => moves.map(({busy}) => busy);

/** Every page; returns what is compared: the accuracy page. */
async function measureNotebook(browser: Browser, url: string, plan: Plan): Promise<Measured> {
  const compared: Measured = {first: {ms: NaN, bytes: NaN}, moves: []};
  const all: Move[] = [];
  for (const name of (await pagesWithFigures(browser, url)).filter(
    (name) => plan.only.length === 0 || plan.only.includes(name)
  )) {
    const address = url + (name === "index" ? "" : name);
    const first = await firstChart(browser, address, WHOLE_FIGURE, 5);
    const moves = await measureToggles(browser, address, {...OURS, name, first}, plan);
    all.push(...moves);
    if (name === "accuracy") Object.assign(compared, {first, moves});
    const brushed = await dragBrush(browser, address, plan.repeat);
    if (brushed.length > 0) print([name, "", "", "brush", String(brushed.length), ...quantiles(brushed)]);
  }
  print(["all pages", "", "", "all toggles", ...spread(all)]);
  return compared;
}

async function measureRival(browser: Browser, url: string, plan: Plan): Promise<Measured> {
  const first = await firstChart(browser, url, ".chart svg rect", 3);
  const moves = await measureToggles(browser, url, {...RIVAL, name: "vgplot", first}, plan);
  return {first, moves};
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

async function measureToggles(browser: Browser, url: string, subject: Subject, plan: Plan): Promise<Move[]> {
  const {page, close} = await freshPage(browser);
  await page.goto(url, {waitUntil: "load"});
  const live = await page
    .waitForSelector(`${subject.form} :is(select, input)`, {timeout: 120_000})
    .catch(() => null);
  const all: Move[] = [];
  let head = [subject.name, subject.first.ms.toFixed(0), (subject.first.bytes / 1000).toFixed(0)];
  if (!live) print([...head, "none"]);
  else {
    await page.waitForTimeout(2000);
    await putStopWatch(page, subject.charts);
    for (const control of await controlsOf(page, subject.form)) {
      const {result, busy} = await withMainThread(browser, page, () =>
        moveControl(page, control, {times: plan.repeat, pause: plan.pause})
      );
      const moves = result.map((took, i) => ({name: control.name, took, busy: busy[i] ?? NaN}));
      print([...head, control.name, ...spread(moves)]);
      head = ["", "", ""];
      all.push(...moves);
    }
    print([...head, "all", ...spread(all)]);
  }
  await close();
  return all;
}

/** How many, and how long they took. */
function spread(moves: Move[]): string[] {
  return [
    String(moves.length),
    ...quantiles(tookOf(moves)),
    ...(moves.length === 0 ? ["–"] : [quantile(busyOf(moves), 0.5).toFixed(1)])
  ];
}

function quantiles(took: number[]): [string, string] {
  return took.length === 0 ? ["–", "–"] : [quantile(took, 0.5).toFixed(1), quantile(took, 0.95).toFixed(1)];
}

const WIDTHS = [22, 15, 13, 18, 6, 10, 8, 8];

function print(cells: string[]): void {
  console.log(
    cells
      .map((cell, i) => (i === 0 || i === 3 ? cell.padEnd(WIDTHS[i]!) : cell.padStart(WIDTHS[i]!)))
      .join("  ")
  );
}
