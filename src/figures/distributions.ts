/** How certain an arm is of its labels: histograms of label entropy and of margin, right and wrong labels apart. */
import type {Mode} from "../core/arms.js";
import {rowsWhere} from "../core/cube-index.js";
import type {DistributionRow} from "../core/cubes.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {formatCount, formatNumber} from "../core/format.js";
import {MODE_LOOKS, modeColor} from "../core/palette.js";
import {byArm} from "./rows-by-arm.js";
import {modeRows} from "./drawn.js";
import {scopeTitle} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {multiples} from "./multiples.js";
import {drawLine} from "./plane.js";
import type {Axis, Plane, Point} from "./plane.js";
import type {Reading} from "./readings.js";

type Cubes = Pick<AllCubes, "study" | "distributions">;
type Quantity = DistributionRow["quantity"];
type Part = "correct" | "wrong";

interface ArmBins {
  mode: Mode;
  rows: DistributionRow[];
  /** Rows of the arm, right and wrong. */
  total: number;
}

const QUANTITIES: Record<Exclude<Quantity, "confidence">, {title: string; axis: string; unit: string}> = {
  label_entropy: {
    title: "Entropy over labels, where the label was right and where it was wrong",
    axis: "entropy over labels, nats",
    unit: " nats"
  },
  margin: {
    title: "Margin between the two likeliest labels, where the label was right and where it was wrong",
    axis: "margin",
    unit: ""
  }
};

export const labelEntropyDistributions = (cubes: Cubes, options: FigureOptions) =>
  histograms(cubes, options, "label_entropy");
export const marginDistributions = (cubes: Cubes, options: FigureOptions) =>
  histograms(cubes, options, "margin");

function histograms(cubes: Cubes, options: FigureOptions, quantity: keyof typeof QUANTITIES): SVGSVGElement {
  const {selection, width, document} = options;
  const {corpus, axis} = selection;
  const {title, axis: along, unit} = QUANTITIES[quantity];
  const cell = rowsWhere(cubes.distributions, {quantity, corpus, axis});
  const arms = byArm(cubes, selection, cell).map(({mode, rows}) => sorted(mode, rows));
  if (arms.length === 0) {
    const reason = "These tables hold no distributions for this selection.";
    return emptyFigure({width, document, title, reason});
  }
  const {svg, planes} = multiples({
    width,
    document,
    modes: arms.map(({mode}) => mode),
    x: {
      domain: [Math.min(...cell.map(({from}) => from)), Math.max(...cell.map(({to}) => to))],
      ticks: 3
    },
    y: rootAxis(highestShare(cell)),
    height: 120,
    along,
    left: 40
  });
  const baseline = arms.find(({mode}) => mode === "label-only");
  planes.forEach(([mode, field], i) => {
    if (baseline && mode !== "label-only") drawBins(field, baseline, true);
    drawBins(field, arms[i]!);
  });
  return frame({
    width,
    document,
    title,
    subtitle: `share of all rows, %; ${scopeTitle(cubes, selection)}; rows of all seeds, n = ${formatCount(arms[0]!.total)} an arm`,
    keys: [
      {text: "right", sign: "solid"},
      {text: "wrong", sign: "dashed"}
    ],
    note: `${baseline && arms.length > 1 ? "Thin grey: label only. " : ""}Right and wrong labels together are 100 % of an arm’s rows. The scale upwards goes by square roots, so that bins of few rows show beside those of many. Counts of these test rows, without intervals.`,
    alt: `${arms.map((arm) => `${MODE_LOOKS[arm.mode].title}: mean ${formatNumber(meanOf(arm, "correct"), 2)}${unit} where right, ${formatNumber(meanOf(arm, "wrong"), 2)}${unit} where wrong`).join("; ")}.`,
    panels: [
      {
        svg,
        readings: () => planes.flatMap(([, field], i) => readingsOf(field, arms[i]!, unit)),
        rows: () => modeRows(arms)
      }
    ]
  });
}

/** Shares on a scale of square roots: one full bin would press all others to the ground of an even one. */
function rootAxis(highest: number): Axis {
  const steps = [
    [0, 5, 20, 50, 80, 100],
    [0, 2, 5, 10, 15],
    [0, 1, 2, 5, 8],
    [0, 0.5, 1, 2]
  ];
  const reached = steps.map((shares) => shares.filter((share) => share <= highest));
  const ticks = (reached.find(({length}) => length > 3) ?? reached.at(-1)!).map(Math.sqrt);
  const format = (root: number) => String(Math.round(10 * root ** 2) / 10);
  return {domain: [0, Math.sqrt(highest) * 1.03 || 1], ticks, format, grid: true};
}

/** Height of a share on {@link rootAxis}. */
function heightOf(count: number, total: number): number {
  return Math.sqrt((100 * count) / total);
}

function sorted(mode: Mode, rows: DistributionRow[]): ArmBins {
  return {mode, rows: rows.sort((a, b) => a.from - b.from), total: totalOf(rows)};
}

function totalOf(rows: readonly DistributionRow[]): number {
  return rows.reduce((sum, {correct, wrong}) => sum + correct + wrong, 0);
}

/** Over all arms of the cell, shown or not, so that the scale stays when modes are toggled. */
function highestShare(cell: readonly DistributionRow[]): number {
  const totals = new Map<string, number>();
  for (const {system, correct, wrong} of cell)
    totals.set(system, (totals.get(system) ?? 0) + correct + wrong);
  return Math.max(
    ...cell.map(({system, correct, wrong}) => (100 * Math.max(correct, wrong)) / (totals.get(system) || 1))
  );
}

/** Mean over the bins' middles: enough for words. */
function meanOf({rows}: ArmBins, part: Part): number | null {
  const count = rows.reduce((sum, row) => sum + row[part], 0);
  return count === 0
    ? null
    : rows.reduce((sum, row) => sum + (row[part] * (row.from + row.to)) / 2, 0) / count;
}

function drawBins(field: Plane, {mode, rows, total}: ArmBins, behind = false): void {
  for (const part of ["wrong", "correct"] as const) {
    drawLine(field, steps(rows, part, total), {
      stroke: modeColor(mode),
      width: behind ? 1 : 1.75,
      ...(behind ? {opacity: 0.75} : {}),
      ...(part === "wrong" ? {dash: behind ? "2,2" : "4,2.5"} : {}),
      className: behind ? "baseline" : `line ${part}`
    });
  }
}

/** The outline of a histogram. */
function steps(rows: DistributionRow[], part: Part, total: number): Point[] {
  return rows.flatMap((row) => {
    const y = heightOf(row[part], total);
    return [
      {x: row.from, y},
      {x: row.to, y}
    ];
  });
}

function readingsOf(field: Plane, {mode, rows, total}: ArmBins, unit: string): Reading[] {
  const share = (count: number) => `${formatCount(count)} (${formatNumber((100 * count) / total, 1)} %)`;
  return rows.map(({from, to, correct, wrong}) => ({
    x: (field.x(from) + field.x(to)) / 2,
    y: field.y(heightOf(Math.max(correct, wrong), total)),
    title: `${MODE_LOOKS[mode].title} · ${formatNumber(from, 2)} to ${formatNumber(to, 2)}${unit}\nright ${share(correct)}\nwrong ${share(wrong)}`
  }));
}
