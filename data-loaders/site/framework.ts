/**
 * Runs Observable Framework as a child process, without a network. Framework resolves the packages of its standard
 * library at the npm registry even when no page uses them; an empty folder for each in its cache stops that. A page
 * that does use one by accident then fails the build, which is what we want: packages are imported by name.
 */
import {spawn} from "node:child_process";
import {mkdir} from "node:fs/promises";
import {join} from "node:path";
import {createInterface} from "node:readline";
import type {ReportFiles} from "../report/read-report.js";
import type {Notebook} from "./project.js";

/** Packages that Framework 1.13.4's client names; see `grep -rho 'npm:[^"]*' node_modules/@observablehq/framework/dist/client`. */
const STANDARD_LIBRARY = [
  "@duckdb/duckdb-wasm",
  "@observablehq/plot",
  "@observablehq/sample-datasets",
  "@uwdata/vgplot",
  "@viz-js/viz",
  "apache-arrow",
  "arquero",
  "d3",
  "d3-dsv",
  "echarts",
  "exceljs",
  "htl",
  "isoformat",
  "jszip",
  "katex",
  "leaflet",
  "lodash",
  "mapbox-gl",
  "mermaid",
  "parquet-wasm",
  "react",
  "react-dom",
  "sql.js",
  "topojson-client",
  "vega",
  "vega-lite",
  "vega-lite-api"
];

/** Makes Framework believe that its standard library is resolved. */
export async function stubStandardLibrary({cache}: Notebook): Promise<void> {
  const folders = STANDARD_LIBRARY.map((name) => join(cache, "_npm", `${name}@0.0.0`));
  await Promise.all(folders.map((folder) => mkdir(folder, {recursive: true})));
}

/** What a page build reads from its environment. */
export interface PageEnvironment {
  /** Folder of cubes. */
  tables: string;
  /** Folder that the built site is written to. */
  output?: string;
  /** Files of the study's report; without, its page says that there is none. */
  report?: ReportFiles | undefined;
  /** Address that the page Live asks, in a preview. */
  live?: string;
}

export interface FrameworkRun {
  /** Settles when Framework has ended: its exit code (null after a signal) and its last lines. */
  ended: Promise<{code: number | null; tail: string[]}>;
  stop(): void;
}

/** Starts `observable ARGS` in the notebook's project; each line it prints goes to `log`. */
export function runFramework(
  {project}: Notebook,
  args: string[],
  {tables, output, report, live}: PageEnvironment,
  log: (line: string) => void
): FrameworkRun {
  const binary = join(project, "node_modules", "@observablehq", "framework", "dist", "bin", "observable.js");
  const child = spawn(process.execPath, ["--no-warnings=ExperimentalWarning", binary, ...args], {
    cwd: project,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      OBSERVABLE_TELEMETRY_DISABLE: "1",
      BECAUSE_TABLES: tables,
      BECAUSE_REPORT: report?.file ?? "",
      BECAUSE_BIBLIOGRAPHY: report?.bibliography ?? "",
      BECAUSE_LIVE: live ?? "",
      ...(output && {BECAUSE_SITE_OUTPUT: output}),
      NO_COLOR: "1"
    }
  });
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({input: stream}).on("line", (line) => {
      log(line);
      tail.push(line);
      if (tail.length > 40) tail.shift();
    });
  }
  const ended = new Promise<{code: number | null; tail: string[]}>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({code, tail}));
  });
  return {ended, stop: () => child.kill()};
}
