/**
 * Drawing ahead: while the page is idle, what each toggle would show next is loaded and drawn, so that flipping it
 * costs a swap. Any new selection ends it; it stops where the room for drawings is used up.
 */
import type {AllCubes} from "../core/cubes-reader.js";
import type {StudyFacts} from "../core/cubes.js";
import {choicesOf} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import type {Toggle} from "./toggle-bar.js";

export interface Foresight {
  study: StudyFacts;
  toggles: Toggle[];
  cubesAt: (selection: Selection) => AllCubes | Promise<AllCubes>;
  /** Draws for a selection, one figure a step. */
  prepare: (cubes: AllCubes, selection: Selection) => Iterator<void>;
  /** Whether there is room for more drawings. */
  hasRoom: () => boolean;
}

/** Every selection that differs from this one in one toggle, as a reader can flip it; toggles in the order given. */
export function neighbours(selection: Selection, toggles: Toggle[], study: StudyFacts): Selection[] {
  const choices = choicesOf(study);
  return toggles.flatMap((toggle) => {
    if (toggle !== "modes")
      return nearestFirst<string | number>(choices[toggle], selection[toggle]).map((value) => ({
        ...selection,
        [toggle]: value
      }));
    return choices.modes.map((mode) => ({
      ...selection,
      modes: choices.modes.filter((each) => selection.modes.includes(each) !== (each === mode))
    }));
  });
}

/** The other choices, the next and the one before first: those are what arrow keys lead to. */
function nearestFirst<T>(values: T[], chosen: T): T[] {
  const at = values.indexOf(chosen);
  return values
    .map((value, i) => ({value, distance: Math.abs(i - at)}))
    .filter(({distance}) => distance > 0)
    .sort((a, b) => a.distance - b.distance)
    .map(({value}) => value);
}

/** Draws ahead from a selection until done or told to stop. Returns what stops it. */
export function drawAhead(foresight: Foresight, selection: Selection): () => void {
  let stopped = false;
  void ahead(foresight, selection, () => stopped);
  return () => {
    stopped = true;
  };
}

async function ahead(foresight: Foresight, selection: Selection, stopped: () => boolean): Promise<void> {
  for (const next of neighbours(selection, foresight.toggles, foresight.study)) {
    await idle();
    if (stopped() || !foresight.hasRoom()) return;
    let cubes;
    try {
      cubes = await foresight.cubesAt(next);
    } catch {
      return; // offline: the toggle itself will say so
    }
    const steps = foresight.prepare(cubes, next);
    do {
      await idle();
      if (stopped() || !foresight.hasRoom()) return;
    } while (!steps.next().done);
  }
}

/** Settles when the browser has nothing else to do. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(() => resolve());
    else setTimeout(resolve, 50);
  });
}
