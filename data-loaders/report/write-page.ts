/** A report as one HTML file that stands alone: its styles are in it, and it loads and runs nothing. */
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {escapeHtml} from "../site/page-frame.js";
import {PROJECT} from "../stages/store.js";
import type {Report} from "./report.js";
import {reportHtml} from "./write-html.js";

/** Of the notebook's styles, those that a report needs. */
const STYLES = ["tokens", "page", "figures", "report", "report-print"];

/** Nothing is loaded from anywhere, and nothing runs. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export async function reportPage(report: Report): Promise<string> {
  const {title, cubes} = report;
  const {synthetic, version} = cubes.study;
  const styles = await Promise.all(
    STYLES.map((name) => readFile(join(PROJECT, "src", "style", `${name}.css`), "utf8"))
  );
  const {version: software} = JSON.parse(await readFile(join(PROJECT, "package.json"), "utf8")) as {
    version: string;
  };
  return `${[
    "<!doctype html>",
    `<html lang="en">`,
    "<head>",
    `<meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta name="color-scheme" content="light dark">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>\n${styles.join("\n")}</style>`,
    "</head>",
    "<body>",
    `<div id="observablehq-center">`,
    ...(synthetic ? [SYNTHETIC] : []),
    `<main id="observablehq-main">`,
    reportHtml(report, {isWhole: true}),
    "</main>",
    `<footer id="observablehq-footer"><p>Made with Because ${escapeHtml(software)} from tables <code>${escapeHtml(version.slice(0, 16))}</code>. A number that is underlined leads to what it rests on.</p></footer>`,
    "</div>",
    "</body>",
    "</html>"
  ].join("\n")}\n`;
}

const SYNTHETIC = `<header class="report-notice"><strong>Synthetic study.</strong> Conversations are generated; its numbers say nothing about real ones.</header>`;
