/** Drill-down of one test row: what every single run gave it, from the study's database, which loads only when asked. */
import type {AllCubes} from "../core/cubes-reader.js";
import type {Estimator} from "../core/contract.js";
import {formatNumber} from "../core/format.js";
import {ESTIMATOR_TITLES} from "../figures/entropy-source.js";
import {armHead} from "./arm-name.js";
import type {IndexedItem} from "./example-index.js";
import type {LayerEntropy, RunPrediction} from "./database.js";

/** A closed section; opening it loads the database once a page. */
export function everyRun(
  cubes: AllCubes,
  indexed: IndexedItem,
  {href, estimator}: {href: string; estimator: Estimator}
): HTMLElement {
  const section = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "Every run: label probabilities by seed and entropy by layer";
  const body = document.createElement("div");
  body.setAttribute("role", "status");
  section.append(summary, body);
  let asked = false;
  section.addEventListener("toggle", async () => {
    if (!section.open || asked) return;
    asked = true;
    body.textContent = "Loading the study’s database …";
    try {
      const {readTestRow} = await import("./database.js");
      const {predictions, entropies} = await readTestRow(href, indexed.item, estimator);
      if (predictions.length === 0) body.textContent = "The database holds no run of this test row.";
      else
        body.replaceChildren(
          predictionTable(cubes, indexed, predictions),
          entropyTable(cubes, entropies, estimator)
        );
    } catch (error) {
      asked = false;
      body.textContent = `The database could not be read: ${error instanceof Error ? error.message : String(error)} Close and open this section to try again.`;
    }
  });
  return section;
}

/** Arms in the order of the table of verdicts above, then seeds as the database sorts them. */
function predictionTable(
  {study}: AllCubes,
  {item, labels}: IndexedItem,
  predictions: RunPrediction[]
): HTMLElement {
  const order = study.arms.map(({id}) => id);
  const sorted = [...predictions].sort((x, y) => order.indexOf(x.arm) - order.indexOf(y.arm));
  const rows = sorted.map(({arm, seed, predicted, probabilities, off_label_mass}) => ({
    arm,
    cells: [
      seed,
      `${predicted}${predicted === item.gold ? " ✓" : ""}`,
      ...labels.map((_, i) => formatNumber((probabilities[i] ?? NaN) * 100, 1)),
      formatNumber(off_label_mass * 100, 2)
    ]
  }));
  const heads = ["Arm", "Seed", "Label", ...labels.map((label) => `p(${label}) %`), "Off-label %"];
  return table(study, heads, rows, 3);
}

function entropyTable({study}: AllCubes, entropies: LayerEntropy[], estimator: Estimator): HTMLElement {
  const layers = [...new Set(entropies.map(({layer}) => layer))].sort((a, b) => a - b);
  const arms = study.arms.map(({id}) => id).filter((id) => entropies.some(({arm}) => arm === id));
  const rows = arms.map((arm) => ({
    arm,
    cells: layers.map((layer) =>
      formatNumber(entropies.find((row) => row.arm === arm && row.layer === layer)?.entropy ?? null, 3)
    )
  }));
  return table(
    study,
    [
      `${ESTIMATOR_TITLES[estimator]}, nats, mean of seeds`,
      ...layers.map((layer) => (layer === 0 ? "Embedding" : `Layer ${layer}`))
    ],
    rows,
    1
  );
}

interface ArmRow {
  arm: string;
  cells: string[];
}

/** One row an arm or run, headed by the arm; columns from `numbersFrom` on are numbers. */
function table(study: AllCubes["study"], heads: string[], rows: ArmRow[], numbersFrom: number): HTMLElement {
  const element = document.createElement("table");
  const cell = (name: "th" | "td", content: string, i: number) => {
    const made = document.createElement(name);
    made.textContent = content;
    if (i >= numbersFrom) made.className = "number";
    return made;
  };
  element
    .createTHead()
    .insertRow()
    .append(...heads.map((head, i) => cell("th", head, i)));
  const body = element.createTBody();
  for (const {arm, cells} of rows) {
    const row = body.insertRow();
    row.dataset.arm = arm;
    row.append(armHead(study, arm), ...cells.map((content, i) => cell("td", content, i + 1)));
  }
  const scroll = document.createElement("div");
  scroll.className = "table-scroll";
  scroll.tabIndex = 0; // so that keys can scroll it
  scroll.append(element);
  return scroll;
}
