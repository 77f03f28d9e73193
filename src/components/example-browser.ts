/** The Examples page: filters, a list that keys move through, and the example that is open. */
import type {AllCubes} from "../core/cubes-reader.js";
import {formatCount} from "../core/format.js";
import {armTitle} from "../core/palette.js";
import type {Selection} from "../core/selection.js";
import {findExamples, flipText, indexExamples} from "./example-index.js";
import type {ExampleQuery, Flips, IndexedItem, Sort} from "./example-index.js";
import {exampleView} from "./example-view.js";
import {axisTitle, corpusTitle} from "../figures/figure.js";

/** How many list entries are drawn; more would only slow the page down. */
const LISTED = 400;

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

/** Builds the browser in `place` and returns the function that follows the shared selection. */
export function openExampleBrowser(
  place: HTMLElement,
  cubes: AllCubes,
  databaseHref: string
): (selection: Selection) => void {
  const items = indexExamples(cubes);
  if (items.length === 0) {
    place.textContent = "This study has no examples to show.";
    return () => {};
  }
  const query = readQuery(cubes);
  let selection: Selection | undefined;
  let open = new URLSearchParams(location.search).get("example");
  const count = element("p", "example-count");
  count.setAttribute("role", "status");
  const list = element("ul", "example-list");
  Object.assign(list, {tabIndex: 0});
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Examples; arrow keys move");
  const shown = element("section", "example-open");
  shown.setAttribute("aria-live", "polite");
  let found: IndexedItem[] = [];

  const showOpen = () => {
    const chosen = found.find(({id}) => id === open) ?? items.find(({id}) => id === open) ?? found[0];
    open = chosen?.id ?? null;
    markChosen(list, open);
    shown.replaceChildren(
      chosen && selection ? exampleView(cubes, chosen, {selection, query, databaseHref}) : emptyState()
    );
  };
  const showList = () => {
    if (!selection) return;
    found = findExamples(items, selection, query);
    count.textContent = countText(found.length, items.length, query);
    list.replaceChildren(...found.slice(0, LISTED).map((item) => listEntry(cubes, item, query)));
    showOpen();
  };
  const choose = (id: string | undefined) => {
    if (id === undefined) return;
    open = id;
    putQuery({...query, example: id});
    showOpen();
  };
  list.addEventListener("click", ({target}) => choose((target as Element).closest("li")?.dataset.id));
  list.addEventListener("keydown", (event) => {
    const at = found.findIndex(({id}) => id === open);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: Math.min(found.length, LISTED) - 1,
      PageDown: at + 10,
      PageUp: at - 10
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(found[Math.max(0, Math.min(Math.min(found.length, LISTED) - 1, to))]?.id);
  });
  const filters = filterForm(cubes, query, () => {
    putQuery({...query, ...(open ? {example: open} : {})});
    showList();
  });
  const browser = element("div", "example-browser");
  const side = element("div", "example-side");
  side.append(count, list);
  browser.append(side, shown);
  place.replaceChildren(filters, browser);
  return (next) => {
    selection = next;
    showList();
  };
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className: string
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

/** Arms to compare and filters, from the address; what the study does not have falls back to the default. */
function readQuery({study}: AllCubes): ExampleQuery {
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

function putQuery(query: Partial<Record<string, string>>): void {
  const params = new URLSearchParams(location.search);
  for (const [key, value] of Object.entries(query)) {
    const standard = {flips: "any", sort: "corpus", search: "", a: "label-only"}[key];
    if (value === undefined || value === standard) params.delete(key);
    else params.set(key, value);
  }
  history.replaceState(history.state, "", `${location.pathname}${params.size > 0 ? `?${params}` : ""}`);
}

function filterForm({study}: AllCubes, query: ExampleQuery, changed: () => void): HTMLFormElement {
  const form = element("form", "example-filters");
  form.setAttribute("aria-label", "Which examples are listed");
  const arms = Object.fromEntries(study.arms.map(({id}) => [id, armTitle(id)]));
  form.append(
    choice("Compare", arms, query.a, (value) => (query.a = value)),
    choice("with", arms, query.b, (value) => (query.b = value)),
    choice("Flips", FLIPS, query.flips, (value) => (query.flips = value as Flips)),
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
  return form;
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

function countText(found: number, all: number, {flips}: ExampleQuery): string {
  const which =
    flips === "any"
      ? ""
      : ` that ${{gained: "the second arm gained", lost: "the second arm lost", either: "flipped"}[flips]}`;
  const listed = found > LISTED ? `; the first ${formatCount(LISTED)} are listed` : "";
  return `${formatCount(found)} of ${formatCount(all)} test rows${which}${listed}.`;
}

function listEntry({study}: AllCubes, indexed: IndexedItem, query: ExampleQuery): HTMLLIElement {
  const entry = document.createElement("li");
  entry.setAttribute("role", "option");
  entry.dataset.id = indexed.id;
  entry.id = `entry-${indexed.id.replace(/\W+/g, "-")}`;
  const where = element("span", "where");
  const flip = flipText(indexed, query);
  where.textContent = `${corpusTitle(study, indexed.item.corpus)} · ${axisTitle(study, indexed.item.axis)} · gold ${indexed.item.gold}${flip ? ` · ${flip}` : ""}`;
  const text = element("span", "text");
  text.textContent = indexed.example.response;
  entry.append(where, text);
  return entry;
}

function markChosen(list: HTMLElement, id: string | null): void {
  for (const entry of list.children as HTMLCollectionOf<HTMLElement>) {
    const chosen = entry.dataset.id === id;
    entry.setAttribute("aria-selected", String(chosen));
    if (!chosen) continue;
    list.setAttribute("aria-activedescendant", entry.id);
    const [top, bottom] = [
      entry.offsetTop - list.offsetTop,
      entry.offsetTop - list.offsetTop + entry.offsetHeight
    ];
    if (top < list.scrollTop) list.scrollTop = top;
    else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
  }
}

function emptyState(): HTMLElement {
  const empty = element("p", "no-study");
  empty.textContent = "No test row matches. Take a filter away, or search for fewer words.";
  return empty;
}
