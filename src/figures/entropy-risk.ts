/** What it buys to trust low entropy only: error rate among the answers of lowest entropy, by the share kept. */
import {rowsWhere} from "../core/cube-index.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {RelationRow} from "../core/cubes.js";
import {formatCount, formatNumber} from "../core/format.js";
import {jointSums, riskByCoverage} from "../core/joint-counts.js";
import type {CoveragePoint} from "../core/joint-counts.js";
import {MODE_LOOKS, modeColor} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import type {StudyArm} from "../core/selection.js";
import {sourceLayer, sourceTitle} from "./entropy-source.js";
import {modeRows} from "./drawn.js";
import {sheet} from "./elements.js";
import {isNarrow, scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {domainOf} from "./marks.js";
import {drawLine, drawReference, nameLines, plane} from "./plane.js";

type Cubes = Pick<AllCubes, "study" | "joint" | "relations">;

interface Curve extends StudyArm {
  points: CoveragePoint[];
  /** Error rate over all rows. */
  overall: number;
  n: number;
  auroc: number | null;
}

/** Below this coverage a curve stands on few rows and jumps. */
const LEAST = 0.05;

/** Risk against coverage, one line a mode; a detector that knows nothing would give a level line. */
export function entropyRisk(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const title = "Errors among the answers of lowest entropy";
  const curves = curvesOf(cubes, options);
  if (curves.length === 0)
    return emptyFigure({
      width,
      document,
      title,
      reason: "Single answers are counted at a few layers and at the output only; here they are not."
    });
  const narrow = isNarrow(options);
  const svg = sheet(width, narrow ? 276 : 336, document);
  const risks = curves.flatMap(({points, overall}) => [...points.map(({risk}) => risk * 100), overall * 100]);
  const area = plane(
    svg,
    {left: 44, top: 12, width: width - 44 - (narrow ? 128 : 150), height: narrow ? 206 : 266},
    {
      x: {
        domain: [0, 100],
        ticks: [0, 25, 50, 75, 100],
        grid: true,
        title: narrow
          ? "answers kept, lowest entropy first, %"
          : "share of answers kept, lowest entropy first, %"
      },
      y: {domain: domainOf(risks), ticks: 5, grid: true}
    }
  );
  for (const {mode, points, overall} of curves) {
    drawReference(area, {x: LEAST * 100, y: overall * 100}, {x: 100, y: overall * 100});
    drawLine(
      area,
      points.map(({coverage, risk}) => ({x: coverage * 100, y: risk * 100})),
      {stroke: modeColor(mode)}
    );
  }
  nameLines(
    area,
    curves.map(({mode, overall}) => ({mode, value: overall * 100}))
  );
  return frame({
    width,
    document,
    title,
    subtitle: `error rate, %; ${sourceTitle(selection.estimator, selection.layer)}; ${scopeTitle(cubes, selection)}; n = ${formatCount(curves[0]!.n)} answers: test rows × seeds`,
    keys: [{text: "dropping answers at random", sign: "dashed"}],
    note: "Falling to the left: low entropy means right answers. Rising to the left: it means the opposite. All settings together, so that easy settings may come first.",
    alt: `${curves.map(sayCurve).join("; ")}.`,
    panels: [{svg, rows: () => modeRows(curves.map(({mode, points}) => ({mode, rows: points})))}]
  });
}

function curvesOf({study, joint, relations}: Cubes, {selection}: FigureOptions): Curve[] {
  const {corpus, axis, estimator} = selection;
  const layer = sourceLayer(estimator, selection.layer);
  return selectedArms(selection, study).flatMap((arm) => {
    const sums = jointSums(joint, {arm: arm.id, corpus, axis, layer, estimator});
    if (!sums) return [];
    const points = riskByCoverage(sums);
    const row = rowsWhere<RelationRow>(relations, {arm: arm.id, corpus, axis, layer, estimator})[0];
    const last = (sums.bins + 1) ** 2 - 1;
    return {
      ...arm,
      points: points.filter(({coverage}) => coverage >= LEAST),
      overall: points.at(-1)!.risk,
      n: sums.right[last]! + sums.wrong[last]!,
      auroc: row?.auroc ?? null
    };
  });
}

function sayCurve({mode, points, overall, auroc}: Curve): string {
  const half = points.find(({coverage}) => coverage >= 0.5) ?? points.at(-1)!;
  return `${MODE_LOOKS[mode].title}: ${formatNumber(overall * 100, 1)} % of all answers wrong, ${formatNumber(half.risk * 100, 1)} % of the ${formatNumber(half.coverage * 100, 0)} % of lowest entropy; AUROC within settings, as a detector of errors, ${formatNumber(auroc, 2)}`;
}
