/**
 * Entropy against confidence, row by row: a map of all answers, how many there are and how many of them are right,
 * with both histograms, and each mode's accuracy in the brushed region against outside of it.
 */
import {select} from "d3";
import type {Selection as D3Selection} from "d3";
import {countsIn, histogramIn, wholeRegion} from "../core/joint-counts.js";
import type {JointSums, Region} from "../core/joint-counts.js";
import {formatCount, formatCounted, formatNumber} from "../core/format.js";
import {MODE_LOOKS, modeColor} from "../core/palette.js";
import {SHORT_ESTIMATOR_TITLES, layerTitle, lowerFirst, sourceLayer, sourceTitle} from "./entropy-source.js";
import {scopeTitle} from "./figure.js";
import {emptyFigure, frame} from "./frame.js";
import {jointModel} from "./joint-model.js";
import type {JointCubes, JointModel, JointOptions} from "./joint-model.js";
import {accuracyHead, histogramPath, inAndOut, mostIn, showRegion} from "./joint-region.js";
import {BAR, INK, MUTED, PAPER, RULE, markerPath} from "./marks.js";

type Parent = D3Selection<SVGSVGElement, unknown, null, undefined>;

/**
 * Shares of right answers, a fifth each, from mostly wrong to mostly right: brown to teal, which are no mode's colours
 * and are apart for the colour-blind too.
 */
const SHADES = [
  "var(--share-1, #8c510a)",
  "var(--share-2, #c79d62)",
  "var(--share-3, #c3c0b8)",
  "var(--share-4, #64a79e)",
  "var(--share-5, #01665e)"
];
/** Opacity of the squares' edges, which keep the middle shades from vanishing in the paper. */
const OUTLINE = 0.55;
const TITLE = "Entropy, confidence and being right, answer by answer";

/** Draws the view without a brush; `showRegion` puts one in. */
export function jointView(cubes: JointCubes, options: JointOptions): SVGSVGElement {
  const {selection, width, document} = options;
  const model = jointModel(cubes, options);
  if (!model) return emptyFigure({width, document, title: TITLE, reason: whyEmpty(cubes, options)});
  const {mapped, arms, seeds} = model;
  const {right, wrong} = countsIn(mapped.sums, wholeRegion(mapped.sums));
  const source = sourceTitle(selection.estimator, selection.layer);
  const figure = frame({
    width,
    document,
    title: TITLE,
    subtitle: `${source}; map of ${lowerFirst(MODE_LOOKS[mapped.mode].title)}; ${scopeTitle(cubes, selection)}; n = ${formatCount(right + wrong)} answers: test rows × ${formatCounted(seeds, "seed")}`,
    note: `Squares: answers with this entropy and confidence, larger where they are more, coloured by the share that is right.${options.paper ? "" : " Lines under “Accuracy (%)”, seen once fewer rows are brushed: 95 % intervals (Wilson) with test rows as trials, seeds not counted apart; dialogues are not taken into account."}`,
    alt: `Over all answers ${arms
      .map(({mode, sums}) => {
        const [all] = inAndOut(sums, null, seeds);
        return `${MODE_LOOKS[mode].title} is right in ${formatNumber(all?.value ?? null, 1)} % [${formatNumber(all?.low ?? null, 1)}, ${formatNumber(all?.high ?? null, 1)}]`;
      })
      .join("; ")}. ${halvesText(mapped.sums, seeds)}`,
    panels: [{svg: drawPanel(model, options), rows: () => [...cellsOf(model), ...accuraciesOf(model)]}]
  });
  models.set(figure, model);
  return figure;
}

const models = new WeakMap<Element, JointModel>();

/** What a figure made by {@link jointView} was drawn from; undefined where it is empty or was made elsewhere. */
export function jointModelOf(figure: Element): JointModel | undefined {
  return models.get(figure);
}

/** Accuracy in the lower and the upper half of entropy's range: what a reader sees first on the map. */
function halvesText(sums: JointSums, seeds: number): string {
  const half = Math.floor(sums.bins / 2);
  const whole = wholeRegion(sums);
  const [low, high] = inAndOut(sums, {...whole, entropy: [0, half]}, seeds);
  const told = (share: typeof low) =>
    share ? `${formatNumber(share.value, 1)} % of ${formatCount(share.n)}` : "no answers";
  return `On the map, right in the lower half of entropy’s range: ${told(low)}; in the upper half: ${told(high)}.`;
}

