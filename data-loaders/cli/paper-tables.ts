/** `because paper-tables`: the results as tables for a paper. */
import {resolve} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import type {MeasureId} from "../../src/core/cubes.js";
import {MEASURES} from "../../src/core/measures.js";
import {VENUES, type Venue} from "../../src/core/paper/paper-size.js";
import {TABLES} from "../../src/core/paper/tables/registry.js";
import type {StudyOptions} from "../cli.js";
import {copyFiles} from "../paper/copy-files.js";
import {makePaperTables} from "../paper/make-paper-tables.js";
import type {TableFormat} from "../paper/table-formats.js";
import {nearest} from "../study/describe-issue.js";
import {makeTables} from "../tables/make-tables.js";
import {OVER_COLUMNS} from "./figures.js";
import {openStudy, stopSignal} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";
import {failures, trainStudy} from "./run.js";

export interface PaperTableOptions extends StudyOptions {
  only?: string[];
  format: TableFormat[];
  venue: Venue;
  width?: number;
  measure?: string;
  output?: string;
}

export async function paperTables(options: PaperTableOptions): Promise<Outcome> {
  const {only = [], format, venue, width, measure, output} = options;
  const names = Object.keys(TABLES);
  for (const name of only) requireKnown("--only", "a table", name, names);
  if (measure !== undefined)
    requireKnown(
      "--measure",
      "a measure",
      measure,
      MEASURES.map(({id}) => id)
    );
  const context = await openStudy(options);
  const runs = await trainStudy(context, stopSignal());
  const list = await makePaperTables(context, await makeTables(context, runs), {
    names: names.filter((name) => only.length === 0 || only.includes(name)),
    formats: [...format].sort(),
    mm: width ?? VENUES[venue],
    wide: width === undefined && OVER_COLUMNS.includes(venue),
    measure: (measure as MeasureId | undefined) ?? null
  });
  const folder = output ? resolve(output) : list.folder;
  const files = list.tables.flatMap((table) => table.files);
  if (output) await copyFiles(list.folder, files, folder, "paper-tables");
  if (options.json) printJson({folder, tables: list.tables, empty: list.empty});
  else {
    for (const {name, fits} of list.tables)
      if (!fits)
        context.report.note(
          `table ${name}: a column is wider than the paper; --width or --venue name a wider one.`
        );
    if (only.length > 0 && list.empty.length > 0)
      context.report.note(`This study has nothing to put in: ${list.empty.join(", ")}.`);
    process.stdout.write(`${list.tables.length} tables, ${files.length} files in ${folder}\n`);
  }
  return failures(runs).length > 0 ? 1 : 0;
}

function requireKnown(option: string, kind: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const like = nearest(name, known);
  throw new BadInput({
    where: `${option} ${name}`,
    expected: `${kind}: ${known.join(", ")}`,
    found: `“${name}”`,
    mend: like === null ? "Name one of those." : `Did you mean ${like}?`
  });
}
