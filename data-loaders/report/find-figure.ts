/** A figure of the notebook as a report asks for it. */
import {parseHTML} from "linkedom";
import type {ClaimArguments, Parameter} from "../../src/core/claims/claim.js";
import {
  CELL,
  ESTIMATOR,
  LAYER,
  MEASURE,
  RECIPE,
  oneOf,
  selectionOf
} from "../../src/core/claims/parameters.js";
import {resolveArguments, unknown} from "../../src/core/claims/registry.js";
import type {AllCubes} from "../../src/core/cubes-reader.js";
import {drawnBy} from "../../src/figures/drawn.js";
import {WIDTHS} from "../../src/figures/figure.js";
import {FIGURES} from "../../src/figures/registry.js";
import type {ReportFigure} from "./report.js";

/** What the toggles of a page could say. */
const PARAMETERS: Record<string, Parameter> = {
  measure: MEASURE,
  estimator: ESTIMATOR,
  layer: LAYER,
  view: oneOf("levels or effects", ["level", "effect"], "level"),
  ...CELL,
  ...RECIPE
};

/** The figure of a name at what the arguments select; null where the study has nothing to draw in it. */
export function findFigure(
  cubes: AllCubes,
  name: string,
  {caption = "", ...given}: ClaimArguments,
  before: readonly ReportFigure[],
  where: string
): ReportFigure | null {
  const draw = Object.hasOwn(FIGURES, name) ? FIGURES[name] : undefined;
  if (!draw) throw unknown(where, "a figure", name, Object.keys(FIGURES));
  const values = resolveArguments(cubes, PARAMETERS, given, `${where}, figure “${name}”`);
  const selection = {...selectionOf(cubes, values), view: values.view as "level" | "effect"};
  const {document} = parseHTML("<!doctype html><html><body></body></html>");
  const svg = draw(cubes, {selection, width: WIDTHS.wide, document});
  if (svg.hasAttribute("data-empty")) return null;
  const again = before.filter((figure) => figure.name === name).length;
  return {
    number: before.length + 1,
    id: again === 0 ? name : `${name}-${again + 1}`,
    name,
    selection,
    caption: String(caption),
    drawn: {title: drawnBy(svg)?.title ?? name, alt: svg.querySelector("desc")?.textContent ?? ""}
  };
}
