/** What the Examples page filters and sorts by: its form, and its life in the address. */
import type {AllCubes} from "../core/cubes-reader.js";
import type {ExampleQuery, Flips, Sort} from "./example-index.js";
import {shortArmTitle} from "./arm-name.js";

const FLIPS: Record<Flips, string> = {
  any: "Any",
  either: "Flipped",
  gained: "Gained by the second",
  lost: "Lost by the second"
};
const SORTS: Record<Sort, string> = {
  corpus: "Corpus",
  flips: "Largest flip",
  disagreement: "Most disagreement"
};

/** Arms to compare and filters, from the address; what the study does not have falls back to the default. */
export function readQuery({study}: AllCubes): ExampleQuery {
  const params = new URLSearchParams(location.search);
  const ids = study.arms.map(({id}) => id);
  const arm = (key: string, standard: string) =>
    ids.includes(params.get(key) ?? "") ? params.get(key)! : standard;
  const flips = params.get("flips") as Flips;
  const sort = params.get("sort") as Sort;
  return {
    a: arm("a", "label-only"),
    b: arm("b", study.arms.find(({mode}) => mode === "explanation")?.id ?? ids.at(-1) ?? "label-only"),
    flips: flips in FLIPS ? flips : "any",
    sort: sort in SORTS ? sort : "corpus",
    search: params.get("search") ?? ""
  };
}

/** Puts filters, and which example is open, into the address; defaults are left out of it. */
export function putQuery(query: Partial<Record<string, string>>): void {
  const params = new URLSearchParams(location.search);
  for (const [key, value] of Object.entries(query)) {
    const standard = {flips: "any", sort: "corpus", search: "", a: "label-only"}[key];
    if (value === undefined || value === standard) params.delete(key);
    else params.set(key, value);
  }
  history.replaceState(history.state, "", `${location.pathname}${params.size > 0 ? `?${params}` : ""}`);
}

export interface FilterForm {
  form: HTMLFormElement;
  /** Takes flips and words away, in the form and in the query, and reports the change. */
  clear: () => void;
}

/** The form; it writes into `query` and then calls `changed`. */
export function filterForm({study}: AllCubes, query: ExampleQuery, changed: () => void): FilterForm {
  const form = document.createElement("form");
  form.className = "example-filters";
  form.setAttribute("aria-label", "Which examples are listed");
  const arms = Object.fromEntries(study.arms.map(({id}) => [id, shortArmTitle(study, id)]));
  const flips = choice("Flips", FLIPS, query.flips, (value) => (query.flips = value as Flips));
  form.append(
    choice("Compare", arms, query.a, (value) => (query.a = value)),
    choice("with", arms, query.b, (value) => (query.b = value)),
    flips,
    choice("Sort by", SORTS, query.sort, (value) => (query.sort = value as Sort))
  );
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, {type: "search", value: query.search, placeholder: "Words in the text"});
  input.addEventListener("input", () => {
    query.search = input.value;
    changed();
  });
  label.append("Search", input);
  form.append(label);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", changed);
  const clear = () => {
    flips.querySelector("select")!.value = query.flips = "any";
    input.value = query.search = "";
    changed();
  };
  return {form, clear};
}

function choice(
  name: string,
  options: Record<string, string>,
  chosen: string,
  set: (value: string) => void
): HTMLLabelElement {
  const label = document.createElement("label");
  const select = document.createElement("select");
  for (const [value, text] of Object.entries(options))
    select.add(new Option(text, value, value === chosen, value === chosen));
  select.addEventListener("change", () => set(select.value));
  label.append(name, select);
  return label;
}

/** Said in place of an example when none is found; with a button where taking filters away can help. */
export function nothingMatches({search, flips}: ExampleQuery, clear: () => void): HTMLElement {
  const empty = document.createElement("p");
  empty.className = "no-study";
  const asked = [
    ...(search.trim() ? [`“${search.trim()}”`] : []),
    ...(flips === "any" ? [] : [`“${FLIPS[flips]}”`])
  ].join(" and ");
  if (!asked) {
    empty.textContent = "Nothing matches this corpus and axis. Choose others in the toggle bar.";
    return empty;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Clear";
  button.addEventListener("click", clear);
  empty.append(`Nothing matches ${asked} here. `, button);
  return empty;
}
