/** One example in full: the dialogue, what every arm said, label probabilities, the texts trained on, and every run. */
import type {AllCubes} from "../core/cubes-reader.js";
import {formatNumber} from "../core/format.js";
import {serialiseSelection} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import {WIDTHS, axisTitle, corpusTitle} from "../figures/figure.js";
import {probabilityBars} from "../figures/probability-bars.js";
import {armHead} from "./arm-name.js";
import {dialogueList, textElement} from "./dialogue.js";
import type {ExampleQuery, IndexedItem} from "./example-index.js";
import {everyRun, layerProfile} from "./every-run.js";
import {addReadout} from "./readout.js";
import {scrollRegion} from "./scroll-region.js";
import {ownTexts, trainingTexts} from "./training-texts.js";

export interface ExampleViewOptions {
  selection: Selection;
  query: ExampleQuery;
  /** Where the study's database lies, for the drill-down. */
  databaseHref: string;
}

export function exampleView(
  cubes: AllCubes,
  indexed: IndexedItem,
  options: ExampleViewOptions
): DocumentFragment {
  const {study} = cubes;
  const {item, example} = indexed;
  const axis = study.axes.find(({id}) => id === item.axis);
  const view = document.createDocumentFragment();
  view.append(
    textElement("h2", `${corpusTitle(study, item.corpus)}, ${axisTitle(study, item.axis).toLowerCase()}`),
    linkTo(cubes, indexed, options),
    textElement("p", axis?.question ?? "", "question"),
    dialogueList(example),
    goldLine(indexed),
    verdicts(cubes, indexed, options),
    bars(cubes, indexed, options),
    layerProfile(cubes, indexed, {href: options.databaseHref, selection: options.selection}),
    everyRun(cubes, indexed, {href: options.databaseHref, selection: options.selection}),
    ownTexts(cubes, item),
    trainingTexts(cubes, item)
  );
  return view;
}

function goldLine({item}: IndexedItem): HTMLElement {
  const line = document.createElement("p");
  line.append(textElement("strong", `Gold label ${item.gold}`));
  if (item.explanation)
    line.append(
      ` because ${item.explanation}`,
      textElement("small", ` (explanation: ${item.explanation_source})`)
    );
  return line;
}

/** One row an arm: the label of each seed, right or wrong in words and colour, and the probability of the gold label. */
function verdicts(
  {study, examples}: AllCubes,
  {item, labels, predicted}: IndexedItem,
  {query}: ExampleViewOptions
): HTMLElement {
  const table = document.createElement("table");
  table.className = "verdicts";
  const head = table.createTHead().insertRow();
  for (const title of ["Arm", ...study.seeds.map((seed) => `Seed ${seed}`), "p(gold)"])
    head.append(textElement("th", title));
  const body = table.createTBody();
  for (const {id} of study.arms) {
    const row = body.insertRow();
    const name = armHead(study, id);
    if (id === query.a || id === query.b) name.style.fontWeight = "700";
    row.append(name);
    for (const label of predicted.get(id) ?? [])
      row.append(
        textElement("td", label ?? "–", label === null ? "" : label === item.gold ? "right" : "wrong")
      );
    const probability = item.probabilities[examples.arms.indexOf(id)]?.[labels.indexOf(item.gold)];
    row.append(
      textElement("td", probability === undefined ? "–" : `${formatNumber(probability / 10, 1)} %`, "number")
    );
  }
  return scrollRegion(table, "Predictions by arm");
}

function bars(cubes: AllCubes, {item}: IndexedItem, {selection}: ExampleViewOptions): HTMLElement {
  const place = document.createElement("div");
  place.dataset.drawing = "probabilities";
  const box = document.createElement("div");
  box.className = "drawing";
  box.append(
    probabilityBars(cubes, item, {
      selection,
      width: matchMedia("(max-width: 639.98px)").matches ? WIDTHS.narrow : 560
    })
  );
  place.append(box);
  place.style.position = "relative";
  addReadout(place);
  return place;
}

function linkTo({study}: AllCubes, {id}: IndexedItem, {selection}: ExampleViewOptions): HTMLElement {
  const paragraph = document.createElement("p");
  paragraph.className = "example-link";
  const link = textElement("a", "Link to this example");
  const query = new URLSearchParams(serialiseSelection(selection, study));
  query.set("example", id);
  link.href = `?${query}`;
  paragraph.append(link);
  return paragraph;
}
