/** Which labels are taken for which: label-only, another arm, and the difference, one row of matrices an axis. */
import {confusionCounts, sharesOfGold} from "../core/confusion-counts.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {Axis} from "../core/conversation.js";
import {formatCount, formatNumber, formatSigned} from "../core/format.js";
import {MODE_LOOKS, modeColor, modeTextColor, recipeTitle} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import type {StudyArm} from "../core/selection.js";
import {add, sheet} from "./elements.js";
import {corpusTitle, isNarrow, seedNote} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {ALL_HIDDEN, emptyFigure, frame} from "./frame.js";
import {linkAttributes, round} from "./interval-panels.js";
import {INK, LESS, MORE, MUTED} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "confusions">;

/** Shares of gold rows of both arms on one axis, and how often the confusion came up. */
interface AxisCounts {
  axis: Axis;
  base: {counts: number[]; shares: number[]};
  arm: {counts: number[]; shares: number[]};
  /** Arm − base, in shares. */
  change: number[];
}

const TITLE = "Which labels are taken for which";

/** Label-only beside the first mode shown, and what that mode changes. Counts add up over corpora and seeds. */
export function confusionMatrices(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {study} = cubes;
  const {selection, width, document} = options;
  const arms = selectedArms(selection, study);
  const [base, arm] = [
    arms.find(({mode}) => mode === "label-only"),
    arms.find(({mode}) => mode !== "label-only")
  ];
  const counts = base && arm ? countsOf(cubes, options, base, arm) : [];
  if (!arm || counts.length === 0)
    return emptyFigure({
      width,
      document,
      title: TITLE,
      reason:
        selection.modes.length === 0
          ? ALL_HIDDEN
          : arm
            ? "These tables hold no counts of predicted labels for this selection."
            : "No mode is shown that was trained in this order and loss reduction beside label-only."
    });
  const place =
    selection.corpus === "all" ? `all ${study.corpora.length} corpora` : corpusTitle(study, selection.corpus);
  const rows = counts.reduce((sum, one) => sum + total(one.arm.counts), 0);
  return frame({
    width,
    document,
    title: `${TITLE}: label only and ${MODE_LOOKS[arm.mode].title.toLowerCase()}`,
    subtitle: `% of the gold label’s rows; ${place}; ${recipeTitle(selection, study.arms)}; ${formatCount(rows)} answers, ${seedNote(study, selection.seed).replace("mean of", "rows of all")}`,
    note: "Rows are gold labels, columns predicted ones; the diagonal is right. Difference in points: teal where the arm gives the label less often than label only, brown where more often. Hide modes to compare another one.",
    alt: counts.map((one) => altText(one, arm)).join(" "),
    panels: [{svg: drawMatrices(options, arm, counts)}]
  });
}

function countsOf(
  {study, confusions}: Cubes,
  {selection}: FigureOptions,
  base: StudyArm,
  arm: StudyArm
): AxisCounts[] {
  const axes = study.axes.filter(({id}) => selection.axis === "all" || id === selection.axis);
  return axes.flatMap((axis) => {
    const labels = axis.labels.length;
    const of = ({id}: StudyArm) =>
      confusionCounts(confusions, {system: id, axis: axis.id, labels}, selection);
    const [first, second] = [of(base), of(arm)];
    if (!first || !second) return [];
    const [before, after] = [sharesOfGold(first, labels), sharesOfGold(second, labels)];
    return [
      {
        axis,
        base: {counts: first, shares: before},
        arm: {counts: second, shares: after},
        change: after.map((share, i) => share - before[i]!)
      }
    ];
  });
}

