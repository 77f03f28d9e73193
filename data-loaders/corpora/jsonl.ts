/** One's own JSONL: one JSON object a line, blank lines aside; `.gz` allowed. */
import {BadInput} from "../../src/core/bad-input.js";
import type {OwnCorpusConfig} from "../../src/core/study.js";
import {readTable} from "./column-map.js";
import type {OwnRow} from "./own-table.js";
import type {Reading} from "./reading.js";
import {readLines} from "./source-file.js";
import type {Line} from "./source-file.js";

/** Throws BadInput, with the line's number, on a line that is no JSON object. */
export async function readJsonl(config: OwnCorpusConfig, folder: string): Promise<Reading> {
  const lines = await readLines(config.path, folder);
  const rows = lines.filter(({text}) => text.trim() !== "").map((line) => rowOf(line, config.path));
  return readTable({columns: [], rows}, config);
}

function rowOf({number, text}: Line, path: string): OwnRow {
  const problem = (found: string) =>
    new BadInput({
      where: `${path}, line ${number}`,
      expected: "one JSON object on the line",
      found,
      mend: "Write each row as {…} on one line of its own; `jq -c .` does that."
    });
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch (error) {
    throw problem(`text that is no JSON (${(error as Error).message})`);
  }
  if (typeof values !== "object" || values === null || Array.isArray(values))
    throw problem(Array.isArray(values) ? "a list" : JSON.stringify(values).slice(0, 60));
  return {place: `line ${number}`, values: values as Record<string, unknown>};
}
