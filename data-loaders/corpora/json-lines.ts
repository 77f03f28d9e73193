/** JSON Lines: one JSON object a line, blank lines aside. */
import {BadInput} from "../../src/core/bad-input.js";
import {streamLines} from "./line-stream.js";
import type {Line} from "./line-stream.js";
import type {Source} from "./source-file.js";

export interface JsonLine {
  /** Of the line, from 1. */
  number: number;
  values: Record<string, unknown>;
}

/** The objects of a file. Throws BadInput, with the line's number, on a line that is none. */
export async function* streamObjects(source: Source): AsyncGenerator<JsonLine> {
  for await (const line of streamLines(source))
    if (line.text.trim() !== "") yield {number: line.number, values: objectIn(line, source.name)};
}

function objectIn({number, text}: Line, name: string): Record<string, unknown> {
  const problem = (
    found: string,
    mend = "Write each row as {…} on one line of its own; `jq -c .` does that."
  ) => new BadInput({where: `${name}, line ${number}`, expected: "one JSON object on the line", found, mend});
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch (error) {
    const [constant] = /(?<![\w.])(NaN|-?Infinity)\b/.exec(text.replace(/"(?:[^"\\]|\\.)*"/g, '""')) ?? [];
    if (constant)
      throw problem(
        `${constant}, which JSON doesn't have`,
        "Python's json.dumps writes it: put a number or null there; `allow_nan=False` finds where it comes from."
      );
    throw problem(`text that is no JSON (${(error as Error).message})`);
  }
  if (typeof values !== "object" || values === null || Array.isArray(values))
    throw problem(Array.isArray(values) ? "a list" : JSON.stringify(values).slice(0, 60));
  return values as Record<string, unknown>;
}
