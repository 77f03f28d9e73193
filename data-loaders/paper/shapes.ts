/**
 * A figure as a list of shapes in the order they are painted, each with all that it inherits: what a PDF is written
 * from, and what the lint measures. Only what figures draw is known; anything else is an error, never left out.
 */
import type {Colours} from "../../src/figures/standalone.js";
import {withColours} from "../../src/figures/standalone.js";
import {nearestWeight, textWidth} from "./fonts.js";
import type {Weight} from "./fonts.js";

/** Columns of an affine transform, as in SVG's `matrix(a,b,c,d,e,f)`. */
export type Matrix = readonly [number, number, number, number, number, number];

export interface Paint {
  /** `#rrggbb`, or null for none. */
  fill: string | null;
  stroke: string | null;
  fillOpacity: number;
  strokeOpacity: number;
  strokeWidth: number;
  dash: number[];
  cap: "butt" | "round" | "square";
  join: "miter" | "round" | "bevel";
  evenOdd: boolean;
}

interface Placed extends Paint {
  /** From the shape's coordinates to those of the figure. */
  matrix: Matrix;
  /** Classes of the element and all that hold it. */
  classes: readonly string[];
  /** Of the plane or nested drawing that it stands in; the same for shapes that can cross. */
  panel: number;
}

export interface PathShape extends Placed {
  kind: "path";
  d: string;
}

export interface TextShape extends Placed {
  kind: "text";
  text: string;
  /** Left end of the baseline, whatever the anchor was. */
  x: number;
  y: number;
  size: number;
  weight: Weight;
  width: number;
  /** Whether the stroke is painted below the letters, to set them off what they cross. */
  halo: boolean;
}

export type Shape = PathShape | TextShape;

/** What an element hands on to those within it. */
interface Inherited extends Placed {
  color: string;
  size: number;
  weight: number;
  anchor: string;
  halo: boolean;
}

const ROOT: Inherited = {
  fill: "#000000",
  stroke: null,
  fillOpacity: 1,
  strokeOpacity: 1,
  strokeWidth: 1,
  dash: [],
  cap: "butt",
  join: "miter",
  evenOdd: false,
  matrix: [1, 0, 0, 1, 0, 0],
  classes: [],
  panel: 0,
  color: "#000000",
  size: 12.5,
  weight: 400,
  anchor: "start",
  halo: false
};

/** Never painted. */
const SILENT = new Set(["title", "desc", "style", "metadata"]);

/** All shapes of a figure, in `colours`. */
export function shapesOf(svg: Element, colours: Colours): Shape[] {
  const shapes: Shape[] = [];
  walk(svg, ROOT, {shapes, colours, panels: 0});
  return shapes;
}

interface Walk {
  shapes: Shape[];
  colours: Colours;
  panels: number;
}

function walk(element: Element, outer: Inherited, into: Walk): void {
  const name = element.localName;
  if (SILENT.has(name)) return;
  const own = inherit(element, outer, into.colours);
  if (name === "svg" || name === "g" || name === "a") {
    if (name === "svg" || element.getAttribute("class") === "plane") own.panel = into.panels++;
    for (const child of element.children) walk(child, own, into);
    return;
  }
  if (element.getAttribute("visibility") === "hidden") return;
  if (name === "text") into.shapes.push(...textShape(element, own));
  else into.shapes.push({...paintOf(own), kind: "path", d: outline(element)});
}

function paintOf({color: _c, size: _s, weight: _w, anchor: _a, halo: _h, ...placed}: Inherited): Placed {
  return placed;
}

function inherit(element: Element, outer: Inherited, colours: Colours): Inherited {
  const own: Inherited = {...outer};
  const classes = element.getAttribute("class");
  if (classes) own.classes = [...outer.classes, ...classes.split(" ")];
  own.matrix = compose(outer.matrix, placeOf(element));
  const color = element.getAttribute("color");
  if (color) own.color = withColours(color.trim(), colours);
  const opacity = numberOf(element, "opacity") ?? 1;
  own.fillOpacity = (numberOf(element, "fill-opacity") ?? outer.fillOpacity) * opacity;
  own.strokeOpacity = (numberOf(element, "stroke-opacity") ?? outer.strokeOpacity) * opacity;
  own.strokeWidth = numberOf(element, "stroke-width") ?? outer.strokeWidth;
  own.size = numberOf(element, "font-size") ?? outer.size;
  own.weight = numberOf(element, "font-weight") ?? outer.weight;
  own.anchor = element.getAttribute("text-anchor") ?? outer.anchor;
  own.fill = colourOf(element, "fill", {outer: outer.fill, current: own.color, colours});
  own.stroke = colourOf(element, "stroke", {outer: outer.stroke, current: own.color, colours});
  own.cap = (element.getAttribute("stroke-linecap") ?? outer.cap) as Paint["cap"];
  own.join = (element.getAttribute("stroke-linejoin") ?? outer.join) as Paint["join"];
  const dash = element.getAttribute("stroke-dasharray");
  if (dash !== null) own.dash = dash === "none" ? [] : dash.split(/[\s,]+/).map(Number);
  const rule = element.getAttribute("fill-rule");
  if (rule !== null) own.evenOdd = rule === "evenodd";
  const order = element.getAttribute("paint-order");
  if (order !== null) own.halo = order.startsWith("stroke");
  return own;
}

