/** Values of somebody's own columns as texts, turns and scores. Each throws a {@link Misfit} on what it cannot read. */
import type {Turn} from "../../src/core/conversation.js";

/** What a value should have been and what it was; the caller adds where it stands. */
export class Misfit extends Error {
  constructor(
    readonly expected: string,
    readonly found: string
  ) {
    super(`expected ${expected}, found ${found}`);
  }
}

/** How raters write that they gave no score. */
const ABSTAINED = /^(|-|na|nan|none|null|n\/a\b.*)$/i;
const SPEAKER = /^\s*([^\s:][^:]{0,39}):\s+(.*)$/;

/** Text, or null where there is none; numbers and booleans become text. */
export function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "object") throw new Misfit("text", shown(value));
  const text = String(value).trim();
  return text === "" ? null : text;
}

/** One score a rater, from a number, a list, or numbers with commas or semicolons between; null for an abstention. */
export function scoresOf(value: unknown): (number | null)[] {
  if (Array.isArray(value)) return value.flatMap(scoresOf);
  if (value === undefined || value === null) return [null];
  if (typeof value === "number" && Number.isFinite(value)) return [value];
  if (typeof value !== "string") throw new Misfit("a score or a list of scores", shown(value));
  const parts = value
    .trim()
    .replace(/^\[|\]$/g, "")
    .split(/[,;]/);
  return parts.map((part) => scoreOf(part.trim(), value));
}

function scoreOf(part: string, whole: string): number | null {
  if (ABSTAINED.test(part)) return null;
  const score = Number(part);
  if (!Number.isFinite(score)) throw new Misfit("a score or a list of scores", shown(whole));
  return score;
}

/** Turns from a list of {role, text}, from the same as JSON, or from text with one `role: text` a line. */
export function turnsOf(value: unknown): Turn[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.map(turnOf);
  if (typeof value !== "string")
    throw new Misfit("a list of {role, text}, or lines of `role: text`", shown(value));
  return listIn(value)?.map(turnOf) ?? turnsInLines(value);
}

function turnOf(value: unknown): Turn {
  const {role, text, content} = (value ?? {}) as Record<string, unknown>;
  const said = text ?? content;
  if (typeof role !== "string" || typeof said !== "string")
    throw new Misfit("a turn {role, text}", shown(value));
  return {role, text: said};
}

/** A JSON list written as text, as CSV files hold it; null where the text is none. */
function listIn(text: string): unknown[] | null {
  if (!text.trimStart().startsWith("[")) return null;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** The role of text that names no speaker: a passage, a question, a plain context column. */
const NOBODY = "context";

/** A line without a speaker goes on with the turn before. */
function turnsInLines(value: string): Turn[] {
  const turns: Turn[] = [];
  for (const line of value.split("\n").filter((line) => line.trim() !== "")) {
    const [, role, text] = SPEAKER.exec(line) ?? [];
    const last = turns.at(-1);
    if (role !== undefined) turns.push({role: role.trim(), text: text!.trim()});
    else if (last) last.text = `${last.text} ${line.trim()}`.trim();
    else turns.push({role: NOBODY, text: line.trim()});
  }
  return turns;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
