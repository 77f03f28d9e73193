/** Small multiples: one plane a mode under one pair of axes, in as many columns as the drawing has room for. */
import type {Mode} from "../core/arms.js";
import {MODE_LOOKS, modeTextColor} from "../core/palette.js";
import {add, sheet} from "./elements.js";
import {wrap} from "./frame.js";
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
  /** Of one plane; as high as its horizontal scale is wide where left out. */
  height?: number;
  /** Room for the names of the vertical ticks. */
  left?: number;
  /** Room below a plane, for the names of the horizontal ticks and more. */
  bottom?: number;
  /** What the horizontal axes are, under each line of planes. */
  along?: string;
  /** Said under the mode's name, in as many lines as it needs. */
  say?: (mode: Mode) => string;
}

const GAP = 20;
/** Pixels between a plane's sides and the ends of its horizontal scale: names of outer ticks stand under their values, clear of the neighbour's. */
export const SIDES = 10;
const ALONG = 16;
/** Size of what is said under a name, and the distance of its lines, in pixels. */
const NOTE = 11.5;
const NOTE_LINE = 16;

/** Columns of a drawing: 4 or more on a wide one, 3 on a middle one, 2 on a narrow one. */
export function columnsFor(width: number, modes: number): number {
  if (width >= 800) return modes <= 4 ? 4 : modes <= 6 ? modes : 4;
  return width >= 500 ? 3 : 2;
}

/** Draws the planes and their names; `planes` are in the order of `modes`. */
export function multiples(options: MultiplesOptions): {svg: SVGSVGElement; planes: [Mode, Plane][]} {
  const {width, document, modes, y, left = 44, bottom = 30, along, say} = options;
  const columns = columnsFor(width, modes.length);
  const each = Math.floor((width - left - 8 - (columns - 1) * GAP) / columns);
  const x: Axis = {...options.x, domain: widened(options.x.domain, each), marks: true};
  const height = options.height ?? each - 2 * SIDES;
  const notes = modes.map((mode) => (say ? wrap(say(mode), each, NOTE) : []));
  const head = 28 + NOTE_LINE * Math.max(0, ...notes.map(({length}) => length));
  const row = head + height + bottom + (along ? ALONG : 0);
  const lines = Math.ceil(modes.length / columns);
  const svg = sheet(width, row * lines, document);
  for (let line = 0; along && line < lines; line++) {
    const inLine = Math.min(columns, modes.length - line * columns);
    const middle = left + (inLine * (each + GAP) - GAP) / 2;
    add(svg, "text", {class: "axis-name", x: middle, y: line * row + head + height + 33, fill: MUTED}, along);
  }
  const planes = modes.map((mode, i): [Mode, Plane] => {
    const column = i % columns;
    const area = {
      left: left + column * (each + GAP),
      top: Math.floor(i / columns) * row + head,
      width: each,
      height
    };
    name(svg, mode, {x: area.left, y: area.top - head + 16}, notes[i]!);
    return [mode, plane(svg, area, {x, y: {...y, named: column === 0}})];
  });
  return {svg, planes};
}

/** The domain with some pixels more on both sides of a plane so wide. */
function widened([from, to]: readonly [number, number], width: number): [number, number] {
  const room = ((to - from) * SIDES) / Math.max(1, width - 2 * SIDES);
  return [from - room, to + room];
}

function name(svg: SVGSVGElement, mode: Mode, {x, y}: {x: number; y: number}, notes: string[]): void {
  const style = {x, y, "text-anchor": "start", "font-weight": 600, fill: modeTextColor(mode), class: "mode"};
  add(svg, "text", style, MODE_LOOKS[mode].title);
  const quiet = {x, "text-anchor": "start", fill: MUTED, "font-size": NOTE};
  notes.forEach((line, i) => add(svg, "text", {...quiet, y: y + NOTE_LINE * (i + 1)}, line));
}
