/** A report as LaTeX that compiles with pdfLaTeX and what comes with every TeX Live: no package beyond its base. */
import type Token from "markdown-it/lib/token.mjs";
import type {Claim} from "../../src/core/claims/claim.js";
import {basis, sameRuns, spoken} from "./claim-basis.js";
import {citeKey, tex, url} from "./latex-text.js";
import type {Report, ReportFigure} from "./report.js";

/** Width of a line of text, in millimetres: figures are drawn for it. */
export const LINE_MM = 150;

const PREAMBLE = [
  "% Compiles with pdfLaTeX, twice. Figures lie in figures/, beside this file.",
  "\\documentclass[11pt,a4paper]{article}",
  "\\usepackage[utf8]{inputenc}",
  `\\usepackage[textwidth=${LINE_MM}mm,textheight=235mm]{geometry}`,
  "\\usepackage{graphicx}",
  "\\usepackage{array,longtable}",
  "\\usepackage{textcomp}",
  "\\usepackage[hidelinks]{hyperref}",
  "\\graphicspath{{figures/}}",
  "\\setlength{\\parindent}{0pt}\\setlength{\\parskip}{0.6em}",
  "\\emergencystretch=3em",
  "% A number of the text, and a link to what it rests on.",
  "\\newcommand{\\claim}[2]{\\hyperlink{claim:#1}{#2}}"
].join("\n");

/** The whole document. */
export function reportLatex(report: Report): string {
  const {heading, cubes, tokens} = report;
  const {authors, synthetic} = cubes.study;
  return [
    PREAMBLE,
    `\\title{${inlineOf(heading)}}`,
    `\\author{${authors.map(tex).join(" \\and ")}}`,
    "\\date{}",
    "\\begin{document}",
    "\\maketitle",
    ...(synthetic
      ? ["\\emph{Synthetic study: conversations are generated; its numbers say nothing about real ones.}", ""]
      : []),
    blocksOf(tokens).trim(),
    ...referenceList(report),
    ...claimList(report),
    "\\end{document}",
    ""
  ].join("\n");
}

const SECTIONS: Record<string, string> = {
  h1: "section",
  h2: "section",
  h3: "subsection",
  h4: "subsubsection",
  h5: "paragraph",
  h6: "paragraph"
};

type Write = (token: Token, tokens: Token[], i: number) => string;

const BLOCKS: Record<string, Write> = {
  heading_open: ({tag}) => `\\${SECTIONS[tag]}*{`,
  heading_close: () => "}\n\n",
  paragraph_open: () => "",
  paragraph_close: ({hidden}) => (hidden ? "\n" : "\n\n"),
  bullet_list_open: () => "\\begin{itemize}\n",
  bullet_list_close: () => "\\end{itemize}\n\n",
  ordered_list_open: () => "\\begin{enumerate}\n",
  ordered_list_close: () => "\\end{enumerate}\n\n",
  list_item_open: () => "\\item ",
  list_item_close: () => "",
  blockquote_open: () => "\\begin{quote}\n",
  blockquote_close: () => "\\end{quote}\n\n",
  hr: () => "\\medskip\\hrule\\medskip\n\n",
  fence: ({content}) => codeBlock(content),
  code_block: ({content}) => codeBlock(content),
  inline: ({children}) => inlineOf(children ?? []),
  figure: ({meta}) => figureOf(meta as ReportFigure),
  table_open: (_, tokens, i) => tableOpen(tokens, i),
  table_close: () => "\\hline\n\\end{longtable}}\n\n",
  thead_close: () => "\\hline\n\\endhead\n",
  tr_close: () => " \\\\\n",
  th_open: (_, tokens, i) => `${cellGap(tokens, i)}\\textbf{`,
  th_close: () => "}",
  td_open: (_, tokens, i) => cellGap(tokens, i)
};

function blocksOf(tokens: Token[]): string {
  return tokens.map((token, i) => BLOCKS[token.type]?.(token, tokens, i) ?? "").join("");
}

/** Columns share the width of a line by what their cells need. */
function tableOpen(tokens: Token[], i: number): string {
  const forms = columnWidths(tokens, i).map(
    ({part, right}) =>
      `>{\\${right ? "raggedleft" : "raggedright"}\\arraybackslash}p{\\dimexpr${part.toFixed(3)}\\linewidth-2\\tabcolsep}`
  );
  return `{\\small\n\\begin{longtable}{${forms.join("")}}\n\\hline\n`;
}

/** Letters beyond which a cell's text may as well go over two lines. */
const ENOUGH = 28;

