/** The report as the notebook's page shows it: what the study names, or the one that comes with Because. */
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {DEFAULT_REPORT, readReport} from "../report/read-report.js";
import type {ReportFiles} from "../report/read-report.js";
import {resolveReport} from "../report/resolve-report.js";
import {reportHtml} from "../report/write-html.js";

/** Draws the report whose files the environment names; its runs lead to the page of runs. */
export function reportContent(environment: NodeJS.ProcessEnv = process.env): (cubes: AllCubes) => string {
  const files: ReportFiles = {
    file: environment.BECAUSE_REPORT || DEFAULT_REPORT,
    bibliography: environment.BECAUSE_BIBLIOGRAPHY || null
  };
  return (cubes) =>
    reportHtml(resolveReport(readReport(files), cubes), {
      isWhole: false,
      runLink: (run) => `./runs?run=${encodeURIComponent(run)}`
    });
}
