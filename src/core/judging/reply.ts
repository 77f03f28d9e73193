/**
 * Reads what a judge answered. A score is taken only where one can be read without doubt: nothing is rounded, clipped
 * or guessed, and everything else has a status that says what came instead.
 */
import {jsonrepair} from "jsonrepair";
import {clauseOf, explanationIn} from "./explanation-text.js";
import {declines, isRefusal, withoutQuotations} from "./refusals.js";
import {numberOf, scoresIn, withoutScale} from "./score-text.js";
import type {VoteStatus} from "./votes.js";

export interface Reply {
  status: VoteStatus;
  /** On the prompt's scale; null unless `scored`. */
  score: number | null;
  /** A clause that can follow the word *because*; empty where there is none. */
  explanation: string;
}

type Scale = readonly [number, number];

/**
 * JSON Schema of a reply, as services' structured output takes it. The explanation comes first: a model that has
 * written its reason before the score lets the score follow from it. Scores are enumerated, since services that keep
 * to a schema know `enum` better than bounds.
 */
export function REPLY_SCHEMA([low, high]: Scale) {
  const scores = Array.from({length: high - low + 1}, (_, i) => low + i);
  return {
    type: "object",
    properties: {explanation: {type: "string"}, score: {type: "integer", enum: scores}},
    required: ["explanation", "score"],
    additionalProperties: false
  };
}

/**
 * Reads a reply. JSON is tried first, tolerantly (fences, text around it, single quotes, trailing commas, scores as
 * text), then plain text. `ended` is why the service stopped: at `length`, what cannot be read was cut off.
 */
export function readReply(text: string, scale: Scale, ended: "stop" | "length" = "stop"): Reply {
  const shown = withoutThoughts(text.replace(/[\u200b\ufeff]/g, ""));
  if (shown === null) return without("cut-off");
  if (shown.trim() === "") return without(ended === "length" ? "cut-off" : "empty");
  const object = objectIn(shown, scale);
  if (object === "several") return without("unreadable");
  if (object) return declines(around(shown), scale) ? without("refused") : fromObject(object, scale);
  if (isCutOff(shown)) return without("cut-off");
  const reply = fromText(shown, scale);
  return reply.status === "unreadable" && ended === "length" ? without("cut-off") : reply;
}

/** Without what reasoning models think aloud; null where the thoughts never end. */
function withoutThoughts(text: string): string | null {
  const shown = text.replace(/<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/gi, "");
  return /<think(?:ing)?>/i.test(shown) ? null : shown;
}

/** What a reply object says, under whatever key it says it. */
interface Said {
  score: unknown;
  explanation: string;
}

/** The one object with a score in the text; `several` where objects give different scores; null without any. */
function objectIn(text: string, [, highest]: Scale): Said | "several" | null {
  const found = spansOf(text).flatMap((span) => saidBy(span) ?? []);
  const scored = found.filter(({scores}) => scores.length > 0);
  const scores = new Set(
    scored.flatMap((each) =>
      each.scores.map((score) => String(numberOf(score, highest) ?? JSON.stringify(score)))
    )
  );
  if (scores.size > 1) return "several";
  const [first] = scored;
  return first ? {score: first.scores[0], explanation: first.explanation} : null;
}

/** What stands around objects. */
function around(text: string): string {
  return spansOf(text).reduce((left, span) => left.replace(span, () => "\n"), text);
}

/** Outermost spans from `{` to `}`, as braces balance outside of double quotes. */
function spansOf(text: string): string[] {
  const spans: string[] = [];
  for (let start = text.indexOf("{"); start >= 0;) {
    const end = endOfObject(text, start);
    if (end === null) return spans;
    spans.push(text.slice(start, end));
    start = text.indexOf("{", end);
  }
  return spans;
}

function endOfObject(text: string, start: number): number | null {
  let depth = 0;
  let quoted = false;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (quoted && character === "\\") i++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === "{") depth++;
    else if (!quoted && character === "}" && --depth === 0) return i + 1;
  }
  return null;
}

/** An object can hold a score twice, as `score` and as `rating`. */
function saidBy(span: string): {scores: unknown[]; explanation: string} | null {
  const value = parsed(span);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const entries = Object.entries(value).map(([key, held]) => [key.trim().toLowerCase(), held] as const);
  const held = (...keys: string[]): unknown[] =>
    entries.flatMap(([key, value]) => (keys.includes(key) ? [value] : []));
  const [explanation] = held("explanation", "reason", "reasoning", "rationale", "justification");
  return {scores: held("score", "rating"), explanation: typeof explanation === "string" ? explanation : ""};
}

/** An apostrophe within a word, which the repair of single-quoted text would take for a quote. */
const APOSTROPHE = /(?<=\p{L})'(?=\p{L})/gu;
const STAND_IN = "\ue000";

function parsed(span: string): unknown {
  try {
    return JSON.parse(span);
  } catch {
    try {
      return JSON.parse(jsonrepair(span.replace(APOSTROPHE, STAND_IN)).replaceAll(STAND_IN, "'"));
    } catch {
      return null;
    }
  }
}

/** Whether the text starts an object that it never ends. */
function isCutOff(text: string): boolean {
  const start = text.search(/\{\s*["'“]?(?:\w|$)/);
  return start >= 0 && endOfObject(text, start) === null;
}

/** A service that is kept to a schema cannot but give a score, even where the judge declines: then it is none. */
function fromObject({score, explanation}: Said, scale: Scale): Reply {
  const number = numberOf(score, scale[1]);
  if (number === null) {
    if (typeof score === "string" && isRefusal(score)) return without("refused");
    return without(isRefusal(explanation) ? "refused" : "unreadable");
  }
  return declines(explanation, scale) ? without("refused") : onScale(number, explanation, scale);
}

function fromText(text: string, scale: Scale): Reply {
  const scores = scoresIn(withoutQuotations(text), scale);
  if (scores.length === 0) return without(isRefusal(text) ? "refused" : "unreadable");
  if (declines(text, scale)) return without("refused");
  if (scores.length > 1) return without("unreadable");
  return onScale(scores[0]!, explanationIn(withoutScale(text, scale)), scale);
}

/** A score counts when the scale has it: 4.5 and 6 are both out of 1–5. */
function onScale(score: number, explanation: string, [low, high]: Scale): Reply {
  if (!Number.isInteger(score) || score < low || score > high) return without("out-of-scale");
  return {status: "scored", score, explanation: clauseOf(explanation)};
}

function without(status: VoteStatus): Reply {
  return {status, score: null, explanation: ""};
}
