/** The Examples page: filters, a list that keys move through, and the example that is open. */
import type {AllCubes} from "../core/cubes-reader.js";
import {formatCount} from "../core/format.js";
import type {Selection} from "../core/selection.js";
import {filterForm, nothingMatches, putQuery, readQuery} from "./example-filters.js";
import {findExamples, flipText, indexExamples} from "./example-index.js";
import type {ExampleQuery, IndexedItem} from "./example-index.js";
import {exampleView} from "./example-view.js";
import {axisTitle, corpusTitle} from "../figures/figure.js";

/** How many list entries are drawn; more would only slow the page down. */
const LISTED = 400;

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
    const chosen = found.find(({id}) => id === open) ?? found[0];
    list.hidden = !chosen;
    if (!chosen || !selection) return shown.replaceChildren(nothingMatches(cubes, query, filters.clear));
    open = chosen.id;
    markChosen(list, open);
    shown.replaceChildren(exampleView(cubes, chosen, {selection, query, databaseHref}));
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
    putQuery(query, id);
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
    putQuery(query, open);
    showList();
  });
  const browser = element("div", "example-browser");
  const side = element("div", "example-side");
  side.append(count, list);
  browser.append(side, shown);
  place.replaceChildren(filters.form, browser);
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
