/** From what a judge wrote to a clause that can follow the word *because*. */
import {givesScore} from "./score-text.js";

const LABELS = String.raw`(?:explanation|reason(?:ing)?|rationale|justification)`;
/** What is called an explanation, up to the score. */
const LABELLED = new RegExp(
  String.raw`\b${LABELS}\b[*_"']*\s*[:=–—-]\s*[*_"']*([\s\S]+?)(?=\n\s*[*_"'#]*(?:score|rating)\b|\bscore\s*[:=]|$)`,
  "i"
);
/** A score at the start, and what parts it from what follows. */
const LEADING_SCORE = /^[\W_]*\d+(?:\s*(?:\/|out of)\s*\d+)?[*_)\]"']*\s*[:;,–—-]\s+/;

/**
 * The text as a clause: one line, without a leading *because*, without quotes around it and without the full stop that
 * ends it. Nothing else is changed; inner sentences and capitals stay as they are. Empty where no letter is left.
 */
export function clauseOf(text: string): string {
  const line = unquoted(text.replace(/\s+/g, " ").trim());
  const clause = line.replace(/^because\b[\s,:]*/i, "").trim();
  if (!/\p{L}/u.test(clause)) return "";
  return /(?<!\.)\.$/.test(clause) && !/\b(?:etc|e\.g|i\.e)\.$/i.test(clause)
    ? clause.slice(0, -1).trimEnd()
    : clause;
}

/** Without quotes or emphasis around all of it. Quotes that open and close within it stay. */
function unquoted(line: string): string {
  const inner = /^(?:"([^"]+)"|“([^“”]+)”|'([^']+)'|‘([^‘’]+)’|\*+([^*]+)\*+|_+([^_]+)_+)\.?$/.exec(line);
  return inner ? inner.slice(1).find((part) => part !== undefined)! : line;
}

/** The explanation in a reply that is no JSON: what is called so, else what follows *because*, else what is left. */
export function explanationIn(text: string): string {
  const labelled = LABELLED.exec(text)?.[1];
  if (labelled) return labelled;
  const because = /\bbecause\b([\s\S]+)$/i.exec(text)?.[1];
  if (because) return because;
  return text
    .replace(LEADING_SCORE, "")
    .split(/\n+|(?<=[.!?])\s+/)
    .filter((sentence) => !givesScore(sentence))
    .join(" ");
}
