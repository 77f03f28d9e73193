/** Drill-down of one test row from the study's database, which loads only when asked: every run, and its layers. */
import type {AllCubes} from "../core/cubes-reader.js";
import type {Estimator} from "../core/contract.js";
import {formatNumber} from "../core/format.js";
import {selectedArms} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import {exampleLayers} from "../figures/example-layers.js";
import {WIDTHS} from "../figures/figure.js";
import {armHead} from "./arm-name.js";
import type {RunPrediction} from "./database.js";
import type {IndexedItem} from "./example-index.js";
import {addReadout} from "./readout.js";
import {scrollRegion} from "./scroll-region.js";

export interface DrillOptions {
  /** Where the study's database lies. */
  href: string;
  selection: Selection;
}

/** Sections that the reader has opened stay open from example to example. */
const opened = new Set<string>();

/**
 * A section that fills itself when it is opened. `fill` gives its content; a failure is told, and opening the section
 * again tries again.
 */
export function lazySection(name: string, fill: () => Promise<Node[]>): HTMLElement {
  const section = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = name;
  const body = document.createElement("div");
  body.setAttribute("role", "status");
  section.append(summary, body);
  let asked = false;
  const open = async () => {
    if (asked) return;
    asked = true;
    body.textContent = "Loading the study’s database …";
    try {
      body.replaceChildren(...(await fill()));
    } catch (error) {
      asked = false;
      body.textContent = `The database could not be read: ${error instanceof Error ? error.message : String(error)} Close and open this section to try again.`;
    }
  };
  section.addEventListener("toggle", () => {
    if (section.open) {
      opened.add(name);
      void open();
    } else opened.delete(name);
  });
  section.open = opened.has(name);
  return section;
}

const ABSENT =
  "The database holds no run of this test row. In a large study it holds those examples only that the page lists.";

/** Label probabilities of every run. */
export function everyRun(cubes: AllCubes, indexed: IndexedItem, {href}: DrillOptions): HTMLElement {
  return lazySection("Every run: label probabilities by seed", async () => {
    const {readPredictions} = await import("./database.js");
    const predictions = await readPredictions(href, indexed.item);
    return predictions.length === 0
      ? [document.createTextNode(ABSENT)]
      : [predictionTable(cubes, indexed, predictions)];
  });
}

/** Entropy by layer of label-only and the selected arms. */
export function layerProfile(cubes: AllCubes, {item}: IndexedItem, options: DrillOptions): HTMLElement {
  const {study} = cubes;
  return lazySection("Layer profile: entropy by layer", async () => {
    const {href, selection} = options;
    const estimator: Estimator | undefined =
      selection.estimator === "label_entropy" ? study.estimators[0] : selection.estimator;
    if (!estimator) return [document.createTextNode("This study recorded no entropies of layers.")];
    const {readLayers} = await import("./database.js");
    const arms = selectedArms(selection, study).map(({id}) => id);
    const rows = await readLayers(href, item, {estimator, arms});
    const place = document.createElement("div");
    place.dataset.drawing = "example-layers";
    place.style.position = "relative";
    const box = document.createElement("div");
    box.className = "drawing";
    const width = matchMedia("(max-width: 639.98px)").matches ? WIDTHS.narrow : WIDTHS.middle;
    box.append(exampleLayers(cubes, rows, estimator, {selection, width}));
    place.append(box);
    addReadout(place);
    return [place];
  });
}

/** Arms in the order of the table of verdicts above, then seeds as the database sorts them. */
function predictionTable(
  {study}: AllCubes,
  {item, labels}: IndexedItem,
  predictions: RunPrediction[]
): HTMLElement {
  const order = study.arms.map(({id}) => id);
  const sorted = [...predictions].sort((x, y) => order.indexOf(x.arm) - order.indexOf(y.arm));
  const table = document.createElement("table");
  const heads = ["Arm", "Seed", "Label", ...labels.map((label) => `p(${label}) %`), "Off-label %"];
  const cell = (name: "th" | "td", content: string, i: number) => {
    const made = document.createElement(name);
    made.textContent = content;
    if (i >= 3) made.className = "number";
    return made;
  };
  table
    .createTHead()
    .insertRow()
    .append(...heads.map((head, i) => cell("th", head, i)));
  const body = table.createTBody();
  for (const {arm, seed, predicted, probabilities, off_label_mass} of sorted) {
    const cells = [
      seed,
      `${predicted}${predicted === item.gold ? " ✓" : ""}`,
      ...labels.map((_, i) => formatNumber((probabilities[i] ?? NaN) * 100, 1)),
      formatNumber(off_label_mass * 100, 2)
    ];
    const row = body.insertRow();
    row.dataset.arm = arm;
    row.append(armHead(study, arm), ...cells.map((content, i) => cell("td", content, i + 1)));
  }
  return scrollRegion(table, "Label probabilities by seed");
}
