/**
 * Predictions as a table: JSON Lines, CSV or Parquet, one row an example × axis. Label probabilities stand in a column each
 * (`p_4`, or `logp_4` for logarithms), or together in `probabilities` or `log_probabilities`: an object label → number.
 */
import {tableOf} from "../corpora/csv.js";
import {streamObjects} from "../corpora/json-lines.js";
import {openParquet} from "../corpora/parquet-rows.js";
import type {Source} from "../corpora/source-file.js";
import {nearest} from "../study/describe-issue.js";
import {type Column, refuse, textOf, type PredictedRow} from "./predicted-row.js";

/** Column of this document → column of the file. */
export type ColumnNames = Record<string, string>;

/** Rows of a table in its order. Throws BadInput, naming file and line, on a row without id or probabilities. */
export async function* readPredictionTable(source: Source, names: ColumnNames): AsyncGenerator<PredictedRow> {
  let first = true;
  for await (const {where, values} of rowsOf(source)) {
    const value = (column: Column) => values[names[column] ?? column];
    if (first) refuseAbsent(where, values, names);
    first = false;
    const id = textOf(value("example_id"));
    if (id === null)
      throw refuse(
        where,
        `an id in column ${names.example_id ?? "example_id"}`,
        `${"example_id" in values || names.example_id ? "none in this row" : "no such column"}, among ${Object.keys(values).join(", ")}`,
        "Name the column with --column example_id=NAME."
      );
    yield {
      where,
      example_id: id,
      corpus: textOf(value("corpus")),
      axis: textOf(value("axis")),
      gold: textOf(value("gold")),
      logProbabilities: logProbabilitiesOf(where, values, value("probabilities"), value("log_probabilities")),
      wholeVocabulary: false
    };
  }
}

/** Columns that `--column` names have to be there; JSON Lines may leave them out in other rows. */
function refuseAbsent(where: string, values: Record<string, unknown>, names: ColumnNames): void {
  const columns = Object.keys(values);
  for (const [name, column] of Object.entries(names)) {
    if (columns.includes(column)) continue;
    const near = nearest(column, columns);
    throw refuse(
      where,
      `a column “${column}”, as --column ${name}=${column} says`,
      `the columns ${columns.slice(0, 20).join(", ")}`,
      near ? `Did you mean --column ${name}=${near}?` : `Name one of them: --column ${name}=NAME.`
    );
  }
}

interface NamedRow {
  where: string;
  values: Record<string, unknown>;
}

async function* rowsOf(source: Source): AsyncGenerator<NamedRow> {
  const named = (unit: string, number: number, values: Record<string, unknown>) => ({
    where: `${source.name}, ${unit} ${number}`,
    values
  });
  if (/\.parquet$/i.test(source.name)) {
    const {rows} = await openParquet(source);
    for await (const {number, values} of rows) yield named("row", number, values);
  } else if (/\.(csv|tsv)(\.gz)?$/i.test(source.name)) {
    const {rows} = await tableOf(source);
    for await (const {unit, number, values} of rows) yield named(unit, number, values);
  } else if (/\.jsonl?(\.gz)?$/i.test(source.name)) {
    for await (const {number, values} of streamObjects(source)) yield named("line", number, values);
  } else
    throw refuse(
      source.name,
      "a file that ends with .jsonl, .csv, .tsv or .parquet",
      "another ending",
      "Convert it, or rename it to what it is."
    );
}

function logProbabilitiesOf(
  where: string,
  values: Record<string, unknown>,
  probabilities: unknown,
  logarithms: unknown
): Map<string, number> {
  const found = new Map([
    ...entriesIn(where, probabilities).map(
      ([label, p]) => [label, Math.log(probability(where, label, p))] as const
    ),
    ...entriesIn(where, logarithms).map(([label, p]) => [label, logarithm(where, label, p)] as const),
    ...columnsNamed(values, "p_").map(
      ([label, p]) => [label, Math.log(probability(where, label, p))] as const
    ),
    ...columnsNamed(values, "logp_").map(([label, p]) => [label, logarithm(where, label, p)] as const)
  ]);
  if (found.size > 0) return found;
  throw refuse(
    where,
    "label probabilities: columns p_LABEL or logp_LABEL, or an object in `probabilities` or `log_probabilities`",
    `the columns ${Object.keys(values).join(", ")}`,
    "Write one number a label; --column probabilities=NAME names another column."
  );
}

/** An object's entries; Parquet maps come as lists of key and value. */
function entriesIn(where: string, value: unknown): [string, unknown][] {
  if (value === undefined || value === null || value === "") return [];
  if (Array.isArray(value) && value.every(isEntry)) return value.map(({key, value: p}) => [String(key), p]);
  const parsed = typeof value === "string" ? parseObject(value) : value;
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return Object.entries(parsed);
  throw refuse(
    where,
    "an object of label → number",
    JSON.stringify(value).slice(0, 60),
    'Write it as {"1": 0.2, "2": 0.8}.'
  );
}

function isEntry(value: unknown): value is {key: unknown; value: unknown} {
  return typeof value === "object" && value !== null && "key" in value && "value" in value;
}

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `p_4` → label 4; empty cells are labels of other axes. */
function columnsNamed(values: Record<string, unknown>, prefix: string): [string, unknown][] {
  return Object.entries(values)
    .filter(
      ([name, value]) => name.startsWith(prefix) && value !== null && value !== undefined && value !== ""
    )
    .map(([name, value]) => [name.slice(prefix.length), value]);
}

function probability(where: string, label: string, value: unknown): number {
  const p = numberOf(value);
  if (p >= 0 && p <= 1 + ROUNDING) return Math.min(1, p);
  throw refuse(
    where,
    `a probability of label ${label} between 0 and 1`,
    String(value),
    Number.isNaN(p) ? NO_NUMBER : "Logarithms belong into logp_LABEL or `log_probabilities`."
  );
}

function logarithm(where: string, label: string, value: unknown): number {
  const log = numberOf(value);
  if (log <= ROUNDING) return Math.min(0, log);
  throw refuse(
    where,
    `a log-probability of label ${label}, at most 0`,
    String(value),
    Number.isNaN(log)
      ? NO_NUMBER
      : "Logits have no zero of their own: subtract their log-sum-exp over the vocabulary, or over the labels."
  );
}

const NO_NUMBER = "Each label of the row's axis needs a number; a model that overflowed leaves NaN.";

/** What probabilities in single precision may be above one. */
const ROUNDING = 1e-4;

/** Numbers in text count; NaN is none. */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return NaN;
  return /^-inf(inity)?$/i.test(value.trim()) ? -Infinity : Number(value);
}
