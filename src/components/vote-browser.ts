/** The browser of judged examples: filters, a list that keys move through, and all votes on the one that is open. */
import type {AllCubes} from "../core/cubes-reader.js";
import {formatCount} from "../core/format.js";
import type {Selection} from "../core/selection.js";
import {axisTitle, corpusTitle} from "../figures/figure.js";
import {textElement} from "./dialogue.js";
import {LISTED, entryList} from "./entry-list.js";
import {keepOwnValue, ownValue} from "./page-choice.js";
import {findVotes, indexVotes, votesText} from "./vote-index.js";
import type {IndexedVotes, VoteFilter, VoteQuery, VoteSort} from "./vote-index.js";
import {voteView} from "./vote-view.js";

const FILTERS: Record<VoteFilter, string> = {
  any: "All",
  apart: "Votes a label apart",
  far: "Votes two labels apart",
  people: "Merged label is not people’s",
  unusable: "Some vote is not usable"
};
const SORTS: Record<VoteSort, string> = {
  corpus: "Corpus",
  spread: "Votes furthest apart",
  people: "Furthest from people"
};

/** Builds the browser in `place` and returns the function that follows the shared selection. */
export function openVoteBrowser(place: HTMLElement, cubes: AllCubes): (selection: Selection) => void {
  const all = indexVotes(cubes);
  if (all.length === 0) {
    place.textContent = "No example that the notebook shows was judged.";
    return () => {};
  }
  const query = readVoteQuery();
  let selection: Selection | undefined;
  let open = ownValue("example");
  let found: IndexedVotes[] = [];
  const count = textElement("p", "", "example-count");
  count.setAttribute("role", "status");
  const shown = document.createElement("section");
  shown.className = "example-open";
  shown.setAttribute("aria-live", "polite");
  shown.setAttribute("aria-label", "The example that is open");

  const showOpen = () => {
    const chosen = found.find(({id}) => id === open) ?? found[0];
    list.element.hidden = !chosen;
    if (!chosen) return shown.replaceChildren(nothingFound());
    open = chosen.id;
    list.mark(open);
    shown.replaceChildren(voteView(cubes, chosen));
  };
  const list = entryList("Judged examples; arrow keys move", (id) => {
    open = id;
    keepOwnValue("example", id);
    showOpen();
  });
  const showList = () => {
    if (!selection) return;
    found = findVotes(all, selection, query);
    const more = found.length > LISTED ? `; the first ${formatCount(LISTED)} are listed` : "";
    count.textContent = `${formatCount(found.length)} of ${formatCount(all.length)} judged examples${more}.`;
    list.show(
      found.slice(0, LISTED).map((one) => ({
        id: one.id,
        where: `${corpusTitle(cubes.study, one.item.corpus)} · ${axisTitle(cubes.study, one.item.axis)} · ${votesText(one)}`,
        text: one.example.response
      }))
    );
    showOpen();
  };
  const browser = document.createElement("div");
  browser.className = "example-browser";
  const side = document.createElement("div");
  side.append(count, list.element);
  browser.append(side, shown);
  place.replaceChildren(filterForm(query, cubes, showList), browser);
  return (next) => {
    selection = next;
    showList();
  };
}

function readVoteQuery(): VoteQuery {
  const [which, sort] = [ownValue("votes") as VoteFilter, ownValue("sort") as VoteSort];
  return {
    which: which in FILTERS ? which : "any",
    sort: sort in SORTS ? sort : "corpus",
    search: ownValue("search") ?? ""
  };
}

/** The form; it writes into `query` and the address, and then calls `changed`. */
function filterForm(query: VoteQuery, {votes}: AllCubes, changed: () => void): HTMLFormElement {
  const form = document.createElement("form");
  form.className = "example-filters";
  form.setAttribute("aria-label", "Which judged examples are listed");
  const hasGolden = votes.items.some(({golden}) => golden !== null);
  const kept = (value: string) => hasGolden || value !== "people";
  const select = <V extends string>(
    name: string,
    options: Record<V, string>,
    key: "which" | "sort",
    inAddress: string,
    standard: V
  ) => {
    const label = document.createElement("label");
    const element = document.createElement("select");
    for (const [value, text] of Object.entries<string>(options))
      if (kept(value)) element.add(new Option(text, value, false, value === query[key]));
    element.addEventListener("change", () => {
      Object.assign(query, {[key]: element.value});
      keepOwnValue(inAddress, element.value === standard ? null : element.value);
      changed();
    });
    label.append(name, element);
    return label;
  };
  const search = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, {type: "search", value: query.search, placeholder: "Words in text or reasons"});
  input.addEventListener("input", () => {
    query.search = input.value;
    keepOwnValue("search", input.value || null);
    changed();
  });
  search.append("Search", input);
  form.append(
    select("Show", FILTERS, "which", "votes", "any"),
    select("Sort by", SORTS, "sort", "sort", "corpus"),
    search
  );
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

function nothingFound(): HTMLElement {
  return textElement(
    "p",
    "No judged example matches. Show all, or choose another corpus or axis in the toggle bar.",
    "no-study"
  );
}
