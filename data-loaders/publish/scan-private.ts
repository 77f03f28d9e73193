/** Looks through everything that is to be published, compressed tables included, for what must stay private. */
import {readFile} from "node:fs/promises";
import {extname, join} from "node:path";
import {DuckDBInstance} from "@duckdb/node-api";
import {pathsBelow} from "../stages/written-folder.js";
import {Database, identifier, literal} from "../tables/database.js";
import type {PrivateText} from "./private-texts.js";

export interface Found {
  /** Within what is published. */
  file: string;
  /** `line 12`, or a table's column. */
  place: string;
  kind: string;
}

/** Code and data of packages, the same in every study. */
const PACKAGES = /(?:^|\/)(?:_node|_npm|_observablehq)\//;
const BINARY = new Set([".wasm", ".png"]);

export interface ScanOptions {
  /** Texts that may stand anywhere. */
  allowed?: readonly string[];
  /** Paths that were looked through before. */
  besides?: RegExp | undefined;
}

/** Everything found below `folder`, the first of each kind in each file. */
export async function scanPrivate(
  folder: string,
  texts: readonly PrivateText[],
  {allowed = [], besides}: ScanOptions = {}
): Promise<Found[]> {
  const found: Found[] = [];
  for (const file of await pathsBelow(folder)) {
    if (besides?.test(file)) continue;
    const prose = texts.filter(({proseOnly}) => !(proseOnly && PACKAGES.test(file)));
    for (const {kind} of matches(file, texts, allowed)) found.push({file, place: "its name", kind});
    if (BINARY.has(extname(file))) continue;
    found.push(...(await scanFile(join(folder, file), file, prose, allowed)));
  }
  return found;
}

async function scanFile(
  path: string,
  file: string,
  texts: readonly PrivateText[],
  allowed: readonly string[]
): Promise<Found[]> {
  const read = TABLES[extname(file)];
  const found = new Map<string, Found>();
  const look = (text: string, place: (index: number) => string): void => {
    for (const {kind, index} of matches(text, texts, allowed))
      if (!found.has(kind)) found.set(kind, {file, place: place(index), kind});
  };
  if (read) for await (const {column, text} of read(path)) look(text, () => column);
  // PDF, too, says its title and paths in plain bytes
  else {
    const text = (await readFile(path)).toString("utf8");
    look(text, (index) => `line ${text.slice(0, index).split("\n").length}`);
  }
  return [...found.values()];
}

function* matches(
  text: string,
  texts: readonly PrivateText[],
  allowed: readonly string[]
): Generator<{kind: string; index: number}> {
  for (const {kind, pattern} of texts) {
    for (const match of text.matchAll(new RegExp(pattern, `${pattern.flags.replace("g", "")}g`))) {
      if (allowed.some((passed) => match[0].includes(passed) || textAround(text, match, passed))) continue;
      yield {kind, index: match.index};
      break;
    }
  }
}

/** Whether a match is a part of a text that may stand. */
function textAround(text: string, match: RegExpExecArray, passed: string): boolean {
  const from = Math.max(0, match.index - passed.length);
  const at = text.slice(from, match.index + match[0].length + passed.length).indexOf(passed);
  return at >= 0 && from + at <= match.index && from + at + passed.length >= match.index + match[0].length;
}

interface Cell {
  column: string;
  text: string;
}

/** Files whose texts lie compressed. */
const TABLES: Record<string, ((path: string) => AsyncGenerator<Cell>) | undefined> = {
  ".parquet": async function* (path) {
    const db = await Database.create(":memory:");
    try {
      yield* textsOf((sql) => db.rows(sql), `read_parquet(${literal(path)})`, "");
    } finally {
      db.discard();
    }
  },
  ".duckdb": async function* (path) {
    const instance = await DuckDBInstance.create(path, {access_mode: "READ_ONLY", threads: "1"});
    const connection = await instance.connect();
    const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJS();
    try {
      for (const {name} of await rows("SELECT table_name AS name FROM duckdb_tables() ORDER BY 1"))
        yield* textsOf(rows, identifier(String(name)), `${String(name)}.`);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }
};

async function* textsOf(
  rows: (sql: string) => Promise<Record<string, unknown>[]>,
  from: string,
  prefix: string
): AsyncGenerator<Cell> {
  for (const {column_name, column_type} of await rows(`DESCRIBE FROM ${from}`)) {
    if (!String(column_type).includes("VARCHAR")) continue;
    const name = identifier(String(column_name));
    for (const {text} of await rows(
      `SELECT DISTINCT ${name}::VARCHAR AS text FROM ${from} WHERE ${name} IS NOT NULL`
    ))
      yield {column: `${prefix}${String(column_name)}`, text: String(text)};
  }
}
