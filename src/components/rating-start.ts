/** The form that rating starts from: who rates, what, on which axis, and how much of it. */
import type {AllCubes} from "../core/cubes-reader.js";
import type {TestItem} from "../core/cubes.js";
import {formatCount} from "../core/format.js";
import {axisTitle, corpusTitle} from "../figures/figure.js";
import {textElement} from "./dialogue.js";
import type {RatingChoice} from "./rating-store.js";

const COUNTS = [10, 25, 50, 100, 200, 500];

/** Examples of a corpus (or of all) that are judged on an axis. */
export function ratablePlaces(
  {examples}: Pick<AllCubes, "examples">,
  {corpus, axis}: Pick<RatingChoice, "corpus" | "axis">
): TestItem[] {
  return examples.items.filter((item) => item.axis === axis && (corpus === "all" || item.corpus === corpus));
}

/** The form, filled with what was chosen at last. */
export function startForm(
  cubes: AllCubes,
  last: RatingChoice | null,
  onStart: (choice: RatingChoice) => void
): HTMLFormElement {
  const {study} = cubes;
  const form = document.createElement("form");
  form.className = "rating-start";
  form.setAttribute("aria-label", "What is rated");
  const name = document.createElement("input");
  Object.assign(name, {name: "rater", required: true, maxLength: 60, value: last?.rater ?? ""});
  name.autocomplete = "off";
  const axis = selectOf(
    "axis",
    study.axes.map(({id}) => [id, axisTitle(study, id)]),
    last?.axis
  );
  const corpus = selectOf("corpus", [], undefined);
  const count = selectOf("count", [], undefined);
  const offerCounts = () => {
    const {length} = ratablePlaces(cubes, {corpus: corpus.value, axis: axis.value});
    const before = count.value || String(last?.count ?? 25);
    const counts = [...COUNTS.filter((each) => each < length), length];
    fill(
      count,
      counts.map((each) => [
        String(each),
        each === length ? `all ${formatCount(length)}` : formatCount(each)
      ]),
      counts.includes(Number(before)) ? before : String(counts.find((each) => each >= 25) ?? length)
    );
  };
  const offerCorpora = () => {
    const before = corpus.value || last?.corpus;
    const ids = study.corpora
      .map(({id}) => id)
      .filter((id) => ratablePlaces(cubes, {corpus: id, axis: axis.value}).length > 0);
    fill(
      corpus,
      [...(ids.length > 1 ? ["all"] : []), ...ids].map((id) => [id, corpusTitle(study, id)]),
      before
    );
    offerCounts();
  };
  offerCorpora();
  axis.addEventListener("change", offerCorpora);
  corpus.addEventListener("change", offerCounts);
  const start = document.createElement("button");
  Object.assign(start, {type: "submit", textContent: "Start rating", className: "primary"});
  form.append(
    field("Your name or initials", name, "goes into the file"),
    field("Axis", axis),
    field("Corpus", corpus),
    field("Examples", count),
    start
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const rater = name.value.trim();
    if (rater === "") return name.focus();
    onStart({rater, axis: axis.value, corpus: corpus.value, count: Number(count.value)});
  });
  return form;
}

function field(title: string, control: HTMLElement, hint?: string): HTMLLabelElement {
  const label = document.createElement("label");
  const text = textElement("span", title);
  if (hint) text.append(" ", textElement("small", `(${hint})`));
  label.append(text, control);
  return label;
}

function selectOf(name: string, options: [string, string][], chosen: string | undefined): HTMLSelectElement {
  const select = document.createElement("select");
  select.name = name;
  fill(select, options, chosen);
  return select;
}

function fill(select: HTMLSelectElement, options: [string, string][], chosen: string | undefined): void {
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value, false, value === chosen)));
}
