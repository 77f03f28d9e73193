/** A report as HTML: the same in a file of its own and on the notebook's page. It needs no script. */
import {parseHTML} from "linkedom";
import MarkdownIt from "markdown-it";
import type Token from "markdown-it/lib/token.mjs";
import type {Claim} from "../../src/core/claims/claim.js";
import {keepUnits} from "../../src/core/format.js";
import {WIDTHS} from "../../src/figures/figure.js";
import type {DrawingSize} from "../../src/figures/figure.js";
import {FIGURES} from "../../src/figures/registry.js";
import {drawing} from "../../src/figures/static.js";
import {escapeHtml} from "../site/page-frame.js";
import {basis, sameRuns, spoken} from "./claim-basis.js";
import {isHarmless} from "./markdown.js";
import type {Report, ReportFigure} from "./report.js";

export interface HtmlOptions {
  /** Whether the report is a document of its own: its title is then the heading. */
  isWhole: boolean;
  /** Where a run is told of; without it, runs are named only. */
  runLink?: (run: string) => string;
}

/** Title, authors, text, references, and the list of all claims with what they rest on. */
export function reportHtml(report: Report, options: HtmlOptions): string {
  const {heading, cubes, tokens} = report;
  const {authors} = cubes.study;
  const markdown = reportRenderer(report);
  const title = markdown.renderer.renderInline(heading, markdown.options, {});
  return [
    `<article class="report">`,
    options.isWhole ? `<h1>${title}</h1>` : `<p class="report-title">${title}</p>`,
    ...(authors.length > 0 ? [`<p class="report-authors">${escapeHtml(authors.join(", "))}</p>`] : []),
    markdown.renderer.render(tokens, markdown.options, {}).trim(),
    ...referenceList(report),
    ...claimList(report, options),
    `</article>`
  ].join("\n");
}

type Rule = (tokens: Token[], i: number) => string;

function reportRenderer(report: Report): MarkdownIt {
  const markdown = new MarkdownIt({html: false});
  const {renderer, options} = markdown;
  const slugs = new Map<string, number>();
  let tables = 0;
  const rules: Record<string, Rule> = {
    claim: (tokens, i) => claimHtml(tokens[i]!.meta as Claim),
    typed: (tokens, i) => escapeHtml((tokens[i]!.meta as {text: string}).text),
    cited: (tokens, i) => citedHtml(tokens[i]!.meta as Cited[]),
    figure: (tokens, i) => figureHtml(tokens[i]!.meta as ReportFigure, report),
    heading_open: (tokens, i) => `<${lowered(tokens[i]!)} id="${slugOf(tokens[i + 1]!, slugs)}">`,
    heading_close: (tokens, i) => `</${lowered(tokens[i]!)}>\n`,
    table_open: () =>
      `<div class="table-scroll" role="region" aria-label="Table ${++tables}" tabindex="0"><table class="report-table">\n`,
    table_close: () => "</table></div>\n",
    link_open: (tokens, i) => {
      if (/^https?:/i.test(tokens[i]!.attrGet("href") ?? ""))
        tokens[i]!.attrSet("rel", "noopener noreferrer");
      return renderer.renderToken(tokens, i, options);
    }
  };
  Object.assign(renderer.rules, rules);
  return markdown;
}

/** The title is the only heading of the first level. */
function lowered({tag}: Token): string {
  return tag === "h1" ? "h2" : tag;
}

function slugOf({content}: Token, before: Map<string, number>): string {
  const slug =
    content
      .replace(/\$\{.*?\)\}/g, " ")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "") || "section";
  const times = (before.get(slug) ?? 0) + 1;
  before.set(slug, times);
  return times === 1 ? slug : `${slug}-${times}`;
}

/** What was said, a link to what it rests on, and the same shown while it is pointed at or focused. */
function claimHtml({id, name, text, provenance}: Claim): string {
  if (text === "") return "";
  const about = [provenance.query, basis(provenance)].filter(Boolean);
  const said = name === "sentence" || text.length > LONG ? numbersMarked(text) : escapeHtml(text);
  const lines = about.map((line) => `<span>${escapeHtml(keepUnits(line))}.</span>`).join(" ");
  return (
    `<span class="claim${said.includes("<") ? " of-words" : ""}">` +
    `<a href="#claim-${id}" id="said-${id}" aria-describedby="about-${id}">${said}</a>` +
    `<span class="claim-about" role="tooltip" id="about-${id}">${lines}</span></span>`
  );
}