/** Answers in each square of the map that has any, by the edges of its bins. */
function cellsOf({mapped, bins, range: [from, to]}: JointModel): object[] {
  const edge = (bin: number) => from + ((to - from) * bin) / bins;
  return Array.from({length: bins * bins}, (_, i) => [Math.floor(i / bins), i % bins] as const).flatMap(
    ([entropy, confidence]) => {
      const region: Region = {entropy: [entropy, entropy + 1], confidence: [confidence, confidence + 1]};
      const {right, wrong} = countsIn(mapped.sums, region);
      const cell = {
        ...{mode: mapped.mode, entropy_from: edge(entropy), entropy_to: edge(entropy + 1)},
        ...{confidence_from: confidence / bins, confidence_to: (confidence + 1) / bins, right, wrong}
      };
      return right + wrong > 0 ? [cell] : [];
    }
  );
}

/** Accuracy of every arm, in percent. */
function accuraciesOf({arms, seeds}: JointModel): object[] {
  return arms.map(({mode, sums}) => ({mode, accuracy: inAndOut(sums, null, seeds)[0]?.value ?? null}));
}

/** Says which layers have counts, where the one asked for has none. */
function whyEmpty({joint}: JointCubes, {selection}: JointOptions): string {
  const {estimator} = selection;
  const layer = sourceLayer(estimator, selection.layer);
  const layers = joint.ranges.filter((range) => range.estimator === estimator).map((range) => range.layer);
  if (joint.sizes.length === 0) return "The tables of this study hold no joint counts.";
  if (layers.length === 0) return `${SHORT_ESTIMATOR_TITLES[estimator]} was not recorded.`;
  if (layers.includes(layer)) return "No arm of this selection has answers here.";
  const known = layers.map((each) => layerTitle(each)).join(", ");
  return `Single answers are counted at a few layers only: choose ${known}, or the entropy over labels.`;
}

function drawPanel(model: JointModel, options: JointOptions): SVGSVGElement {
  const document = options.document ?? globalThis.document;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const root: Parent = select(svg);
  root.attr("width", options.width).attr("height", model.height).attr("class", "joint-view");
  drawAxes(root, model);
  drawMap(root, model);
  drawHistograms(root, model);
  drawAccuracies(root, model);
  drawShades(root, model);
  showRegion(svg, model, null);
  return svg;
}

function label(root: Parent, x: number, y: number, text: string, anchor = "middle") {
  return root
    .append("text")
    .attr("x", x)
    .attr("y", y)
    .attr("text-anchor", anchor)
    .attr("fill", MUTED)
    .text(text);
}

function drawAxes(root: Parent, model: JointModel): void {
  const {map, bins, range, x, y} = model;
  const nats = x.copy().domain(range);
  for (const tick of nats.ticks(map.width < 300 ? 4 : 6))
    label(root, nats(tick), map.y + map.height + 16, formatNumber(tick, range[1] - range[0] < 0.5 ? 2 : 1));
  for (const share of [0, 0.25, 0.5, 0.75, 1])
    label(root, map.x - 8, y(share * bins) + 4, formatNumber(share * 100, 0), "end");
  label(root, map.x + map.width / 2, map.y + map.height + 34, "entropy (nats)");
  label(root, 0, map.y - 14, "confidence (%)", "start");
  root
    .append("path")
    .attr("d", `M${map.x},${map.y}h${map.width}v${map.height}h${-map.width}z`)
    .attr("fill", "none")
    .attr("stroke", RULE);
}

/** One path a shade. The area of a square grows with the root of its rows, so that single answers are still seen. */
function drawMap(root: Parent, model: JointModel): void {
  const {bins, map, x, y, mapped} = model;
  const side = Math.min(map.width, map.height) / bins;
  const cells: {n: number; shade: number; entropy: number; confidence: number}[] = [];
  let most = 1;
  for (let entropy = 0; entropy < bins; entropy++)
    for (let confidence = 0; confidence < bins; confidence++) {
      const region: Region = {entropy: [entropy, entropy + 1], confidence: [confidence, confidence + 1]};
      const {right, wrong} = countsIn(mapped.sums, region);
      const n = right + wrong;
      if (n === 0) continue;
      most = Math.max(most, n);
      cells.push({n, shade: Math.min(4, Math.floor((right / n) * 5)), entropy, confidence});
    }
  const paths = SHADES.map(() => "");
  for (const {n, shade, entropy, confidence} of cells) {
    const size = side * Math.max(0.22, (n / most) ** 0.25);
    paths[shade] +=
      `M${(x(entropy + 0.5) - size / 2).toFixed(1)},${(y(confidence + 0.5) - size / 2).toFixed(1)}h${size.toFixed(1)}v${size.toFixed(1)}h${(-size).toFixed(1)}z`;
  }
  paths.forEach((path, shade) =>
    root
      .append("path")
      .attr("class", "map-cells")
      .attr("d", path)
      .attr("fill", SHADES[shade]!)
      .attr("stroke", INK)
      .attr("stroke-opacity", OUTLINE)
      .attr("stroke-width", 0.6)
  );
  root
    .append("path")
    .attr("class", "brush-outside")
    .attr("fill", PAPER)
    .attr("fill-opacity", 0.7)
    .attr("fill-rule", "evenodd");
  root
    .append("path")
    .attr("class", "brush-frame")
    .attr("fill", "none")
    .attr("stroke", INK)
    .attr("stroke-width", 1.5);
}

