/** A table that somebody brings, whatever its format: rows of named values, found again by where they stand. */
import {BadInput} from "../../src/core/bad-input.js";
import type {OwnCorpusConfig} from "../../src/core/study.js";
import {nearest} from "../study/describe-issue.js";

export interface OwnRow {
  /** `line 12` of a text file, `row 12` of a Parquet file. */
  place: string;
  values: Record<string, unknown>;
}

export interface OwnTable {
  /** The columns that the file itself names, where it does (a CSV header, a Parquet schema). */
  columns: string[];
  rows: OwnRow[];
}

/** The value under a column's name, else under a dotted path into nested values; undefined where there is none. */
export function valueOf(values: Record<string, unknown>, column: string): unknown {
  if (Object.hasOwn(values, column)) return values[column];
  return column.split(".").reduce<unknown>((value, key) => {
    const nested = typeof value === "object" && value !== null && Object.hasOwn(value, key);
    return nested ? (value as Record<string, unknown>)[key] : undefined;
  }, values);
}

/** Every column that the study speaks of, with the key that names it. */
function columnsWanted({
  columns,
  labels,
  scores,
  explanations
}: OwnCorpusConfig): [key: string, column: string][] {
  const byAxis = (key: string, map: Record<string, string>) =>
    Object.entries(map).map(([axis, column]) => [`${key}.${axis}`, column] as [string, string]);
  return [
    ...byAxis("columns", columns),
    ...byAxis("labels", labels ?? {}),
    ...Object.entries(scores ?? {}).flatMap(([axis, {from}]) =>
      [from].flat().map((column) => [`scores.${axis}.from`, column] as [string, string])
    ),
    ...byAxis("explanations", typeof explanations === "object" ? explanations : {})
  ];
}

/** Throws BadInput, with the nearest spelling, on a column that no row has. */
export function checkColumns(table: OwnTable, config: OwnCorpusConfig): void {
  const known = [...new Set([...table.columns, ...table.rows.flatMap(({values}) => pathsIn(values))])];
  for (const [key, column] of columnsWanted(config)) {
    if (known.includes(column) || table.rows.some(({values}) => valueOf(values, column) !== undefined))
      continue;
    const near = nearest(column, known);
    throw new BadInput({
      where: config.path,
      expected: `a column “${column}” (key ${key})`,
      found: known.length > 0 ? `the columns ${known.slice(0, 20).join(", ")}` : "no columns at all",
      mend: near ? `Did you mean “${near}”?` : `Give ${key} the name of a column that the file has.`
    });
  }
}

/** Names of values, nested ones as dotted paths; lists are not entered. */
function pathsIn(values: Record<string, unknown>): string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? [key, ...pathsIn(value as Record<string, unknown>).map((path) => `${key}.${path}`)]
      : [key]
  );
}
