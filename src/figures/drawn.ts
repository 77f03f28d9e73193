/** What a figure drew, for whoever takes it to paper: its words, and its data in full precision. */
import type {Mode} from "../core/arms.js";

export interface Drawn {
  title: string;
  subtitle: string;
  note: string;
  /** Modes that its legend names. */
  legend: readonly Mode[];
  /** What is drawn, one row a mark, in the units drawn; listed when asked for. */
  rows: () => readonly object[];
}

const drawings = new WeakMap<SVGSVGElement, Drawn>();
const panels = new WeakMap<SVGSVGElement, () => readonly object[]>();

/** Says what a figure drew. */
export function giveDrawn(figure: SVGSVGElement, drawn: Drawn): void {
  drawings.set(figure, drawn);
}

export function drawnBy(figure: SVGSVGElement): Drawn | undefined {
  return drawings.get(figure);
}

/** Says which rows a panel draws, before it is framed. */
export function giveRows(panel: SVGSVGElement, rows: () => readonly object[]): void {
  panels.set(panel, rows);
}

export function rowsOf(panel: SVGSVGElement): readonly object[] {
  return panels.get(panel)?.() ?? [];
}

/** Rows of several arms as one list, each with its mode. */
export function modeRows(arms: readonly {mode: Mode; rows: readonly object[]}[]): object[] {
  return arms.flatMap(({mode, rows}) => rows.map((row) => ({mode, ...row})));
}
