/** The Examples page: filters, a list that keys move through, and the example that is open. */
import type {AllCubes} from "../core/cubes-reader.js";
import {formatCount} from "../core/format.js";
import type {Selection} from "../core/selection.js";
import {LISTED, entryList} from "./entry-list.js";
import type {Entry} from "./entry-list.js";
import {filterForm, nothingMatches, putQuery, readQuery} from "./example-filters.js";
import {findExamples, flipText, indexExamples} from "./example-index.js";
import type {ExampleQuery, IndexedItem} from "./example-index.js";
import {exampleView} from "./example-view.js";
import {axisTitle, corpusTitle} from "../figures/figure.js";

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
  const shown = element("section", "example-open");
  shown.setAttribute("aria-live", "polite");
  const missing = element("p", "example-missing");
  missing.setAttribute("role", "status");
  let found: IndexedItem[] = [];
  /** What the address asked for, until the reader chooses something else. */
  let asked = open;

  const showOpen = () => {
    const chosen = found.find(({id}) => id === open) ?? found[0];
    list.element.hidden = !chosen;
    const lost = asked !== null && chosen?.id !== asked;
    missing.textContent = lost ? missingText(asked!, items) : "";
    if (!chosen || !selection) return shown.replaceChildren(nothingMatches(cubes, query, filters.clear));
    open = chosen.id;
    list.mark(open);
    shown.replaceChildren(exampleView(cubes, chosen, {selection, query, databaseHref}));
  };
  const showList = () => {
    if (!selection) return;
    found = findExamples(items, selection, query);
    count.textContent = countText(found.length, items.length, query);
    list.show(found.slice(0, LISTED).map((item) => listEntry(cubes, item, query)));
    showOpen();
  };
  const list = entryList("Examples; arrow keys move", (id) => {
    asked = null;
    open = id;
    putQuery(query, id);
    showOpen();
  });
  const filters = filterForm(cubes, query, () => {
    asked = null;
    putQuery(query, open);
    showList();
  });
  const browser = element("div", "example-browser");
  const side = element("div", "example-side");
  side.append(count, list.element);
  browser.append(side, shown);
  place.replaceChildren(filters.form, missing, browser);
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

/** Why another example is open than the one that the address names. */
function missingText(id: string, items: readonly IndexedItem[]): string {
  const known = items.some((item) => item.id === id);
  const name = `“${id.length > 80 ? `${id.slice(0, 79)}…` : id}”`;
  return known
    ? `The example ${name} of this address is left out by corpus, axis or filters; the first of those listed is open.`
    : `This notebook shows no example ${name}; the first of those listed is open.`;
}

function countText(found: number, all: number, {flips}: ExampleQuery): string {
  const which =
    flips === "any"
      ? ""
      : ` that ${{gained: "the second arm gained", lost: "the second arm lost", either: "flipped"}[flips]}`;
  const listed = found > LISTED ? `; the first ${formatCount(LISTED)} are listed` : "";
  return `${formatCount(found)} of ${formatCount(all)} test rows${which}${listed}.`;
}

function listEntry({study}: AllCubes, indexed: IndexedItem, query: ExampleQuery): Entry {
  const {id, item, example} = indexed;
  const flip = flipText(indexed, query);
  const where = `${corpusTitle(study, item.corpus)} · ${axisTitle(study, item.axis)} · gold ${item.gold}`;
  return {id, where: flip ? `${where} · ${flip}` : where, text: example.response};
}
