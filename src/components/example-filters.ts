/** What the Examples page filters and sorts by: its form, and its life in the address. */
import type {AllCubes} from "../core/cubes-reader.js";
import {formatNumber} from "../core/format.js";
import type {ExampleQuery, Flips, Range, Sort} from "./example-index.js";
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
  arms: "Arms furthest apart",
  seeds: "Seeds disagree",
  disagreement: "All runs disagree",
  unsure: "Least confident",
  sure: "Most confident",
  "sure-wrong": "Confident and wrong",
  entropy: "Highest entropy"
};

/** Arms to compare and filters, from the address; what the study does not have falls back to the default. */
export function readQuery({study}: AllCubes): ExampleQuery {
  const params = new URLSearchParams(location.search);
  const ids = study.arms.map(({id}) => id);
  const arm = (key: string, standard: string) =>
    ids.includes(params.get(key) ?? "") ? params.get(key)! : standard;
  const flips = params.get("flips") as Flips;
  const sort = params.get("sort") as Sort;
  const explanation = study.arms.find(({mode}) => mode === "explanation")?.id ?? ids.at(-1) ?? "label-only";
  const b = arm("b", explanation);
  return {
    a: arm("a", "label-only"),
    b,
    flips: flips in FLIPS ? flips : "any",
    sort: sort in SORTS ? sort : "corpus",
    search: params.get("search") ?? "",
    by: arm("by", b),
    confidence: rangeOf(params.get("confidence")),
    entropy: rangeOf(params.get("entropy"))
  };
}

/** `0.2_0.45`; null where it is no range. */
function rangeOf(text: string | null): Range | null {
  const ends = (text ?? "").split("_").map(Number);
  const [from, to] = ends;
  return ends.length === 2 && from !== undefined && to !== undefined && from <= to ? [from, to] : null;
}

/** Puts filters, and which example is open, into the address; defaults are left out of it. */
export function putQuery(query: ExampleQuery, example: string | null): void {
  const params = new URLSearchParams(location.search);
  const range = (ends: Range | null) => ends?.join("_") ?? "";
  const values: Record<string, [value: string, standard: string]> = {
    a: [query.a, "label-only"],
    b: [query.b, ""],
    flips: [query.flips, "any"],
    sort: [query.sort, "corpus"],
    search: [query.search, ""],
    by: [query.by, query.b],
    confidence: [range(query.confidence), ""],
    entropy: [range(query.entropy), ""],
    example: [example ?? "", ""]
  };
  for (const [key, [value, standard]] of Object.entries(values))
    if (value === standard) params.delete(key);
    else params.set(key, value);
  history.replaceState(history.state, "", `${location.pathname}${params.size > 0 ? `?${params}` : ""}`);
}

/** Ranges in words: `Explanation 30 to 60 % confident`; empty where none is asked for. */
export function rangesText({study}: AllCubes, {by, confidence, entropy}: ExampleQuery): string {
  const parts = [
    confidence &&
      `${formatNumber(confidence[0] * 100, 0)} to ${formatNumber(confidence[1] * 100, 0)} % confident`,
    entropy && `entropy over labels ${formatNumber(entropy[0], 2)} to ${formatNumber(entropy[1], 2)} nats`
  ].filter(Boolean);
  return parts.length === 0 ? "" : `${shortArmTitle(study, by)} ${parts.join(", ")}`;
}

export interface FilterForm {
  form: HTMLFormElement;
  /** Takes flips, words and ranges away, in the form and in the query, and reports the change. */
  clear: () => void;
}

/** The form; it writes into `query` and then calls `changed`. */
export function filterForm(cubes: AllCubes, query: ExampleQuery, changed: () => void): FilterForm {
  const {study} = cubes;
  const form = document.createElement("form");
  form.className = "example-filters";
  form.setAttribute("aria-label", "Which examples are listed");
  const arms = Object.fromEntries(study.arms.map(({id}) => [id, shortArmTitle(study, id)]));
  const flips = choice("Flips", FLIPS, query.flips, (value) => (query.flips = value as Flips));
  form.append(
    choice("Compare", arms, query.a, (value) => (query.a = value)),
    choice("with", arms, query.b, (value) => (query.b = value)),
    flips,
    choice("Sort by", SORTS, query.sort, (value) => (query.sort = value as Sort)),
    choice("of", arms, query.by, (value) => (query.by = value))
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
  const ranges = document.createElement("span");
  ranges.className = "example-ranges";
  const sayRanges = () => {
    const text = rangesText(cubes, query);
    ranges.hidden = text === "";
    ranges.replaceChildren(`Only: ${text} `, anyRange);
  };
  const anyRange = document.createElement("button");
  Object.assign(anyRange, {type: "button", textContent: "Any"});
  const forget = () => {
    query.confidence = query.entropy = null;
    sayRanges();
  };
  anyRange.addEventListener("click", () => {
    forget();
    changed();
    input.focus();
  });
  form.addEventListener("change", sayRanges);
  form.append(ranges);
  sayRanges();
  const clear = () => {
    flips.querySelector("select")!.value = query.flips = "any";
    input.value = query.search = "";
    forget();
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
export function nothingMatches(cubes: AllCubes, query: ExampleQuery, clear: () => void): HTMLElement {
  const {search, flips} = query;
  const ranges = rangesText(cubes, query);
  const empty = document.createElement("p");
  empty.className = "no-study";
  const asked = [
    ...(search.trim() ? [`“${search.trim()}”`] : []),
    ...(flips === "any" ? [] : [`“${FLIPS[flips]}”`]),
    ...(ranges ? [`“${ranges}”`] : [])
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
