/** What the loaders of `src/data` write: one archive of all cubes, and the database for drill-down. */
import {readFileSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {strToU8, zipSync, type Zippable} from "fflate";
import {CUBES} from "../../src/core/cubes.js";
import {cubeFile, emptyCube} from "./study-tables.js";

/** A fixed time for entries, so that the same cubes make the same bytes. */
const EPOCH = new Date("2000-01-01T00:00:00Z");

/** A ZIP archive of all cubes, `levels.json` and so on; cubes without content where there are no tables yet. */
export function studyArchive(tables: string | undefined): Uint8Array {
  const files: Zippable = {};
  for (const cube of CUBES) {
    const content = tables ? readFileSync(cubeFile(tables, cube)) : strToU8(JSON.stringify(emptyCube(cube)));
    files[`${cube}.json`] = [content, {level: 0, mtime: EPOCH}];
  }
  return zipSync(files);
}

/** The bytes of `study.duckdb`; none where there are no tables yet. */
export async function studyDatabase(tables: string | undefined): Promise<Uint8Array> {
  return tables ? readFile(join(tables, "study.duckdb")) : new Uint8Array();
}
