/** Names of rows beside or above their estimates, and the room that they need. */
import {add} from "./elements.js";
import type {PanelRow} from "./interval-panels.js";
import {INK, MUTED, PAPER} from "./marks.js";

/** Mean width of a character of a row's label, in pixels, and of a bold one. */
export const LABEL_CHARACTER = 6.7;
const BOLD_LABEL_CHARACTER = 8.3;
/** Pixels that a part of the row above begins further right. */
const INDENT = 10;

/** Room for the longest label, within bounds. */
export function gutterOf(rows: PanelRow[], width: number, columns: number): number {
  const longest = Math.max(0, ...rows.map((row) => row.label.length * characterOf(row)));
  const most = width < 640 ? 150 : columns === 1 ? 300 : 230;
  return Math.min(most, Math.max(70, longest + 12));
}

function characterOf({strong}: PanelRow): number {
  return strong ? BOLD_LABEL_CHARACTER : LABEL_CHARACTER;
}

/** One name a row; beside its row, or above it on a halo that keeps the grid off. */
export function drawLabels(
  group: Element,
  rows: PanelRow[],
  {
    y,
    labelsAbove,
    labelsStart,
    gutter
  }: {y: (row: string) => number; labelsAbove: boolean; labelsStart: boolean; gutter: number}
): void {
  const halo = labelsAbove ? {stroke: PAPER, "stroke-width": 5, "paint-order": "stroke"} : {}; // keeps the grid off
  const anchor = labelsAbove || labelsStart ? "start" : "end";
  const labels = add(group, "g", {class: "rows", "text-anchor": anchor, ...halo});
  for (const row of rows) {
    const {key, label, strong, color, indent} = row;
    const room = Math.floor((gutter - 8) / (characterOf(row) - 0.6));
    add(
      labels,
      "text",
      {
        ...{
          x: labelsStart ? INDENT * Number(indent ?? false) - gutter : -8,
          y: y(key) + (labelsAbove ? -14 : 4)
        },
        ...{"font-weight": strong ? 600 : null, fill: color ?? (strong || labelsAbove ? INK : MUTED)}
      },
      labelsAbove || label.length <= room ? label : `${label.slice(0, room - 1)}…`
    );
  }
}
