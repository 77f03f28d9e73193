/**
 * What a page shows before any script has run: every figure and sentence at the default selection. The live page
 * draws the same with the same functions at the same size, so that nothing moves when it takes over.
 */
import type {AllCubes} from "../core/cubes-reader.js";
import {defaultSelection} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import {keepUnits} from "../core/format.js";
import {SENTENCES} from "../core/sentences.js";
import {WIDTHS} from "./figure.js";
import type {DrawingSize, Figure, FigureOptions} from "./figure.js";
import {FIGURES} from "./registry.js";

type Draw = (cubes: AllCubes, document: Document) => Element;

/** One drawing in the box that the style sheet shows on screens of its size. */
export function drawing(
  size: DrawingSize,
  figure: Figure,
  cubes: AllCubes,
  options: Omit<FigureOptions, "width">
): Element {
  const document = options.document ?? globalThis.document;
  const box = document.createElement("div");
  box.setAttribute("class", `drawing ${size}`);
  box.append(figure(cubes, {...options, width: WIDTHS[size]}));
  return box;
}

/** The drawings of a figure, one a size; the style sheet shows the one that fits. */
function allDrawings(figure: Figure): Draw {
  return (cubes, document) => {
    const options = {selection: defaultSelection(cubes.study), document};
    const boxes = document.createElement("div");
    boxes.setAttribute("class", "drawings");
    for (const size of Object.keys(WIDTHS) as DrawingSize[])
      boxes.append(drawing(size, figure, cubes, options));
    return boxes;
  };
}

function paragraph(say: (cubes: AllCubes, selection: Selection) => string): Draw {
  return (cubes, document) => {
    const element = document.createElement("p");
    element.textContent = keepUnits(say(cubes, defaultSelection(cubes.study)));
    return element;
  };
}

export const STATIC_FIGURES: Record<string, Draw> = Object.fromEntries(
  Object.entries(FIGURES).map(([name, figure]) => [name, allDrawings(figure)])
);

export const STATIC_SENTENCES: Record<string, Draw> = Object.fromEntries(
  Object.entries(SENTENCES).map(([name, say]) => [name, paragraph(say)])
);