const WEIGHT_NAMES: Record<string, number> = {normal: 400, bold: 700};

function numberOf(element: Element, name: string): number | null {
  const text = element.getAttribute(name);
  if (text === null) return null;
  const value = WEIGHT_NAMES[text] ?? Number(text);
  if (!Number.isFinite(value)) throw new Error(`A figure's ${name} is “${text}”, which is no number.`);
  return value;
}

function colourOf(
  element: Element,
  name: string,
  {outer, current, colours}: {outer: string | null; current: string; colours: Colours}
): string | null {
  const value = element.getAttribute(name);
  if (value === null) return outer;
  if (value === "none" || value === "transparent") return null;
  if (value === "currentColor") return current;
  const text = withColours(value, colours);
  if (!/^#[0-9a-f]{6}$/i.test(text)) throw new Error(`A figure's ${name} is “${text}”, which is no #rrggbb.`);
  return text;
}

/** What an element's place and `transform` do to what is in it. */
function placeOf(element: Element): Matrix {
  const nested = element.localName === "svg" && element.parentElement?.closest("svg");
  const base: Matrix = nested
    ? [1, 0, 0, 1, numberOf(element, "x") ?? 0, numberOf(element, "y") ?? 0]
    : ROOT.matrix;
  return parseTransform(element.getAttribute("transform") ?? "").reduce(compose, base);
}

/** The value of an SVG `transform`, as one matrix for each of its functions. */
export function parseTransform(text: string): Matrix[] {
  return [...text.matchAll(/(\w+)\s*\(([^)]*)\)/g)].map(([, name, inside]): Matrix => {
    const numbers = inside!.trim().split(/[\s,]+/).map(Number); // prettier-ignore
    const [a = 0, b, c, d = 0, e = 0, f = 0] = numbers;
    if (name === "matrix" && numbers.length === 6) return [a, b!, c!, d, e, f];
    if (name === "translate") return [1, 0, 0, 1, a, b ?? 0];
    if (name === "scale") return [a, 0, 0, b ?? a, 0, 0];
    if (name === "skewX") return [1, 0, Math.tan((a * Math.PI) / 180), 1, 0, 0];
    if (name === "skewY") return [1, Math.tan((a * Math.PI) / 180), 0, 1, 0, 0];
    if (name === "rotate") {
      const [cos, sin] = [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)];
      const [x, y] = [b ?? 0, c ?? 0];
      return [cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y];
    }
    throw new Error(`A figure uses the transform “${name}(${inside})”, which has no place on paper yet.`);
  });
}

/** First `inner`, then `outer`. */
export function compose(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer;
  const [g, h, i, j, k, l] = inner;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

export function apply([a, b, c, d, e, f]: Matrix, x: number, y: number): [x: number, y: number] {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** How much longer a matrix makes what is drawn under it. */
export function stretchOf([a, b]: Matrix): number {
  return Math.hypot(a, b);
}

function textShape(element: Element, own: Inherited): TextShape[] {
  if (element.children.length > [...element.children].filter(({localName}) => localName === "title").length)
    throw new Error("A figure has text with elements inside, which has no place on paper yet.");
  const text = [...element.childNodes]
    .filter(({nodeType}) => nodeType === 3)
    .map(({textContent}) => textContent)
    .join("");
  if (text.trim() === "") return [];
  const weight = nearestWeight(own.weight);
  const width = textWidth(text, own.size, weight);
  const back = own.anchor === "middle" ? width / 2 : own.anchor === "end" ? width : 0;
  const x = length(element, "x", own.size) + length(element, "dx", own.size) - back;
  const y = length(element, "y", own.size) + length(element, "dy", own.size);
  return [{...paintOf(own), kind: "text", text, x, y, size: own.size, weight, width, halo: own.halo}];
}

/** A length in pixels or in `em`. */
function length(element: Element, name: string, size: number): number {
  const text = element.getAttribute(name) ?? "0";
  const value = text.endsWith("em") ? Number(text.slice(0, -2)) * size : Number(text);
  if (!Number.isFinite(value)) throw new Error(`A figure's ${name} is “${text}”, which is no number.`);
  return value;
}

/** A shape's outline as the data of a path. */
function outline(element: Element): string {
  const of = (name: string) => numberOf(element, name) ?? 0;
  switch (element.localName) {
    case "path":
      return element.getAttribute("d") ?? "";
    case "rect":
      return `M${of("x")},${of("y")}h${of("width")}v${of("height")}h${-of("width")}Z`;
    case "circle": {
      const [x, y, r] = [of("cx"), of("cy"), of("r")];
      return `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`;
    }
    case "line":
      return `M${of("x1")},${of("y1")}L${of("x2")},${of("y2")}`;
    default:
      throw new Error(`A figure uses <${element.localName}>, which has no place on paper yet.`);
  }
}
