/** A table as Markdown, as GitHub and Pandoc read it. */
import type {Cell, PaperTable, Row} from "./paper-table.js";

export function markdownTable({caption, columns, rows}: PaperTable): string {
  const lines = [
    columns.map(({title}) => inert(title)),
    columns.map(({numeric}) => (numeric ? "---:" : "---")),
    ...rows.map((row) => columns.map((_, i) => cellText(row, row.cells[i] ?? {text: ""}, i)))
  ];
  return `${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n\n${inert(caption)}\n`;
}

function cellText({heading, summary}: Row, {text, interval, bold, mark}: Cell, column: number): string {
  if (text === "") return "";
  if (heading || (summary && column === 0)) return `*${inert(text)}*`;
  const said = bold ? `**${inert(text)}**` : inert(text);
  return [`${said}${inert(mark ?? "")}`, interval === undefined ? "" : inert(interval)]
    .filter(Boolean)
    .join(" ");
}

/** Text with nothing in it that Markdown or HTML would obey; line ends become spaces. */
function inert(text: string): string {
  return text
    .replace(/\s*[\r\n]+\s*/g, " ")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/[\\`*_{}[\]()#!|~>]/g, "\\$&");
}