/** A claim longer than this is prose, of which its numbers alone are underlined. */
const LONG = 60;
const INTERVAL = String.raw`\[[−+\d., \u00a0]+\]`;
const NUMBERS = new RegExp(
  String.raw`[−+±]?(?:\d(?:[\d.,]*\d)?|(?<!\w)\.\d+)(?:\u00a0(?:%|points|nats|×))?(?:\s?${INTERVAL})?|${INTERVAL}`,
  "g"
);

function numbersMarked(text: string): string {
  let marked = "";
  let at = 0;
  for (const {0: number, index} of text.matchAll(NUMBERS)) {
    marked += `${escapeHtml(text.slice(at, index))}<span class="number">${escapeHtml(number)}</span>`;
    at = index + number.length;
  }
  return marked + escapeHtml(text.slice(at));
}

type Cited = {number: number; locator: string; key: string};

function citedHtml(cited: Cited[]): string {
  const links = cited.map(
    ({number, locator}) =>
      `<a href="#reference-${number}">${number}</a>${locator ? `, ${escapeHtml(locator)}` : ""}`
  );
  return `<span class="cited">[${links.join("; ")}]</span>`;
}

/** All three drawings; the style sheet shows the one that fits. */
function figureHtml({number, id, name, selection, caption, drawn}: ReportFigure, {cubes}: Report): string {
  const {document} = parseHTML("<!doctype html><html><body></body></html>");
  const boxes = (Object.keys(WIDTHS) as DrawingSize[]).map(
    (size) => drawing(size, FIGURES[name]!, cubes, {selection, document}).outerHTML
  );
  const words = [`Figure ${number}.`, caption || drawn.title].join(" ");
  return (
    `<figure class="report-figure" id="figure-${id}"><div class="drawings">${boxes.join("")}</div>` +
    `<figcaption>${escapeHtml(words)}</figcaption></figure>\n`
  );
}

function referenceList({references}: Report): string[] {
  if (references.length === 0) return [];
  const items = references.map(({text, link}, i) => {
    const where =
      link && isHarmless(link)
        ? ` <a href="${escapeHtml(link)}" rel="noopener noreferrer">${escapeHtml(link)}</a>`
        : "";
    return `<li id="reference-${i + 1}">${escapeHtml(text)}${where}</li>`;
  });
  return [`<h2 id="references">References</h2>`, `<ol class="references">`, ...items, `</ol>`];
}

function claimList({claims}: Report, {runLink}: HtmlOptions): string[] {
  const said = spoken(claims);
  if (said.length === 0) return [];
  const items = said.map((claim) => {
    const {id, name, text, provenance} = claim;
    const parts = [basis(provenance), runsHtml(claim, said, runLink)].filter(Boolean);
    return (
      `<li id="claim-${id}" value="${id}"><a href="#said-${id}">${escapeHtml(name === "sentence" ? shortened(text) : text)}</a> ` +
      `<span>${escapeHtml(keepUnits(provenance.query))}.</span>${parts.length > 0 ? ` <span>${parts.join(". ")}.</span>` : ""}</li>`
    );
  });
  return [
    `<section class="claim-list" aria-labelledby="what-it-rests-on">`,
    `<h2 id="what-it-rests-on">What every number rests on</h2>`,
    `<ol>`,
    ...items,
    `</ol></section>`
  ];
}

function runsHtml(claim: Claim, said: Claim[], runLink: HtmlOptions["runLink"]): string {
  const {runs} = claim.provenance;
  if (runs.length === 0) return "";
  const same = sameRuns(claim, said);
  if (same) return `The runs of <a href="#claim-${same.id}">claim ${same.id}</a>`;
  const names = runs.map((run) => {
    const code = `<code>${escapeHtml(run)}</code>`;
    return runLink ? `<a href="${escapeHtml(runLink(run))}">${code}</a>` : code;
  });
  return `Runs ${names.join(" ")}`;
}

/** The beginning of a sentence, enough to know it by. */
function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60).replace(/\s\S*$/, "")} …`;
}
