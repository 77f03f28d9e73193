/** What grey alone can't say is said by dashes and hatches, before a figure's colours become greys. */
import {MODES} from "../../src/core/arms.js";
import type {Mode} from "../../src/core/arms.js";
import {MODE_DASHES} from "../../src/core/paper/print-colours.js";

/** Gives every mode's lines its dash, unless dashes say something else, and hatches what is less than label-only. */
export function tellApartInGrey(svg: SVGSVGElement): void {
  const free = ![...svg.querySelectorAll("path[stroke-dasharray]")].some(modeOf);
  for (const path of svg.querySelectorAll("path")) {
    if (free) dashOfMode(path);
    if (path.getAttribute("fill")?.startsWith("var(--less"))
      hatch(path, boxesOf(path.getAttribute("d") ?? ""));
  }
  for (const rect of svg.querySelectorAll("rect"))
    if (rect.getAttribute("fill")?.startsWith("var(--less")) hatch(rect, [boxOf(rect)]);
}

/** Lines that join an arm's values: not its intervals, whose ends a dash would hide, nor what is dashed already. */
const JOINING = new Set(["line", "profile", "curve"]);

function dashOfMode(path: Element): void {
  const classes = (path.getAttribute("class") ?? "").split(" ");
  if (!classes.some((name) => JOINING.has(name)) || path.hasAttribute("stroke-dasharray")) return;
  const mode = modeOf(path);
  const dash = mode && MODE_DASHES[mode];
  if (dash) path.setAttribute("stroke-dasharray", dash);
}

/** The mode whose colour a path is drawn in. */
function modeOf(path: Element): Mode | undefined {
  return MODES.find((each) => path.getAttribute("stroke")?.startsWith(`var(--mode-${each},`));
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function boxOf(rect: Element): Box {
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
  return {x: x!, y: y!, width: width!, height: height!};
}

/** Cells drawn as one path: `M10,20h8v6h-8z` each. */
function boxesOf(d: string): Box[] {
  const number = "(-?[\\d.]+)";
  const cell = new RegExp(`M${number},${number}h${number}v${number}h-`, "g");
  return [...d.matchAll(cell)].map(([, ...found]) => {
    const [x, y, width, height] = found.map(Number);
    return {x: x!, y: y!, width: width!, height: height!};
  });
}

/** Pixels between the lines of a hatch, along an edge. */
const APART = 5;

/** Lines from the lower left to the upper right, within each box, over what is filled. */
function hatch(element: Element, boxes: readonly Box[]): void {
  const lines = boxes.map(hatchLines).join("");
  if (lines === "") return;
  const path = element.ownerDocument.createElementNS("http://www.w3.org/2000/svg", "path");
  const attributes = {
    class: "hatch",
    d: lines,
    fill: "none",
    stroke: "var(--ink, #111111)",
    "stroke-width": 0.6
  };
  for (const [name, value] of Object.entries(attributes)) path.setAttribute(name, String(value));
  element.after(path);
}

function hatchLines({x, y, width, height}: Box): string {
  let d = "";
  for (let offset = APART / 2; offset < width + height; offset += APART) {
    const [low, high] = [Math.max(0, offset - height), Math.min(offset, width)];
    d += `M${round(x + low)},${round(y + offset - low)}L${round(x + high)},${round(y + offset - high)}`;
  }
  return d;
}

const round = (value: number) => Math.round(value * 10) / 10;
