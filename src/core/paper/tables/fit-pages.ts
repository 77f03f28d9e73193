/** Panels that share a page: LaTeX lets a float that is higher than a page run off it. */
import {cellPoints} from "./fit-columns.js";
import type {PaperTable} from "./paper-table.js";

/** Points of the text's height that a float may take: 8.3 in, of the 9 in of most venues. */
const PAGE = 600;
/** Points from line to line: of rows, and of the caption; what a heading or the rules and the gap of a panel add. */
const [ROW, CAPTION_LINE, HEADING, RULES] = [9.5, 12, 4.5, 24];
/** A caption is set in 10 points, cells are measured in 8. */
const CAPTION_SCALE = 10 / 8;

/**
 * Groups panels into floats, in order.
 *
 * @param titleLines lines that each panel's titles take
 * @param points of the paper's width
 */
export function fitPages<P>(
  {caption, rows}: Pick<PaperTable, "caption" | "rows">,
  panels: readonly P[],
  {titleLines, points}: {titleLines: (panel: P) => number; points: number}
): P[][] {
  const body = rows.reduce((sum, {heading}) => sum + ROW + (heading ? HEADING : 0), RULES);
  const captionLines = Math.ceil((cellPoints({text: caption}) * CAPTION_SCALE) / points) + 1;
  const floats: P[][] = [];
  let left = 0;
  for (const panel of panels) {
    const height = body + titleLines(panel) * ROW;
    if (floats.length === 0 || height > left) {
      left = PAGE - CAPTION_LINE * (floats.length === 0 ? captionLines : 2);
      floats.push([]);
    }
    floats.at(-1)!.push(panel);
    left -= height;
  }
  return floats;
}
