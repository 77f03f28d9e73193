/**
 * The frame of every figure: title, what its numbers are, legend, panels and note in one SVG, so that nothing is
 * lost when the figure leaves the page. Colours are CSS variables with fallbacks; alternative text is part of it.
 */
import {select} from "d3";
import type {Selection} from "d3";
import type {Mode} from "../core/arms.js";
import {keepUnits} from "../core/format.js";
import {MODE_LOOKS, modeColor} from "../core/palette.js";
import {giveDrawn, rowsOf} from "./drawn.js";
import {BAR, INK, MUTED, PAPER, RULE, markerPath} from "./marks.js";
import {giveReadings} from "./readings.js";
import type {Reading} from "./readings.js";

export const FIGURE_FONT = `var(--figure-font, "Helvetica Neue", Helvetica, "Liberation Sans", Arial, sans-serif)`;
const TITLE_HEIGHT = 22;
const LINE_HEIGHT = 17;
/** Mean width of a character in ems, and of a bold one: enough to wrap without a text engine. */
const CHARACTER = 0.56;
export const BOLD_CHARACTER = 0.63;

export interface Panel {
  svg: SVGSVGElement;
  x?: number;
  /** Distance from the panel above. */
  dy?: number;
  /** Exact values of what the panel draws in few elements, in its own coordinates. */
  readings?: () => Reading[];
  /** What the panel draws, one row a mark, in full precision; left out where its drawing says so itself. */
  rows?: () => readonly object[];
}

export interface FrameOptions {
  width: number;
  document?: Document | undefined;
  title: string;
  subtitle?: string;
  /** Modes to name beside their marker, where the figure does not label them directly. */
  legend?: Mode[];
  /** Other signs to name. */
  keys?: readonly {
    text: string;
    sign: "filled" | "hollow" | "square" | "bar" | "solid" | "dashed" | "tick";
  }[];
  note?: string;
  /** What the figure shows, with its main numbers, for those who do not see it. */
  alt: string;
  panels: Panel[];
}

/** Stacks title, subtitle, legend, panels and note, and returns the one SVG. */
export function frame({
  width,
  document,
  title,
  subtitle,
  legend = [],
  keys = [],
  note,
  alt,
  panels
}: FrameOptions): SVGSVGElement {
  const svg = createSvg(document);
  const root = select(svg);
  let y = drawLines(root, wrap(title, width, 15, BOLD_CHARACTER), {
    y: 15,
    size: 15,
    weight: 600,
    lineHeight: TITLE_HEIGHT - 2
  });
  if (subtitle) y = drawLines(root, wrap(subtitle, width, 12.5), {y: y + 1, size: 12.5, fill: MUTED});
  if (legend.length + keys.length > 0) y = drawLegend(root, legend, keys, {width, y: y + 6});
  y += 2;
  for (const panel of panels) {
    y += panel.dy ?? 0;
    panel.svg.setAttribute("x", String(panel.x ?? 0));
    panel.svg.setAttribute("y", String(Math.round(y - LINE_HEIGHT + 6)));
    svg.append(panel.svg);
    y += Number(panel.svg.getAttribute("height"));
  }
  if (note) y = drawLines(root, wrap(note, width, 12), {y: y + 8, size: 12, fill: MUTED});
  const height = Math.ceil(y - LINE_HEIGHT + 10);
  describe(svg, {title, alt});
  const role = svg.querySelector("a") ? "group" : "img"; // an image may hold no links
  for (const [name, value] of Object.entries({...rootAttributes(width, height), role}))
    svg.setAttribute(name, value);
  const rows = () => panels.flatMap((panel) => panel.rows?.() ?? rowsOf(panel.svg));
  giveDrawn(svg, {title, subtitle: subtitle ?? "", note: note ?? "", legend, rows});
  if (panels.some(({readings}) => readings)) giveReadings(svg, () => panels.flatMap(placedReadings));
  return svg;
}

/** A panel's readings in the coordinates of the figure. */
function placedReadings({svg, readings}: Panel): Reading[] {
  const [dx, dy] = [Number(svg.getAttribute("x")), Number(svg.getAttribute("y"))];
  return (readings?.() ?? []).map((reading) => ({...reading, x: reading.x + dx, y: reading.y + dy}));
}

type Svg = Selection<SVGSVGElement, unknown, null, undefined>;

const NAMESPACE = "http://www.w3.org/2000/svg";

function createSvg(document: Document = globalThis.document): SVGSVGElement {
  return document.createElementNS(NAMESPACE, "svg");
}

function rootAttributes(width: number, height: number): Record<string, string> {
  return {
    xmlns: NAMESPACE,
    viewBox: `0 0 ${width} ${height}`,
    width: String(width),
    height: String(height),
    class: "figure",
    fill: "currentColor",
    "font-size": "12.5",
    "font-variant": "tabular-nums",
    // attributes, not a style: a page's policy lets no style stand in it
    color: INK,
    "font-family": FIGURE_FONT
  };
}

