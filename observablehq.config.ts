/** The notebook as Observable Framework builds it: pages, frame, and nothing from another origin. */
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {adviceLists} from "./data-loaders/site/advice-lists.js";
import {escapeHtml, pageFooter, pageHeader} from "./data-loaders/site/page-frame.js";
import {staticContent} from "./data-loaders/site/static-content.js";
import {cubesVersion} from "./data-loaders/site/study-archive.js";
import {readCubes, readStudyFacts, studyTables} from "./data-loaders/site/study-tables.js";
import {STATIC_FIGURES, STATIC_SENTENCES} from "./src/figures/static.js";

const tables = studyTables();
const study = tables ? readStudyFacts(tables) : undefined;
const cubes = tables ? readCubes(tables) : undefined;
const {version, description} = JSON.parse(
  readFileSync(join(import.meta.dirname, "package.json"), "utf8")
) as {
  version: string;
  description: string;
};

/** Draws the study's report; its code is loaded only where a build is told of one. */
const report = process.env.BECAUSE_REPORT
  ? (await import("./data-loaders/site/report-content.js")).reportContent()
  : undefined;

/** Address at which a preview tells how runs are getting on; a built site has none. */
const live = process.env.BECAUSE_LIVE || undefined;

/** In reading order. */
const PAGES = [
  {name: "Overview", path: "/"},
  {name: "Accuracy", path: "/accuracy"},
  {name: "Calibration", path: "/calibration"},
  {name: "Entropy", path: "/entropy"},
  {name: "Entropy and accuracy", path: "/entropy-and-accuracy"},
  {name: "Token budget", path: "/token-budget"},
  {name: "Examples", path: "/examples"},
  {name: "Data and judges", path: "/data-and-judges"},
  {name: "Rate", path: "/rate"},
  {name: "Training", path: "/training"},
  {name: "Runs", path: "/runs"},
  ...(live ? [{name: "Live", path: "/live"}] : []),
  {name: "SQL", path: "/sql"},
  {name: "Report", path: "/report"},
  {name: "Methods", path: "/methods"}
];

export default {
  root: "src",
  output: process.env.BECAUSE_SITE_OUTPUT ?? "dist",
  title: study ? `${study.title} · Because` : "Because",
  pages: PAGES,
  sidebar: false,
  pager: false,
  style: "style.css",
  globalStylesheets: [],
  head: [
    `<link rel="icon" href="data:,">`,
    `<meta name="description" content="${escapeHtml(description)}">`,
    `<meta name="color-scheme" content="light dark">`,
    `<meta name="cubes" content="${tables ? cubesVersion(tables) : ""}">`,
    ...(live ? [`<meta name="live" content="${escapeHtml(live)}">`] : [])
  ].join("\n"),
  header: ({path}: {path: string}) => pageHeader(study, PAGES, path),
  footer: pageFooter(study, version),
  toc: false,
  linkify: false,
  interpreters: {".ts": [process.execPath, "--import", "tsx"]},
  markdownIt: <M>(markdown: M): M =>
    staticContent(
      adviceLists(markdown),
      {figures: STATIC_FIGURES, sentences: STATIC_SENTENCES, report},
      cubes
    )
};
