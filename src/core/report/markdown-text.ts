/** Pieces of Markdown that generated sections are made of: text that stays text, claims, tables, lists. */
import type {ClaimArguments} from "../claims/claim.js";
import {settingsOf} from "../claims/settings.js";
import type {StudyFacts} from "../cubes.js";

/** Signs that could begin or end a mark, a link, an entity, a cell or a directive. */
const MARKS = /[\\`*_[\]<>|~$&#!]/g;

/** Text of a study as Markdown that shows it as it is, whatever signs are in it. */
export function plain(text: string): string {
  return text.replace(/\s+/g, " ").replace(MARKS, "\\$&");
}

/** `${claim("count", {of: "seeds"})}`. */
export function claim(name: string, given: ClaimArguments = {}): string {
  const entries = Object.entries(given).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`
  );
  return `\${claim(${[JSON.stringify(name), ...(entries.length > 0 ? [`{${entries.join(", ")}}`] : [])].join(", ")})}`;
}

export const count = (of: string, cell: ClaimArguments = {}) => claim("count", {of, ...cell});
/** A value of the study file, where these tables hold its file with that key. */
export function setting(study: StudyFacts, key: string): string {
  return settingsOf(study).has(key) ? claim("hyper-parameter", {key}) : "*(not stated)*";
}

export const sentence = (of: string, given: ClaimArguments = {}) => claim("sentence", {of, ...given});

/** A table; `right` names the columns of numbers, from 0. */
export function table(head: string[], rows: string[][], right: number[] = []): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, i) => (right.includes(i) ? "---:" : "---"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

export function list(items: string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

/** Paragraphs, tables and lists below each other; empty ones are left out. */
export function blocks(...parts: string[]): string {
  return parts.filter(Boolean).join("\n\n");
}