function describe(svg: SVGSVGElement, {title, alt}: {title: string; alt: string}): void {
  const description = svg.ownerDocument.createElementNS(NAMESPACE, "desc");
  description.textContent = alt;
  svg.prepend(description);
  svg.setAttribute("aria-label", `${title}. ${alt}`);
}

interface LineStyle {
  y: number;
  size: number;
  weight?: number;
  fill?: string;
  lineHeight?: number;
}

/** Draws lines of text and returns the baseline of the next. */
function drawLines(
  root: Svg,
  lines: string[],
  {y, size, weight = 400, fill = INK, lineHeight = LINE_HEIGHT}: LineStyle
): number {
  for (const line of lines) {
    root
      .append("text")
      .attr("y", y)
      .attr("font-size", size)
      .attr("font-weight", weight)
      .attr("fill", fill)
      .text(line);
    y += lineHeight;
  }
  return y;
}

/** Breaks text at spaces into lines that fit a width in pixels at a font size; numbers keep their units. */
export function wrap(text: string, width: number, size: number, character = CHARACTER): string[] {
  const room = Math.floor(width / (size * character));
  const lines: string[] = [];
  for (const word of keepUnits(text).split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function drawLegend(
  root: Svg,
  modes: Mode[],
  keys: NonNullable<FrameOptions["keys"]>,
  {width, y}: {width: number; y: number}
): number {
  let x = 0;
  const place = (text: string) => {
    const needed = 20 + text.length * 12.5 * CHARACTER + 16;
    if (x > 0 && x + needed > width) {
      x = 0;
      y += LINE_HEIGHT + 2;
    }
    const item = root
      .append("g")
      .attr("class", "legend-item")
      .attr("transform", `translate(${Math.round(x)},${y})`);
    item.append("text").attr("x", 18).attr("fill", INK).text(text);
    x += needed;
    return item;
  };
  for (const mode of modes)
    place(MODE_LOOKS[mode].title)
      .append("path")
      .attr("transform", "translate(7,-4)")
      .attr("d", markerPath(mode))
      .attr("fill", modeColor(mode));
  for (const {text, sign} of keys) drawSign(place(text), sign);
  return y + LINE_HEIGHT + 6;
}

function drawSign(item: Selection<SVGGElement, unknown, null, undefined>, sign: string): void {
  if (sign === "filled" || sign === "hollow")
    item
      .append("circle")
      .attr("cx", 7)
      .attr("cy", -4)
      .attr("r", 4)
      .attr("fill", sign === "filled" ? INK : PAPER)
      .attr("stroke", INK)
      .attr("stroke-width", 1.5);
  else if (sign === "bar") item.append("path").attr("d", "M0,-10H14V1H0Z").attr("fill", BAR);
  else if (sign === "square") item.append("path").attr("d", "M4.5,-6.5h5v5h-5Z").attr("fill", MUTED);
  else if (sign === "tick")
    item.append("path").attr("d", "M7,-9V1").attr("stroke", INK).attr("stroke-width", 1.5);
  else
    item
      .append("path")
      .attr("d", "M0,-4H14")
      .attr("stroke", INK)
      .attr("stroke-width", 2)
      .attr("stroke-dasharray", sign === "dashed" ? "3,3" : null);
}

/** Why a figure of modes is empty where the reader shows none. */
export const ALL_HIDDEN = "All modes are hidden. Show one below.";

/** What stands where there is nothing to draw: a sentence that says why, in the figure's place. */
export function emptyFigure({
  width,
  document,
  title,
  reason
}: {
  width: number;
  document?: Document | undefined;
  title: string;
  reason: string;
}): SVGSVGElement {
  const panel = select(createSvg(document));
  panel.attr("width", width).attr("height", 96);
  panel
    .append("rect")
    .attr("x", 0.5)
    .attr("y", 8.5)
    .attr("width", width - 1)
    .attr("height", 80)
    .attr("fill", "none")
    .attr("stroke", RULE)
    .attr("stroke-dasharray", "2,4");
  const lines = wrap(reason, width - 32, 12.5);
  lines.forEach((line, i) =>
    panel
      .append("text")
      .attr("x", width / 2)
      .attr("y", 53 + (i - (lines.length - 1) / 2) * LINE_HEIGHT)
      .attr("text-anchor", "middle")
      .attr("fill", MUTED)
      .text(line)
  );
  const figure = frame({width, document, title, alt: reason, panels: [{svg: panel.node() as SVGSVGElement}]});
  figure.setAttribute("data-empty", ""); // so that a section with nothing to draw can be left out
  return figure;
}