function drawHistograms(root: Parent, model: JointModel): void {
  const {sums} = model.mapped;
  for (const along of ["entropy", "confidence"] as const) {
    const counts = histogramIn(sums, along, wholeRegion(sums));
    const box = along === "entropy" ? model.above : model.beside;
    root
      .append("path")
      .attr("class", `all-${along}`)
      .attr("fill", BAR)
      .attr("d", histogramPath(counts, box, mostIn(counts), along === "entropy"));
    root.append("path").attr("class", `brushed-${along}`).attr("fill", MUTED);
  }
}

function drawAccuracies(root: Parent, model: JointModel): void {
  const {rows, accuracy, arms} = model;
  const foot = rows.y + rows.height;
  label(root, rows.x, rows.y - 14, accuracyHead(null), "start")
    .attr("class", "accuracy-head")
    .attr("fill", INK)
    .attr("font-weight", 600)
    .attr("dx", rows.x > 600 ? -128 : -rows.x);
  for (const tick of [0, 25, 50, 75, 100]) {
    root
      .append("path")
      .attr("d", `M${accuracy(tick)},${rows.y}V${foot}`)
      .attr("stroke", RULE);
    label(root, accuracy(tick), foot + 16, String(tick));
  }
  arms.forEach(({mode}, i) => {
    const row = root
      .append("g")
      .attr("class", "arm-row")
      .attr("data-mode", mode)
      .attr("transform", `translate(0,${rows.y + (i + 0.5) * (rows.height / arms.length)})`);
    const color = modeColor(mode);
    row
      .append("text")
      .attr("x", rows.x - 12)
      .attr("y", 4)
      .attr("text-anchor", "end")
      .attr("fill", INK)
      .text(MODE_LOOKS[mode].title);
    row.append("path").attr("class", "apart").attr("stroke", color).attr("stroke-dasharray", "2,3");
    row.append("path").attr("class", "interval").attr("stroke", color).attr("stroke-width", 1.75);
    for (const name of ["outside", "inside"])
      row
        .append("path")
        .attr("class", name)
        .attr("d", markerPath(mode))
        .attr("stroke", color)
        .attr("stroke-width", 1.5)
        .attr("fill", name === "inside" ? color : PAPER);
    row
      .append("text")
      .attr("class", "number")
      .attr("x", rows.x + rows.width + 58)
      .attr("y", 4)
      .attr("text-anchor", "end")
      .attr("fill", MUTED);
  });
}

/** What the squares' colours say: below the accuracies where these are beside the map, else above everything. */
function drawShades(root: Parent, {map, rows}: JointModel): void {
  if (rows.x > 600) {
    const [x, y] = [rows.x - 128, Math.max(map.y + map.height - 26, rows.y + rows.height + 52)];
    label(root, x, y - 8, "Share right (%), of the answers in a square", "start");
    drawShadeRow(root, x, y, 34);
    for (let fifth = 0; fifth <= 5; fifth++) label(root, x + fifth * 34, y + 24, String(fifth * 20));
    return;
  }
  const [x, y, width] = [124, 8, 24];
  label(root, 0, y + 10, "Share right (%):", "start");
  label(root, x - 4, y + 10, "0", "end");
  drawShadeRow(root, x, y, width);
  label(root, x + 5 * width + 4, y + 10, "100", "start");
}

function drawShadeRow(root: Parent, x: number, y: number, width: number): void {
  SHADES.forEach((shade, i) => {
    root
      .append("rect")
      .attr("x", x + i * width)
      .attr("y", y + 0.5)
      .attr("width", width - 2)
      .attr("height", 10)
      .attr("fill", shade)
      .attr("stroke", INK)
      .attr("stroke-opacity", OUTLINE)
      .attr("stroke-width", 0.6);
  });
}
