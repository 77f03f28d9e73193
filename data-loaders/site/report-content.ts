/** The report as the notebook's page shows it: what the study names, or the one that comes with Because. */
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {DEFAULT_REPORT, readReport} from "../report/read-report.js";
import type {ReportFiles} from "../report/read-report.js";
import {resolveReport} from "../report/resolve-report.js";
import {reportHtml} from "../report/write-html.js";

/** The files that a build was told of. */
export function reportFilesOf(environment: NodeJS.ProcessEnv = process.env): ReportFiles {
  return {
    file: environment.BECAUSE_REPORT || DEFAULT_REPORT,
    bibliography: environment.BECAUSE_BIBLIOGRAPHY || null
  };
}

/** Draws the report; its runs lead to the page of runs. */
export function reportContent(files: ReportFiles): (cubes: AllCubes) => string {
  return (cubes) =>
    reportHtml(resolveReport(readReport(files), cubes), {
      isWhole: false,
      runLink: (run) => `./runs?run=${encodeURIComponent(run)}`
    });
}
