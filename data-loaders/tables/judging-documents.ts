/** The cubes about labels and judges as files. Every study has `label-counts`; the others only those with judges. */
import type {CubeName} from "../../src/core/cubes.js";
import {encode, toColumns} from "./column-lists.js";
import type {ShownRows} from "./examples-document.js";
import {keyOf} from "./keys.js";
import {labelCountRows} from "./label-counts.js";
import type {TablesInput} from "./tables-input.js";

/** Documents as JSON text. Votes are kept of the examples that pages show. */
export function judgingDocuments(
  input: TablesInput,
  {examples}: Pick<ShownRows, "examples">
): Partial<Record<CubeName, string>> {
  const columns = (rows: readonly object[]) => encode(toColumns(rows));
  const counts = {"label-counts": columns(labelCountRows(input))};
  if (!input.judging) return counts;
  const {votes, ...rows} = input.judging;
  const shown = new Set(examples.map(({corpus, example_id}) => keyOf(corpus, example_id)));
  const items = votes.items.filter(({corpus, example_id}) => shown.has(keyOf(corpus, example_id)));
  return {
    ...counts,
    ...Object.fromEntries(Object.entries(rows).map(([name, own]) => [name, columns(own)])),
    votes: JSON.stringify({...votes, items})
  };
}
