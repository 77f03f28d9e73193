/** A table as an HTML page that stands alone; the table itself can be taken out of it. */
import type {Cell, PaperTable, Row} from "./paper-table.js";

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; font: 15px/1.45 Georgia, "Times New Roman", serif; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; border-block: 2px solid; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-block-end: 0.75rem; max-width: 46rem; }
thead th { border-block-end: 1px solid; vertical-align: bottom; }
th, td { padding: 0.2rem 0.75rem 0.2rem 0; text-align: left; white-space: nowrap; font-weight: normal; }
thead th { white-space: normal; }
.number { text-align: right; padding-inline: 0.75rem 0; }
th.heading { font-style: italic; padding-block-start: 0.6rem; }
tr.first-summary > * { border-block-start: 1px solid; }
small { opacity: 0.8; }
sup { line-height: 0; }
`.trim();

export function htmlTable({name, caption, columns, rows}: PaperTable): string {
  const head = columns
    .map(({title, numeric}) => `<th scope="col"${numeric ? ' class="number"' : ""}>${inert(title)}</th>`)
    .join("");
  const body = rows.map((row, at) => rowText(row, columns, row.summary === true && !rows[at - 1]?.summary));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${inert(name)}</title>
<style>
${STYLE}
</style>
<div class="scroll" tabindex="0" role="region" aria-label="${inert(name)}">
<table>
<caption>${inert(caption)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table>
</div>
</html>
`;
}

function rowText({cells, heading}: Row, columns: PaperTable["columns"], first: boolean): string {
  if (heading)
    return `<tr><th scope="rowgroup" class="heading" colspan="${columns.length}">${inert(cells[0]!.text)}</th></tr>`;
  const texts = columns.map(({numeric}, i) => {
    const tag = i === 0 ? "th" : "td";
    const scope = i === 0 ? ' scope="row"' : "";
    return `<${tag}${scope}${numeric ? ' class="number"' : ""}>${cellText(cells[i] ?? {text: ""})}</${tag}>`;
  });
  return `<tr${first ? ' class="first-summary"' : ""}>${texts.join("")}</tr>`;
}

function cellText({text, interval, bold, mark}: Cell): string {
  const said = bold ? `<strong>${inert(text)}</strong>` : inert(text);
  const raised = mark ? `<sup>${inert(mark)}</sup>` : "";
  return `${said}${raised}${interval === undefined ? "" : ` <small>${inert(interval)}</small>`}`;
}

/** Text with nothing in it that HTML would obey. */
function inert(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
