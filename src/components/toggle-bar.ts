/**
 * The toggle bar that all pages share: native checkboxes and selects in fieldsets, so that keyboard and assistive
 * technology work as everywhere. It knows the choices of a study and reports a new selection; it keeps no state.
 */
import type {Mode} from "../core/arms.js";
import {measureOf} from "../core/measures.js";
import type {MeasureId, StudyFacts} from "../core/cubes.js";
import {budgetTitle, MODE_LOOKS, ORDER_TITLES, REDUCTION_TITLES} from "../core/palette.js";
import {choicesOf, defaultSelection} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import {SHORT_ESTIMATOR_TITLES} from "../figures/entropy-source.js";
import {axisTitle, corpusTitle} from "../figures/figure.js";
import {markerPath} from "../figures/marks.js";
import {moreToggles} from "./more-toggles.js";

export type Toggle = keyof Selection;

interface Select {
  label: string;
  text: (value: string) => string;
}

const SELECTS = (study: StudyFacts): Record<Exclude<Toggle, "modes">, Select> => ({
  order: {label: "Order", text: (value) => capitalised(ORDER_TITLES[value as Selection["order"]])},
  reduction: {label: "Loss", text: (value) => capitalised(REDUCTION_TITLES[value as Selection["reduction"]])},
  tokens: {label: "Length", text: (value) => capitalised(budgetTitle(value || study.tokens_budget))},
  corpus: {label: "Corpus", text: (value) => corpusTitle(study, value)},
  axis: {label: "Axis", text: (value) => axisTitle(study, value)},
  seed: {label: "Seed", text: (value) => (value === "all" ? "Mean of all" : value)},
  measure: {label: "Measure", text: (value) => measureOf(value as MeasureId).title},
  interval: {
    label: "Intervals",
    text: (value) => (value === "dialogues" ? "Other dialogues" : "Other dialogues and trainings")
  },
  view: {label: "Show", text: (value) => (value === "level" ? "Levels" : "Differences")},
  estimator: {label: "Entropy", text: (value) => SHORT_ESTIMATOR_TITLES[value as Selection["estimator"]]},
  layer: {label: "Layer", text: (value) => (value === "0" ? "Embedding" : value)}
});

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export interface ToggleBarOptions {
  study: StudyFacts;
  toggles: Toggle[];
  selection: Selection;
  onChange: (selection: Selection) => void;
}

/** Toggles that wait behind “More” where the bar would not stay one row. */
const SELDOM: readonly Toggle[] = ["order", "tokens", "seed", "interval"];
/** The next to wait there, first to last, where those that are left are still more than a row has room for. */
const NEXT: readonly Toggle[] = ["layer", "estimator"];
/** Selects that a row holds beside the modes, and how many it has room for at most. */
const [ROW, MOST] = [4, 5];

/** The bar with the toggles named, in that order. A toggle with a single choice is left out: there is nothing to toggle. */
export function toggleBar({study, toggles, selection, onChange}: ToggleBarOptions): HTMLFormElement {
  const form = document.createElement("form");
  form.className = "toggle-bar";
  form.setAttribute("aria-label", "What the figures show");
  const choices = choicesOf(study);
  const selects = toggles.filter((toggle) => toggle !== "modes" && choices[toggle].length > 1);
  const behind = togglesBehind(selects);
  const field = (toggle: Toggle): HTMLElement =>
    toggle === "modes"
      ? modesField(choices.modes, selection.modes)
      : selectField(study, toggle, choices[toggle].map(String), String(selection[toggle]));
  const shown = toggles.filter((toggle) => toggle === "modes" || selects.includes(toggle));
  form.append(...shown.filter((toggle) => !behind.includes(toggle)).map(field));
  const more = behind.length > 1 ? moreToggles(behind.map(field)) : undefined;
  if (more) form.append(more.element);
  else form.append(...behind.map(field));
  form.addEventListener("submit", (event) => event.preventDefault());
  let current = selection;
  const standard = defaultSelection(study);
  const tellChanged = () =>
    more?.tellChanged(behind.filter((toggle) => current[toggle] !== standard[toggle]).length);
  tellChanged();
  form.addEventListener("change", () => {
    current = readForm(form, current);
    tellChanged();
    onChange(current);
  });
  return form;
}

