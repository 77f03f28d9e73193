/**
 * What makes a page live: it reads the selection from the address, offers the toggle bar, draws the figures and
 * sentences that the page names, and keeps address, links and drawings in step.
 */
import {MODE_LOOKS, ORDER_TITLES, REDUCTION_TITLES} from "../core/palette.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {absentModes, parseSelection, serialiseSelection} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import {keepUnits} from "../core/format.js";
import {SENTENCES} from "../core/sentences.js";
import {SCREENS, drawingSize} from "../figures/figure.js";
import type {FigureOptions} from "../figures/figure.js";
import {FIGURES} from "../figures/registry.js";
import {drawing} from "../figures/static.js";
import {addReadout} from "./readout.js";
import {addSaveButton} from "./save-figure.js";
import {showAllModes, toggleBar, toggleState} from "./toggle-bar.js";
import type {Toggle} from "./toggle-bar.js";

export interface NotebookOptions {
  toggles: Toggle[];
  /** Called at the start and after every change, for what a page has besides figures and sentences. */
  onSelect?: (selection: Selection) => void;
}

/** Makes the page live. Everything it draws replaces what the page's HTML held, at the same size. */
export function openNotebook(cubes: AllCubes, {toggles, onSelect = () => {}}: NotebookOptions): void {
  const {study} = cubes;
  const parsed = parseSelection(location.search, study);
  let selection = parsed.selection;
  const note = selectionNote();
  const state = document.createElement("span");
  state.className = "toggle-state";
  const showAll = () => showAllModes(bar);
  const redraw = () => {
    state.textContent = toggleState(study, toggles, selection);
    drawFigures(cubes, selection, showAll);
    drawSentences(cubes, selection);
    note.replaceChildren(noteOf(cubes, selection, parsed.ignored));
    if (selection.modes.length === 0) note.append(allHidden(showAll));
    onSelect(selection);
  };
  const bar = toggleBar({
    study,
    toggles,
    selection,
    onChange(next) {
      selection = next;
      parsed.ignored = [];
      keepAddress(selection, cubes);
      redraw();
    }
  });
  mountBar(bar, note, state);
  showOwnLink();
  keepLinks();
  redraw();
  for (const screen of Object.values(SCREENS))
    matchMedia(screen).addEventListener("change", () => drawFigures(cubes, selection, showAll));
}

/** Where the bar is folded to one line that says its state. */
const FOLDED = "(max-width: 900px)";

/** Where the links to pages are wider than the window, the page's own is in sight. */
function showOwnLink(): void {
  const own = document.querySelector<HTMLElement>(".site-nav [aria-current]");
  const nav = own?.parentElement;
  if (own && nav) nav.scrollLeft = own.offsetLeft - nav.offsetLeft - (nav.clientWidth - own.offsetWidth) / 2;
}

/** Said where the reader has hidden all modes, with the way back. */
function allHidden(showAll: () => void): DocumentFragment {
  const said = document.createDocumentFragment();
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Show all";
  button.addEventListener("click", showAll);
  said.append(" All modes are hidden. ", button);
  return said;
}

function selectionNote(): HTMLElement {
  const note = document.createElement("p");
  note.className = "selection-note";
  note.setAttribute("role", "status");
  return note;
}

/** The bar lies at the foot of the window, out of the text's flow, so that the page does not move when it comes. */
function mountBar(bar: HTMLElement, note: HTMLElement, state: HTMLElement): void {
  document.querySelector(".toggle-dock")?.remove();
  const dock = document.createElement("aside");
  dock.className = "toggle-dock";
  dock.setAttribute("aria-label", "Toggles");
  const details = document.createElement("details");
  details.open = !matchMedia(FOLDED).matches;
  const summary = document.createElement("summary");
  const name = document.createElement("span");
  name.className = "toggle-name";
  name.textContent = "What the figures show";
  summary.append(name, state);
  details.append(summary, bar);
  dock.append(note, details);
  const main = document.querySelector("main") ?? document.body;
  main.prepend(dock);
  const measure = () => document.documentElement.style.setProperty("--dock-height", `${dock.offsetHeight}px`);
  new ResizeObserver(measure).observe(dock);
}

function noteOf({study}: AllCubes, selection: Selection, ignored: string[]): string {
  const absent = absentModes(selection, study).map((mode) => MODE_LOOKS[mode].title.toLowerCase());
  const recipe = `${ORDER_TITLES[selection.order]}, ${REDUCTION_TITLES[selection.reduction]}`;
  return [
    ignored.length > 0
      ? `Left out of the address, since this study does not have it: ${ignored.join(", ")}.`
      : "",
    absent.length > 0 ? `Not trained with ${recipe}: ${absent.join(", ")}.` : ""
  ]
    .filter((text) => text !== "")
    .join(" ");
}

function keepAddress(selection: Selection, {study}: AllCubes): void {
  const query = serialiseSelection(selection, study, location.search);
  history.replaceState(history.state, "", `${location.pathname}${query}${location.hash}`);
  keepLinks();
}

/** Keys that belong to one page and do not travel. */
const OWN_KEYS = ["example", "item", "a", "b", "flips", "search", "sort"];

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

/** Figures that compare modes, and so have nothing to draw where the reader has hidden all of them. */
const OF_MODES = new Set(["effects", "versus-explanation", "ladder", "layer-effects"]);

function drawFigures(cubes: AllCubes, selection: Selection, showAll: () => void): void {
  const size = drawingSize((query) => matchMedia(query));
  for (const place of document.querySelectorAll<HTMLElement>("[data-figure]")) {
    const figure = FIGURES[place.dataset.figure!];
    if (!figure) continue;
    if (selection.modes.length === 0 && OF_MODES.has(place.dataset.figure!)) {
      place.replaceChildren(noModes(showAll));
      continue;
    }
    try {
      const box = drawing(size, figure, cubes, {selection, link: linkToExamples(cubes, selection)});
      place.replaceChildren(box);
      addReadout(place);
      addSaveButton(place, place.dataset.figure!);
    } catch (error) {
      place.replaceChildren(failure(error));
    }
  }
}

/** A mark of an arm in a setting leads to the examples behind it: what that arm gained and lost. */
function linkToExamples({study}: AllCubes, selection: Selection): NonNullable<FigureOptions["link"]> {
  return ({arm, corpus = selection.corpus, axis = selection.axis}) => {
    const query = new URLSearchParams(serialiseSelection({...selection, corpus, axis}, study));
    if (arm && arm !== "label-only") {
      query.set("a", "label-only");
      query.set("b", arm);
    }
    return `./examples${query.size === 0 ? "" : `?${query}`}`;
  };
}

function noModes(showAll: () => void): HTMLElement {
  const box = document.createElement("div");
  box.className = "figure-empty";
  box.append(allHidden(showAll));
  return box;
}

function failure(error: unknown): HTMLElement {
  const box = document.createElement("p");
  box.className = "figure-failed";
  box.setAttribute("role", "alert");
  box.textContent = `This figure could not be drawn: ${error instanceof Error ? error.message : String(error)}`;
  return box;
}

function drawSentences(cubes: AllCubes, selection: Selection): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-sentence]")) {
    const say = SENTENCES[place.dataset.sentence as keyof typeof SENTENCES];
    if (!say) continue;
    place.setAttribute("aria-live", "polite");
    const text = keepUnits(say(cubes, selection));
    if (place.textContent !== text) place.textContent = text;
  }
}
