/** Columns that stand beside each other on paper, as far as they fit. */
import type {Cell, PaperTable} from "./paper-table.js";

/** Sizes of LaTeX's `\footnotesize` and, for intervals, `\scriptsize`, in points, in a document of 10 pt. */
const [SIZE, SMALL] = [8, 7];
/**
 * Widths of Computer Modern in its size, which is relatively wider in small ones: digits and most letters, what is
 * narrow, and the signs of mathematics.
 */
const [LETTER, NARROW, SIGN] = [0.55, 0.34, 0.87];
/** Points between two columns: twice LaTeX's `\tabcolsep` as our tables set it. */
const BETWEEN = 6;

/** Points of the thin space before an interval. */
const THIN = 1.4;

/** Ems of a text. */
function ems(text: string): number {
  const count = (pattern: RegExp): number => text.replace(pattern, "").length;
  const [signs, narrow] = [count(/[^−+±<>≤≥=]/g), count(/[^[\](),.:;'’iljtfI|\s]/g)];
  return signs * SIGN + narrow * NARROW + (text.length - signs - narrow) * LETTER;
}

/** Points that a cell takes in LaTeX, about. */
export function cellPoints({text, interval, mark}: Cell): number {
  const small = interval === undefined ? 0 : ems(interval) * SMALL + THIN;
  return ems(text) * SIZE + small + ems(mark ?? "") * SMALL;
}

export interface Fitted {
  /** Indices of columns, panel by panel; the first column, which says what rows are, opens each. */
  panels: number[][];
  /** Widths in points of columns whose words are broken into lines; others are as wide as their widest cell. */
  broken: ReadonlyMap<number, number>;
  /** Whether every column fits the paper. */
  fits: boolean;
}

/** Most of the paper's width that a column of words takes before they are broken: the first, and others. */
const [FIRST, OTHER] = [0.32, 0.2];

/** @param points of the paper's width */
export function fitColumns({columns, rows}: PaperTable, points: number): Fitted {
  const broken = new Map<number, number>();
  const widths = columns.map(({title, numeric}, i) => {
    const cells = rows.filter(({heading}) => !heading).map((row) => row.cells[i] ?? {text: ""});
    const whole = Math.max(titlePoints(title), ...cells.map(cellPoints));
    const most = points * (i === 0 ? FIRST : OTHER);
    if (numeric || whole <= most) return whole + BETWEEN;
    const words = cells.map(({text}) => longestWordPoints(text));
    broken.set(i, Math.max(most, titlePoints(title), ...words));
    return broken.get(i)! + BETWEEN;
  });
  const room = points - widths[0]!;
  const panels: number[][] = [];
  let left = 0;
  for (let i = 1; i < columns.length; i++) {
    if (panels.length === 0 || widths[i]! > left) {
      panels.push([0]);
      left = room;
    }
    panels.at(-1)!.push(i);
    left -= widths[i]!;
  }
  return {panels, broken, fits: widths.slice(1).every((width) => width <= room)};
}

/** Points of the longest word: a text may be broken between words. */
function longestWordPoints(text: string): number {
  return Math.max(...text.split(/\s+/).map(ems)) * SIZE;
}

/** Letters of a title's line; longer ones are broken between words. */
const TITLE = 12;

/** A column's title, line by line. */
export function brokenTitle(title: string): string[] {
  const lines: string[] = [];
  for (const word of title.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= TITLE)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function titlePoints(title: string): number {
  return Math.max(...brokenTitle(title).map(ems)) * SIZE;
}
