/**
 * Drawing ahead: while the page is idle, what each toggle would show next in sight is loaded and drawn, so that flipping
 * it costs a swap. Any new selection ends it; it stops where the room for drawings is used up.
 */
import {PART_KEYS} from "../core/cube-parts.js";
import type {AllCubes} from "../core/cubes-reader.js";
import type {StudyFacts} from "../core/cubes.js";
import {choicesOf} from "../core/selection.js";
import type {Selection} from "../core/selection.js";
import {idle} from "./idle.js";
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

/** Keys whose other choices may be in parts of the cubes that have not come: only the nearest are loaded unasked. */
const IN_PARTS: ReadonlySet<Toggle> = new Set<Toggle>(Object.values(PART_KEYS).flat());

/**
 * Selections that differ from this one in one toggle, as a reader can flip it. The nearest choice of every toggle comes
 * first: that is what arrow keys lead to. Among these, what may have to be loaded comes before what is only drawn.
 */
export function neighbours(selection: Selection, toggles: Toggle[], study: StudyFacts): Selection[] {
  const choices = choicesOf(study);
  return toggles
    .flatMap((toggle) => {
      if (toggle !== "modes")
        return distances<string | number>(choices[toggle], selection[toggle])
          .filter(({distance}) => distance <= (IN_PARTS.has(toggle) ? 1 : Infinity))
          .map(({value, distance}) => ({
            next: {...selection, [toggle]: value},
            rank: IN_PARTS.has(toggle) ? 0 : distance
          }));
      return choices.modes.map((mode) => ({
        next: {
          ...selection,
          modes: choices.modes.filter((each) => selection.modes.includes(each) !== (each === mode))
        },
        rank: 1
      }));
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({next}) => next);
}

/** The other choices, each with how many steps away it is; the one after before the one before. */
function distances<T>(values: T[], chosen: T): {value: T; distance: number}[] {
  const at = values.indexOf(chosen);
  return values
    .map((value, i) => ({value, distance: Math.abs(i - at), isBefore: i < at}))
    .filter(({distance}) => distance > 0)
    .sort((a, b) => a.distance - b.distance || Number(a.isBefore) - Number(b.isBefore));
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
