/** Stage paper-tables: skipped when neither the cubes, nor the code that writes, nor what was asked for has changed. */
import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {csvText} from "../../src/core/paper/csv.js";
import {POINTS_PER_MM} from "../../src/core/paper/paper-size.js";
import type {PaperTable} from "../../src/core/paper/tables/paper-table.js";
import {TABLES} from "../../src/core/paper/tables/registry.js";
import {htmlTable} from "../../src/core/paper/tables/write-html.js";
import {latexTable} from "../../src/core/paper/tables/write-latex.js";
import {markdownTable} from "../../src/core/paper/tables/write-markdown.js";
import {defaultSelection, type Selection} from "../../src/core/selection.js";
import {readCubes} from "../site/study-tables.js";
import {writeAtomically} from "../stages/atomic-files.js";
import {canonicalJson} from "../stages/content-hash.js";
import type {Context} from "../stages/context.js";
import {paperSpec} from "./paper-stage.js";
import type {TableFormat, TableOptions} from "./table-formats.js";

export interface WrittenTable {
  name: string;
  files: string[];
  /** Whether every column fits the paper. */
  fits: boolean;
}

export interface TableList {
  tables: WrittenTable[];
  /** Names of tables that the study has nothing to put in. */
  empty: string[];
}

const LIST = "paper-tables.json";

/** Writes what was asked for unless it is written; returns its folder, and what is in it. */
export async function makePaperTables(
  context: Context,
  tables: string,
  options: TableOptions
): Promise<TableList & {folder: string; made: boolean}> {
  const spec = await paperSpec("paper-tables", tables, options);
  const {folder, made} = await context.store.ensure(context.file.id, spec, async (partial) => {
    const list = await writeTables(readCubes(tables), options, partial);
    await writeAtomically(join(partial, LIST), `${canonicalJson(list)}\n`);
  });
  context.report.stage("paper-tables", context.file.id, made);
  return {...(JSON.parse(await readFile(join(folder, LIST), "utf8")) as TableList), folder, made};
}

/** Writes tables into an empty folder. */
export async function writeTables(
  cubes: AllCubes,
  options: TableOptions,
  folder: string
): Promise<TableList> {
  const first = defaultSelection(cubes.study);
  const selection: Selection = {...first, measure: options.measure ?? first.measure};
  const tables: WrittenTable[] = [];
  const empty: string[] = [];
  for (const name of options.names) {
    const table = TABLES[name]!(cubes, selection);
    if (!table) {
      empty.push(name);
      continue;
    }
    const {texts, fits} = textsOf(table, options);
    for (const [file, text] of texts) await writeFile(join(folder, file), text);
    tables.push({name, files: texts.map(([file]) => file), fits});
  }
  return {tables, empty};
}

function textsOf(
  table: PaperTable,
  {formats, mm, wide}: TableOptions
): {texts: [file: string, text: string][]; fits: boolean} {
  const {text: latex, fits} = latexTable(table, {points: mm * POINTS_PER_MM, wide});
  const write: Record<TableFormat, () => string> = {
    tex: () => latex,
    md: () => markdownTable(table),
    html: () => htmlTable(table),
    csv: () => csvText(table.data)
  };
  return {texts: formats.map((format) => [`table-${table.name}.${format}`, write[format]()]), fits};
}
