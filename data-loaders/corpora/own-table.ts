/** A table that somebody brings, whatever its format: rows of named values, found again by where they stand. */
import {BadInput} from "../../src/core/bad-input.js";
import type {OwnCorpusConfig} from "../../src/core/study.js";
import {nearest} from "../study/describe-issue.js";

export interface OwnRow {
  /** `line` of a text file, `row` of a Parquet file. */
  unit: "line" | "row";
  /** From 1. */
  number: number;
  values: Record<string, unknown>;
}

export interface OwnTable {
  /** The columns that the file itself names, where it does (a CSV header, a Parquet schema). */
  columns: string[];
  rows: AsyncIterable<OwnRow>;
}

/** Rows read ahead before the first is handed on, so that a misspelt column is named as such. */
const AHEAD = 1000;

/** The value under a column's name, else under a dotted path into nested values; undefined where there is none. */
export function valueOf(values: Record<string, unknown>, column: string): unknown {
  if (Object.hasOwn(values, column)) return values[column];
  return column.split(".").reduce<unknown>((value, key) => {
    const nested = typeof value === "object" && value !== null && Object.hasOwn(value, key);
    return nested ? (value as Record<string, unknown>)[key] : undefined;
  }, values);
}

/**
 * The rows of a table, in order. Throws BadInput, with the nearest spelling, on a column of the study that no row has:
 * before the first row where the study cannot do without it, or where the table is short; else after the last.
 */
export async function* checkedRows(
  {columns, rows}: OwnTable,
  config: OwnCorpusConfig
): AsyncGenerator<OwnRow> {
  const known = new Set(columns);
  let missing = columnsWanted(config).filter(([, column]) => !known.has(column));
  let ahead: OwnRow[] | null = [];
  for await (const row of rows) {
    missing = missing.filter(([, column]) => valueOf(row.values, column) === undefined);
    if (ahead === null) yield row;
    else {
      for (const path of pathsIn(row.values)) known.add(path);
      if (ahead.push(row) < AHEAD) continue;
      refuseMissing(missing, known, config, isRequired);
      yield* ahead;
      ahead = null;
    }
  }
  if (ahead?.length === 0) return;
  refuseMissing(missing, known, config, () => true);
  if (ahead) yield* ahead;
}

type Wanted = [key: string, column: string];

/** Every column that the study speaks of, with the key that names it. */
function columnsWanted({columns, labels, scores, explanations}: OwnCorpusConfig): Wanted[] {
  const byAxis = (key: string, map: Record<string, string>) =>
    Object.entries(map).map(([axis, column]): Wanted => [`${key}.${axis}`, column]);
  return [
    ...byAxis("columns", columns),
    ...byAxis("labels", labels ?? {}),
    ...Object.entries(scores ?? {}).flatMap(([axis, {from}]) =>
      [from].flat().map((column): Wanted => [`scores.${axis}.from`, column])
    ),
    ...byAxis("explanations", typeof explanations === "object" ? explanations : {})
  ];
}

/** Whether a row without the column is refused anyway. */
function isRequired([key]: Wanted): boolean {
  return key.startsWith("columns.") && key !== "columns.turns";
}

function refuseMissing(
  missing: Wanted[],
  known: Set<string>,
  {path}: OwnCorpusConfig,
  refused: (wanted: Wanted) => boolean
): void {
  const [found] = missing.filter(refused);
  if (found === undefined) return;
  const [key, column] = found;
  const names = [...known];
  const near = nearest(column, names);
  throw new BadInput({
    where: path,
    expected: `a column “${column}” (key ${key})`,
    found: names.length > 0 ? `the columns ${names.slice(0, 20).join(", ")}` : "no columns at all",
    mend: near ? `Did you mean “${near}”?` : `Give ${key} the name of a column that the file has.`
  });
}

/** Names of values, nested ones as dotted paths; lists are not entered. */
function pathsIn(values: Record<string, unknown>): string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? [key, ...pathsIn(value as Record<string, unknown>).map((path) => `${key}.${path}`)]
      : [key]
  );
}
