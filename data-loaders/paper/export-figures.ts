/** Figures for a paper: drawings, and beside each its data, a LaTeX snippet and a text for those who do not see it. */
import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {csvText, flatRow} from "../../src/core/paper/csv.js";
import type {CsvRow} from "../../src/core/paper/csv.js";
import {figureSnippet} from "../../src/core/paper/latex.js";
import {drawForPaper} from "./draw-figure.js";
import type {PaperFigure} from "./draw-figure.js";
import type {Format, PaperOptions} from "./formats.js";
import {lintFigure} from "./lint.js";
import type {Finding} from "./lint.js";
import {writePdf} from "./write-pdf.js";
import {writePng} from "./write-png.js";
import {withFonts} from "./write-svg.js";

export interface ExportedFigure {
  name: string;
  title: string;
  mm: {width: number; height: number};
  files: string[];
  findings: Finding[];
}

/** Writes the figures that the study has into an empty `folder`, and says which, what is wrong with each, and which it lacks. */
export async function exportFigures(
  cubes: AllCubes,
  options: PaperOptions,
  folder: string
): Promise<{figures: ExportedFigure[]; empty: string[]}> {
  const figures: ExportedFigure[] = [];
  const empty: string[] = [];
  for (const name of options.names) {
    const figure = drawForPaper(name, cubes, options);
    if (figure) figures.push(await writeFigure(figure, options, folder));
    else empty.push(name);
  }
  return {figures, empty};
}

async function writeFigure(
  figure: PaperFigure,
  options: PaperOptions,
  folder: string
): Promise<ExportedFigure> {
  const {name, drawn, mm, alt} = figure;
  const files: Record<string, string | Uint8Array> = {};
  for (const format of options.formats) files[`${name}.${format}`] = await DRAW[format](figure, options);
  files[`${name}.csv`] = csvText(dataOf(figure));
  files[`${name}.tex`] = figureSnippet({name, mm: mm.width, wide: options.wide, caption: captionOf(figure)});
  files[`${name}.txt`] = `${drawn.title}. ${alt}\n`;
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content);
  return {name, title: drawn.title, mm, files: Object.keys(files), findings: lintFigure(figure, options)};
}

const DRAW: Record<Format, (figure: PaperFigure, options: PaperOptions) => Promise<string | Buffer>> = {
  svg: ({svg, shapes}) => withFonts(svg, shapes),
  pdf: ({shapes, points, scale, drawn: {title}, alt}) => writePdf(shapes, {...points, scale, title, alt}),
  png: async ({svg, mm}, {dpi}) => writePng(svg, {mm: mm.width, dpi})
};

const COLUMNS = {
  left: new Set(
    (
      "title href dy r filled text color ink baseline alt summary reason " +
      "low_trainings high_trainings effect_low_trainings effect_high_trainings within_low_trainings " +
      "within_high_trainings auroc_low_trainings auroc_high_trainings"
    ).split(" ")
  ),
  within: new Set("arm system seed corpus axis measure n dialogues".split(" "))
};

/** What the figure drew, in full precision. */
export function dataOf({drawn}: Pick<PaperFigure, "drawn">): CsvRow[] {
  return drawn.rows().map((row) => flatRow(row, COLUMNS));
}

function captionOf({drawn: {title, subtitle, note}}: PaperFigure): string {
  const sentences = [title, subtitle && subtitle[0]!.toUpperCase() + subtitle.slice(1), note];
  return sentences
    .map((sentence) => sentence.trim())
    .filter(Boolean)
    .map((sentence) => sentence.replace(/[^.?!]$/, "$&."))
    .join(" ");
}
