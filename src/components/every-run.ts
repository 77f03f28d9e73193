/** Drill-down of one test row: what every single run gave it, from the study's database, which loads only when asked. */
import type {AllCubes} from "../core/cubes-reader.js";
import type {Estimator} from "../core/contract.js";
import {formatNumber} from "../core/format.js";
import {armTitle} from "../core/palette.js";
import {ESTIMATOR_TITLES} from "../figures/entropy-source.js";
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
          predictionTable(indexed, predictions),
          entropyTable(cubes, entropies, estimator)
        );
    } catch (error) {
      asked = false;
      body.textContent = `The database could not be read: ${error instanceof Error ? error.message : String(error)} Close and open this section to try again.`;
    }
  });
  return section;
}

function predictionTable({item, labels}: IndexedItem, predictions: RunPrediction[]): HTMLElement {
  const rows = predictions.map(({arm, seed, predicted, probabilities, off_label_mass}) => [
    armTitle(arm),
    seed,
    `${predicted}${predicted === item.gold ? " ✓" : ""}`,
    ...labels.map((_, i) => formatNumber((probabilities[i] ?? NaN) * 100, 1)),
    formatNumber(off_label_mass * 100, 2)
  ]);
  const heads = ["Arm", "Seed", "Label", ...labels.map((label) => `p(${label}) %`), "Off-label %"];
  return table(heads, rows, 3);
}

function entropyTable({study}: AllCubes, entropies: LayerEntropy[], estimator: Estimator): HTMLElement {
  const layers = [...new Set(entropies.map(({layer}) => layer))].sort((a, b) => a - b);
  const arms = study.arms.map(({id}) => id).filter((id) => entropies.some(({arm}) => arm === id));
  const rows = arms.map((arm) => [
    armTitle(arm),
    ...layers.map((layer) =>
      formatNumber(entropies.find((row) => row.arm === arm && row.layer === layer)?.entropy ?? null, 3)
    )
  ]);
  return table(
    [
      `${ESTIMATOR_TITLES[estimator]}, nats, mean of seeds`,
      ...layers.map((layer) => (layer === 0 ? "Embedding" : `Layer ${layer}`))
    ],
    rows,
    1
  );
}

/** A table whose columns from `numbersFrom` on are numbers. */
function table(heads: string[], rows: string[][], numbersFrom: number): HTMLElement {
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
  for (const row of rows) body.insertRow().append(...row.map((content, i) => cell("td", content, i)));
  const scroll = document.createElement("div");
  scroll.className = "table-scroll";
  scroll.tabIndex = 0; // so that keys can scroll it
  scroll.append(element);
  return scroll;
}
