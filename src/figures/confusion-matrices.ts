/** Which labels are taken for which: one matrix an arm, levels or differences to label-only, one row of matrices an axis. */
import {confusionCounts, sharesOfGold} from "../core/confusion-counts.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {Axis} from "../core/conversation.js";
import {formatCount, formatNumber, formatSigned} from "../core/format.js";
import {MODE_LOOKS, modeColor, modeTextColor, recipeTitle} from "../core/palette.js";
import {selectedArms} from "../core/selection.js";
import type {StudyArm} from "../core/selection.js";
import {add, sheet} from "./elements.js";
import {corpusTitle, seedNote} from "./figure.js";
import type {FigureOptions} from "./figure.js";
import {ALL_HIDDEN, emptyFigure, frame} from "./frame.js";
import {linkAttributes, round} from "./interval-panels.js";
import {INK, LESS, MORE, MUTED} from "./marks.js";

type Cubes = Pick<AllCubes, "study" | "confusions">;

/** Rows of one arm on one axis by gold and predicted label. */
interface Confusion {
  arm: StudyArm;
  counts: number[];
  /** Of the gold label's rows. */
  shares: number[];
}

/** One axis: label only, and every mode shown. */
interface AxisConfusions {
  axis: Axis;
  base: Confusion;
  arms: Confusion[];
}

const TITLE = "Which labels are taken for which";

/** One matrix an arm and axis: levels beside label-only, or what each mode changes. Counts add up over corpora and seeds. */
export function confusionMatrices(cubes: Cubes, options: FigureOptions): SVGSVGElement {
  const {study} = cubes;
  const {selection, width, document} = options;
  const isChange = selection.view === "effect";
  const title = isChange ? `${TITLE}: difference to label only` : TITLE;
  const shown = confusionsOf(cubes, options);
  if (shown.length === 0)
    return emptyFigure({
      width,
      document,
      title,
      reason:
        selection.modes.length === 0
          ? ALL_HIDDEN
          : "No mode is shown that has counts of predicted labels in this order and loss reduction beside label-only."
    });
  const place =
    selection.corpus === "all" ? `all ${study.corpora.length} corpora` : corpusTitle(study, selection.corpus);
  const rows = shown.reduce((sum, {base}) => sum + total(base.counts), 0);
  return frame({
    width,
    document,
    title,
    subtitle: `${isChange ? "points" : "%"} of the gold label’s rows; ${place}; ${recipeTitle(selection, study.arms)}; ${formatCount(rows)} answers an arm, ${seedNote(study, selection.seed).replace("mean of", "rows of all")}`,
    note: `Rows are gold labels, columns predicted ones; the diagonal is right. ${isChange ? "Teal: the mode gives the label less often than label only; brown: more often." : options.paper ? "" : "Show differences to see what a mode changes."}`,
    alt: shown.map(altText).join(" "),
    panels: [{svg: drawMatrices(options, shown), rows: () => shown.flatMap(rowsOf)}]
  });
}

function confusionsOf({study, confusions}: Cubes, {selection}: FigureOptions): AxisConfusions[] {
  const chosen = selectedArms(selection, study);
  const axes = study.axes.filter(({id}) => selection.axis === "all" || id === selection.axis);
  return axes.flatMap((axis) => {
    const labels = axis.labels.length;
    const [base, ...arms] = chosen.flatMap((arm): Confusion[] => {
      const counts = confusionCounts(confusions, {system: arm.id, axis: axis.id, labels}, selection);
      return counts ? [{arm, counts, shares: sharesOfGold(counts, labels)}] : [];
    });
    return base?.arm.mode === "label-only" && arms.length > 0 ? [{axis, base, arms}] : [];
  });
}

/** One row a cell of every matrix. */
function rowsOf({axis, base, arms}: AxisConfusions): object[] {
  const {labels} = axis;
  return [base, ...arms].flatMap(({arm, counts, shares}) =>
    counts.map((answers, at) => ({
      axis: axis.id,
      mode: arm.mode,
      gold: labels[Math.floor(at / labels.length)],
      predicted: labels[at % labels.length],
      answers,
      share_of_gold: shares[at]
    }))
  );
}

