/** Texts with placeholders, `{{name}}`: what judges' prompts and training prompts of a study's own are written as. */
import {closest, distance} from "fastest-levenshtein";
import {BadInput} from "./bad-input.js";

/** Spaces allowed; braces around anything else, such as JSON, are text. */
const PLACEHOLDER = /\{\{\s*([\w-]+)\s*\}\}/g;

/** Puts values in place of placeholders, once: braces within a value stay as they are. */
export function fillPlaceholders<Name extends string>(
  template: string,
  values: Readonly<Record<Name, string>>
): string {
  return template.replace(PLACEHOLDER, (_, name: Name) => values[name]);
}

/** A placeholder of a text: its name and where it begins and ends, in UTF-16 units. */
export interface Placed {
  name: string;
  start: number;
  end: number;
}

export function placeholdersIn(template: string): Placed[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => ({
    name: match[1]!,
    start: match.index,
    end: match.index + match[0].length
  }));
}

/** Throws BadInput on the first placeholder that is none of `known`, with its line and the nearest name. */
export function checkPlaceholders(template: string, file: string, known: readonly string[]): void {
  for (const {name, start, end} of placeholdersIn(template)) {
    if (known.includes(name)) continue;
    const near = closest(name, known);
    throw new BadInput({
      where: `${file}, line ${template.slice(0, start).split("\n").length}`,
      expected: `a placeholder: ${known.map((each) => `{{${each}}}`).join(", ")}`,
      found: template.slice(start, end),
      mend:
        distance(name, near) <= Math.max(2, name.length / 3)
          ? `Did you mean {{${near}}}?`
          : "Remove it, or write it with single braces if it is text."
    });
  }
}