function togglesBehind(selects: Toggle[]): Toggle[] {
  if (selects.length <= ROW) return [];
  const left = selects.filter((toggle) => !SELDOM.includes(toggle));
  const next = NEXT.filter((toggle) => left.includes(toggle)).slice(0, Math.max(0, left.length - MOST));
  return selects.filter((toggle) => SELDOM.includes(toggle) || next.includes(toggle));
}

/** The state of the toggles named, in one line: `Token mean · all corpora · all axes · mean of seeds`. */
export function toggleState(study: StudyFacts, toggles: Toggle[], selection: Selection): string {
  const choices = choicesOf(study);
  const selects = SELECTS(study);
  const said = toggles.flatMap((toggle) => {
    if (toggle === "modes") {
      const {length} = selection.modes;
      return length === choices.modes.length
        ? []
        : [length === 0 ? "no mode" : `${length} of ${choices.modes.length} modes`];
    }
    if (choices[toggle].length < 2) return [];
    if (toggle === "seed") return [selection.seed === "all" ? "mean of seeds" : `seed ${selection.seed}`];
    if (toggle === "layer" && selection.layer > 0) return [`layer ${selection.layer}`];
    const text = selects[toggle].text(String(selection[toggle]));
    return [text.startsWith("All ") ? text.toLowerCase() : text];
  });
  return said.length === 0 ? "All modes" : capitalised(said.join(" · "));
}

/** Ticks every mode of a bar, as a reader would, and puts the focus there: the button that asked is gone by then. */
export function showAllModes(form: HTMLFormElement): void {
  for (const input of form.querySelectorAll<HTMLInputElement>("input[name=modes]")) input.checked = true;
  form.dispatchEvent(new Event("change"));
  form.querySelector<HTMLInputElement>("input[name=modes]")?.focus();
}

function modesField(modes: Mode[], chosen: Mode[]): HTMLFieldSetElement {
  const fieldset = document.createElement("fieldset");
  fieldset.className = "toggle-modes";
  const legend = document.createElement("legend");
  legend.textContent = "Modes";
  fieldset.append(legend);
  for (const mode of modes) {
    const label = document.createElement("label");
    label.title = MODE_LOOKS[mode].gloss;
    label.style.setProperty("--mode", `var(--mode-${mode})`);
    const input = document.createElement("input");
    Object.assign(input, {type: "checkbox", name: "modes", value: mode, checked: chosen.includes(mode)});
    label.append(input, modeMarker(mode), ` ${MODE_LOOKS[mode].title}`);
    fieldset.append(label);
  }
  return fieldset;
}

/** The marker of a mode as a small drawing beside its name. */
export function modeMarker(mode: Mode): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", markerPath(mode, 58));
  svg.setAttribute("viewBox", "-7 -7 14 14");
  svg.setAttribute("class", "mode-marker");
  svg.setAttribute("aria-hidden", "true");
  svg.style.setProperty("--mode", `var(--mode-${mode})`);
  svg.append(path);
  return svg;
}

function selectField(
  study: StudyFacts,
  toggle: Exclude<Toggle, "modes">,
  values: string[],
  chosen: string
): HTMLLabelElement {
  const {label, text} = SELECTS(study)[toggle];
  const element = document.createElement("label");
  element.className = `toggle-select toggle-${toggle}`;
  const name = document.createElement("span");
  name.textContent = label;
  const select = document.createElement("select");
  select.name = toggle;
  for (const value of values) select.add(new Option(text(value), value, value === chosen, value === chosen));
  element.append(name, select);
  return element;
}

/** What the form says, over what the selection was: toggles that a page does not offer keep their value. */
function readForm(form: HTMLFormElement, selection: Selection): Selection {
  const data = new FormData(form);
  const next: Selection = {...selection};
  for (const [key, value] of data) {
    if (key === "modes") continue;
    Object.assign(next, {[key]: key === "layer" ? Number(value) : value});
  }
  if (form.querySelector("input[name=modes]")) next.modes = data.getAll("modes") as Mode[];
  return next;
}