function total(counts: number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function altText({axis, base, arm, change}: AxisCounts, {mode}: StudyArm): string {
  const {labels} = axis;
  const right = ({counts}: {counts: number[]}) =>
    (100 * labels.reduce((sum, _, i) => sum + counts[i * labels.length + i]!, 0)) / total(counts);
  const wrong = change.flatMap((each, i) =>
    i % (labels.length + 1) === 0 || Number.isNaN(each) ? [] : [{each, i}]
  );
  const most = wrong.reduce((a, b) => (Math.abs(b.each) > Math.abs(a.each) ? b : a), {each: 0, i: 0});
  const [gold, predicted] = [Math.floor(most.i / labels.length), most.i % labels.length];
  return (
    `${axis.title}: right in ${formatNumber(right(base), 0)} % with label only, ${formatNumber(right(arm), 0)} % with ${MODE_LOOKS[mode].title.toLowerCase()}; ` +
    `the confusion that changes most is gold ${labels[gold]} taken for ${labels[predicted]}, by ${formatSigned(100 * most.each, 1)} points.`
  );
}

/** Where one matrix lies. */
interface Square {
  x: number;
  y: number;
  cell: number;
}

/** How the three matrices of an axis lie: beside each other, or in fewer columns where their cells would be too small. */
interface Arrangement {
  columns: number;
  labelRoom: number;
  left: number;
  step: number;
  cell: number;
  /** Height of a line of matrices besides its cells. */
  between: number;
}

/** Cells are at least this wide, in pixels, where one matrix a line has that room. */
const LEAST_CELL = 30;
const COLUMNS = [3, 2, 1];

function arrange({width, narrow, most}: {width: number; narrow: boolean; most: number}): Arrangement {
  const labelRoom = narrow ? 28 : 26;
  const left = narrow ? 0 : 150;
  const cellOf = (columns: number) =>
    ((width - left) / columns - labelRoom - (columns === 1 ? 0 : narrow ? 4 : 26)) / most;
  const columns = COLUMNS.find((count) => cellOf(count) >= LEAST_CELL) ?? 1;
  const cell = Math.min(narrow ? 34 : 40, cellOf(columns));
  return {columns, labelRoom, left, step: (width - left) / columns, cell, between: 62};
}

function drawMatrices(options: FigureOptions, arm: StudyArm, axes: AxisCounts[]): SVGSVGElement {
  const {width, document} = options;
  const narrow = isNarrow(options);
  const most = Math.max(...axes.map(({axis}) => axis.labels.length));
  const {columns, labelRoom, left, step, cell, between} = arrange({width, narrow, most});
  const lines = Math.ceil(3 / columns);
  const head = narrow ? 24 : 0;
  const heights = axes.map(({axis}) => head + lines * (axis.labels.length * cell + between));
  const svg = sheet(width, heights.reduce((sum, height) => sum + height, 0) - 8, document);
  const titles = [MODE_LOOKS["label-only"].title, MODE_LOOKS[arm.mode].title, "Difference"];
  const colors = [modeTextColor("label-only"), modeTextColor(arm.mode), INK];
  let top = 0;
  axes.forEach((one, k) => {
    const size = one.axis.labels.length * cell;
    const name = narrow ? {x: 0, y: top + 14} : {x: 0, y: top + 28 + size / 2 + 4};
    add(svg, "text", {...name, "text-anchor": "start", "font-weight": 600}, one.axis.title);
    titles.forEach((title, column) => {
      const line = Math.floor(column / columns);
      const x = left + (column % columns) * step + labelRoom;
      const y = top + head + line * (size + between) + 28;
      const style = {class: "column", "font-weight": 600, "text-anchor": "start", fill: colors[column]};
      add(svg, "text", {...style, x, y: y - 8}, title);
      drawLabels(svg, one.axis.labels, {x, y, cell});
      drawSquare(svg, options, {one, column, arm, square: {x, y, cell}});
    });
    top += heights[k]!;
  });
  return svg;
}

/** Labels and the names of both sides: gold beside the rows, predicted under the columns. */
function drawLabels(svg: Element, labels: string[], {x, y, cell}: Square): void {
  const size = labels.length * cell;
  const group = add(svg, "g", {class: "label", fill: MUTED, "font-size": 11});
  const room = Math.max(1, Math.floor(cell / 5.5));
  labels.forEach((label, i) => {
    const short = label.length > room ? `${label.slice(0, Math.max(1, room - 1))}…` : label;
    add(group, "text", {x: x - 4, y: y + (i + 0.5) * cell + 4, "text-anchor": "end"}, short);
    add(group, "text", {x: x + (i + 0.5) * cell, y: y + size + 13}, short);
  });
  const turned = `translate(${round(x - 17)},${round(y + size / 2)}) rotate(-90)`;
  add(group, "text", {transform: turned}, "gold");
  add(group, "text", {x: round(x + size / 2), y: y + size + 26}, "predicted");
}

function drawSquare(
  svg: Element,
  {selection, link}: FigureOptions,
  {one, column, arm, square}: {one: AxisCounts; column: number; arm: StudyArm; square: Square}
): void {
  const {labels} = one.axis;
  const {x, y, cell} = square;
  const isChange = column === 2;
  const side = column === 0 ? one.base : one.arm;
  const group = add(svg, "g", {class: isChange ? "change" : "confusion"});
  const texts = add(svg, "g", {
    class: "number",
    fill: INK,
    "font-size": cell < 26 ? 10.5 : 11.5,
    "pointer-events": "none"
  });
  const href = column === 0 ? undefined : link?.({arm: arm.id, corpus: selection.corpus, axis: one.axis.id});
  const color = [modeColor("label-only"), modeColor(arm.mode)][column];
  labels.forEach((gold, i) =>
    labels.forEach((predicted, j) => {
      const at = i * labels.length + j;
      const value = isChange ? one.change[at]! : side.shares[at]!;
      const title = words({one, arm, gold, predicted, at});
      const opacity = Number.isNaN(value) ? 0 : Math.min(0.45, Math.abs(value) * (isChange ? 2.5 : 0.45));
      const box = add(href ? add(group, "a", linkAttributes(href, title)) : group, "rect", {
        ...{
          x: round(x + j * cell),
          y: round(y + i * cell),
          width: round(cell - 1.5),
          height: round(cell - 1.5)
        },
        ...{fill: isChange ? (value < 0 ? LESS : MORE) : color, "fill-opacity": round(0.03 + opacity)}
      });
      add(box, "title", {}, title);
      const number = isChange ? formatSigned(100 * value, 0) : formatNumber(100 * value, 0);
      const bold = i === j ? 600 : null;
      add(
        texts,
        "text",
        {x: round(x + (j + 0.5) * cell - 0.75), y: round(y + (i + 0.5) * cell + 3.5), "font-weight": bold},
        number
      );
    })
  );
}

function words({
  one,
  arm,
  gold,
  predicted,
  at
}: {
  one: AxisCounts;
  arm: StudyArm;
  gold: string;
  predicted: string;
  at: number;
}): string {
  const of = ({counts, shares}: AxisCounts["arm"]) =>
    `${formatCount(counts[at]!)} answers, ${formatNumber(100 * shares[at]!, 1)} %`;
  return (
    `${one.axis.title}: gold ${gold}, predicted ${predicted}\nlabel only: ${of(one.base)}\n` +
    `${MODE_LOOKS[arm.mode].title.toLowerCase()}: ${of(one.arm)}\ndifference: ${formatSigned(100 * one.change[at]!, 1)} points`
  );
}
