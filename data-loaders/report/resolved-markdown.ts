/** A report's Markdown with everything filled in. */
import type {Report} from "./report.js";

/** Text within Markdown that stays text, as far as it could become a mark or a link. */
export function markdownText(text: string): string {
  return text.replace(/[\\`*_<>|~]|\](?=[([])|!(?=\[)|\$(?=\{)/g, "\\$&");
}

/** Puts each replacement where its text stands, in order, from its line on. */
export function replaceInOrder(text: string, replaced: Report["replaced"]): string {
  const lines = lineStarts(text);
  let result = "";
  let at = 0;
  for (const {line, raw, by} of replaced) {
    const found = text.indexOf(raw, Math.max(at, lines[line - 1] ?? 0));
    if (found < 0) continue; // indented within a list or a quotation, over several lines
    result += text.slice(at, found) + by;
    at = found + raw.length;
  }
  return result + text.slice(at);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The report as Markdown that any reader of Markdown shows, with its title and its references. */
export function resolvedMarkdown(report: Report): string {
  const {source, title, replaced, references, cubes} = report;
  const text = replaceInOrder(source.text, replaced).trim();
  const [own = "", body = text] = /^#\s/.test(text) ? (/^(.*)\n*([^]*)$/.exec(text) ?? []).slice(1) : [];
  const list = references.map(
    ({text, link}, i) => `${i + 1}. ${markdownText(text)}${link ? ` <${link}>` : ""}`
  );
  return `${[
    own || `# ${markdownText(title)}`,
    ...(cubes.study.authors.length > 0 ? [markdownText(cubes.study.authors.join(", "))] : []),
    body,
    ...(list.length > 0 ? ["## References", list.join("\n")] : [])
  ].join("\n\n")}\n`;
}
