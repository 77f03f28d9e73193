/** What an SVG holds that another program wrote: words, fonts, colours, pictures. */
import {create} from "fontkit";
import type {Font} from "fontkit";
import {rgb} from "d3";
import {DOMParser} from "linkedom";
import {POINTS_PER_MM} from "../../../src/core/paper/paper-size.js";
import {nearestWeight, textWidth} from "../fonts.js";
import {ASCENT, DESCENT} from "../lint.js";
import {apply, compose, parseTransform, stretchOf, type Matrix} from "../shapes.js";
import {NOTHING, chromatic, type FileFacts, type FontFacts, type Words} from "./file-facts.js";
import {lengthIn, sheetOf, weightIn, type Sheet} from "./svg-style.js";

/** Points of a CSS pixel. */
const POINTS_PER_PX = 72 / 96;

interface Inherited {
  matrix: Matrix;
  size: number;
  family: string;
  weight: number;
  anchor: string;
  fill: string;
  stroke: string;
  color: string;
}

interface Found {
  words: Words[];
  /** Family and weight → letters. */
  fonts: Map<string, {family: string; weight: number; letters: Set<string>}>;
  colours: string[];
  shapes: number;
  outlines: number;
  pictures: number;
  elsewhere: Set<string>;
}

interface Reading extends Found {
  sheet: Sheet;
  /** Of the drawing, in its own units. */
  box: {x: number; y: number; width: number; height: number};
  /** Points for each of its own units. */
  scale: number;
}

const SHAPES = new Set(["path", "rect", "circle", "ellipse", "line", "polyline", "polygon"]);
/** Drawn where something else names them, if at all. */
const UNDRAWN = new Set([
  "defs",
  "clipPath",
  "mask",
  "pattern",
  "symbol",
  "marker",
  "metadata",
  "title",
  "desc"
]);

/** Throws Error where the text is no SVG. */
export function readSvg(text: string): FileFacts {
  const svg = new DOMParser().parseFromString(text, "image/svg+xml").querySelector("svg") as Element | null;
  if (!svg) throw new Error("it has no <svg> element");
  const {box, mm} = placeOf(svg);
  const sheet = sheetOf(svg);
  const reading: Reading = {
    ...{sheet, box, scale: mm ? (mm.width * POINTS_PER_MM) / box.width : POINTS_PER_PX},
    ...{words: [], fonts: new Map(), colours: [], shapes: 0, outlines: 0, pictures: 0},
    elsewhere: new Set(sheet.elsewhere)
  };
  walk(svg, START, reading);
  const fonts = fontsOf(reading);
  return {
    ...NOTHING,
    ...{format: "svg", mm, words: reading.words, fonts: fonts.facts, lacking: fonts.lacking},
    ...{shapes: reading.shapes, outlines: reading.outlines, pictures: reading.pictures},
    ...{colours: chromatic(reading.colours), elsewhere: [...reading.elsewhere]}
  };
}

const START: Inherited = {
  ...{matrix: [1, 0, 0, 1, 0, 0], size: 16, family: "", weight: 400, anchor: "start"},
  ...{fill: "#000000", stroke: "none", color: "#000000"}
};

function placeOf(svg: Element): {box: Reading["box"]; mm: FileFacts["mm"]} {
  const view = svg.getAttribute("viewBox")?.trim().split(/[\s,]+/).map(Number); // prettier-ignore
  const [width, height] = ["width", "height"].map((name) => lengthIn(svg.getAttribute(name) ?? "", NaN));
  const known = [width!, height!].every((side) => side > 0);
  const [x = 0, y = 0, w = width!, h = height!] = view ?? [];
  if (!(w > 0 && h > 0)) throw new Error("it says neither its width and height nor a viewBox");
  const paper = (px: number) => (px * POINTS_PER_PX) / POINTS_PER_MM;
  return {
    box: {x, y, width: w, height: h},
    mm: known ? {width: paper(width!), height: paper(height!)} : null
  };
}

function walk(element: Element, outer: Inherited, reading: Reading): void {
  const name = element.localName;
  if (UNDRAWN.has(name) || name === "style" || name === "script") return;
  const own = inherit(element, outer, reading.sheet);
  if (own === null) return;
  if (name === "text") return readText(element, own, reading);
  if (name === "image") {
    reading.pictures++;
    noteAddress(hrefOf(element), reading);
  } else if (name === "use") {
    const drawn = reading.sheet.byId(hrefOf(element).slice(1));
    if (drawn && isGlyph(drawn)) reading.outlines++;
    else if (drawn) walk(drawn.localName === "symbol" ? asGroup(drawn) : drawn, own, reading);
  } else if (SHAPES.has(name)) {
    reading.shapes++;
    if (/^text|glyph/i.test(element.parentElement?.id ?? "")) reading.outlines++;
    for (const paint of [own.fill, own.stroke]) {
      const colour = rgb(paint === "currentColor" ? own.color : paint);
      if (!Number.isNaN(colour.r) && colour.opacity > 0) reading.colours.push(colour.formatHex());
    }
  }
  for (const child of element.children) walk(child, own, reading);
}

