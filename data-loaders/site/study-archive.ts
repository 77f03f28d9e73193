/** The study's files as pages load them: cubes, some of them cut into parts, and the database for drill-down. */
import {createHash} from "node:crypto";
import {readFileSync} from "node:fs";
import {mkdir, readFile, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {strToU8, zipSync, type Zippable} from "fflate";
import {cutCube, partFile, partsOf} from "../../src/core/cube-parts.js";
import {CUBES, type StudyFacts} from "../../src/core/cubes.js";
import {decodeCubes} from "../../src/core/cubes-reader.js";
import {searchDocument} from "../../src/core/search-index.js";
import {cubeFile, emptyCube} from "./study-tables.js";

/** A fixed time for entries, so that the same cubes make the same bytes. */
const EPOCH = new Date("2000-01-01T00:00:00Z");

/** Below a site's root; Framework's preview serves the archive's members from there too. */
const FOLDER = join("_file", "data", "study");

/** File → bytes: `study.json`, `levels/accuracy.json`; cubes without content where there are no tables yet. */
export function studyFiles(tables: string | undefined): Map<string, Uint8Array> {
  const bytesOf = (cube: (typeof CUBES)[number]): Uint8Array =>
    tables ? readFileSync(cubeFile(tables, cube)) : strToU8(JSON.stringify(emptyCube(cube)));
  const parse = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString("utf8"));
  const facts = parse(bytesOf("study")) as StudyFacts;
  const files = new Map<string, Uint8Array>();
  for (const cube of CUBES) {
    const bytes = bytesOf(cube);
    if (partsOf(cube, facts).length === 0) files.set(partFile(cube), bytes);
    else
      for (const [part, content] of cutCube(cube, parse(bytes), facts))
        files.set(partFile(cube, part), strToU8(JSON.stringify(content)));
  }
  const [runs, examples] = [parse(bytesOf("runs")), parse(bytesOf("examples"))];
  const found = searchDocument(decodeCubes({study: facts, runs, examples}));
  files.set("search.json", strToU8(JSON.stringify(found)));
  return files;
}

/** A ZIP archive of them, from which Framework's preview serves. */
export function studyArchive(tables: string | undefined): Uint8Array {
  const entries: Zippable = {};
  for (const [file, bytes] of studyFiles(tables)) entries[file] = [bytes, {level: 0, mtime: EPOCH}];
  return zipSync(entries);
}

/** Writes them into a built site, where pages look for them. */
export async function writeStudyFiles(tables: string, site: string): Promise<void> {
  for (const [file, bytes] of studyFiles(tables)) {
    const path = join(site, FOLDER, file);
    await mkdir(dirname(path), {recursive: true});
    await writeFile(path, bytes);
  }
}

/** Hex digits that change with any cube: pages ask for files by it, so that no cache mixes two studies. */
export function cubesVersion(tables: string): string {
  const hash = createHash("sha256");
  for (const cube of CUBES) hash.update(readFileSync(cubeFile(tables, cube)));
  return hash.digest("hex").slice(0, 16);
}

/** The bytes of `study.duckdb`; none where there are no tables yet. */
export async function studyDatabase(tables: string | undefined): Promise<Uint8Array> {
  return tables ? readFile(join(tables, "study.duckdb")) : new Uint8Array();
}
