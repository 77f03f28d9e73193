/** Figures of a report as files: PDF for LaTeX, SVG for Markdown. */
import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {drawForPaper} from "../paper/draw-figure.js";
import {writePdf} from "../paper/write-pdf.js";
import {withFonts} from "../paper/write-svg.js";
import type {Report} from "./report.js";
import {LINE_MM} from "./write-latex.js";

/** Writes them into a folder; returns their names. */
export async function writeFigures({figures, cubes}: Report, folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const {id, name, selection} of figures) {
    const figure = drawForPaper(name, cubes, {mm: LINE_MM, variant: "colour", selection});
    if (!figure) continue;
    const {shapes, points, scale, drawn, alt, svg} = figure;
    await writeFile(
      join(folder, `${id}.pdf`),
      await writePdf(shapes, {...points, scale, title: drawn.title, alt})
    );
    await writeFile(join(folder, `${id}.svg`), await withFonts(svg, shapes));
    files.push(`${id}.pdf`, `${id}.svg`);
  }
  return files;
}
