/**
 * The notebook that the browser tests open: the real pages over tables that the real tables stage made from
 * synthetic run logs. Built once, and again only when code or data changed. `BECAUSE_SITE=FOLDER` opens another one,
 * such as that of `npm start`.
 */
import {mkdtemp, readdir, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {TestContext} from "node:test";
import {DEFAULT_REPORT} from "../../data-loaders/report/read-report.js";
import {buildSite} from "../../data-loaders/site/build-site.js";
import {serveSite} from "../../data-loaders/site/serve-site.js";
import {siteHash} from "../../data-loaders/site/site-hash.js";
import {codeVersion} from "../../data-loaders/stages/content-hash.js";
import {PROJECT, Store, type StageSpec} from "../../data-loaders/stages/store.js";
import {writeTables} from "../../data-loaders/tables/write-tables.js";
import type {StudyFacts} from "../../src/core/cubes.js";
import {writeJudgingTables} from "./judging-tables.js";
import {part, SMALL, writeSyntheticRuns} from "../tables/synthetic-runs.js";

/** What the tables are made from. */
const TABLES_CODE = [
  "data-loaders/annotators/judging-cubes.ts",
  "data-loaders/tables",
  "src/core",
  "test/annotators/simulated-judges.ts",
  "test/tables",
  "test/browser/judging-tables.ts",
  "test/figures/sample-judging.ts"
];
const store = new Store(".because/test");

/** Arms enough for every toggle to have something to toggle. */
const PLAN = {
  ...SMALL,
  arms: [
    ...SMALL.arms,
    {arm: {...part("explanation"), reduction: "token-mean" as const}, skill: 2},
    {arm: {...part("shuffled"), reduction: "token-mean" as const}, skill: 1.5},
    {arm: {...part("filler"), reduction: "token-mean" as const}, skill: 0.5},
    {arm: {...part("explanation"), tokens: "4"}, skill: 1.6},
    {arm: {...part("filler"), tokens: "4"}, skill: 0.4}
  ]
};

/** Folder of tables that the pages can show. */
export async function sampleTables(): Promise<string> {
  const inputs = {code: await codeVersion(PROJECT, TABLES_CODE), plan: JSON.stringify(PLAN)};
  return make({stage: "tables", key: "all", inputs}, async (folder) => {
    const logs = await mkdtemp(join(tmpdir(), "because-runs-"));
    await writeTables(await writeSyntheticRuns(logs, PLAN), folder);
    await rm(logs, {recursive: true, force: true});
    await writeJudgingTables(folder);
  });
}

/** Folder of the built notebook. */
export async function sampleSite(): Promise<string> {
  if (process.env.BECAUSE_SITE) return process.env.BECAUSE_SITE;
  const tables = await sampleTables();
  const inputs = {site: await siteHash(tables)};
  return make({stage: "site", key: "all", inputs}, (output) =>
    buildSite({tables, output, report: {file: DEFAULT_REPORT, bibliography: null}})
  );
}

/** Makes a stage, and removes what earlier code made of it. */
async function make(spec: StageSpec, write: (folder: string) => Promise<void>): Promise<string> {
  const {folder} = await store.ensure("browser", spec, write);
  const stale = (await readdir(store.path(spec.stage))).map((name) => store.path(spec.stage, name));
  await Promise.all(
    stale.filter((path) => path !== folder).map((path) => rm(path, {recursive: true, force: true}))
  );
  return folder;
}

export interface OpenedSite {
  folder: string;
  /** With a slash at its end. */
  url: string;
  /** Addresses of its pages without the home page's: `runs`. The home page is "". */
  pages: string[];
  /** Whether its study says that it is synthetic. */
  synthetic: boolean;
}

/** Serves the sample notebook until the test ends. */
export async function openSite(t: TestContext): Promise<OpenedSite> {
  const folder = await sampleSite();
  const server = await serveSite({folder, port: 0});
  t.after(() => server.close());
  const names = (await readdir(folder)).filter((name) => name.endsWith(".html") && name !== "404.html");
  const pages = names.map((name) => name.replace(/(?:index)?\.html$/, "")).sort();
  return {folder, url: server.url, pages, synthetic: await isSynthetic(folder)};
}

/** As its own data say, not as its pages do. */
async function isSynthetic(site: string): Promise<boolean> {
  const folder = join(site, "_file", "data", "study");
  const file = (await readdir(folder)).find((name) => name.startsWith("study."));
  return (JSON.parse(await readFile(join(folder, file ?? "study.json"), "utf8")) as StudyFacts).synthetic;
}
