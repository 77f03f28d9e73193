/** Stage figures: skipped when neither the tables, nor the code that draws, nor what was asked for has changed. */
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {canonicalJson} from "../stages/content-hash.js";
import {writeAtomically} from "../stages/atomic-files.js";
import type {Context} from "../stages/context.js";
import {readCubes} from "../site/study-tables.js";
import {exportFigures} from "./export-figures.js";
import type {ExportedFigure} from "./export-figures.js";
import type {PaperOptions} from "./formats.js";
import {paperSpec} from "./paper-stage.js";

const LIST = "figures.json";

export interface FigureList {
  figures: ExportedFigure[];
  /** Names of figures that the study has nothing to draw in. */
  empty: string[];
}

/** Draws what was asked for unless it is drawn; returns its folder, and what is in it. */
export async function makeFigures(
  context: Context,
  tables: string,
  options: PaperOptions
): Promise<FigureList & {folder: string; made: boolean}> {
  const spec = await paperSpec("figures", tables, options);
  const {folder, made} = await context.store.ensure(context.file.id, spec, async (partial) => {
    const list = await exportFigures(readCubes(tables), options, partial);
    await writeAtomically(join(partial, LIST), `${canonicalJson(list)}\n`);
  });
  context.report.stage("figures", context.file.id, made);
  const list = JSON.parse(await readFile(join(folder, LIST), "utf8")) as FigureList;
  return {...list, folder, made};
}
