/** A switch beside the estimators: the energy of all units, or without the largest few, which can decide it alone. */
import type {EntropySource, StudyFacts} from "../core/cubes.js";
import type {Selection} from "../core/selection.js";
import {pageChoice} from "./page-choice.js";

const CHOICES = [
  {value: "energy", text: "counted"},
  {value: "energy_trimmed", text: "left out"}
] as const;

/**
 * Puts the switch into `place`; nothing where the study lacks either energy. It chooses the estimator in the toggle
 * bar, as a reader would. Call the function that it returns after every change of the selection.
 */
export function openMassiveUnits(
  place: HTMLElement,
  {estimators}: Pick<StudyFacts, "estimators">
): (selection: Selection) => void {
  if (!CHOICES.every(({value}) => estimators.includes(value))) return () => {};
  const choice = pageChoice<EntropySource>({
    title: "Massive units (energy only)",
    name: "massive-units",
    choices: CHOICES,
    chosen: undefined,
    onChoose: chooseEstimator
  });
  place.replaceChildren(choice);
  return ({estimator}) => {
    for (const input of choice.querySelectorAll("input")) input.checked = input.value === estimator;
  };
}

function chooseEstimator(estimator: EntropySource): void {
  const select = document.querySelector<HTMLSelectElement>(".toggle-bar select[name=estimator]");
  if (!select) return;
  select.value = estimator;
  select.dispatchEvent(new Event("change", {bubbles: true}));
}
