/** Small multiples: one plane a mode under one pair of axes, in as many columns as the drawing has room for. */
import {MODES} from "../core/arms.js";
import type {Mode} from "../core/arms.js";
import {MODE_LOOKS, modeTextColor} from "../core/palette.js";
import {add, sheet} from "./elements.js";
import {MUTED} from "./marks.js";
import {plane} from "./plane.js";
import type {Axis, Plane} from "./plane.js";

export interface MultiplesOptions {
  width: number;
  document?: Document | undefined;
  modes: readonly Mode[];
  /** All planes share them. */
  x: Axis;
  y: Axis;
  /** Of one plane; as high as wide where left out. */
  height?: number;
  /** Room for the names of the vertical ticks. */
  left?: number;
  /** Room below a plane, for the names of the horizontal ticks and more. */
  bottom?: number;
  /** A second line under the mode's name. */
  say?: (mode: Mode) => string;
}

const GAP = 20;

/** Columns of a drawing: 4 or more on a wide one, 3 on a middle one, 2 on a narrow one. */
export function columnsFor(width: number, modes: number): number {
  if (width >= 800) return modes <= 4 ? 4 : modes <= 6 ? modes : 4;
  return width >= 500 ? 3 : 2;
}

/** Draws the planes and their names; `planes` are in the order of `modes`. */
export function multiples(options: MultiplesOptions): {svg: SVGSVGElement; planes: [Mode, Plane][]} {
  const {width, document, modes, x, y, left = 44, bottom = 30, say} = options;
  const columns = columnsFor(width, modes.length);
  const each = Math.floor((width - left - 8 - (columns - 1) * GAP) / columns);
  const height = options.height ?? each;
  const head = say ? 44 : 28;
  const row = head + height + bottom;
  const svg = sheet(width, row * Math.ceil(modes.length / columns), document);
  const planes = modes.map((mode, i): [Mode, Plane] => {
    const column = i % columns;
    const area = {
      left: left + column * (each + GAP),
      top: Math.floor(i / columns) * row + head,
      width: each,
      height
    };
    name(svg, mode, area.left, area.top - head + 16, say?.(mode));
    return [mode, plane(svg, area, {x, y: {...y, named: column === 0}})];
  });
  return {svg, planes};
}

function name(svg: SVGSVGElement, mode: Mode, x: number, y: number, note?: string): void {
  const style = {x, y, "text-anchor": "start", "font-weight": 600, fill: modeTextColor(mode), class: "mode"};
  add(svg, "text", style, MODE_LOOKS[mode].title);
  if (note) add(svg, "text", {x, y: y + 16, "text-anchor": "start", fill: MUTED, "font-size": 11.5}, note);
}

/** Modes that have data, in figure order. */
export function modesIn(rows: readonly {mode: Mode}[]): Mode[] {
  const here = new Set(rows.map(({mode}) => mode));
  return MODES.filter((mode) => here.has(mode));
}
