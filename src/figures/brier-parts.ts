/** The Brier score of “the predicted label is right”, taken apart: miscalibration, and telling right from wrong. */
import {rowsWhere} from "../core/cube-index.js";
import type {BrierRow} from "../core/cubes.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {formatNumber} from "../core/format.js";
import {MODE_LOOKS} from "../core/palette.js";
import {byArm} from "./rows-by-arm.js";
import {dotColumns} from "./dot-columns.js";
import {scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {rowsOnScale} from "./steady-domain.js";

type Cubes = Pick<AllCubes, "study" | "brier">;
type Part = "brier" | "reliability" | "resolution" | "uncertainty";

const PARTS: {part: Part; title: string; short: string; says: string}[] = [
  {part: "brier", title: "Brier score", short: "Brier score", says: "Brier score"},
  {part: "reliability", title: "Miscalibration (lower)", short: "Miscalibration ↓", says: "miscalibration"},
  {part: "resolution", title: "Resolution (higher)", short: "Resolution ↑", says: "resolution"},
  {part: "uncertainty", title: "Uncertainty", short: "Uncertainty", says: "uncertainty"}
];

/** One column a part, each from zero on a scale of its own: miscalibration is small beside uncertainty. */
export function brierParts(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const {corpus, axis} = selection;
  const title = "What the Brier score is made of";
  const cell = rowsWhere(cubes.brier, {corpus, axis});
  const arms = byArm(cubes, selection, cell).map(({mode, rows}) => ({mode, row: rows[0]!}));
  if (arms.length === 0) {
    const reason = "These tables hold no Brier scores in parts for this selection.";
    return emptyFigure({width, document, title, reason});
  }
  const perRow = width >= 800 ? 4 : width >= 500 ? 2 : 1;
  const columns = PARTS.map(({part, title, short}) => ({
    title: perRow === 4 ? short : title,
    domain: partDomain(cubes, options, cell, part),
    reference: 0,
    rows: arms.map(({mode, row}) => ({
      mode,
      value: row[part],
      text: formatNumber(row[part], 3),
      title: sumWords(row)
    }))
  }));
  return frame({
    width,
    document,
    title,
    subtitle: `of “the predicted label is right”, from 0 to 1; ${scopeTitle(cubes, selection)}; rows of all seeds; the score is low for arms that are reliably wrong, too, so compare arms of like accuracy`,
    note: `Each part has a scale of its own. Brier score = miscalibration − resolution + uncertainty + what bins of equal width leave inside them. Uncertainty is accuracy × (1 − accuracy): it can’t be helped by being well calibrated. These parts have no intervals: they are a description, not a test${options.paper ? "" : "; the multiclass Brier score, with intervals, is among the measures of the Accuracy page"}.`,
    alt: `${arms.map(({mode, row}) => `${MODE_LOOKS[mode].title}: ${PARTS.map(({part, says}) => `${says} ${formatNumber(row[part], 3)}`).join(", ")}`).join("; ")}.`,
    panels: [dotColumns({width, document, columns, perRow})]
  });
}

function partDomain(
  {study}: Cubes,
  {selection}: FigureOptions,
  cell: readonly BrierRow[],
  part: Part
): readonly [number, number] {
  const valuesOf = (row: BrierRow) => [row[part]];
  const held = rowsOnScale(cell, study, selection, {armOf: ({system}) => system, valuesOf, through: 0});
  return [0, Math.max(...held.flatMap(valuesOf)) * 1.05 || 1];
}

function sumWords({brier, reliability, resolution, uncertainty, within_bin}: BrierRow): string {
  const [score, miscalibration, resolved, open, rest] = [
    brier,
    reliability,
    resolution,
    uncertainty,
    within_bin
  ].map((value) => formatNumber(value, 4));
  return `${score} = ${miscalibration} − ${resolved} + ${open} + ${rest} within bins`;
}
