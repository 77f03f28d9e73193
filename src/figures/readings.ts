/**
 * Exact values behind a drawing, for hover and keyboard, without an element a value: a figure says how to list them,
 * and nobody does so before a reader asks. Figures of few marks keep their `<title>` elements instead.
 */

/** One value: where it is drawn, in the figure's own units, and what it is, in words. */
export interface Reading {
  /** Centre of the mark. */
  x: number;
  y: number;
  /** Size of what it fills; a point where left out. */
  width?: number;
  height?: number;
  /** Exact values, one line a thing. */
  title: string;
}

const given = new WeakMap<SVGSVGElement, () => Reading[]>();

/** Says how the values of a figure are listed. */
export function giveReadings(figure: SVGSVGElement, list: () => Reading[]): void {
  given.set(figure, list);
}

/** Whether {@link readingsOf} has something to list. */
export function hasReadings(figure: SVGSVGElement): boolean {
  return given.has(figure);
}

/** The values of a figure, listed now; none where it gave none. */
export function readingsOf(figure: SVGSVGElement): Reading[] {
  return given.get(figure)?.() ?? [];
}
