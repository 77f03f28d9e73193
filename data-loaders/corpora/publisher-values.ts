/** Values that a publisher's format promises, or a sentence that says where they are not. */
import {BadInput} from "../../src/core/bad-input.js";
import {nearest} from "../study/describe-issue.js";

/** The text under a key of a row at `place`. Throws BadInput where there is none. */
export function publisherText(values: Record<string, unknown>, key: string, place: string): string {
  const value = values[key];
  if (typeof value === "string") return value;
  const keys = Object.keys(values);
  throw misfit(
    place,
    `text under “${key}”`,
    value === undefined ? `the keys ${keys.slice(0, 12).join(", ") || "of an empty object"}` : inShort(value),
    nearest(key, keys)
  );
}

/** What a message says of a row that is not as its publisher writes them. */
export function misfit(place: string, expected: string, found: string, near: string | null = null): BadInput {
  return new BadInput({
    where: place,
    expected,
    found,
    mend: `${near ? `Rename “${near}”, or check` : "Check"} that \`reader\` names the file's format, and that the file is as its publisher gave it out.`
  });
}

export function inShort(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
