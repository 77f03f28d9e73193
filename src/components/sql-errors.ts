/** What DuckDB says of a query that fails, in plain words, with the place in the query. Pure. */

export interface QueryError {
  /** What went wrong, for those who don't know DuckDB's words. */
  plain: string;
  /** What DuckDB itself says, without its drawing of the place. */
  detail: string;
  /** Place in the query, from 1; absent where DuckDB names none. */
  line?: number;
  column?: number;
  /** The line of the query with a caret below, as DuckDB draws it. */
  drawing?: string;
}

/** DuckDB's kinds of errors → what they mean here. The order is that of trying. */
const MEANINGS: [RegExp, string][] = [
  [/^no statements$/i, "There is no query here, only comments or semicolons."],
  [
    /disabled by configuration|enable_external_access/i,
    "Queries reach this study alone: no other file, and nothing on the network."
  ],
  [
    /read-only mode/i,
    "The study is open for reading only; create tables in memory: CREATE TABLE memory.main.name AS …"
  ],
  [
    /^(Out of Memory|std::bad_alloc)|memory access out of bounds/i,
    "This tab has too little memory for the query. Take fewer rows or columns, or aggregate."
  ],
  [
    /\bextension\b/i,
    "This needs an extension of DuckDB that would be fetched from elsewhere; the notebook fetches nothing."
  ],
  [/^INTERRUPT|interrupted/i, "The query was cancelled."],
  [/^Parser Error/, "This isn’t SQL as DuckDB reads it."],
  [/^Catalog Error/, "A table, view or function of this name isn’t there."],
  [/^Binder Error/, "A column or a type doesn’t fit."],
  [/^(Conversion|Invalid Input|Out of Range) Error/, "A value can’t be taken as what the query wants."],
  [/^(IO|HTTP) Error|NetworkError|Failed to fetch/i, "The study’s database could not be read."]
];

const DRAWING = /\n*LINE (\d+): (.*)\n(\s*)\^/;

/** Reads an error message of DuckDB. */
export function explainError(message: string): QueryError {
  const text = unwrap(message);
  const found = DRAWING.exec(text);
  const detail = (found ? text.slice(0, found.index) : text).trim();
  const plain = MEANINGS.find(([pattern]) => pattern.test(text))?.[1] ?? "The query failed.";
  if (!found) return {plain, detail};
  const [, line, shown, indent] = found as unknown as [string, string, string, string];
  const lead = `LINE ${line}: `.length;
  return {
    plain,
    detail,
    line: Number(line),
    column: Math.max(1, indent.length - lead + 1),
    drawing: `${shown}\n${" ".repeat(Math.max(0, indent.length - lead))}^`
  };
}

/** Some errors come as JSON: `{"exception_type": "Parser", "exception_message": "…"}`. */
function unwrap(message: string): string {
  const text = message.replace(/^Error: /, "");
  if (!text.startsWith("{")) return text;
  try {
    const {exception_type, exception_message} = JSON.parse(text) as Record<string, string>;
    return exception_message === undefined ? text : `${exception_type} Error: ${exception_message}`;
  } catch {
    return text;
  }
}

/**
 * Where an error lies in the text, as an offset, to put the cursor there; null where DuckDB names no place. A long line
 * is drawn cut short by DuckDB, with “...”; then the column is not known and the line's start is given.
 */
export function placeOf(sql: string, {line, column, drawing}: QueryError): number | null {
  if (line === undefined || column === undefined) return null;
  const lines = sql.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const cut = drawing?.startsWith("...") ?? false;
  return Math.min(sql.length, before + (cut ? 0 : column - 1));
}
