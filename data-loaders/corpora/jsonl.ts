/** One's own JSONL: one JSON object a line, blank lines aside; `.gz` allowed. */
import type {OwnCorpusConfig} from "../../src/core/study.js";
import {readTable} from "./column-map.js";
import {streamObjects} from "./json-lines.js";
import type {OwnRow} from "./own-table.js";
import type {Reading} from "./reading.js";
import type {Source} from "./source-file.js";

/** Throws BadInput, with the line's number, on a line that is no JSON object. */
export function readJsonl(config: OwnCorpusConfig, source: Source): Reading {
  return readTable(() => Promise.resolve({columns: [], rows: rowsOf(source)}), config);
}

async function* rowsOf(source: Source): AsyncGenerator<OwnRow> {
  for await (const {number, values} of streamObjects(source)) yield {unit: "line", number, values};
}
