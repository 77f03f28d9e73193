/** `because figures`: figures for a paper, with their data, LaTeX and alternative text. */
import {resolve} from "node:path";
import {BadInput} from "../../src/core/bad-input.js";
import {VENUES} from "../../src/core/paper/paper-size.js";
import type {Venue} from "../../src/core/paper/paper-size.js";
import type {Variant} from "../../src/core/paper/print-colours.js";
import {FIGURES} from "../../src/figures/registry.js";
import type {StudyOptions} from "../cli.js";
import {copyFiles} from "../paper/copy-files.js";
import type {ExportedFigure} from "../paper/export-figures.js";
import type {Format} from "../paper/formats.js";
import {makeFigures} from "../paper/make-figures.js";
import {nearest} from "../study/describe-issue.js";
import {makeTables} from "../tables/make-tables.js";
import {openStudy, stopSignal} from "./open-study.js";
import {printJson} from "./outcome.js";
import type {Outcome} from "./outcome.js";
import {failures, trainStudy} from "./run.js";

export interface FiguresOptions extends StudyOptions {
  only?: string[];
  format: Format[];
  venue: Venue;
  width?: number;
  dpi: number;
  variant: Variant;
  output?: string;
}

/** Venues whose width goes over two columns of a page. */
export const OVER_COLUMNS: readonly Venue[] = ["nature-double"];

export async function figures(options: FiguresOptions): Promise<Outcome> {
  const {only = [], format, venue, width, dpi, variant, output} = options;
  for (const name of only) requireFigure(name);
  const context = await openStudy(options);
  const runs = await trainStudy(context, stopSignal());
  const tables = await makeTables(context, runs);
  const list = await makeFigures(context, tables, {
    names: Object.keys(FIGURES).filter((name) => only.length === 0 || only.includes(name)),
    formats: [...format].sort(),
    mm: width ?? VENUES[venue],
    dpi,
    variant,
    wide: width === undefined && OVER_COLUMNS.includes(venue)
  });
  const folder = output ? resolve(output) : list.folder;
  const files = list.figures.flatMap((figure) => figure.files);
  if (output) await copyFiles(list.folder, files, folder, "figures");
  if (options.json) printJson({folder, figures: list.figures, empty: list.empty});
  else {
    process.stderr.write(list.figures.map(describeFindings).join(""));
    if (only.length > 0 && list.empty.length > 0)
      context.report.note(`This study has nothing to draw in: ${list.empty.join(", ")}.`);
    process.stdout.write(`${list.figures.length} figures, ${files.length} files in ${folder}\n`);
  }
  const faults = list.figures.some(({findings}) => findings.some(({note}) => !note));
  return faults || failures(runs).length > 0 ? 1 : 0;
}

/** A line a fault or note, and one with its mend. */
export function describeFindings({name, findings}: Pick<ExportedFigure, "name" | "findings">): string {
  return findings
    .map(({found, mend, note}) => `${note ? "note" : "fault"} ${name}: ${found}\n  mend ${mend}\n`)
    .join("");
}

function requireFigure(name: string): void {
  const names = Object.keys(FIGURES);
  if (names.includes(name)) return;
  const like = nearest(name, names);
  throw new BadInput({
    where: `--only ${name}`,
    expected: `a figure: ${names.join(", ")}`,
    found: `“${name}”`,
    mend: like === null ? "Name one of those." : `Did you mean ${like}?`
  });
}
