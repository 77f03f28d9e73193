/** One's own CSV with a header (RFC 4180), or TSV where the name ends with `.tsv`; `.gz` allowed. */
import {CsvError, parse} from "csv-parse/sync";
import type {Info} from "csv-parse/sync";
import {BadInput} from "../../src/core/bad-input.js";
import type {OwnCorpusConfig} from "../../src/core/study.js";
import {readTable} from "./column-map.js";
import type {OwnTable} from "./own-table.js";
import type {Reading} from "./reading.js";
import {readText} from "./source-file.js";

interface Parsed {
  record: string[];
  info: Info;
}

/** Throws BadInput, with the line's number, on a row that the header does not fit. */
export async function readCsv(config: OwnCorpusConfig, folder: string): Promise<Reading> {
  const text = await readText(config.path, folder);
  return readTable(tableOf(text, config.path), config);
}

function tableOf(text: string, path: string): OwnTable {
  const [header, ...records] = parseText(text, path);
  const columns = header?.record.map((name) => name.trim()) ?? [];
  checkHeader(columns, path);
  const rows = records.map(({record, info}) => ({
    place: `line ${info.lines - newlinesIn(record)}`,
    values: Object.fromEntries(columns.map((column, i) => [column, record[i]]))
  }));
  return {columns, rows};
}

function parseText(text: string, path: string): Parsed[] {
  const delimiter = /\.tsv(\.gz)?$/.test(path) ? "\t" : ",";
  try {
    // csv-parse types the result of `info` as plain records
    return parse(text, {delimiter, info: true, skip_empty_lines: true}) as unknown as Parsed[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new BadInput({
      where: `${path}, line ${error.lines ?? "?"}`,
      expected: "a CSV row with as many fields as the header, and quotes only around whole fields",
      found: error.message.replace(/\.$/, ""),
      mend: 'Put fields with commas, quotes or line breaks in double quotes, and write a quote inside them as "".'
    });
  }
}

function checkHeader(columns: string[], path: string): void {
  const twice = columns.find((column, i) => columns.indexOf(column) < i);
  if (twice === undefined) return;
  throw new BadInput({
    where: `${path}, line 1`,
    expected: "a header that names every column once",
    found: `“${twice}” twice`,
    mend: "Rename one of them."
  });
}

/** The parser counts to a record's last line; messages name its first. */
function newlinesIn(record: string[]): number {
  return record.reduce((sum, field) => sum + field.split("\n").length - 1, 0);
}
