/** The selection in the page's address and in its links to other pages, so that it travels along. */
import type {StudyFacts} from "../core/cubes.js";
import {serialiseSelection} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import type {FigureOptions} from "../figures/figure.js";
import {idle} from "./idle.js";

/** Keys that belong to one page and do not travel. */
const OWN_KEYS = [
  ...["example", "item", "a", "b", "flips", "search", "sort", "by", "confidence", "entropy"],
  ...["brush", "of", "run", "sql", "show", "mark", "x", "y", "color"],
  ...["bins", "price", "votes"]
];

let waiting: (() => void) | undefined;

/**
 * Writes the selection into the address, without a new entry in the history, and into the links. After the next frame:
 * it takes milliseconds, which the figures need more.
 */
export function keepAddress(selection: Selection, study: StudyFacts): void {
  const scheduled = waiting !== undefined;
  waiting = () => {
    const query = serialiseSelection(selection, study, location.search);
    history.replaceState(history.state, "", `${location.pathname}${query}${location.hash}`);
    keepLinks();
  };
  if (scheduled) return;
  requestAnimationFrame(
    () =>
      void idle(100).then(() => {
        waiting?.();
        waiting = undefined;
      })
  );
}

/** Links to other pages of the notebook carry the selection along. */
export function keepLinks(): void {
  const query = new URLSearchParams(location.search);
  for (const key of OWN_KEYS) query.delete(key);
  const search = query.size === 0 ? "" : `?${query}`;
  for (const link of document.querySelectorAll<HTMLAnchorElement>(
    "nav a[href], #observablehq-sidebar a[href], a[data-keep]"
  )) {
    const url = new URL(link.href);
    if (url.origin === location.origin && !url.hash) link.href = `${url.pathname}${search}`;
  }
}

/** Where the links to pages are wider than the window, the page's own is in sight. */
export function showOwnLink(): void {
  const own = document.querySelector<HTMLElement>(".site-nav [aria-current]");
  const nav = own?.parentElement;
  if (own && nav) nav.scrollLeft = own.offsetLeft - nav.offsetLeft - (nav.clientWidth - own.offsetWidth) / 2;
}

/** A mark of an arm in a setting leads to the examples behind it: what that arm gained and lost. */
export function linkToExamples(study: StudyFacts, selection: Selection): NonNullable<FigureOptions["link"]> {
  const queries = new Map<string, string>(); // a figure links to few settings, many times
  const queryOf = (corpus: string, axis: string): string => {
    const key = JSON.stringify([corpus, axis]);
    const known = queries.get(key) ?? serialiseSelection({...selection, corpus, axis}, study);
    queries.set(key, known);
    return known;
  };
  return ({arm, corpus = selection.corpus, axis = selection.axis}) => {
    const query = queryOf(corpus, axis);
    if (!arm || arm === "label-only") return `./examples${query}`;
    const pair = new URLSearchParams({a: "label-only", b: arm}).toString();
    return `./examples${query === "" ? "?" : `${query}&`}${pair}`;
  };
}
