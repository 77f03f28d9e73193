/** Figures drawn over the sample study, and what tests read from them. */
import {parseHTML} from "linkedom";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {defaultSelection, type Selection} from "../../src/core/selection.js";
import {WIDTHS} from "../../src/figures/figure.js";
import {FIGURES} from "../../src/figures/registry.js";
import {sampleCubes} from "./sample-cubes.js";

const {document} = parseHTML("<!doctype html><html><body></body></html>");
export const cubes = sampleCubes();
export const selection = defaultSelection(cubes.study);

/** The figure of this name, wide, at the default selection but for `change`. */
export function draw(name: string, change: Partial<Selection> = {}, of: AllCubes = cubes): SVGSVGElement {
  return FIGURES[name]!(of, {selection: {...selection, ...change}, width: WIDTHS.wide, document});
}

export const count = (svg: SVGSVGElement, selector: string) => svg.querySelectorAll(selector).length;
export const altOf = (svg: SVGSVGElement) => svg.querySelector("desc")?.textContent ?? "";
