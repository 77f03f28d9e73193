/** A table as LaTeX, with booktabs' rules. */
import {latexText} from "../latex.js";
import {brokenTitle, fitColumns, type Fitted} from "./fit-columns.js";
import {fitPages} from "./fit-pages.js";
import type {Cell, PaperTable, Row} from "./paper-table.js";

/** A table environment to `\input`; columns that do not fit `points` stand in a panel below, or on the next page. */
export function latexTable(
  table: PaperTable,
  {points, wide}: {points: number; wide: boolean}
): {text: string; fits: boolean} {
  const environment = wide ? "table*" : "table";
  const {panels, broken, fits} = fitColumns(table, points);
  const titlesOf = (shown: readonly number[]) => titleLines(shown.map((i) => table.columns[i]!.title));
  const pages = fitPages(table, panels, {titleLines: (shown) => titlesOf(shown).length, points});
  const floats = pages.map((page, at) => [
    `\\begin{${environment}}[t]`,
    "  \\centering",
    ...(at === 0
      ? [`  \\caption{${latexText(table.caption)}}`, `  \\label{tab:${table.name}}`]
      : ["  \\addtocounter{table}{-1}", "  \\caption{(continued)}"]),
    "  \\medskip",
    "  \\footnotesize",
    "  \\setlength{\\tabcolsep}{3pt}",
    page.map((columns) => panelOf(table, columns, broken)).join("\n\n  \\medskip\n"),
    `\\end{${environment}}`
  ]);
  return {text: ["% Needs \\usepackage{booktabs}.", ...floats.flat(), ""].join("\n"), fits};
}

function panelOf({columns, rows}: PaperTable, shown: readonly number[], broken: Fitted["broken"]): string {
  const format = shown
    .map((i) => (broken.has(i) ? `p{${broken.get(i)!.toFixed(0)}pt}` : columns[i]!.numeric ? "r" : "l"))
    .join("");
  const titles = titleLines(shown.map((i) => columns[i]!.title));
  const lines = rows.flatMap((row, at) => [
    ...(row.summary && !rows[at - 1]?.summary ? ["\\midrule"] : []),
    rowLine(row, shown, broken)
  ]);
  return [
    `  \\begin{tabular}{@{}${format}@{}}`,
    "    \\toprule",
    ...titles.map((line) => `    ${line}`),
    "    \\midrule",
    ...lines.map((line) => `    ${line}`),
    "    \\bottomrule",
    "  \\end{tabular}"
  ].join("\n");
}

function titleLines(titles: readonly string[]): string[] {
  const broken = titles.map(brokenTitle);
  const most = Math.max(...broken.map(({length}) => length));
  return Array.from({length: most}, (_, line) => {
    const cells = broken.map((words) => latexText(words[line - (most - words.length)] ?? ""));
    return `${cells.join(" & ")} \\\\`;
  });
}

function rowLine({cells, heading}: Row, shown: readonly number[], broken: Fitted["broken"]): string {
  if (heading)
    return `\\addlinespace\n    \\multicolumn{${shown.length}}{@{}l}{\\textit{${latexText(cells[0]!.text)}}} \\\\`;
  const texts = shown.map(
    (i) => `${broken.has(i) ? "\\raggedright " : ""}${cellText(cells[i] ?? {text: ""})}`
  );
  // a ragged cell has another meaning for two backslashes
  return `${texts.join(" & ")} \\tabularnewline`;
}

function cellText({text, interval, bold, mark}: Cell): string {
  const said = bold ? `\\textbf{${latexText(text)}}` : latexText(text);
  const raised = mark ? `\\textsuperscript{${latexText(mark)}}` : "";
  const small = interval === undefined ? "" : `\\,{\\scriptsize ${latexText(interval)}}`;
  // a bracket or star at the beginning of a row would be taken for an option of the row before it
  return `${/^[[*]/.test(said) ? "{}" : ""}${said}${raised}${small}`;
}
