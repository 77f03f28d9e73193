/** One's own Parquet; nested lists and structs come as lists and objects. */
import type {OwnCorpusConfig} from "../../src/core/study.js";
import {readTable} from "./column-map.js";
import type {OwnRow} from "./own-table.js";
import {openParquet} from "./parquet-rows.js";
import type {ParquetTable} from "./parquet-rows.js";
import type {Reading} from "./reading.js";
import type {Source} from "./source-file.js";

/** Throws BadInput on what is no Parquet file. Rows keep their order in the file. */
export function readParquet(config: OwnCorpusConfig, source: Source): Reading {
  return readTable(async () => {
    const {columns, rows} = await openParquet(source);
    return {columns, rows: placed(rows)};
  }, config);
}

async function* placed(rows: ParquetTable["rows"]): AsyncGenerator<OwnRow> {
  for await (const {number, values} of rows) yield {unit: "row", number, values};
}