function columnWidths(tokens: Token[], i: number): {part: number; right: boolean}[] {
  const needs: {letters: number; right: boolean}[] = [];
  let column = 0;
  for (let at = i; tokens[at]!.type !== "table_close"; at++) {
    const {type, children} = tokens[at]!;
    if (type === "tr_open") column = 0;
    if (type !== "inline") continue;
    const text = (children ?? [])
      .map(({content, meta}) => content || ((meta as {text?: string} | null)?.text ?? ""))
      .join("");
    const word = Math.max(...text.split(/\s/).map(({length}) => length));
    const need = (needs[column] ??= {
      letters: 0,
      right: /right/.test(tokens[at - 1]!.attrGet("style") ?? "")
    });
    need.letters = Math.max(need.letters, word, Math.min(text.length, ENOUGH));
    column++;
  }
  const all = needs.reduce((sum, {letters}) => sum + letters + GAP, 0);
  return needs.map(({letters, right}) => ({part: (letters + GAP) / all, right}));
}

/** Between two columns, in letters. */
const GAP = 3;

function cellGap(tokens: Token[], i: number): string {
  return tokens[i - 1]?.type === "tr_open" ? "" : " & ";
}

function codeBlock(content: string): string {
  const lines = content
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => `\\texttt{${tex(line).replaceAll(" ", "~")}}\\\\`);
  return `\\begin{quote}\\small\\raggedright\n${lines.join("\n")}\n\\end{quote}\n\n`;
}

const INLINE: Record<string, Write> = {
  text: ({content}) => tex(content),
  softbreak: () => "\n",
  hardbreak: () => "\\newline\n",
  em_open: () => "\\emph{",
  em_close: () => "}",
  strong_open: () => "\\textbf{",
  strong_close: () => "}",
  s_open: () => "",
  s_close: () => "",
  code_inline: ({content}) => `\\texttt{${tex(content)}}`,
  link_open: (token) => linkOpen(token.attrGet("href") ?? ""),
  link_close: () => "}",
  claim: ({meta}) => claimOf(meta as Claim),
  typed: ({meta}) => tex((meta as {text: string}).text),
  cited: ({meta}) => citedOf(meta as {locator: string; key: string}[])
};

function inlineOf(tokens: Token[]): string {
  return tokens.map((token, i) => INLINE[token.type]?.(token, tokens, i) ?? "").join("");
}

/** Links to the web stay; what lies beside the report isn't beside its PDF. */
function linkOpen(href: string): string {
  return /^https?:\/\//i.test(href) ? `\\href{${url(href)}}{` : "{";
}

function claimOf({id, text}: Claim): string {
  return text === "" ? "" : `\\claim{${id}}{${tex(text)}}`;
}

function citedOf(cited: {locator: string; key: string}[]): string {
  return cited
    .map(({key, locator}) => `\\cite${locator ? `[${tex(locator)}]` : ""}{${citeKey(key)}}`)
    .join(" ");
}

function figureOf({id, caption, drawn}: ReportFigure): string {
  return [
    "\\begin{figure}[htbp]",
    "  \\centering",
    `  \\includegraphics[width=${LINE_MM}mm,height=0.85\\textheight,keepaspectratio]{${id}}`,
    `  \\caption{${tex(caption || drawn.title)}}`,
    `  \\label{fig:${id}}`,
    "\\end{figure}\n\n"
  ].join("\n");
}

function referenceList({references}: Report): string[] {
  if (references.length === 0) return [];
  const items = references.map(
    ({key, text, link}) =>
      `\\bibitem{${citeKey(key)}} ${tex(text)}${link ? ` \\href{${url(link)}}{\\texttt{${tex(link)}}}` : ""}`
  );
  return ["\\begin{thebibliography}{99}\\raggedright", ...items, "\\end{thebibliography}"];
}

/** Paper shows nothing on hover: what every number rests on stands at the end. */
function claimList({claims}: Report): string[] {
  const said = spoken(claims);
  if (said.length === 0) return [];
  const items = said.map((claim) => {
    const {id, provenance} = claim;
    const same = sameRuns(claim, said);
    const runs = same
      ? `The runs of claim \\hyperlink{claim:${same.id}}{${same.id}}.`
      : provenance.runs.length > 0
        ? `Runs ${provenance.runs.map((run) => `\\texttt{${tex(run)}}`).join(" ")}.`
        : "";
    const about = basis(provenance);
    return `\\item[\\hypertarget{claim:${id}}{${id}}] ${[`${tex(provenance.query)}.`, about && `${tex(about)}.`, runs].filter(Boolean).join(" ")}`;
  });
  return [
    "\\section*{What every number rests on}",
    "\\begin{description}\\footnotesize\\raggedright\\setlength{\\itemsep}{0pt}",
    ...items,
    "\\end{description}"
  ];
}