/** Letters that were turned into shapes are kept as definitions, one for each letter. */
function isGlyph(element: Element): boolean {
  return /glyph|[A-Za-z]+-[0-9a-f]{1,5}$/i.test(element.id) && element.closest("defs") !== null;
}

function asGroup(symbol: Element): Element {
  const group = symbol.ownerDocument.createElementNS("http://www.w3.org/2000/svg", "g");
  for (const child of [...symbol.children]) group.append(child.cloneNode(true));
  return group;
}

function inherit(element: Element, outer: Inherited, sheet: Sheet): Inherited | null {
  const of = (name: string): string | undefined => sheet.value(element, name);
  if (of("display") === "none" || of("visibility") === "hidden") return null;
  const size = of("font-size");
  const weight = weightIn(of("font-weight") ?? "");
  const own = {
    matrix: parseTransform(element.getAttribute("transform") ?? "").reduce(compose, outer.matrix),
    size: size === undefined ? outer.size : lengthIn(size, outer.size),
    family: of("font-family") ?? outer.family,
    weight: weight ?? outer.weight,
    anchor: of("text-anchor") ?? outer.anchor,
    fill: of("fill") ?? outer.fill,
    stroke: of("stroke") ?? outer.stroke,
    color: of("color") ?? outer.color
  };
  const at = (name: string): number => lengthIn(element.getAttribute(name) ?? "0", own.size) || 0;
  return element.localName === "use" || (element.localName === "svg" && element.parentElement !== null)
    ? {...own, matrix: compose(own.matrix, [1, 0, 0, 1, at("x"), at("y")])}
    : own;
}

const hrefOf = (element: Element): string =>
  element.getAttribute("href") ?? element.getAttribute("xlink:href") ?? "";

function noteAddress(address: string, {elsewhere}: Found): void {
  if (address !== "" && !/^(?:data:|#)/i.test(address)) elsewhere.add(address);
}

/** A `text` and the `tspan` in it, each with its own size and place. */
function readText(element: Element, own: Inherited, reading: Reading): void {
  for (const node of element.childNodes) {
    if (node.nodeType === 3) addWords(node.textContent ?? "", element, own, reading);
    else if (node.nodeType === 1 && !UNDRAWN.has((node as Element).localName)) {
      const inner = inherit(node as Element, own, reading.sheet);
      if (inner) readText(node as Element, inner, reading);
    }
  }
}

function addWords(text: string, element: Element, own: Inherited, reading: Reading): void {
  const words = text.replace(/\s+/g, " ").trim();
  if (words === "") return;
  const family = own.family
    .split(",")[0]!
    .trim()
    .replace(/^["']|["']$/g, "");
  const key = `${own.weight} ${family}`;
  const font = reading.fonts.get(key) ?? {family, weight: own.weight, letters: new Set()};
  for (const letter of words) font.letters.add(letter);
  reading.fonts.set(key, font);
  reading.words.push({
    text: words,
    points: own.size * stretchOf(own.matrix) * reading.scale,
    clipped: isClipped(words, element, own, reading)
  });
}

/** Ems by which words may stand out: how wide they are in a font that is not at hand is a guess. */
const SLACK = 0.5;

function isClipped(text: string, element: Element, own: Inherited, {box}: Reading): boolean {
  const at = (name: string): number => {
    const holder = element.getAttribute(name) === null ? element.closest("text") : element;
    return lengthIn(holder?.getAttribute(name)?.split(/[\s,]+/)[0] ?? "0", own.size) || 0;
  };
  const width = textWidth(text, own.size, nearestWeight(own.weight));
  const back = own.anchor === "middle" ? width / 2 : own.anchor === "end" ? width : 0;
  const [x, y] = [at("x") - back, at("y")];
  const slack = SLACK * own.size * stretchOf(own.matrix);
  return [x, x + width]
    .flatMap((edge) => [
      apply(own.matrix, edge, y - ASCENT * own.size),
      apply(own.matrix, edge, y + DESCENT * own.size)
    ])
    .some(
      ([left, top]) =>
        left < box.x - slack ||
        top < box.y - slack ||
        left > box.x + box.width + slack ||
        top > box.y + box.height + slack
    );
}

function fontsOf({fonts, sheet}: Reading): {facts: FontFacts[]; lacking: string[]} {
  const lacking = new Set<string>();
  const facts = [...fonts.values()].map(({family, weight, letters}): FontFacts => {
    const bytes = sheet.font(family, weight);
    const font = bytes && openFont(bytes);
    if (font)
      for (const letter of letters)
        if (!font.hasGlyphForCodePoint(letter.codePointAt(0)!)) lacking.add(letter);
    return {name: family || "a font that is not named", embedded: font !== null, drawn: false};
  });
  return {facts, lacking: [...lacking]};
}

function openFont(bytes: Buffer): Font | null {
  try {
    return create(bytes) as Font;
  } catch {
    return null;
  }
}