function total(counts: number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function altText({axis, base, arms}: AxisConfusions): string {
  const {labels} = axis;
  const right = ({counts}: Confusion) =>
    (100 * labels.reduce((sum, _, i) => sum + counts[i * labels.length + i]!, 0)) / total(counts);
  const said = arms.map((one) => {
    const wrong = changeOf(one, base).flatMap((each, i) =>
      i % (labels.length + 1) === 0 || Number.isNaN(each) ? [] : [{each, i}]
    );
    const most = wrong.reduce((a, b) => (Math.abs(b.each) > Math.abs(a.each) ? b : a), {each: 0, i: 0});
    const [gold, predicted] = [Math.floor(most.i / labels.length), most.i % labels.length];
    return (
      `${formatNumber(right(one), 0)} % with ${MODE_LOOKS[one.arm.mode].title.toLowerCase()}, where gold ${labels[gold]} ` +
      `taken for ${labels[predicted]} changes most, by ${formatSigned(100 * most.each, 1)} points`
    );
  });
  return `${axis.title}: right in ${formatNumber(right(base), 0)} % with label only; ${said.join("; ")}.`;
}

const changeOf = (one: Confusion, base: Confusion) => one.shares.map((share, i) => share - base.shares[i]!);

/** Where one matrix lies. */
interface Square {
  x: number;
  y: number;
  cell: number;
}

/** How the matrices of an axis lie: beside each other, in as few lines as their cells allow. */
interface Arrangement {
  columns: number;
  lines: number;
  labelRoom: number;
  left: number;
  step: number;
  cell: number;
}

/** Least and largest width of a cell, in pixels, and the height of a line of matrices besides its cells. */
const [LEAST_CELL, MOST_CELL] = [23, 36];
const BETWEEN = 62;

/** Mean width of a character of an axis' name, and the most room for one, in pixels. */
const NAME_CHARACTER = 8.3;
const MOST_NAME = 190;

function arrange(width: number, matrices: number, axes: Axis[]): Arrangement {
  const labels = Math.max(...axes.map((axis) => axis.labels.length));
  const name = Math.max(...axes.map(({title}) => title.length)) * NAME_CHARACTER + 6;
  const narrow = width < 640;
  const labelRoom = narrow ? 28 : 26;
  const left = narrow ? 0 : Math.min(MOST_NAME, name);
  const gap = narrow ? 4 : 10;
  const cellOf = (columns: number) =>
    ((width - left) / columns - labelRoom - (columns === 1 ? 0 : gap)) / labels;
  const most = Array.from({length: matrices}, (_, i) => matrices - i).find(
    (columns) => cellOf(columns) >= LEAST_CELL
  );
  const lines = Math.ceil(matrices / (most ?? 1));
  const columns = Math.ceil(matrices / lines);
  const cell = Math.min(MOST_CELL, cellOf(columns));
  return {columns, lines, labelRoom, left, step: Math.min((width - left) / columns, 260), cell};
}

function drawMatrices(options: FigureOptions, shown: AxisConfusions[]): SVGSVGElement {
  const {width, document, selection} = options;
  const isChange = selection.view === "effect";
  const matrices = Math.max(...shown.map(({arms}) => arms.length)) + (isChange ? 0 : 1);
  const {columns, lines, labelRoom, left, step, cell} = arrange(
    width,
    matrices,
    shown.map(({axis}) => axis)
  );
  const head = left === 0 ? 24 : 0;
  const heights = shown.map(({axis}, k) => {
    const apart = left === 0 && k < shown.length - 1 ? 14 : 0; // the next axis' name stands below
    return head + lines * (axis.labels.length * cell + BETWEEN) + apart;
  });
  const svg = sheet(width, total(heights) + 2, document);
  let top = 0;
  shown.forEach((one, k) => {
    const {axis, base, arms} = one;
    const size = axis.labels.length * cell;
    const name = {x: 0, y: top + (left === 0 ? 14 : 28 + size / 2 + 4), class: "axis"};
    add(svg, "text", {...name, "text-anchor": "start", "font-weight": 600}, axis.title);
    (isChange ? arms : [base, ...arms]).forEach((each, i) => {
      const x = left + (i % columns) * step + labelRoom;
      const y = top + head + Math.floor(i / columns) * (size + BETWEEN) + 28;
      const {mode} = each.arm;
      const style = {class: "column", "font-weight": 600, "text-anchor": "start", fill: modeTextColor(mode)};
      add(svg, "text", {...style, x, y: y - 8}, MODE_LOOKS[mode].title);
      drawLabels(svg, axis.labels, {x, y, cell});
      drawSquare(svg, options, {axis, base, each, square: {x, y, cell}});
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
  {axis, base, each, square}: {axis: Axis; base: Confusion; each: Confusion; square: Square}
): void {
  const {labels} = axis;
  const {x, y, cell} = square;
  const {id, mode} = each.arm;
  const isChange = selection.view === "effect";
  const values = isChange ? changeOf(each, base) : each.shares;
  const group = add(svg, "g", {class: isChange ? "change" : "confusion", "data-mode": mode});
  const numbers = {
    class: "number",
    fill: INK,
    "font-size": cell < 28 ? 10.5 : 11.5,
    "pointer-events": "none"
  };
  const texts = add(svg, "g", numbers);
  const href = each === base ? undefined : link?.({arm: id, corpus: selection.corpus, axis: axis.id});
  const side = round(cell - 1.5);
  labels.forEach((gold, i) =>
    labels.forEach((predicted, j) => {
      const at = i * labels.length + j;
      const value = values[at]!;
      const title = words(axis, {base, each, gold, predicted, at});
      const opacity = Number.isNaN(value) ? 0 : Math.min(0.45, Math.abs(value) * (isChange ? 2.5 : 0.45));
      const box = add(href ? add(group, "a", linkAttributes(href, title)) : group, "rect", {
        ...{x: round(x + j * cell), y: round(y + i * cell), width: side, height: side},
        ...{
          fill: isChange ? (value < 0 ? LESS : MORE) : modeColor(mode),
          "fill-opacity": round(0.03 + opacity)
        }
      });
      add(box, "title", {}, title);
      const number = isChange ? formatSigned(100 * value, 0) : formatNumber(100 * value, 0);
      const middle = {x: round(x + (j + 0.5) * cell - 0.75), y: round(y + (i + 0.5) * cell + 3.5)};
      add(texts, "text", {...middle, "font-weight": i === j ? 600 : null}, number);
    })
  );
}

function words(
  axis: Axis,
  {
    base,
    each,
    gold,
    predicted,
    at
  }: {base: Confusion; each: Confusion; gold: string; predicted: string; at: number}
): string {
  const of = ({arm, counts, shares}: Confusion) =>
    `${MODE_LOOKS[arm.mode].title.toLowerCase()}: ${formatCount(counts[at]!)} answers, ${formatNumber(100 * shares[at]!, 1)} %`;
  const compared =
    each === base
      ? []
      : [of(each), `difference: ${formatSigned(100 * (each.shares[at]! - base.shares[at]!), 1)} points`];
  return [`${axis.title}: gold ${gold}, predicted ${predicted}`, of(base), ...compared].join("\n");
}
