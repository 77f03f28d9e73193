/** One figure of the notebook, drawn for paper by the very function that draws it for the page. */
import {parseHTML} from "linkedom";
import {POINTS_PER_MM, paperSize} from "../../src/core/paper/paper-size.js";
import {PRINT_COLOURS} from "../../src/core/paper/print-colours.js";
import type {Variant} from "../../src/core/paper/print-colours.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {defaultSelection} from "../../src/core/selection.js";
import type {Selection} from "../../src/core/selection.js";
import {drawnBy} from "../../src/figures/drawn.js";
import type {Drawn} from "../../src/figures/drawn.js";
import {FIGURES} from "../../src/figures/registry.js";
import {tellApartInGrey} from "./grey.js";
import {shapesOf} from "./shapes.js";
import type {Shape} from "./shapes.js";
import {svgText} from "./write-svg.js";

export interface PaperFigure {
  name: string;
  drawn: Drawn;
  /** What it shows, for those who do not see it. */
  alt: string;
  /** Size on paper, in millimetres. */
  mm: {width: number; height: number};
  /** Size on paper, in points. */
  points: {width: number; height: number};
  /** Points for each pixel of the drawing. */
  scale: number;
  /** The SVG file, but for its fonts. */
  svg: string;
  shapes: Shape[];
}

/** Draws a figure `mm` wide, at the default selection where none is given; null where the study has nothing to draw in it. */
export function drawForPaper(
  name: string,
  cubes: AllCubes,
  {
    mm,
    variant,
    selection = defaultSelection(cubes.study)
  }: {mm: number; variant: Variant; selection?: Selection}
): PaperFigure | null {
  const {document} = parseHTML("<!doctype html><html><body></body></html>");
  const size = paperSize(mm);
  const svg = FIGURES[name]!(cubes, {selection, width: size.px, document, paper: true});
  if (svg.hasAttribute("data-empty")) return null;
  for (const unseen of svg.querySelectorAll('title, [visibility="hidden"]')) unseen.remove();
  if (variant === "grey") tellApartInGrey(svg);
  const height = Number(svg.getAttribute("height")) * size.scale;
  const paper = {width: mm, height: rounded(height / POINTS_PER_MM)};
  return {
    name,
    drawn: drawnBy(svg)!,
    alt: svg.querySelector("desc")?.textContent ?? "",
    mm: paper,
    points: {width: mm * POINTS_PER_MM, height},
    scale: size.scale,
    svg: svgText(svg, {...paper, colours: PRINT_COLOURS[variant]}),
    shapes: shapesOf(svg, PRINT_COLOURS[variant])
  };
}

const rounded = (value: number) => Math.round(value * 1000) / 1000;
