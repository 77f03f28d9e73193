/** Reports over the sample study. */
import {parseHTML} from "linkedom";
import {DEFAULT_REPORT, readReport} from "../../data-loaders/report/read-report.js";
import type {Report} from "../../data-loaders/report/report.js";
import {resolveReport} from "../../data-loaders/report/resolve-report.js";
import {reportHtml} from "../../data-loaders/report/write-html.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {cubes} from "../figures/drawn-figure.js";

export const BIBLIOGRAPHY = String.raw`
@article{smith2024, author={Smith, Jane and {\L}ukasiewicz, Jan and van der Berg, Anna}, title={A {Test} of $\alpha$ \& reasons},
  journal={J. Tests}, year=2024, volume=3, number=2, pages={1--10}, doi={10.1234/abc_d}}
@misc{evil, title={<script>alert(1)</script> \input{/etc/passwd}}, url={javascript:alert(1)}, author={A & B % C}}
`;

/** A text resolved over the sample study, or over other cubes. */
export function resolved(text: string, of: AllCubes = cubes): Report {
  return resolveReport({text, file: "report.md", bibliography: {text: BIBLIOGRAPHY, file: "refs.bib"}}, of);
}

/** The report that comes with Because. */
export function defaultReport(of: AllCubes = cubes): Report {
  return resolveReport(readReport({file: DEFAULT_REPORT, bibliography: null}), of);
}

export function articleOf(report: Report): Element {
  const {document} = parseHTML(
    `<!doctype html><html><body>${reportHtml(report, {isWhole: true})}</body></html>`
  );
  return document.querySelector("article")!;
}

/** What a text says, with plain spaces, in its first paragraph. */
export function said(text: string, of: AllCubes = cubes): string {
  const article = articleOf(resolved(text, of));
  for (const about of article.querySelectorAll(".claim-about")) about.remove();
  return article.querySelector("p:not([class])")!.textContent.replaceAll("\u00a0", " ");
}
