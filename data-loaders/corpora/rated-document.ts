/** What the readers of published human-rated sets share: checking a document's shape, and reading its scores. */
import {z} from "zod";
import {BadInput} from "../../src/core/bad-input.js";
import type {RaterScores} from "../../src/core/conversation.js";

/** Raters abstain with null or with a remark such as “N/A (I cannot tell)”. */
const Score = z.union([z.number(), z.string(), z.null()]);

/** The scores of several raters on one scale. */
export const Scores = z.array(Score).min(1);

/** Checks a document against its publisher's format; the first thing that differs is named by its path. */
export function checkShape<T>(schema: z.ZodType<T>, document: unknown, path: string, format: string): T {
  const checked = schema.safeParse(document);
  if (checked.success) return checked.data;
  const issue = deepest(checked.error.issues[0]!);
  const place = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  throw new BadInput({
    where: place ? `${path}, ${place.replace(/^\./, "")}` : path,
    expected: `${format}: ${issue.message.replace(/^Invalid input: expected /, "")}`,
    found: described(valueAt(document, issue.path)),
    mend: "Check that `reader` names the file's format, and that the file is as its publisher gave it out."
  });
}

/** All lists of scores among a record's values. */
export function scoresOf(record: Record<string, unknown>): RaterScores {
  const lists = Object.entries(record).flatMap(([scale, value]) => {
    const scores = Scores.safeParse(value);
    return scores.success ? [[scale, scores.data.map(numberOrNull)] as const] : [];
  });
  return Object.fromEntries(lists);
}

function numberOrNull(score: number | string | null): number | null {
  if (typeof score !== "string") return score;
  return score.trim() === "" || Number.isNaN(Number(score)) ? null : Number(score);
}

/** The issue inside a union that lies deepest, since it says most. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return issue;
  const inner = issue.errors.flat().sort((a, b) => b.path.length - a.path.length)[0];
  return inner ? {...inner, path: [...issue.path, ...inner.path]} : issue;
}

function valueAt(document: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    document
  );
}

function described(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object")
    return `a map with ${Object.keys(value).slice(0, 6).join(", ") || "nothing in it"}`;
  return JSON.stringify(value);
}
