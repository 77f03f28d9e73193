/** One's own CSV with a header (RFC 4180), or TSV where the name ends with `.tsv`; `.gz` allowed. */
import {isUtf8} from "node:buffer";
import {pipeline, Readable} from "node:stream";
import {CsvError, parse} from "csv-parse";
import type {Info} from "csv-parse";
import {BadInput} from "../../src/core/bad-input.js";
import type {OwnCorpusConfig} from "../../src/core/study.js";
import {readTable} from "./column-map.js";
import {notUtf8, streamRawLines} from "./line-stream.js";
import type {OwnRow, OwnTable} from "./own-table.js";
import type {Reading} from "./reading.js";
import type {Source} from "./source-file.js";

/** Bytes handed to the parser at a time. */
const BATCH = 1 << 16;
/** Characters; a quote that is never closed would otherwise take the rest of the file. */
const LONGEST_RECORD = 1 << 26;

interface Parsed {
  record: string[];
  info: Info;
}

/** Throws BadInput, with the line's number, on a row that the header does not fit. */
export function readCsv(config: OwnCorpusConfig, source: Source): Reading {
  return readTable(() => tableOf(source), config);
}

/** The rows of a file with a header. Throws BadInput on a header that names a column twice. */
export async function tableOf(source: Source): Promise<OwnTable> {
  const records = streamRecords(source);
  const header = await records.next();
  const columns = header.done ? [] : header.value.record.map((name) => name.trim());
  checkHeader(columns, source.name);
  return {columns, rows: rowsOf(records, columns)};
}

async function* rowsOf(records: AsyncGenerator<Parsed>, columns: string[]): AsyncGenerator<OwnRow> {
  for await (const {record, info} of records)
    yield {
      unit: "line",
      number: info.lines - newlinesIn(record),
      values: Object.fromEntries(columns.map((column, i) => [column, record[i]]))
    };
}

async function* streamRecords(source: Source): AsyncGenerator<Parsed> {
  const delimiter = /\.tsv(\.gz)?$/.test(source.name) ? "\t" : ",";
  const parser = parse({delimiter, info: true, skip_empty_lines: true, max_record_size: LONGEST_RECORD});
  // errors of the text end up in the parser, where the loop below meets them
  pipeline(Readable.from(streamText(source)), parser, () => undefined);
  try {
    yield* parser as AsyncIterable<Parsed>;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new BadInput({
      where: `${source.name}, line ${error.lines ?? "?"}`,
      expected: "a CSV row with as many fields as the header, and quotes only around whole fields",
      found: error.message.replace(/\.$/, ""),
      mend: 'Put fields with commas, quotes or line breaks in double quotes, and write a quote inside them as "".'
    });
  }
}

/** The file's text in batches of whole lines. */
async function* streamText(source: Source): AsyncGenerator<string> {
  let batch: string[] = [];
  let held = 0;
  let number = 0;
  for await (const {bytes, offset} of streamRawLines(source)) {
    number++;
    if (!isUtf8(bytes)) throw notUtf8(bytes, source.name, number, offset);
    batch.push(bytes.toString("utf8"), "\n");
    held += bytes.length;
    if (held < BATCH) continue;
    yield batch.join("");
    [batch, held] = [[], 0];
  }
  yield batch.join("");
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
