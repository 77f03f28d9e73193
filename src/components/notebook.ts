/**
 * What makes a page live: it reads the selection from the address, offers the toggle bar, draws the figures and
 * sentences that the page names, and keeps address, links and drawings in step.
 */
import {MODE_LOOKS, recipeTitle} from "../core/palette.js";
import type {AllCubes} from "../core/cubes-reader.js";
import {keepUnits} from "../core/format.js";
import {
  absentModes,
  choicesOf,
  defaultSelection,
  parseSelection,
  serialiseSelection
} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import {SENTENCES} from "../core/sentences.js";
import {canLoad} from "./cubes.js";
import {Drawings} from "./drawings.js";
import {FigurePlaces} from "./figure-places.js";
import {drawAhead} from "./foresight.js";
import {keepAddress, keepLinks, linkToExamples, showOwnLink} from "./page-address.js";
import {showAllModes, toggleBar, toggleState} from "./toggle-bar.js";
import type {Toggle} from "./toggle-bar.js";
import {mountBar} from "./toggle-dock.js";

export interface NotebookOptions {
  toggles: Toggle[];
  /**
   * Called at the start and after every change, for what a page has besides figures and sentences, with the cubes for
   * that selection.
   */
  onSelect?: (selection: Selection, cubes: AllCubes) => void;
}

/** Makes the page live. Everything it draws replaces what the page's HTML held, at the same size. */
export function openNotebook(opened: AllCubes, {toggles, onSelect = () => {}}: NotebookOptions): void {
  const {study} = opened;
  const cubesAt = canLoad(opened) ? opened.at : () => opened;
  const parsed = parseSelection(location.search, study);
  let {selection} = parsed;
  const note = selectionNote();
  const state = document.createElement("span");
  state.className = "toggle-state";
  const showAll = () => showAllModes(bar);
  const drawings = new Drawings((of) => linkToExamples(study, of));
  const places = new FigurePlaces({drawings, allHidden: () => noModes(showAll)});
  let stopAhead = () => {};

  const show = (cubes: AllCubes, current = false) => {
    places.show(cubes, selection, {current});
    drawSentences(cubes, selection);
    onSelect(selection, cubes);
    const shown = selection;
    void places.drawn().then(() => {
      if (selection !== shown || !mayLoadAhead()) return;
      const prepare = (of: AllCubes, next: Selection) => places.prepare(of, next);
      stopAhead = drawAhead({study, toggles, cubesAt, prepare, hasRoom: () => drawings.room}, selection);
    });
  };
  const saySelection = () => {
    state.textContent = toggleState(study, toggles, selection);
    note.replaceChildren(noteOf(study, selection, parsed.ignored));
    if (selection.modes.length === 0) note.append(allHidden(showAll));
  };
  const redraw = () => {
    stopAhead();
    saySelection();
    const cubes = cubesAt(selection);
    if (!(cubes instanceof Promise)) return show(cubes);
    const asked = selection;
    places.wait();
    cubes.then(
      (loaded) => selection === asked && show(loaded),
      (error: unknown) => selection === asked && places.fail(error)
    );
  };
  const bar = toggleBar({
    study,
    toggles,
    selection,
    onChange(next) {
      selection = next;
      parsed.ignored = [];
      keepAddress(selection, study);
      redraw();
    }
  });
  mountBar(bar, note, state);
  hideAdvice(study);
  showOwnLink();
  keepLinks();
  saySelection();
  show(opened, isDefault(selection, opened));
}

/** The page's HTML shows the default selection already. */
function isDefault(selection: Selection, {study}: AllCubes): boolean {
  return serialiseSelection(selection, study) === serialiseSelection(defaultSelection(study), study);
}

/** Advice names in `data-choice` the toggles that it is about; it can be followed where one of them has a choice. */
function hideAdvice(study: AllCubes["study"]): void {
  const choices = choicesOf(study);
  const about = (advice: HTMLElement) => advice.dataset.choice!.split(" ") as (keyof typeof choices)[];
  const least = (toggle: keyof typeof choices) => (toggle === "corpus" || toggle === "axis" ? 3 : 2); // all, and two
  for (const advice of document.querySelectorAll<HTMLElement>("[data-choice]"))
    advice.hidden = about(advice).every((toggle) => choices[toggle].length < least(toggle));
}

/** Not where the reader's device asks to save data. */
function mayLoadAhead(): boolean {
  const {connection} = navigator as {connection?: {saveData?: boolean}};
  return connection?.saveData !== true;
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

function noModes(showAll: () => void): HTMLElement {
  const box = document.createElement("div");
  box.className = "figure-empty";
  box.append(allHidden(showAll));
  return box;
}

function selectionNote(): HTMLElement {
  const note = document.createElement("p");
  note.className = "selection-note";
  note.setAttribute("role", "status");
  return note;
}

function noteOf(study: AllCubes["study"], selection: Selection, ignored: string[]): string {
  const absent = absentModes(selection, study).map((mode) => MODE_LOOKS[mode].title.toLowerCase());
  const recipe = recipeTitle(selection);
  return [
    ignored.length > 0
      ? `Left out of the address, since this study does not have it: ${ignored.join(", ")}.`
      : "",
    absent.length > 0 ? `Not trained with ${recipe}: ${absent.join(", ")}.` : ""
  ]
    .filter((text) => text !== "")
    .join(" ");
}

function drawSentences(cubes: AllCubes, selection: Selection): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-sentence]")) {
    const say = SENTENCES[place.dataset.sentence as keyof typeof SENTENCES];
    if (!say) continue;
    if (!place.hasAttribute("aria-live")) place.setAttribute("aria-live", "polite");
    const text = keepUnits(say(cubes, selection));
    if (place.textContent !== text) place.textContent = text;
  }
}
